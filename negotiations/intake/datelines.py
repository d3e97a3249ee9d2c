"""The dateline of a wire report: “ROME, September 12 (RIA Novosti) -”, “МОСКВА, 12 сен — РИА Новости.”"""

import re
from dataclasses import dataclass

from .days import DAY

AGENCIES = {
    "ria novosti": "RIA Novosti", "риа новости": "RIA Novosti", "interfax": "Interfax", "интерфакс": "Interfax",
    "tass": "TASS", "тасс": "TASS", "itar-tass": "ITAR-TASS", "итар-тасс": "ITAR-TASS", "reuters": "Reuters",
    "рейтер": "Reuters", "ap": "Associated Press", "associated press": "Associated Press", "afp": "AFP",
    "upi": "UPI", "xinhua": "Xinhua", "sputnik": "Sputnik", "kyodo": "Kyodo", "dpa": "dpa", "bloomberg": "Bloomberg",
    "rfe/rl": "RFE/RL", "ansa": "ANSA", "efe": "EFE", "коммерсантъ": "Kommersant", "kommersant": "Kommersant",
    "izvestia": "Izvestia", "известия": "Izvestia", "regnum": "REGNUM", "cnn": "CNN", "bbc": "BBC",
}  # fmt: skip
_AGENCY = r"[A-ZА-ЯЁ][\w/’'.-]*(?:\s+[A-ZА-ЯЁ][\w/’'.-]*){0,3}"
_CITY = r"[A-ZА-ЯЁ][A-ZА-ЯЁ’'.-]+(?:[\s-][A-ZА-ЯЁ][A-ZА-ЯЁ’'.-]+){0,2}(?:,\s+[A-Z][a-z]+)?"
_TITLE_CITY = r"[A-ZА-ЯЁ][\w’'-]+(?:[\s-][A-ZА-ЯЁ][\w’'-]+){0,2}"
_DASH = r"\s*(?:--?|[–—])\s*"
_FORMS = [
    # (Interfax – MOSCOW, June 22, 2013) After …
    re.compile(rf"^\((?P<agency>{_AGENCY}){_DASH}(?P<city>{_CITY})(?:,\s*(?P<date>{DAY}))?\)\s*(?:--?|[–—])?\s*"),
    # ROME, September 12 (RIA Novosti) - …    GENEVA (Reuters) - …
    re.compile(rf"^(?P<city>{_CITY})(?:,\s*(?P<date>{DAY}))?\.?\s*\((?P<agency>{_AGENCY})\)\s*(?:--?|[–—:])?\s*"),
    # МОСКВА, 12 сен — РИА Новости. …    МОСКВА, 12 сентября. /ТАСС/. …
    re.compile(rf"^(?P<city>{_CITY})(?:,\s*(?P<date>{DAY}))?\.?(?:{_DASH}|\s*/)(?P<agency>{_AGENCY}?)\s*/?[.,]\s+"),
    # Женева. 22 июня. ИНТЕРФАКС - …
    re.compile(rf"^(?P<city>{_TITLE_CITY})\.\s*(?P<date>{DAY})\.?\s*(?P<agency>{_AGENCY}){_DASH}"),
    # СТРЕЛЬСАУ, 5 октября 2019 года. …
    re.compile(rf"^(?P<city>{_CITY}),\s*(?P<date>{DAY})\.\s+"),
    # GENEVA, March 4, 2009 – …    MOSCOW -- …
    re.compile(rf"^(?P<city>{_CITY})(?:,\s*(?P<date>{DAY}))?{_DASH}"),
]


@dataclass(frozen=True)
class Dateline:
    city: str = ""
    agency: str = ""
    date: str = ""
    end: int = 0


def dateline(paragraph: str) -> Dateline:
    """What the first words of a report say of where, when and by whom it was filed."""
    for form in _FORMS:
        if match := form.match(paragraph):
            found = match.groupdict()
            agency = " ".join((found.get("agency") or "").split()).rstrip(".,")
            if agency and agency.lower() not in AGENCIES and form in _FORMS[2:4]:
                continue
            city = " ".join(found["city"].split())
            city = "-".join(part.title() for part in city.split("-")) if city.isupper() else city
            return Dateline(_proper(city), AGENCIES.get(agency.lower(), agency), found.get("date") or "", match.end())
    return Dateline()


def _proper(city: str) -> str:
    return re.sub(r"\bSt\.? ", "St ", city)


def dateline_end(paragraph: str) -> int:
    return dateline(paragraph).end
