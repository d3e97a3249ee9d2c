"""The record in one stream: what a reader may ask of it, which entries answer, and how many.

One value object stands for a filtered view; the page, and every other rendering of the same view, is read from it.
"""

import datetime
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import Count, DateField, Exists, ExpressionWrapper, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import ExtractMonth, ExtractYear

from negotiations import dates
from negotiations.models import (
    Delegation,
    Entry,
    Issue,
    Milestone,
    Negotiation,
    Party,
    Person,
    Position,
    Statement,
    Treaty,
)
from negotiations.models.annotated import adding
from negotiations.models.record import EntryQuerySet

from .directory import Directory
from .entries import HIGHLIGHT, Row, read
from .generation import once

PAGE_SIZE = 50
# Up to so many matches it is quicker to sort them all than to look for them along the whole record, newest first.
FEW = 2000
CURSOR = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d{1,18})", re.ASCII)


class Cursor(NamedTuple):
    """The last entry that a reader has seen; the next page begins after it."""

    earliest: date
    pk: int

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        found = CURSOR.fullmatch(text)
        if not found:
            raise ValueError("no cursor")
        return cls(date.fromisoformat(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.earliest.isoformat()}.{self.pk}"


@dataclass(frozen=True)
class TimelineFilter:
    """A filtered view of the record. `start` and `end` are EDTF, as the reader wrote them."""

    q: str = ""
    parties: tuple[Party, ...] = ()
    predecessors: tuple[Party, ...] = ()
    """States whose record the chosen parties continue, and which are therefore included."""
    alone: bool = False
    """Whether the reader asked for the chosen parties without their predecessors."""
    kinds: tuple[str, ...] = ()
    moves: bool = False
    """Whether to keep to moves: positions that differ from the one before."""
    issues: tuple[Issue, ...] = ()
    negotiation: Negotiation | None = None
    treaty: Treaty | None = None
    person: Person | None = None
    start: str = ""
    end: str = ""
    oldest_first: bool = False
    cursor: Cursor | None = None

    def but(self, **changes: Any) -> "TimelineFilter":
        """The same view with something changed, from its beginning."""
        return replace(self, **({"cursor": None} | changes))

    @property
    def query_string(self) -> str:
        """The address of this view, always in the same order."""
        one = [("negotiation", self.negotiation), ("treaty", self.treaty), ("person", self.person)]
        pairs = [
            ("q", self.q),
            *(("party", party.slug) for party in self.parties),
            ("predecessor", "no" if self.alone else ""),
            *(("kind", kind) for kind in self.kinds),
            ("moves", "only" if self.moves else ""),
            *(("issue", issue.slug) for issue in self.issues),
            *((name, thing.slug) for name, thing in one if thing),
            ("from", self.start),
            ("to", self.end),
            ("order", "oldest" if self.oldest_first else ""),
            ("cursor", str(self.cursor or "")),
        ]
        return urlencode([(name, value) for name, value in pairs if value])

    @property
    def is_everything(self) -> bool:
        """Whether nothing is filtered out."""
        return self.but(oldest_first=False) == TimelineFilter(alone=self.alone)


class Tally(NamedTuple):
    """How many entries, by kind, by the year and by the month (its first day) in which they begin."""

    total: int
    by_kind: Counter[str]
    by_year: Counter[int]
    by_month: Counter[date]


@dataclass
class Slot:
    """Where an entry stands in the stream, before anything else of it is read. It can be laid out as a card can."""

    pk: int
    kind: str
    date: str
    earliest: datetime.date
    round_id: int | None
    """Of a statement: the round at which it was made."""
    nested: list["Slot"] = field(default_factory=list)
    day_aside: str = ""
    drawn: str = ""
    """Its card, if that was drawn before: then nothing more of the entry need be read."""

    @property
    def entry(self) -> "Slot":
        return self

    @property
    def child(self) -> "Slot":
        return self


Placed = TypeVar("Placed", Slot, Row)


class Page(NamedTuple, Generic[Placed]):
    entries: list[Placed]
    next: Cursor | None


def matching(asked: TimelineFilter, entries: EntryQuerySet[Entry] | None = None) -> EntryQuerySet[Entry]:
    """The published entries, or those given, that answer; in no order and from no cursor."""
    entries = Entry.objects.published() if entries is None else entries
    if asked.q:
        entries = entries.filter(search=SearchQuery(asked.q, search_type="websearch", config="russian"))
    if asked.parties:
        entries = entries.filter(_one_of(Entry.parties.through, party__in=asked.parties + asked.predecessors))
        entries = _while_they_existed(entries, asked.parties + asked.predecessors)
    if asked.kinds:
        entries = entries.filter(kind__in=asked.kinds)
    if asked.moves:
        moves = Position.objects.published().moves().filter(pk=OuterRef("pk"))
        entries = entries.filter(Exists(moves), kind=Entry.Kind.POSITION)
    if asked.issues:
        entries = entries.filter(_one_of(Entry.issues.through, issue__in=asked.issues))
    if asked.negotiation:
        entries = entries.filter(negotiation=asked.negotiation)
    if asked.treaty:
        entries = entries.filter(_of_treaty(asked.treaty))
    if asked.person:
        entries = entries.filter(_of_person(asked.person))
    # A date that is not exact counts for every day it may mean.
    if asked.start:
        entries = entries.filter(latest__gte=dates.parse(asked.start).earliest)
    if asked.end:
        entries = entries.filter(earliest__lte=dates.parse(asked.end).latest)
    return entries


def tally(asked: TimelineFilter) -> Tally:
    """The matching entries counted, once for each state of the record: on a large one, counting is what costs."""
    view = asked.but(oldest_first=False).query_string
    counted: Tally = once("tally-" + sha256(view.encode()).hexdigest(), lambda: count(asked))
    return counted


def count(asked: TimelineFilter) -> Tally:
    """The kinds are counted as if none had been chosen, to show what each of them would give."""
    of_all_kinds = matching(replace(asked, kinds=()))
    begun = ExtractYear("earliest"), ExtractMonth("earliest"), "kind"
    counts = of_all_kinds.order_by().values_list(*begun).annotate(Count("pk"))
    by_kind: Counter[str] = Counter()
    by_year: Counter[int] = Counter()
    by_month: Counter[date] = Counter()
    for year, month, kind, count in counts:
        by_kind[kind] += count
        if not asked.kinds or kind in asked.kinds:
            by_year[year] += count
            by_month[date(year, month, 1)] += count
    return Tally(by_year.total(), by_kind, by_year, by_month)


def find_page(asked: TimelineFilter, counted: Tally) -> Page[Slot]:
    """Where entries stand on one page of the stream, of which `counted` match in all."""
    found = _page(asked, counted).values_list("pk", "kind", "date", "earliest", "as_statement__round")
    return _cut([Slot(*row) for row in found])


def read_slots(slots: Iterable[Slot], asked: TimelineFilter, directory: Directory) -> list[Row]:
    """All that their cards say, in the order of the page."""
    found = Entry.objects.published().filter(pk__in=[slot.pk for slot in slots])
    return read(found.order_by("earliest", "pk") if asked.oldest_first else found.newest_first(), directory)


def read_page(asked: TimelineFilter, directory: Directory, counted: Tally) -> Page[Row]:
    """One page of the stream with all that its cards say, and with the words marked that were searched for."""
    found = _page(asked, counted)
    return _cut(read(highlighted(found, asked.q) if asked.q else found, directory))


def _page(asked: TimelineFilter, counted: Tally) -> EntryQuerySet[Entry]:
    """The entries of a page, and one more where there is one."""
    entries = from_first_match(asked, matching(asked), counted)
    return stretch(asked, entries, counted.total, PAGE_SIZE + 1)


def _cut(found: list[Placed]) -> Page[Placed]:
    if len(found) <= PAGE_SIZE:
        return Page(found, None)
    last = found[PAGE_SIZE - 1].entry
    return Page(found[:PAGE_SIZE], Cursor(last.earliest, last.pk))


def from_first_match(asked: TimelineFilter, entries: EntryQuerySet[Entry], counted: Tally) -> EntryQuerySet[Entry]:
    """Begin in the first month that has a match: a walk along the record must not pass decades of nothing."""
    begun = asked.cursor.earliest.replace(day=1) if asked.cursor else None
    if asked.oldest_first:
        first = min((month for month in counted.by_month if begun is None or month >= begun), default=None)
        return entries.filter(earliest__gte=first) if first else entries
    last = max((month for month in counted.by_month if begun is None or month <= begun), default=None)
    return entries.filter(earliest__lte=last.replace(day=monthrange(last.year, last.month)[1])) if last else entries


def stretch(asked: TimelineFilter, entries: EntryQuerySet[Entry], expected: int, most: int) -> EntryQuerySet[Entry]:
    """So many of the matching entries, in the order and from the cursor asked for."""
    if asked.cursor:
        entries = entries.filter(_after(asked.cursor, asked.oldest_first))
    # An index on the date cannot serve this sum, so few matches are found by what is rare about them and then sorted.
    day = ExpressionWrapper(F("earliest") + Value(0), DateField()) if expected <= FEW else F("earliest")
    ids = entries.order_by(day.asc(), "pk") if asked.oldest_first else entries.order_by(day.desc(), "-pk")
    found = Entry.objects.filter(pk__in=ids.values("pk")[:most])
    return found.order_by("earliest", "pk") if asked.oldest_first else found.newest_first()


def count_of_few(entries: EntryQuerySet[Entry]) -> int:
    """How many entries there are, as far as `stretch` has to know: nobody counts a whole record for that."""
    return entries.order_by()[: FEW + 1].count()


def highlighted(entries: EntryQuerySet[Entry], q: str) -> EntryQuerySet[Entry]:
    """Entries with the words marked for which a search found them."""
    opening, closing = HIGHLIGHT
    query = SearchQuery(q, search_type="websearch", config="russian")
    mark = partial(SearchHeadline, config="russian", start_sel=opening, stop_sel=closing, highlight_all=True)
    return adding(
        entries,
        marked_summary=mark("summary", query),
        marked_quote=mark("as_statement__quote", query),
    )


def _one_of(through: type[Model], **wanted: object) -> Exists:
    return Exists(through._default_manager.filter(entry=OuterRef("pk"), **wanted))


def _while_they_existed(entries: EntryQuerySet[Entry], parties: tuple[Party, ...]) -> EntryQuerySet[Entry]:
    """Keep to the lifetime of the parties: a walk back from today must not pass thirty-five years of nothing."""
    ends = [party.active_until for party in parties if party.active_until]
    if len(ends) == len(parties):
        entries = entries.filter(earliest__lte=max(ends))
    begins = [party.active_from for party in parties if party.active_from]
    if len(begins) == len(parties):
        entries = entries.filter(latest__gte=min(begins))
    return entries


def _of_treaty(treaty: Treaty) -> Q:
    """A treaty's own milestones, and everything in the talks that it came of."""
    talks = Negotiation.objects.filter(Q(treaty=treaty) | Q(treaties=treaty))
    return _any_of(
        Milestone.objects.filter(treaty=treaty).values("pk"),
        Entry.objects.filter(negotiation__in=talks.values("pk")).values("pk"),
    )


def _of_person(person: Person) -> Q:
    """What somebody said, alone or with others, and the rounds to which they led a delegation."""
    return _any_of(
        Entry.objects.filter(speaker=person).values("pk"),
        Statement.joint_speakers.through.objects.filter(person=person).values("statement"),
        Delegation.objects.filter(head=person).values("round"),
    )


def _any_of(*ids: QuerySet[Any, Any]) -> Q:
    """The entries that one of several queries finds. Joined by OR, each entry of the record would be asked."""
    first, *others = (found.order_by() for found in ids)
    return Q(pk__in=first.union(*others))


def _after(cursor: Cursor, oldest_first: bool) -> Q:
    if oldest_first:
        return Q(earliest__gte=cursor.earliest) & (Q(earliest__gt=cursor.earliest) | Q(pk__gt=cursor.pk))
    return Q(earliest__lte=cursor.earliest) & (Q(earliest__lt=cursor.earliest) | Q(pk__lt=cursor.pk))
