"""Where parties stand on an issue on any day, and how far apart two of them are.

The same reading as `Position.objects.as_of`, for pages that need the whole history of an issue in memory anyway.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db import models
from django.utils.translation import gettext_lazy as _

from negotiations import dates
from negotiations.models import Party, Position


class Gap(models.TextChoices):
    """How two sides' answers to one question relate."""

    AGREED = "agreed", _("agreed")
    PARTLY = "partly", _("partly agreed")
    APART = "apart", _("apart")
    UNKNOWN = "unknown", _("unknown")


def gap(one: Position | None, other: Position | None, options: Iterable[int]) -> Gap:
    """Compare two held positions on an issue with these options.

    A side that opposes an answer is content with any other, so two sides are apart when no answer suits both, and
    agreed when one does without a condition. Where several would do, they have ruled out the same thing, no more.
    """
    if not one or not other:
        return Gap.UNKNOWN
    common = _suits(one, options) & _suits(other, options)
    if not common:
        return Gap.APART
    conditional = Position.Stance.CONDITIONAL in (one.stance, other.stance)
    return Gap.PARTLY if conditional or len(common) > 1 else Gap.AGREED


def _suits(position: Position, options: Iterable[int]) -> set[int]:
    if position.stance == Position.Stance.OPPOSES:
        return set(options) - {position.option_id}
    return {position.option_id}


@dataclass(frozen=True)
class Stand:
    """A position with the days it counted for. `last` is None while nothing has ended it."""

    position: Position
    first: date
    last: date | None
    until: str
    """The last day as exactly as it is known, in EDTF; empty while nothing has ended it."""

    def holds_on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def stands(positions: Iterable[Position]) -> list[Stand]:
    """Positions of one party on one issue in one line, oldest first, with the days each counted for."""
    found, line = [], sorted(positions, key=lambda position: (position.earliest, position.pk))
    for position, following in zip(line, [*line[1:], None], strict=True):
        ends = [(position.end_latest, position.end)] if position.end_latest else []
        if gone := position.party.active_until:
            ends.append((gone, gone.isoformat()))
        if following:
            ends.append((dates.day_before(following.earliest), dates.eve(following.date)))
        last, until = min(ends, key=lambda end: end[0], default=(None, ""))
        found.append(Stand(position, position.earliest, last, until))
    return found


@dataclass(frozen=True)
class Word:
    """A side's last word on a question by a day: the position, and whether it still held."""

    party: Party
    position: Position | None = None
    held: bool = False

    @property
    def stand(self) -> Position | None:
        """The position, if it held that day."""
        return self.position if self.held else None


def word(party: Party, line: Iterable[Stand], day: date) -> Word:
    """The last word by a day among the stands of one line."""
    last = None
    for stand in line:
        if stand.first <= day and stand.position.party.existed_on(day):
            last = stand
    return Word(party, last.position, last.holds_on(day)) if last else Word(party)


# Two sides


def seat_on(chain: list[Party], day: date) -> Party:
    """Who sat in a seat on a day: the Soviet Union, or Russia after it. The chain begins with the latest."""
    return next((party for party in chain if party.existed_on(day)), chain[0])


def chain(party: Party, parties: dict[int, Party]) -> list[Party]:
    """A party and those whose seat at the table it took over, latest first.

    Four states succeeded to the Soviet Union's treaties, but only Russia to its seat: of several successors it is
    the one that lists name first.
    """
    found = [party]
    while (pk := found[-1].predecessor_id) and (before := parties.get(pk)) and before not in found:
        heirs = [other for other in parties.values() if other.predecessor_id == before.pk]
        if min(heirs, key=lambda heir: (heir.rank, heir.short_name)) != found[-1]:
            break
        found.append(before)
    return found


@dataclass(frozen=True)
class Stretch:
    """Days on end on which the gap between two sides did not change; `end` is the first day of the next."""

    gap: Gap
    start: date
    end: date
    since: str
    """The first day as exactly as it is known, in EDTF."""


def stretches(one: list[Stand], other: list[Stand], options: Iterable[int], until: date) -> list[Stretch]:
    """The gap between two sides from the first recorded position of either up to a day."""
    options, day_after = set(options), dates.day_after(until)
    began: dict[date, list[str]] = defaultdict(list)
    ended: dict[date, list[str]] = defaultdict(list)
    for stand in (*one, *other):
        began[stand.first].append(stand.position.date)
        if stand.last:
            ended[dates.day_after(stand.last)].append(dates.morrow(stand.until))
    days = sorted({day for day in (*began, *ended) if day <= day_after} | {day_after})
    found: list[Stretch] = []
    for start, end in pairwise(days):
        now, since = gap(_held(one, start), _held(other, start), options), dates.vaguest(began[start] or ended[start])
        if found and found[-1].gap == now:
            start, since = found[-1].start, found.pop().since
        found.append(Stretch(now, start, end, since))
    return found


def _held(line: list[Stand], day: date) -> Position | None:
    return next((stand.position for stand in line if stand.holds_on(day)), None)
