"""Questions in dispute: where the two powers stand on each of them, and the whole history of one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, DateField, Exists, ExpressionWrapper, F, OuterRef, Prefetch, Q, Value

from negotiations.models import (
    Citation,
    Entry,
    Issue,
    Limit,
    Milestone,
    Negotiation,
    Option,
    Party,
    Position,
    Statement,
    Treaty,
)
from negotiations.models.annotated import adding

from .evidence import Attested, read_attested
from .generation import once, once_here
from .stands import Gap, Stand, Stretch, Word, chain, gap, seat_on, stands, stretches, word
from .treaties import POWERS

RELATED = 6
# So many pieces of evidence are named beside each position.
NAMED = 2
# So many quotations are printed; the timeline has the rest.
QUOTES = 40


# Every issue, as of a day


@dataclass(frozen=True)
class Row:
    """One question, the two powers' last words on it by a day, and how far apart that leaves them."""

    issue: Issue
    words: tuple[Word, ...]
    gap: Gap
    last: Position | None
    """The newest of the positions that any party took by that day."""

    @property
    def both_hold(self) -> bool:
        return len(self.words) == 2 and all(word.held for word in self.words)


@dataclass(frozen=True)
class Table:
    sides: tuple[Party, ...]
    rows: list[Row]

    def count(self, value: Gap) -> int:
        return sum(row.gap == value for row in self.rows)


def table(day: date, parties: Iterable[Party] | None = None) -> Table:
    """All issues as of a day. `parties`: all there are, where they have been read already."""
    by_id = {party.pk: party for party in (Party.objects.all() if parties is None else parties)}
    sides = tuple(seat_on(seat, day) for seat in _seats(by_id))
    said = (
        Position.objects.as_of(day)
        .filter(line="")
        .select_related("option")
        .defer("search", "words")
        .order_by("earliest", "pk")
    )
    words: dict[tuple[int | None, int | None], Word] = {}
    last: dict[int | None, Position] = {}
    for position in said:
        position.party = by_id[position.party_id or 0]
        words[position.party_id, position.issue_id] = Word(position.party, position, position.held)
        last[position.issue_id] = position
    rows = []
    options = Option.objects.filter(issue=OuterRef("pk")).order_by().values("pk")
    for issue in adding(Issue.objects.all(), option_ids=ArraySubquery(options)):
        answers = tuple(words.get((side.pk, issue.pk)) or Word(side) for side in sides)
        between = Gap.UNKNOWN
        if len(answers) == 2:
            between = gap(answers[0].stand, answers[1].stand, issue.option_ids)
        rows.append(Row(issue, answers, between, last.get(issue.pk)))
    return Table(sides, rows)


def _seats(parties: dict[int, Party]) -> list[list[Party]]:
    by_code = {party.code: party for party in parties.values() if party.code}
    return [chain(by_code[code], parties) for code in POWERS if code in by_code]


# One issue


@dataclass(frozen=True)
class Record:
    """One recorded position: its number on the page, what bears it out, and the days it counted for."""

    number: int
    attested: Attested
    stand: Stand

    @property
    def position(self) -> Position:
        return self.attested.position

    @property
    def more(self) -> int:
        """How many pieces of evidence the page counts and does not name."""
        return max(len(self.attested.grounds) - NAMED, 0)


@dataclass(frozen=True)
class Lane:
    """What one seat at the table answered over time. `beside` runs beside the main line and has a scope."""

    seat: list[Party]
    main: list[Record]
    beside: list[Record]

    @property
    def party(self) -> Party:
        return self.seat[0]

    def word(self, day: date) -> Word:
        return word(seat_on(self.seat, day), (record.stand for record in self.main), day)


@dataclass(frozen=True)
class History:
    """All that the page of one issue says."""

    issue: Issue
    options: list[Option]
    lanes: list[Lane]
    records: list[Record]
    quotes: list[Statement]
    """The newest, oldest first."""
    more_quotes: bool
    talks: list[Negotiation]
    events: list[Milestone]
    related: list[Issue]
    parties: dict[int, Party]
    statements: int

    def lane(self, seat: list[Party]) -> Lane:
        return next((lane for lane in self.lanes if lane.seat == seat), Lane(seat, [], []))

    @cached_property
    def powers(self) -> list[Lane]:
        return [self.lane(seat) for seat in _seats(self.parties)]

    def between(self, one: Lane, other: Lane, until: date) -> list[Stretch]:
        options = {option.pk for option in self.options}
        left, right = ([record.stand for record in lane.main] for lane in (one, other))
        return stretches(left, right, options, until)

    def gap_on(self, one: Lane, other: Lane, day: date) -> Gap:
        return gap(one.word(day).stand, other.word(day).stand, {option.pk for option in self.options})


def history(issue: Issue) -> History:
    parties = {party.pk: party for party in Party.objects.all()}
    attested = read_attested(Position.objects.published().filter(issue=issue).order_by("earliest", "pk"))
    lines: dict[tuple[int | None, str], list[Position]] = defaultdict(list)
    counted: dict[int, Stand] = {}
    for one in attested:
        lines[one.position.party_id, one.position.line].append(one.position)
    for line in lines.values():
        counted |= {stand.position.pk: stand for stand in stands(line)}
    records = [Record(number, one, counted[one.position.pk]) for number, one in enumerate(attested, 1)]
    together = once(f"issue-{issue.pk}-together", lambda: _together(issue))
    quotes = _quotes(issue)
    return History(
        issue=issue,
        options=list(issue.options.all()),
        lanes=_lanes(records, parties),
        records=records,
        quotes=quotes[-QUOTES:],
        more_quotes=len(quotes) > QUOTES,
        talks=_talks(issue),
        events=once_here("events", _events),
        related=[other for other in together if other != issue][:RELATED],
        parties=parties,
        statements=next((same.shared for same in together if same == issue), 0),
    )


def _lanes(records: list[Record], parties: dict[int, Party]) -> list[Lane]:
    """A lane for each seat at the table that has a recorded position, in the order of lists."""
    seats: list[list[Party]] = []
    for party in parties.values():
        seat = chain(party, parties)
        seats = [other for other in seats if other[0] not in seat]
        if not any(party in other for other in seats):
            seats.append(seat)
    lanes = []
    for seat in sorted(seats, key=lambda seat: (seat[0].rank, seat[0].short_name)):
        ours = [record for record in records if record.position.party in seat]
        main = [record for record in ours if not record.position.line]
        if ours:
            lanes.append(Lane(seat, main, [record for record in ours if record.position.line]))
    return lanes


def _together(issue: Issue) -> list[Issue]:
    """This issue and those that came up in the same statements, each with how many of them raised it."""
    tagged = Entry.issues.through.objects.filter(
        issue=issue, entry__kind=Entry.Kind.STATEMENT, entry__state=Entry.State.PUBLISHED
    )
    together = adding(Issue.objects.filter(entries__in=tagged.values("entry")), shared=Count("entries"))
    return list(together.order_by(F("shared").desc(), "rank"))


def _quotes(issue: Issue) -> list[Statement]:
    """Words on the issue that the record has letter by letter, or the phrase that was reported; one more than shown."""
    newest = once(f"issue-{issue.pk}-quoted", lambda: _newest_quoted(issue))
    quoted = Statement.objects.filter(pk__in=newest).select_related("speaker", "party").defer("search", "words")
    citations = Prefetch("citations", Citation.objects.select_related("source").defer("source__text"))
    return list(quoted.prefetch_related(citations).order_by("earliest", "pk"))


def _newest_quoted(issue: Issue) -> list[int]:
    said = Statement.objects.published().filter(issues=issue).exclude(quote="", key_phrase="")
    # An index on the date cannot serve this sum: it would lead through all that was said of other things since.
    day = ExpressionWrapper(F("earliest") + Value(0), DateField())
    return list(said.order_by(day.desc(), "-pk").values_list("pk", flat=True)[: QUOTES + 1])


def _talks(issue: Issue) -> list[Negotiation]:
    """Negotiations in whose rounds the issue was on the table, with the number of those rounds."""
    on_it = {"entries__kind": Entry.Kind.ROUND, "entries__state": Entry.State.PUBLISHED, "entries__issues": issue}
    return list(
        adding(Negotiation.objects.filter(**on_it), rounds=Count("entries"))
        .select_related("treaty")
        .order_by("earliest", "slug")
    )


def _events() -> list[Milestone]:
    """When treaties that limit arms were signed and when they ended: the calendar behind every issue."""
    return list(
        Milestone.objects.published()
        .filter(Q(type="signed") | Q(type__in=("expired", "terminated", "superseded")))
        .filter(treaty__legally_binding=True)
        .filter(Exists(Limit.objects.filter(treaty=OuterRef("treaty_id"))))
        .exclude(treaty__kind=Treaty.Kind.PROTOCOL)
        .select_related("treaty")
        .defer("search", "words")
        .order_by("earliest", "pk")
    )
