"""A whole view of the record, however long: the entries in stretches, so that no more than one is ever in memory.

Each stretch begins after the last entry of the one before. Nothing is held open on the database between two of them, so
a slow reader costs it nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import Q

from negotiations.models import Entry, FormerSlug, Party, Round

from .directory import Directory
from .entries import Row, read
from .timeline import Cursor, TimelineFilter, count_of_few, matching, stretch

# The first is short, so that its reader sees at once that there is an answer.
FIRST, STRETCH = 50, 500


@dataclass(frozen=True)
class Item:
    """One entry of a stream with all that leaves the site of it."""

    row: Row
    first_slug: str
    """The slug under which it was first published: what identifies it for good, whatever its address is now."""
    round_slug: str = ""
    """Of a statement: the round at which it was made."""
    waits_for: Party | None = None
    """Of a conditional position: the party whose act it needs."""

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.row.entry.earliest, self.row.entry.pk)


def stream(asked: TimelineFilter, directory: Directory, within: Q | None = None) -> Iterator[Item]:
    """Every entry of a view from its cursor on, or those `within` a further condition."""
    entries = matching(asked).filter(within or Q())
    expected, most = count_of_few(entries), FIRST
    while True:
        found = items(read(stretch(asked, entries, expected, most), directory), directory)
        yield from found
        if len(found) < most:
            return
        asked, most = replace(asked, cursor=found[-1].cursor), STRETCH


def items(rows: Iterable[Row], directory: Directory) -> list[Item]:
    first = first_slugs([row.entry for row in rows])
    meetings = {pk for row in rows if (pk := getattr(row.entry.child, "round_id", None))}
    rounds = dict(Round.objects.published().filter(pk__in=meetings).values_list("pk", "slug")) if meetings else {}
    return [
        Item(
            row,
            first[row.entry.pk],
            rounds.get(getattr(row.entry.child, "round_id", None) or 0, ""),
            directory.parties.get(getattr(row.entry.child, "waits_for_id", None) or 0),
        )
        for row in rows
    ]


def first_slugs(entries: list[Entry]) -> dict[int, str]:
    """The slug that each entry had first; most never had another."""
    former = FormerSlug.objects.filter(kind=Entry.slug_kind(), object_id__in=[entry.pk for entry in entries])
    slugs = {entry.pk: entry.slug for entry in entries}
    return slugs | dict(former.order_by("-pk").values_list("object_id", "slug"))
