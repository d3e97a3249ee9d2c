"""When and where the rounds of a negotiation met: one lane for each city, to one scale of years."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from .scales import YearScale, percent

# A meeting of one day would be too thin to see among years.
LEAST = 0.006
MOST_LABELS = 6


class Bout(NamedTuple):
    """One meeting as the chart needs it: the days it may have taken, and those within them that it surely took."""

    place: str
    first: date
    last: date
    surely_from: date
    surely_until: date
    held: bool = True


class Bar(NamedTuple):
    x: str
    width: str
    sure_x: str
    """Where the part begins that is sure; empty where no day is."""
    sure_width: str
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
    sure = meeting.surely_from <= meeting.surely_until
    return Bar(
        *_stretch(meeting.first, meeting.last, scale),
        *(_stretch(meeting.surely_from, meeting.surely_until, scale) if sure else ("", "")),
        meeting.held,
    )


def _stretch(first: date, last: date, scale: YearScale) -> tuple[str, str]:
    begins = scale.share(first)
    ends = scale.share(last + timedelta(days=1)) if last < date.max else 1
    width = max(ends - begins, LEAST)
    return percent(min(begins, 1 - width)), percent(width)
