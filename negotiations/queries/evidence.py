"""Positions as they are attested: how long each counted, what bears it out, and whose words those are.

The number of queries is the same for one position and for fifty.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from negotiations import dates
from negotiations.models import Citation, Entry, Evidence, Party, Position
from negotiations.models.annotated import adding
from negotiations.models.positions import PositionQuerySet


class Ground(NamedTuple):
    """A statement or a milestone that bears out a position."""

    entry: Entry
    own: bool
    """Whether the party itself said or did it; it follows from who did."""
    citations: list[Citation]

    @property
    def teller(self) -> Party | None:
        """The other side whose account it is."""
        return None if self.own else self.entry.party


class Until(NamedTuple):
    """When a position ceases to count, and how we know."""

    date: str
    """EDTF; empty where no end is known."""
    reason: str
    """One of recorded, clipped, next, unknown, open."""


@dataclass
class Attested:
    """A position between the one before and the one after it in its line, and what bears it out."""

    position: Position
    previous: Position | None = None
    next: Position | None = None
    grounds: list[Ground] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    """Sources of the position itself, beside those of what bears it out."""
    asked: date | None = None
    """The day that was asked about, where one was."""

    @property
    def until(self) -> Until:
        """Its own end, or else the beginning of the next of its line, which cuts it short if it comes first."""
        position, after = self.position, self.next
        if position.end:
            cut_short = after and position.end_latest and after.earliest <= position.end_latest
            return Until(after.date if after and cut_short else position.end, position.end_basis or "recorded")
        if after:
            return Until(after.date, "next")
        return Until("", position.end_basis or "open")

    @property
    def ended(self) -> bool:
        """Whether it had ended by the day that was asked about; only for positions read as of a day."""
        return not getattr(self.position, "held", True)

    @property
    def silence(self) -> bool:
        """Whether, after its end, no stand is recorded until the next position, if there is one."""
        return bool(self.position.end_latest) and not _meet(self.position, self.next)

    @property
    def silence_before(self) -> str:
        """When the position before had ended, if no stand is recorded from then until this one."""
        before = self.previous
        return before.end if before and before.end_latest and not _meet(before, self.position) else ""

    @property
    def moved(self) -> bool:
        """Whether the party answers otherwise than before, by option or by stance."""
        before, now = self.previous, self.position
        return before is not None and (before.option_id, before.stance) != (now.option_id, now.stance)

    @property
    def tellers(self) -> list[Party]:
        """The other sides whose accounts bear it out."""
        return list({ground.teller.pk: ground.teller for ground in self.grounds if ground.teller}.values())

    @property
    def own_grounds(self) -> list[Ground]:
        return [ground for ground in self.grounds if ground.own]

    @property
    def last_ground(self) -> Ground | None:
        return self.grounds[-1] if self.grounds else None

    @property
    def known(self) -> list[Ground]:
        """What bore it out by the day that was asked about; the first of all where each is newer."""
        known = [ground for ground in self.grounds if self.asked is None or ground.entry.earliest <= self.asked]
        return known or self.grounds[:1]

    @property
    def last_word(self) -> Ground | None:
        """The newest of what bore it out by then."""
        return self.known[-1] if self.grounds else None

    @property
    def later(self) -> int:
        """How many more pieces of evidence came after that day."""
        return len(self.grounds) - len(self.known)


def _meet(earlier: Position, later: Position | None) -> bool:
    """Whether no day lies between the end of one position and the beginning of the next."""
    return bool(later and earlier.end_latest and dates.day_before(later.earliest) <= earlier.end_latest)


def read_attested(positions: PositionQuerySet, asked: date | None = None, citing: bool = True) -> list[Attested]:
    """Positions of a queryset, in its order, with their evidence and their neighbours; `citing`, with sources too."""
    found = list(
        positions.with_previous()
        .with_next()
        .select_related("party", "issue", "option", "waits_for", "negotiation")
        .defer("search", "words")
    )
    neighbours = {position.pk: position for position in found}
    ids = set(neighbours)
    others = {pk for position in found for pk in (position.previous_id, position.next_id) if pk} - ids
    if others:
        neighbours |= Position.objects.select_related("option").defer("search", "words").in_bulk(others)
    links = _evidence(ids)
    citations = cited(ids | {link.entry_id for link in links}) if citing else defaultdict(list)
    grounds: dict[int, list[Ground]] = defaultdict(list)
    for link in links:
        grounds[link.position_id].append(Ground(link.entry, link.own, citations[link.entry_id]))
    return [
        Attested(
            position=position,
            previous=neighbours.get(position.previous_id or 0),
            next=neighbours.get(position.next_id or 0),
            grounds=grounds[position.pk],
            citations=citations[position.pk],
            asked=asked,
        )
        for position in found
    ]


def cited(entries: Iterable[int]) -> dict[int, list[Citation]]:
    """What each entry cites, without the stored texts of the sources, which are for staff."""
    found: dict[int, list[Citation]] = defaultdict(list)
    for citation in Citation.objects.filter(entry__in=entries).select_related("source").defer("source__text"):
        found[citation.entry_id].append(citation)
    return found


def own_word() -> Coalesce:
    """Of a piece of evidence: whether the party that holds the position itself said or did it."""
    own = Entry.parties.through.objects.filter(entry=OuterRef("entry_id"), party=OuterRef("position__party_id"))
    # Not EXISTS, for which PostgreSQL may read the parties of all entries into a hash at once.
    return Coalesce(Subquery(own.values(said=Value(True))[:1]), False)


def _evidence(positions: Iterable[int]) -> list[Evidence]:
    return list(
        adding(Evidence.objects.filter(position__in=positions, entry__state=Entry.State.PUBLISHED), own=own_word())
        .select_related("entry__party", "entry__speaker", "entry__as_statement")
        .defer("entry__search", "entry__words")
        .order_by("entry__earliest", "entry_id")
    )
