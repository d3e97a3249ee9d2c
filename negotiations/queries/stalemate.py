"""The stalemate clock: which talks were open on a day, and for how long nothing in them had moved.

A movement is a side's taking or changing a position in the talks, or a step in the life of a text they made. A
meeting is none, nor is an answer given again. Dates count from the first day they allow, as everywhere.
"""

import datetime
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from negotiations import dates
from negotiations.models import Entry, Milestone, Negotiation, Position, Round
from negotiations.models.positions import PositionQuerySet
from negotiations.models.record import AnyEntry, EntryQuerySet

# Talks count as still when so many months have passed without a movement.
STILL = 6


@dataclass(frozen=True)
class Last:
    """The last entry of its kind by the day, as far as a line about it needs."""

    kind: str
    slug: str
    title: str
    date: str
    """EDTF, for readers."""
    day: datetime.date


@dataclass(frozen=True)
class Clock:
    """Talks that were open on a day, with what had last moved in them and when they had last met."""

    negotiation: Negotiation
    day: date
    moved: Last | None
    met: Last | None

    @property
    def met_at(self) -> str:
        """The last part of the address of the last meeting."""
        return self.met.slug.removeprefix(f"{self.negotiation.slug}-") if self.met else ""

    @property
    def since(self) -> date:
        """The day of the last movement, or that on which the talks opened."""
        return self.moved.day if self.moved else self.negotiation.earliest

    @property
    def months(self) -> int:
        """Whole months without a movement."""
        months = (self.day.year - self.since.year) * 12 + self.day.month - self.since.month
        return months - (self.day.day < self.since.day)

    @property
    def is_exact(self) -> bool:
        """Whether the day is known from which the months count; from the first of a vaguer date they are too many."""
        return dates.is_exact(self.moved.date if self.moved else self.negotiation.start)

    @property
    def is_still(self) -> bool:
        return self.months >= STILL


def clocks(day: date) -> list[Clock]:
    """Of all talks open on a day, those that have stood still longest first."""
    by_then = Entry.objects.published().filter(negotiation=OuterRef("pk"))
    goes_on = Q(end="", outcome=Negotiation.Outcome.ONGOING)
    # Where no end is recorded, the last that is known of the talks stands for it.
    end_not_known = Q(end="") & Exists(by_then.filter(earliest__gte=day))
    open_ = Negotiation.objects.filter(goes_on | end_not_known | Q(end_latest__gte=day), earliest__lte=day)
    of_these = Q(negotiation=OuterRef("pk"))
    made = Q(treaty__negotiation=OuterRef("pk")) | Q(treaty=OuterRef("treaty"))
    found = open_.annotate(
        took=_last(_moves().filter(of_these, kind=Entry.Kind.POSITION), day),
        step=_last(Milestone.objects.published().filter(made), day),
        met=_last(Round.objects.published().filter(of_these, kind=Entry.Kind.ROUND, held=True), day),
    )
    return sorted((_clock(negotiation, day) for negotiation in found), key=_by_stillness)


def _by_stillness(clock: Clock) -> tuple[date, date, str]:
    return (clock.since, clock.negotiation.earliest, clock.negotiation.slug)


def _moves() -> PositionQuerySet:
    """Positions that are no mere restatement of the one before in their line; a side's first is a move too."""
    before = Position.objects.filter(pk=OuterRef("previous_id"))
    positions = Position.objects.published().with_previous()
    return positions.exclude(Exists(before.filter(option=OuterRef("option"), stance=OuterRef("stance"))))


def _last(entries: EntryQuerySet[AnyEntry], day: date) -> Subquery:
    """The newest of these by the day, since the talks opened."""
    fields = JSONObject(kind="kind", slug="slug", title="title", date="date", day=F("earliest"))
    within = entries.filter(earliest__gte=OuterRef("earliest"), earliest__lte=day)
    return Subquery(within.order_by("-earliest", "-pk").values(json=fields)[:1])


def _clock(negotiation: Any, day: date) -> Clock:
    took, step, met = (_read(one) for one in (negotiation.took, negotiation.step, negotiation.met))
    moved = max(filter(None, (took, step)), key=lambda last: last.day, default=None)
    return Clock(negotiation, day, moved, met)


def _read(found: dict[str, Any] | None) -> Last | None:
    return Last(**found | {"day": date.fromisoformat(found["day"])}) if found else None
