"""When and where the rounds of a negotiation met: one lane for each city, to one scale of years."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from .scales import YearScale, percent

# A meeting of one day would be too thin to see among years.
LEAST = 0.006
MOST_LABELS = 6


class Bout(NamedTuple):
    """One meeting as the chart needs it."""

    place: str
    first: date
    last: date
    held: bool = True


class Bar(NamedTuple):
    x: str
    width: str
    held: bool


class Lane(NamedTuple):
    """The meetings in one place."""

    place: str
    bars: list[Bar]


class Year(NamedTuple):
    year: int
    x: str
    labelled: bool


class Strip(NamedTuple):
    lanes: list[Lane]
    years: list[Year]


def strip(meetings: Iterable[Bout]) -> Strip:
    """Lanes in the order in which the places were first met in."""
    meetings = sorted(meetings, key=lambda meeting: meeting.first)
    if not meetings:
        return Strip([], [])
    scale = YearScale(meetings[0].first.year, max(meeting.last.year for meeting in meetings))
    lanes = {}
    for meeting in meetings:
        lanes.setdefault(meeting.place, []).append(_bar(meeting, scale))
    step = -(-scale.years // MOST_LABELS)
    years = [
        Year(year, scale.x(year), along % step == 0) for along, year in enumerate(range(scale.first, scale.last + 1))
    ]
    return Strip([Lane(place, bars) for place, bars in lanes.items()], years)


def _bar(meeting: Bout, scale: YearScale) -> Bar:
    begins = scale.share(meeting.first)
    ends = scale.share(meeting.last + timedelta(days=1)) if meeting.last < date.max else 1
    width = max(ends - begins, LEAST)
    return Bar(percent(min(begins, 1 - width)), percent(width), meeting.held)
