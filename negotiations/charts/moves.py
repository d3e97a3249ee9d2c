"""When sides moved: a tick for each day, its height the number of moves, on the scale of the record."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from .scales import FIRST_YEAR, YearScale, percent

HEIGHT = 44
"""Of the strip in which the ticks stand."""
LEAST, STEP = 12, 5
"""A tick for one move, and how much each further one adds."""
# No narrower than this, a tick can still be hit; as a share of the width.
HIT = 0.012


class Tick(NamedTuple):
    """One day with its moves, and the strip of the chart on which a click leads to it."""

    day: date
    count: int  # type: ignore[assignment]  # hides a method of tuples that nobody calls
    x: str
    y: int
    hit_x: str
    hit_width: str


class Label(NamedTuple):
    year: int
    x: str
    crowded: bool
    """Whether only a wide chart has room for it."""


class Strip(NamedTuple):
    ticks: list[Tick]
    needle: str
    """Where the day shown lies."""
    span_x: str
    span_width: str
    """The days between the one compared with and the one shown; no width where none is compared with."""
    labels: list[Label]
    height: int = HEIGHT


def strip(days: Iterable[date], shown: date, since: date | None, this_year: int) -> Strip:
    """Ticks from the first year of the record to the present, or to the day shown if that lies beyond."""
    counts = Counter(days)
    scale = YearScale(min([FIRST_YEAR, *(day.year for day in counts)]), max(this_year, *_years(counts, shown)))
    ordered = sorted(counts)
    places = [scale.share(day) for day in ordered]
    ticks = []
    for place, day in enumerate(ordered):
        # The strip of a tick ends half-way to its neighbours, and is no wider than can be told apart.
        left = max(places[place] - HIT, _between(places, place - 1, place) if place else 0)
        right = min(places[place] + HIT, _between(places, place, place + 1) if place + 1 < len(places) else 1)
        tall = min(LEAST + STEP * (counts[day] - 1), HEIGHT)
        tick = Tick(day, counts[day], percent(places[place]), HEIGHT - tall, percent(left), percent(right - left))
        ticks.append(tick)
    decades = range(-(-scale.first // 10) * 10, scale.last + 1, 10)
    return Strip(
        ticks=ticks,
        needle=scale.x(shown),
        span_x=scale.x(since) if since else "",
        span_width=scale.width(since, shown) if since else "",
        labels=[Label(year, scale.x(year), year % 20 != 0) for year in decades],
    )


def _years(counts: Counter[date], shown: date) -> list[int]:
    return [shown.year, *(day.year for day in counts)]


def _between(places: list[float], one: int, other: int) -> float:
    return (places[one] + places[other]) / 2
