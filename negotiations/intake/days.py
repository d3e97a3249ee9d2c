"""Days as reports write them, in English and Russian: “June 22, 2013”, “12 сентября”, “Wednesday”."""

import re
from datetime import date

from negotiations.dates import YEARS

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12, "янв": 1, "фев": 2, "мар": 3, "апр": 4, "мая": 5, "май": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9,
    "окт": 10, "ноя": 11, "дек": 12,
}  # fmt: skip
_WEEKDAYS = {
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6, "пон": 0, "вто": 1, "сре": 2, "чет": 3,
    "пят": 4, "суб": 5, "вос": 6,
}  # fmt: skip
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?|янв(?:аря)?|фев(?:р(?:аля)?)?|мар(?:та)?|апр(?:еля)?|мая|июня?|июля?|авг(?:уста)?"
    r"|сен(?:т(?:ября)?)?|окт(?:ября)?|ноя(?:б(?:ря)?)?|дек(?:абря)?)"
)
DAY = (
    rf"(?:{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}\.?(?:,?\s+\d{{4}}(?:\s+года|\s+г\.)?)?"
    r"|\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.\d{4})"
)
_DAY = re.compile(rf"(?<![\w.]){DAY}(?!\w)", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"\b(?:on\s+)?(?P<en>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
    r"|(?<!\w)во?\s+(?P<ru>понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье)(?!\w)",
    re.IGNORECASE,
)


def read_day(text: str) -> tuple[int | None, int, int] | None:
    """Year (None if not given), month and day; None where the text is no possible day."""
    year: int | None
    if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
        year, month, day = map(int, match.groups())
    elif match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        day, month, year = map(int, match.groups())
    else:
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        word = re.search(r"[a-zа-яё]{3,}", text, re.IGNORECASE)
        if not word or not numbers or word[0][:3].lower() not in _MONTHS:
            return None
        month, day = _MONTHS[word[0][:3].lower()], numbers[0]
        year = numbers[1] if len(numbers) > 1 else None
    try:
        date(year or 2000, month, day)
    except ValueError:
        return None
    # A year beyond all that the record has or will have is a slip, or no year.
    return (year, month, day) if year is None or year in YEARS else None


def days_in(text: str) -> list[tuple[int, int, tuple[int | None, int, int]]]:
    """Every day that a text names, with its place."""
    found = ((match.start(), match.end(), read_day(match[0])) for match in _DAY.finditer(text))
    return [(start, end, day) for start, end, day in found if day]


def weekdays_in(text: str) -> list[tuple[int, int]]:
    """Every “on Wednesday”, as place and day of the week, Monday being 0."""
    found = []
    for match in _WEEKDAY.finditer(text):
        found.append((match.start(), _WEEKDAYS[(match["en"] or match["ru"])[:3].lower()]))
    return found
