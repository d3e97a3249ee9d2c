"""What of the record an article speaks of: its people, parties, treaties, issues and round, and what is there already.

Everything here is proposed and nothing decided: a name may be shared, a keyword may stand for something else.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import SequenceMatcher

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q
from django.utils import translation

from negotiations import dates, names, verbatim
from negotiations.intake import Proposal, Proposed
from negotiations.intake.article import Article
from negotiations.intake.dating import Candidate
from negotiations.intake.names import latin
from negotiations.models import Issue, Office, Party, Person, Round, Source, Statement, Treaty

# A report may come a day or two after what it reports.
NEAR = timedelta(days=3)
# So alike must two quotations be to be taken for one, from 0 to 1.
ALIKE = 0.8
ISSUES_AT_MOST = 5

# How reports name parties, beside the names in the record.
NATIONS = {
    "united-states": r"\b(?:U\.?S\.?A?|United States|American|Washington|White House|Pentagon|State Department)(?!\w)"
    r"|(?<!\w)(?:США|американск\w+|Вашингтон\w*|Госдеп\w*|Пентагон\w*)(?!\w)",
    "russia": r"\b(?:Russia|Russian|Kremlin|Moscow)(?!\w)|(?<!\w)(?:Росси[ияюей]+|российск\w+|РФ|МИДа?|Кремл\w+)(?!\w)",
    "soviet-union": r"\b(?:Soviet|USSR)(?!\w)|(?<!\w)(?:СССР|советск\w+)(?!\w)",
    "china": r"\b(?:China|Chinese|Beijing)(?!\w)|(?<!\w)(?:Кита[яйюе]\w*|китайск\w+|КНР|Пекин\w*)(?!\w)",
    "united-kingdom": r"\b(?:Britain|British|U\.?K\.?)(?!\w)|(?<!\w)(?:Великобритани\w+|британск\w+)(?!\w)",
    "france": r"\b(?:France|French)(?!\w)|(?<!\w)(?:Франци\w+|французск\w+)(?!\w)",
    "ukraine": r"\b(?:Ukraine|Ukrainian|Kyiv|Kiev)(?!\w)|(?<!\w)(?:Украин\w+|украинск\w+)(?!\w)",
    "belarus": r"\b(?:Belarus|Belarusian)(?!\w)|(?<!\w)(?:Белорусси\w+|Беларус\w+|белорусск\w+)(?!\w)",
    "kazakhstan": r"\b(?:Kazakhstan|Kazakh)(?!\w)|(?<!\w)(?:Казахстан\w*|казахстанск\w+)(?!\w)",
    "nato": r"\bNATO(?!\w)|(?<!\w)НАТО(?!\w)",
}
# Names of treaties that are not in their titles.
TREATY_ALIASES = {
    "sort": ("SORT", "Moscow Treaty", "СНП"),
    "start-i": ("START I", "START-1", "START 1", "СНВ-1", "ДСНВ-1"),
    "start-ii": ("START II", "START-2", "START 2", "СНВ-2"),
    "new-start": ("New START", "ДСНВ", "СНВ-3"),
    "inf-treaty": ("INF Treaty", "Intermediate-Range Nuclear Forces Treaty", "ДРСМД", "РСМД"),
    "abm-treaty": ("ABM Treaty", "Anti-Ballistic Missile Treaty", "Договор по ПРО", "Договора по ПРО"),
    "npt": ("NPT", "Non-Proliferation Treaty", "ДНЯО"),
    "salt-ii": ("SALT II", "SALT 2", "ОСВ-2"),
    "interim-agreement": ("SALT I", "SALT 1", "ОСВ-1"),
}


@dataclass
class Matched:
    """One proposed statement with what of the record it may concern."""

    proposed: Proposed
    date: str
    person: Person | None = None
    people: list[Person] = field(default_factory=list)
    party: Party | None = None
    office: str = ""
    issues: list[Issue] = field(default_factory=list)
    likely: list[Statement] = field(default_factory=list)


@dataclass
class Match:
    """An article with what of the record it may concern."""

    proposal: Proposal
    candidates: tuple[Candidate, ...]
    source: Source | None
    city: str
    country: str
    rounds: list[Round]
    treaties: list[Treaty]
    issues: list[Issue]
    statements: list[Matched]

    @property
    def round(self) -> Round | None:
        return self.rounds[0] if self.rounds else None


def match(proposal: Proposal, readable: Q | None = None) -> Match:
    """Look up in the record what an article speaks of; `readable` are the entries that whoever asks may read."""
    readable = readable or Q()
    article = proposal.article
    city = english_place(proposal.city)
    rounds = _rounds(city, _days(proposal), readable)
    candidates = _ranked(proposal.dating.candidates, rounds)
    likeliest = proposal.dating.stated or (candidates[0].date if candidates else "")
    people = list(Person.objects.prefetch_related("offices__party"))
    parties = {party.slug: party for party in Party.objects.all()}
    issues = list(Issue.objects.all())
    statements = [_statement(one, likeliest, people, parties, issues, article) for one in proposal.statements]
    source = _source(proposal, likeliest)
    _find_likely(statements, source, readable)
    return Match(
        proposal,
        candidates,
        source=source,
        city=city,
        country=_country(city),
        rounds=[one for one in rounds if not likeliest or _apart(one, likeliest) <= NEAR],
        treaties=treaties_in(f"{article.title}\n{article.body_text}"),
        issues=issues_in(f"{article.title}\n{article.body_text}", issues, article.language),
        statements=statements,
    )


# When and where


def english_place(city: str) -> str:
    """A place as the record calls it: Женева is Geneva."""
    if not re.search(r"[а-яё]", city, re.IGNORECASE):
        return city
    with translation.override("ru"):
        known = {names.named(name).lower(): name for name in names.NAMES}
    return known.get(city.lower(), city)


def _days(proposal: Proposal) -> list[str]:
    dating = proposal.dating
    return [dating.stated] if dating.stated else [candidate.date for candidate in dating.candidates]


def _rounds(city: str, days: Iterable[str], readable: Q) -> list[Round]:
    """Rounds held in the place of the dateline on one of the days, or a little before."""
    if not city or not days:
        return []
    when = Q()
    for day in map(date.fromisoformat, days):
        when |= Q(earliest__lte=day + NEAR, latest__gte=day - NEAR)
    return list(
        Round.objects.filter(when, readable, city=city).select_related("negotiation").order_by("earliest", "pk")
    )


def _apart(round_: Round, day: str) -> timedelta:
    given = date.fromisoformat(day)
    return max(round_.earliest - given, given - round_.latest, timedelta())


def _ranked(candidates: tuple[Candidate, ...], rounds: list[Round]) -> tuple[Candidate, ...]:
    """Candidates with what the record knows of the place on that day; among equals, those that fit it come first."""
    told = []
    for candidate in candidates:
        met = [one for one in rounds if _apart(one, candidate.date) <= NEAR]
        reasons = (*candidate.reasons, *(f"{one.title} ({one.date}) is in the record" for one in met[:2]))
        told.append((len(candidate.against), not met, Candidate(candidate.date, reasons, candidate.against)))
    return tuple(candidate for *_, candidate in sorted(told, key=lambda item: item[:2]))


def _country(city: str) -> str:
    if not city:
        return ""
    known = Round.objects.filter(city=city).exclude(country="").order_by("-earliest").values_list("country", flat=True)
    return known.first() or ""


def _source(proposal: Proposal, day: str) -> Source | None:
    """The same article, where the record has it: by its text, its address, or title and publisher."""
    article = proposal.article
    sha256 = hashlib.sha256(article.text.encode()).hexdigest()
    same = Q(text_sha256=sha256)
    if article.url:
        same |= Q(url=article.url)
    if article.title and proposal.publisher:
        same |= Q(title__iexact=article.title, publisher__istartswith=proposal.publisher)
    return Source.objects.filter(same).order_by("pk").first()


# Who


def _statement(
    one: Proposed, day: str, people: list[Person], parties: dict[str, Party], issues: list[Issue], article: Article
) -> Matched:
    said_on = _said_on(day, one.weekday)
    found = matching_people(one.speaker.name, people)
    party_named = _party_named(one.speaker.office, parties, said_on)
    person = _likeliest(found, party_named, said_on)
    office = _office(person, said_on) if person else None
    party = (office.party if office else None) or party_named
    return Matched(
        one,
        date=said_on,
        person=person,
        people=found,
        party=party,
        office=office.title if office else one.speaker.office,
        issues=issues_in(one.words, issues, article.language),
    )


def _said_on(day: str, weekday: int | None) -> str:
    """The last such weekday before an article appeared, that day included."""
    if not day or weekday is None:
        return day
    appeared = date.fromisoformat(day)
    return (appeared - timedelta(days=(appeared.weekday() - weekday) % 7)).isoformat()


def matching_people(name: str, people: Iterable[Person]) -> list[Person]:
    """People of the record who may be meant by a name, in whatever letters: Лавров, Lavrov, S. Lavrov."""
    wanted = latin(name).split()
    if not wanted:
        # Letters that are neither Latin nor Cyrillic: only the very name will do.
        return [person for person in people if name and name == person.native_name]
    found = []
    for person in people:
        for known in filter(None, (person.name, person.native_name)):
            have = latin(re.sub(r"\([^)]*\)", "", known)).split()
            if have and have[-1] == wanted[-1] and _given_fits(wanted[:-1], have[:-1]):
                found.append(person)
                break
    return found


def _given_fits(wanted: list[str], have: list[str]) -> bool:
    """Given names or initials agree where both are known; “Sergei” and “Sergey” do, since they sound alike."""
    if not wanted or not have:
        return True
    one, other = wanted[0].rstrip("."), have[0].rstrip(".")
    if len(one) == 1 or "." in one or len(other) == 1:
        return one[:1] == other[:1]
    return one == other or SequenceMatcher(None, one, other).ratio() >= 0.75


def _likeliest(found: list[Person], party: Party | None, day: str) -> Person | None:
    """The only one meant by a name; among namesakes the one in office then, for the party named."""
    if len(found) < 2:
        return found[0] if found else None
    held = [(person, _office_held(person, day)) for person in found]
    in_office = [person for person, office in held if office and (not party or office.party == party)]
    return in_office[0] if len(in_office) == 1 else None


def _office(person: Person, day: str) -> Office | None:
    """The office held on a day; where the record does not know of that day, the only one there is."""
    offices = list(person.offices.all())
    return _office_held(person, day) or (offices[0] if len(offices) == 1 else None)


def _office_held(person: Person, day: str) -> Office | None:
    if not day:
        return None
    held = [one for one in person.offices.all() if _held(one, date.fromisoformat(day))]
    return max(held, key=lambda one: one.start_earliest or date.min, default=None)


def _held(office: Office, day: date) -> bool:
    if not office.start:
        return bool(office.attested) and _within(day, office.attested)
    began = office.start_earliest
    return began is not None and began <= day and (office.end_latest is None or day <= office.end_latest)


def _within(day: date, text: str) -> bool:
    span = dates.parse(text)
    return span.earliest <= day <= span.latest


def _party_named(office: str, parties: dict[str, Party], day: str) -> Party | None:
    """The party that an office is named after; what is Russia today was the Soviet Union until its end."""
    given = date.fromisoformat(day) if day else None
    for slug, pattern in NATIONS.items():
        party = parties.get(slug)
        if party and re.search(pattern, office, re.IGNORECASE if slug != "united-states" else 0):
            if given and not party.existed_on(given):
                kin = (party.predecessor_id, *(one.pk for one in parties.values() if one.predecessor_id == party.pk))
                others = [one for one in parties.values() if one.pk in kin]
                party = next((one for one in others if one.existed_on(given)), party)
            return party
    return next((party for party in parties.values() if len(party.name) > 4 and party.short_name in office), None)


# What about


def treaties_in(text: str) -> list[Treaty]:
    """Treaties that a text names, in the order in which it does; “New START” is no START."""
    aliases = []
    with translation.override("ru"):
        for treaty in Treaty.objects.all():
            told = {treaty.short_name, treaty.full_name, names.named(treaty.short_name)}
            told |= set(TREATY_ALIASES.get(treaty.slug, ()))
            aliases += [(alias, treaty) for alias in told if len(alias) > 2]
    aliases.sort(key=lambda item: -len(item[0]))
    found: dict[Treaty, int] = {}
    for alias, treaty in aliases:
        words = r"\s+".join(map(re.escape, alias.split()))
        pattern = re.compile(rf"(?<![\w-]){words}(?![\w-])")
        if hit := pattern.search(text):
            found[treaty] = min(found.get(treaty, hit.start()), hit.start())
            # What a longer name has claimed, a shorter one does not find again.
            text = pattern.sub(lambda match: "\0" * len(match[0]), text)
    return sorted(found, key=lambda treaty: found[treaty])


def issues_in(text: str, issues: Iterable[Issue], language: str) -> list[Issue]:
    """Issues whose keywords stand in a text, those with most of them first."""
    counted = []
    for issue in issues:
        keywords = issue.keywords_ru if language == "ru" else issue.keywords_en
        hits = sum(bool(_keyword(word, language).search(text)) for word in keywords)
        if hits:
            counted.append((-hits, issue.rank, issue.pk, issue))
    return [issue for *_, issue in sorted(counted, key=lambda item: item[:3])][:ISSUES_AT_MOST]


def _keyword(words: str, language: str) -> re.Pattern[str]:
    """A term as it may stand in a text: capitals count in abbreviations, Russian endings do not count."""
    parts = []
    for word in words.split():
        bare = re.escape(word)
        if language == "ru" and len(word) > 4 and not word.isupper():
            bare = re.escape(word[:-2]) + r"\w{0,4}"
        elif language == "en" and word.isalpha() and word.islower():
            bare += "s?"
        parts.append(bare)
    flags = 0 if any(sum(letter.isupper() for letter in word) > 1 for word in words.split()) else re.IGNORECASE
    return re.compile(r"(?<!\w)" + r"[\s-]+".join(parts) + r"(?!\w)", flags)


# What is there already


def _find_likely(statements: list[Matched], source: Source | None, readable: Q) -> None:
    """Statements in the record that may be the same: the very words, or much the same from the same speaker then."""
    direct = [one for one in statements if one.proposed.direct]
    days = [date.fromisoformat(one.date) for one in direct if one.date]
    same_words = Q(quote__in=[one.proposed.words for one in direct])
    for one in direct:
        # Found in whatever shape its marks are, on whatever day it was entered, and within a longer quotation.
        if beginning := _beginning(one.proposed.words):
            same_words |= Q(search=SearchQuery(beginning, search_type="phrase", config="russian"))
    nearby = Q(speaker__in={one.person.pk for one in direct if one.person})
    if days:
        nearby &= Q(earliest__lte=max(days) + NEAR, latest__gte=min(days) - NEAR)
    else:
        nearby &= Q(pk__in=[])
    from_here = Q(pk__in=source.entries.values("pk")) if source else Q(pk__in=[])
    found = Statement.objects.filter(same_words | nearby | from_here, readable).exclude(state="withdrawn")
    known = list(found.exclude(quote="")[:200])
    for one in direct:
        words = verbatim.plain(one.proposed.words).strip(" .,")
        # The same few words of two people are two statements.
        by = one.person and one.person.pk
        others = [other for other in known if not (by and other.speaker_id) or other.speaker_id == by]
        alike = [(_likeness(words, verbatim.plain(other.quote).strip(" .,")), other) for other in others]
        one.likely = [other for likeness, other in sorted(alike, key=lambda item: -item[0]) if likeness >= ALIKE][:3]


def _beginning(words: str) -> str:
    """The first words of the longest part of a quotation, by which a search finds it; empty if there are too few."""
    longest = max(words.split("[…]"), key=len)
    first = re.findall(r"\w+(?:[-'’]\w+)*", longest)[:8]
    return " ".join(first) if len(first) >= 4 else ""


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if len(min(one, other, key=len)) > 30 and (one in other or other in one):
        return 0.9
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
