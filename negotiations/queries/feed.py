"""A view of the record as a feed: what changed last comes first, and what was withdrawn is told too.

A feed is read for what is new in the record, which may be old in the world. Entries that changed on the same day stand
in the order of the timeline, so that a freshly loaded record begins with its newest events.
"""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple, cast

from django.db.models import DateField, DateTimeField, ExpressionWrapper, F, Q, Value

from negotiations.models import Entry
from negotiations.models.annotated import adding
from negotiations.models.record import CHANGED_ON, EntryQuerySet

from .directory import Directory
from .entries import read
from .stream import Item, first_slugs, items
from .timeline import FEW, TimelineFilter, count_of_few, matching

PAGE_SIZE = 50
# So many withdrawals are told, the newest first; a subscriber asks more often than that many happen.
TOMBSTONES = 100
PLACE = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d{4}-\d\d-\d\d)\.(\d{1,18})", re.ASCII)


class Place(NamedTuple):
    """The last entry of a page of the feed; the next page begins after it."""

    changed: date
    earliest: date
    pk: int

    @classmethod
    def parse(cls, text: str) -> "Place":
        found = PLACE.fullmatch(text)
        if not found:
            raise ValueError("no place in a feed")
        return cls(date.fromisoformat(found[1]), date.fromisoformat(found[2]), int(found[3]))

    def __str__(self) -> str:
        return f"{self.changed.isoformat()}.{self.earliest.isoformat()}.{self.pk}"


class Tombstone(NamedTuple):
    """An entry that was published and has been withdrawn: what a subscriber must know to take it back."""

    entry: Entry
    first_slug: str


class Feed(NamedTuple):
    items: list[Item]
    tombstones: list[Tombstone]
    """On the first page only."""
    next: Place | None
    updated: datetime | None
    """When anything in the view last changed or was withdrawn; None if it never held anything."""


def read_feed(asked: TimelineFilter, directory: Directory) -> Feed:
    """One page of a view as a feed. Its order is its own; `asked.cursor` is a Place in it."""
    entries = matching(asked)
    gone = withdrawn(asked)
    few = count_of_few(entries) <= FEW
    times = [last_change(entries, few), last_change(gone, few=True)]
    if asked.cursor:
        place = cast(Place, asked.cursor)  # a feed has an order of its own
        entries = adding(entries, changed_on=CHANGED_ON).filter(_after(place))
    # As in the timeline: few matches are found by what is rare about them, and sorted; the index knows many.
    day = ExpressionWrapper(CHANGED_ON + Value(0), DateField()) if few else CHANGED_ON
    ids = entries.order_by(day.desc(), "-earliest", "-pk").values("pk")[: PAGE_SIZE + 1]
    found = adding(Entry.objects.filter(pk__in=ids), changed_on=CHANGED_ON)
    rows = read(found.order_by(F("changed_on").desc(), "-earliest", "-pk"), directory)
    following = None
    if len(rows) > PAGE_SIZE:
        last = rows[PAGE_SIZE - 1].entry
        following = Place(last.changed_on, last.earliest, last.pk)
    return Feed(
        items=items(rows[:PAGE_SIZE], directory),
        tombstones=[] if asked.cursor else read_tombstones(gone),
        next=following,
        updated=max(filter(None, times), default=None),
    )


def last_change(entries: EntryQuerySet[Entry], few: bool) -> datetime | None:
    """When any of the entries last changed."""
    moment = ExpressionWrapper(F("updated_at") + Value(timedelta()), DateTimeField()) if few else F("updated_at")
    return entries.order_by(moment.desc()).values_list("updated_at", flat=True).first()


def withdrawn(asked: TimelineFilter) -> EntryQuerySet[Entry]:
    """The withdrawn entries of a view. A search does not look into them: that would tell what they said."""
    kinds = (Entry.Kind.POSITION,) if asked.moves else asked.kinds
    return matching(asked.but(q="", moves=False, kinds=kinds), Entry.objects.filter(state=Entry.State.WITHDRAWN))


def read_tombstones(gone: EntryQuerySet[Entry]) -> list[Tombstone]:
    known = gone.only("slug", "kind", "withdrawn_on", "withdrawn_reason", "created_at", "updated_at")
    found = list(known.order_by("-withdrawn_on", "-pk")[:TOMBSTONES])
    first = first_slugs(found)
    return [Tombstone(entry, first[entry.pk]) for entry in found]


def _after(place: Place) -> Q:
    earlier = Q(earliest__lt=place.earliest) | Q(earliest=place.earliest, pk__lt=place.pk)
    return Q(changed_on__lt=place.changed) | Q(changed_on=place.changed) & earlier
