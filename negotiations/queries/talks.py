"""Talks as their pages tell them: who met when, where each side stood at the table, what moved and what followed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, Value

from negotiations import dates
from negotiations.models import Entry, Issue, Milestone, Negotiation, Party, Position, Round, Source, Statement
from negotiations.models.annotated import adding

from .directory import Directory
from .entries import Row, read
from .evidence import Attested, Ground, read_attested
from .generation import once

# What came of a round is looked for within so many days of it.
AFTERMATH = timedelta(days=365)
# So many statements are shown on the page of a negotiation; the timeline has the rest.
LAST_SAID = 6
# Stands for an issue's id where statements are counted; no issue has it.
STATEMENTS = 0


class Side(NamedTuple):
    """Where a party stood on one issue: its stands that day, the main line first; none where none is recorded."""

    party: Party
    stands: list[Attested]


class Question(NamedTuple):
    """An issue on the agenda and where each side stood on it."""

    issue: Issue
    sides: list[Side]


def across_the_table(stands: Iterable[Attested], issues: Iterable[Issue], parties: Iterable[Party]) -> list[Question]:
    """Stands laid out by issue, each party at its side even where it is silent."""
    held: dict[tuple[int | None, int | None], list[Attested]] = {}
    for stand in stands:
        held.setdefault((stand.position.issue_id, stand.position.party_id), []).append(stand)
    parties = list(parties)
    return [Question(issue, [Side(party, held.get((issue.pk, party.pk), [])) for party in parties]) for issue in issues]


# Negotiations


def list_negotiations() -> list[Negotiation]:
    """All talks by their beginning, each with how many rounds and statements are recorded of it."""
    counts = once("negotiations-counted", _counted)
    found = list(Negotiation.objects.select_related("treaty").prefetch_related("parties", "treaties"))
    for negotiation in found:
        negotiation.rounds = counts.get((negotiation.pk, "round"), 0)
        negotiation.statements = counts.get((negotiation.pk, "statement"), 0)
    return found


def _counted() -> dict[tuple[int, str], int]:
    """How many entries of each kind each negotiation has."""
    published = Entry.objects.published().filter(negotiation__isnull=False).order_by()
    rows = published.values_list("negotiation", "kind").annotate(Count("pk"))
    return {(negotiation, kind): count for negotiation, kind, count in rows}


@dataclass
class Talks:
    """What a negotiation's page tells: its rounds in order, what was said last, what it was about, who stood where."""

    rounds: list[Row]
    said: list[Row]
    statements: int
    """How many there are in all."""
    stands: list[Position]
    agenda: list[Issue]


def read_talks(negotiation: Negotiation) -> Talks:
    entries = Entry.objects.published().filter(negotiation=negotiation)
    said = entries.filter(kind=Entry.Kind.STATEMENT)
    last_said = said.newest_first().values("pk")[:LAST_SAID]
    met = entries.filter(kind=Entry.Kind.ROUND).order_by().values("pk")
    shown = Entry.objects.filter(pk__in=met.union(last_said, all=True))
    directory = Directory.of_talks(negotiation)
    counts = once(f"talks-{negotiation.pk}-counted", lambda: _counted_of(negotiation))
    rows = read(shown.order_by("earliest", "pk"), directory)
    stands = Position.objects.published().filter(negotiation=negotiation, kind=Entry.Kind.POSITION)
    stands = stands.select_related("party", "issue", "option")
    return Talks(
        rounds=[row for row in rows if row.entry.kind == Entry.Kind.ROUND],
        said=[row for row in rows if row.entry.kind == Entry.Kind.STATEMENT][::-1],
        statements=counts.get(STATEMENTS, 0),
        stands=list(stands.defer("search", "words").order_by("issue__rank", "issue", "party__rank", "earliest")),
        agenda=_raised(directory, counts),
    )


def _counted_of(negotiation: Negotiation) -> dict[int, int]:
    """How many entries of the talks touch on each issue, by its id; and how many statements there are."""
    entries = Entry.objects.published().filter(negotiation=negotiation).order_by()
    touching = Entry.issues.through.objects.filter(entry__in=entries).values_list("issue").annotate(Count("pk"))
    said = entries.filter(kind=Entry.Kind.STATEMENT).values_list(Value(STATEMENTS)).annotate(Count("pk"))
    return dict(touching.union(said, all=True))


def _raised(directory: Directory, counts: dict[int, int]) -> list[Issue]:
    """The issues of the talks, each with the number of entries that touch on it, those with most of them first."""
    raised = [issue for issue in directory.issues.values() if issue.pk in counts]
    for issue in raised:
        issue.weight = counts[issue.pk]
    return sorted(raised, key=lambda issue: (-issue.weight, issue.rank))


# Rounds


def rounds_of(negotiation: Negotiation, but_also: Round | None = None) -> list[Round]:
    """The rounds of the talks in the order in which they met; `but_also` one that is not published yet."""
    shown = Q(state=Entry.State.PUBLISHED) | Q(pk=but_also.pk if but_also else None)
    rounds = Round.objects.filter(shown, negotiation=negotiation, kind=Entry.Kind.ROUND).defer("search", "words")
    found = list(rounds.order_by("earliest", "pk"))
    for round_ in found:
        round_.negotiation = negotiation
    return found


def beside(round_: Round, rounds: list[Round]) -> tuple[Round | None, Round | None]:
    """The rounds just before and just after this one."""
    place = rounds.index(round_)
    return rounds[place - 1] if place else None, rounds[place + 1] if place + 1 < len(rounds) else None


@dataclass
class Meeting:
    """A round with what was said at it, who was there, and what it was about."""

    row: Row
    said: list[Row]
    parties: list[Party]
    agenda: list[Issue]


def read_meeting(round_: Round, *, with_evidence: bool = True) -> Meeting:
    """`with_evidence`: also which positions each thing said there bears out."""
    # Each half has an index of its own, which either-or would keep from being used.
    said = Statement.objects.published().filter(round=round_).order_by().values("pk")
    here = Round.objects.filter(pk=round_.pk).order_by().values("pk")
    entries = Entry.objects.filter(pk__in=here.union(said, all=True))
    directory = Directory.of_talks(round_.negotiation)
    rows = read(entries.order_by("earliest", "pk"), directory, with_evidence=with_evidence)
    row = next(row for row in rows if row.entry.pk == round_.pk)
    others = [other for other in rows if other is not row]
    return Meeting(row, others, _at_table(row), _agenda(row, others))


def stands_on(day: date, meeting: Meeting) -> list[Question]:
    """Where those who met stood on their agenda by a day."""
    stands = Position.objects.as_of(day).filter(issue__in=meeting.agenda, party__in=meeting.parties)
    return across_the_table(read_attested(stands.order_by("line", "pk"), day), meeting.agenda, meeting.parties)


def _at_table(row: Row) -> list[Party]:
    """The parties to a round, without the groups in whose name they spoke."""
    return [party for party in row.parties if party.kind != Party.Kind.GROUP]


def _agenda(row: Row, said: list[Row]) -> list[Issue]:
    """What a round was about; where its own agenda is not recorded, what was said there tells."""
    named = {issue.pk: issue for source in ([row] if row.issues else said) for issue in source.issues}
    return sorted(named.values(), key=lambda issue: (issue.rank, issue.slug))


@dataclass
class Brief:
    """What a delegate should know of a round: where each side stood before it, what moved in it, what followed."""

    before: list[Question]
    moved: list[Attested]
    borne_out: list[tuple[Attested, Ground]]
    """Positions from before the round, each with what was said there that bears it out."""
    followed: list[Entry]
    sources: list[Source]


def read_brief(round_: Round, meeting: Meeting, following: Round | None) -> Brief:
    eve = dates.day_before(round_.earliest)
    there = {"issue__in": meeting.agenda, "party__in": meeting.parties}
    on_the_eve = Q(pk__in=Position.objects.as_of(eve).filter(**there).values("pk"))
    begun = Q(earliest__gte=round_.earliest, earliest__lte=round_.latest, **there)
    said = {other.entry.pk for other in meeting.said}
    published = Position.objects.published().filter(begun | Q(evidence__in=said))
    wanted = adding(
        Position.objects.filter(on_the_eve | Q(pk__in=published.values("pk"))).with_held(eve),
        on_the_eve=ExpressionWrapper(on_the_eve, BooleanField()),
    ).order_by("issue__rank", "party__rank", "line", "earliest")
    stands = read_attested(wanted, eve)
    before = [stand for stand in stands if stand.position.on_the_eve]
    moved = [stand for stand in stands if round_.earliest <= stand.position.earliest <= round_.latest]
    borne_out = [
        (stand, ground)
        for stand in stands
        if stand.position.earliest < round_.earliest
        for ground in stand.grounds
        if ground.entry.pk in said
    ]
    grounds = [
        *(stand.last_word for stand in before if stand.last_word),
        *(ground for stand in moved for ground in stand.grounds),
        *(ground for _, ground in borne_out),
    ]
    return Brief(
        before=across_the_table(before, meeting.agenda, meeting.parties),
        moved=moved,
        borne_out=borne_out,
        followed=_followed(round_, following),
        sources=_sources([*meeting.said, meeting.row, *grounds, *before, *moved]),
    )


def _followed(round_: Round, following: Round | None) -> list[Entry]:
    """The next round, and the steps within a year of the treaties that these talks were about."""
    treaties = Q(treaty__negotiation=round_.negotiation_id) | Q(treaty=round_.negotiation.treaty_id)
    steps = Milestone.objects.published().filter(treaties)
    steps = steps.filter(earliest__gt=round_.latest, earliest__lte=_later(round_.latest)).defer("search", "words")
    found = [*([following] if following else []), *steps.order_by("earliest", "pk")]
    return sorted(found, key=lambda entry: (entry.earliest, entry.pk))


def _later(day: date) -> date:
    return day + AFTERMATH if day < date.max - AFTERMATH else date.max


def _sources(cited: Iterable[Row | Ground | Attested]) -> list[Source]:
    """Every source that these rest on, once, oldest first."""
    sources = {citation.source_id: citation.source for thing in cited for citation in thing.citations}
    return sorted(sources.values(), key=lambda source: (source.earliest or date.max, source.slug))
