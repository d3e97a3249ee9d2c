"""Who stood where: the last word of each side on each question by a day, and what moved since another.

One value object stands for a view of the matrix; the page, and every other rendering of the same view, is read from it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import models
from django.db.models import F, Q, Window
from django.db.models.functions import Lag
from django.utils.translation import gettext_lazy as _

from negotiations import dates
from negotiations.models import Issue, Negotiation, Option, Party, Position, Round
from negotiations.models.positions import LINE, PositionQuerySet

from .directory import Directory
from .evidence import Attested, Ground, read_attested
from .stands import Gap, gap

# The two whose talks the record is about; Russia's record includes the Soviet Union's.
POWERS = ("US", "RU")
# From the loosest hold on an answer to the firmest.
FIRMNESS = ("conditional", "accepts", "prefers", "demands")
# So many moves fit on a page; the rest are an earlier page.
MOST_MOVES = 60


class Show(models.TextChoices):
    """Which questions of the matrix a reader wants to see."""

    ALL = "", _("all")
    APART = "apart", _("apart")
    MOVED = "moved", _("changed")


class View(models.TextChoices):
    """The matrix, or a list drawn from the same positions."""

    MATRIX = "", _("Issue by issue")
    MOVES = "moves", _("What moved")
    WAITS = "waits", _("Who waits for whom")


class Change(models.TextChoices):
    """How a side's answer on a day differs from its answer on an earlier one."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    FIRMER = "firmer", _("firmer")
    SOFTER = "softer", _("softer")
    BACK = "back", _("moved and moved back")
    ENDED = "ended", _("ended")


@dataclass(frozen=True)
class PositionsFilter:
    """A view of where everyone stood. `on` and `since` are EDTF, as the reader wrote them; a round stands for its end.

    A month or a year named as the day counts as its last one, named as the beginning as its first: “in 2013, since
    2011” compares how 2013 ended with how 2010 had.
    """

    today: date
    on: str = ""
    since: str = ""
    on_round: Round | None = None
    since_round: Round | None = None
    parties: tuple[Party, ...] = ()
    pair: tuple[Party, ...] = ()
    """The two whose answers are compared, if the reader chose them."""
    negotiation: Negotiation | None = None
    show: str = Show.ALL
    view: str = View.MATRIX

    def but(self, **changes: Any) -> "PositionsFilter":
        """The same view with something changed."""
        if "on" in changes:
            changes.setdefault("on_round", None)
        if "since" in changes:
            changes.setdefault("since_round", None)
        return replace(self, **changes)

    @property
    def day(self) -> date:
        """The day whose positions are shown."""
        if self.on_round:
            return self.on_round.latest
        return last_day(self.on, self.today) if self.on else self.today

    @property
    def baseline(self) -> date | None:
        """The day with which it is compared."""
        if self.since_round:
            return self.since_round.latest
        return day_before_changes(self.since) if self.since else None

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    def spans(self, day: date) -> bool:
        """Whether a day lies after the one compared with, and not after the one shown."""
        return (self.baseline is None or self.baseline < day) and day <= self.day

    @property
    def query_string(self) -> str:
        """The address of this view, always in the same order."""
        rounds = [("on_round", self.on_round), ("since_round", self.since_round)]
        pairs = [
            ("view", self.view),
            ("on", "" if self.on_round else self.on),
            ("since", "" if self.since_round else self.since),
            *((name, thing.slug) for name, thing in rounds if thing),
            *(("party", party.slug) for party in self.parties),
            *((name, party.slug) for name, party in zip(("a", "b"), self.pair, strict=False)),
            ("negotiation", self.negotiation.slug if self.negotiation else ""),
            ("show", self.show),
        ]
        return urlencode([(name, str(value)) for name, value in pairs if value])


def last_day(text: str, today: date) -> date:
    """The day a date stands for: of a month or year its last, or today while it still runs."""
    earliest, latest = dates.parse(text)
    return today if earliest < today < latest else latest


def day_before_changes(text: str) -> date:
    """The day after which changes count: the one named, or the eve of the month or year named."""
    earliest, latest = dates.parse(text)
    return earliest if earliest == latest else earliest - timedelta(days=1)


# Sides of the table


class Column(NamedTuple):
    """A side of the table: who was asked for, and who sat in its seat on the day."""

    asked: Party
    party: Party


def seat_on(party: Party, day: date, directory: Directory) -> Party:
    """Who sat in a party's seat on a day: before Russia the Soviet Union, after the Soviet Union Russia."""
    if party.existed_on(day):
        return party
    too_early = party.active_from and party.active_from > day
    other = directory.predecessor(party) if too_early else directory.continued_by.get(party.pk)
    return other if other and other.existed_on(day) else party


def powers(directory: Directory) -> tuple[Party, ...]:
    """The two sides shown unless a reader asks for others."""
    found = tuple(party for party in directory.parties.values() if party.code in POWERS)
    return found if len(found) == len(POWERS) else tuple(directory.parties.values())[:2]


def columns(asked: PositionsFilter, directory: Directory) -> list[Column]:
    """The sides of a view in the order of lists, each once; without a choice the two powers."""
    wanted = asked.parties or asked.pair or powers(directory)
    if asked.view == View.WAITS and not asked.parties:
        wanted = tuple(directory.parties.values())
    found: dict[int, Column] = {}
    for party in directory.parties.values():
        if party in wanted or party in asked.pair:
            sitting = seat_on(party, asked.day, directory)
            found.setdefault(sitting.pk, Column(party, sitting))
    return list(found.values())


# Answers


@dataclass
class Answer:
    """A side's last word on a question by a day, in its main line or beside it."""

    attested: Attested
    day: date
    change: Change | None = None
    was: Position | None = None
    """The answer before the change."""
    other_talks: Negotiation | None = None
    """The talks it was given in, where the newest word on the question was not."""

    @property
    def position(self) -> Position:
        return self.attested.position

    @property
    def held(self) -> bool:
        return not self.attested.ended

    @property
    def doubtful(self) -> bool:
        """Whether nobody knows if it was still held."""
        return self.held and self.position.end_basis == Position.EndBasis.UNKNOWN

    @property
    def grounds(self) -> list[Ground]:
        """What had borne it out by the day."""
        return [ground for ground in self.attested.grounds if ground.entry.earliest <= self.day]

    @property
    def last_ground(self) -> Ground | None:
        return self.grounds[-1] if self.grounds else None

    @property
    def last_attested(self) -> str:
        """The date of the newest evidence by the day; EDTF."""
        last = self.last_ground
        return last.entry.date if last and last.entry.earliest > self.position.earliest else self.position.date

    @property
    def evidence_age(self) -> tuple[date, date]:
        """From the last day on which it may have been said to the day asked about."""
        return min(dates.parse(dates.last_part(self.last_attested)).latest, self.day), self.day


@dataclass
class Cell:
    """One side on one question."""

    column: Column
    answer: Answer | None = None
    beside: list[Answer] = field(default_factory=list)
    """What it said beside its main line, each on a matter of its own."""

    @property
    def answers(self) -> list[Answer]:
        return [self.answer, *self.beside] if self.answer else self.beside

    @property
    def changed(self) -> bool:
        return any(answer.change for answer in self.answers)

    @property
    def stand(self) -> Position | None:
        """The position in the main line, if it was held that day."""
        return self.answer.position if self.answer and self.answer.held else None


@dataclass
class Row:
    """One question, each side's answer to it, and how far two of them are apart."""

    issue: Issue
    cells: list[Cell]
    gap: Gap | None = None

    @property
    def answers(self) -> list[Answer]:
        return [answer for cell in self.cells for answer in cell.answers]

    @property
    def changed(self) -> bool:
        return any(cell.changed for cell in self.cells)

    @property
    def held(self) -> bool:
        """Whether anybody held a stand that day."""
        return any(answer.held for answer in self.answers)


@dataclass
class Matrix:
    columns: list[Column]
    pair: tuple[Column, ...]
    rows: list[Row]
    """Questions on which one of the sides at least has spoken by the day."""
    unanswered: list[Issue]

    def count(self, value: Gap) -> int:
        return sum(row.gap == value for row in self.rows)

    def shown(self, show: str) -> list[Row]:
        if show == Show.APART:
            return [row for row in self.rows if row.gap == Gap.APART]
        return [row for row in self.rows if row.changed] if show == Show.MOVED else self.rows

    @property
    def changes(self) -> list[Answer]:
        return [answer for row in self.rows for answer in row.answers if answer.change]

    @property
    def waiting(self) -> list[Answer]:
        """Stands that depend on a condition, those first that wait for a party."""
        found = [
            answer
            for row in self.rows
            for answer in row.answers
            if answer.held and answer.position.stance == Position.Stance.CONDITIONAL
        ]
        return sorted(found, key=_by_whom_they_wait_for)


def read_matrix(asked: PositionsFilter, directory: Directory, moves: Iterable["Move"]) -> Matrix:
    """All questions as of a day, for the sides of a view."""
    sides = columns(asked, directory)
    position_of = {side.party.pk: place for place, side in enumerate(sides)}
    before = _before(asked, directory, sides)
    moved = {(move.party_id, move.issue_id, move.line) for move in moves if not move.is_first and asked.spans(move.day)}
    cells: dict[int | None, list[Cell]] = defaultdict(lambda: [Cell(side) for side in sides])
    for attested in read_attested(_of(asked, position_of).as_of(asked.day).order_by("line"), citing=False):
        position = attested.position
        answer = Answer(attested, asked.day)
        cell = cells[position.issue_id][position_of[position.party.pk]]
        if asked.baseline:
            was = before.get((cell.column.asked.pk, position.issue_id, position.line))
            line = (position.party_id, position.issue_id, position.line)
            answer.change = change(answer, was, asked.baseline, line in moved)
            if answer.change in (Change.CHANGED, Change.FIRMER, Change.SOFTER):
                answer.was = was
            elif answer.change == Change.BACK:
                answer.was = attested.previous
        if position.line:
            cell.beside.append(answer)
        else:
            cell.answer = answer
    pair = _pair(asked, sides)
    options = _options()
    rows = [Row(issue, cells[pk]) for pk, issue in directory.issues.items() if pk in cells]
    for row in rows:
        _name_other_talks(row)
        if pair:
            one, other = (row.cells[position_of[side.party.pk]].stand for side in pair)
            row.gap = gap(one, other, options[row.issue.pk])
    unanswered = [issue for pk, issue in directory.issues.items() if pk not in cells]
    return Matrix(sides, pair, rows, unanswered)


def change(now: Answer, was: Position | None, since: date, moved: bool) -> Change | None:
    """How an answer differs from that of the same line on an earlier day; `moved` if the line moved in between."""
    position = now.position
    if not now.held:
        return Change.ENDED if position.end_latest and position.end_latest >= since else None
    if was and was.pk == position.pk:
        return None
    if not was or not was.held:
        return Change.NEW
    return difference(was, position) or (Change.BACK if moved else None)


def difference(was: Position, now: Position) -> Change | None:
    """What a side did between two of its positions; nothing where it gave the same answer as firmly."""
    if (was.option_id, was.stance) == (now.option_id, now.stance):
        return None
    if was.option_id != now.option_id or Position.Stance.OPPOSES in (was.stance, now.stance):
        return Change.CHANGED
    return Change.FIRMER if FIRMNESS.index(now.stance) > FIRMNESS.index(was.stance) else Change.SOFTER


def _of(asked: PositionsFilter, parties: Iterable[int]) -> PositionQuerySet:
    positions = Position.objects.filter(party__in=list(parties))
    return positions.filter(negotiation=asked.negotiation) if asked.negotiation else positions


Answered = dict[tuple[int, int | None, str], Position]
"""The answer of each seat to each question, by line."""


def _before(asked: PositionsFilter, directory: Directory, sides: list[Column]) -> Answered:
    """The answers of the same seats on the earlier day, by who was asked for, question and line."""
    if not asked.baseline:
        return {}
    sat = {seat_on(side.asked, asked.baseline, directory).pk: side.asked.pk for side in sides}
    then = _of(asked, sat).as_of(asked.baseline).select_related("option").defer("search", "words")
    found: Answered = {}
    for position in then:
        pk = position.party_id or 0
        position.party = directory.parties[pk]
        found[sat[pk], position.issue_id, position.line] = position
    return found


def _pair(asked: PositionsFilter, sides: list[Column]) -> tuple[Column, ...]:
    chosen = [side for party in asked.pair for side in sides if party in (side.asked, side.party)]
    chosen += [side for side in sides if side not in chosen]
    return tuple(chosen[:2]) if len(chosen) > 1 else ()


def _options() -> dict[int, set[int]]:
    found = defaultdict(set)
    for issue, option in Option.objects.order_by().values_list("issue_id", "pk"):
        found[issue].add(option)
    return found


def _name_other_talks(row: Row) -> None:
    newest = max(row.answers, key=lambda answer: answer.position.earliest).position.negotiation_id
    for answer in row.answers:
        if answer.position.negotiation_id not in (None, newest):
            answer.other_talks = answer.position.negotiation


def _by_whom_they_wait_for(answer: Answer) -> tuple[bool, int, int, int, str]:
    position = answer.position
    awaited = position.waits_for
    return (awaited is None, position.party.rank, awaited.rank if awaited else 0, position.issue.rank, position.line)


# Moves


class Move(NamedTuple):
    """The day on which a side first took a position on a question, or took another than before."""

    pk: int
    party_id: int
    issue_id: int
    line: str
    day: date
    when: str
    """The day as exactly as it is known, in EDTF."""
    is_first: bool


def read_moves(asked: PositionsFilter, directory: Directory) -> list[Move]:
    """Every move of the sides of a view and of those whose seats they took over, oldest first."""
    parties = set()
    for side in columns(asked, directory):
        parties |= {side.asked, side.party, directory.predecessor(side.party)}
    lines, in_time = [F(name) for name in LINE], [F("earliest"), F("entry_id")]
    positions = _of(asked, {party.pk for party in parties if party}).published()
    positions = positions.annotate(
        before=Window(Lag("option_id"), partition_by=lines, order_by=in_time),
        before_stance=Window(Lag("stance"), partition_by=lines, order_by=in_time),
    )
    differs = Q(before__isnull=True) | ~Q(before=F("option_id")) | ~Q(before_stance=F("stance"))
    rows = positions.filter(differs).order_by("earliest", "pk").values_list("pk", *LINE, "earliest", "date", "before")
    return [
        Move(pk, party, issue, line, day, when, before is None) for pk, party, issue, line, day, when, before in rows
    ]


class Neighbours(NamedTuple):
    """The nearest days before and after one on which a side moved."""

    before: date | None
    after: date | None


def neighbours(moves: Iterable[Move], day: date) -> Neighbours:
    days = {move.day for move in moves}
    return Neighbours(
        max((other for other in days if other < day), default=None),
        min((other for other in days if other > day), default=None),
    )


class Stretch(NamedTuple):
    """Moves between two days, newest first, as many as fit on a page."""

    moves: list[Move]
    total: int
    firsts: int
    older: date | None
    """The day from which to go on back."""


def stretch(asked: PositionsFilter, moves: Iterable[Move], most: int | None = MOST_MOVES) -> Stretch:
    within = [move for move in moves if asked.spans(move.day)]
    within.sort(key=lambda move: (move.day, move.pk), reverse=True)
    some, older = within, None
    if most and len(within) > most:
        # The page goes on by day, so a day stands on it whole; where one alone fills it, the page is longer.
        days = sorted({move.day for move in within}, reverse=True)
        whole = max(sum(move.day > within[most].day for move in within), sum(move.day == days[0] for move in within))
        some = within[:whole]
        older = within[whole].day if whole < len(within) else None
    return Stretch(some, len(within), sum(move.is_first for move in within), older)


def read_answers(stretch: Stretch, day: date) -> list[Answer]:
    """The positions that were moves, each with the one before it."""
    positions = Position.objects.filter(pk__in=[move.pk for move in stretch.moves]).newest_first()
    found = []
    for attested in read_attested(positions.with_held(day), citing=False):
        was = attested.previous
        what = (difference(was, attested.position) or Change.NEW) if was else Change.NEW
        found.append(Answer(attested, day, change=what, was=was))
    return found


def busiest_date(changes: Iterable[Answer]) -> tuple[str, int] | None:
    """The date (EDTF) from which most of the new answers count, if more than one does."""
    days = Counter(answer.position.date for answer in changes if answer.change not in (Change.ENDED, Change.BACK))
    text, count = max(days.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return (text, count) if count > 1 else None
