"""When the rounds of a negotiation met, to one scale: a lane for each city, or for each head of a delegation."""

from collections.abc import Hashable, Iterable
from datetime import date, timedelta
from typing import NamedTuple

from .labels import NARROW, room
from .scales import YearScale, percent

# A meeting of one day would be too thin to see among years.
LEAST = 0.006
MOST_LABELS = 6


class Bout(NamedTuple):
    """One meeting as the chart needs it: the days it may have taken, and those within them that it surely took."""

    lane: Hashable
    """In which lane it stands: its place, or whoever led a delegation to it."""
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
    """The meetings in one place, or under one head, and the stretch from the first of them to the last."""

    key: Hashable
    bars: list[Bar]
    x: str
    width: str


class Year(NamedTuple):
    year: int
    x: str
    labelled: bool


class Strip(NamedTuple):
    lanes: list[Lane]
    years: list[Year]


def strip(meetings: Iterable[Bout]) -> Strip:
    """Lanes in the order of the first meeting in each."""
    meetings = sorted(meetings, key=lambda meeting: meeting.first)
    if not meetings:
        return Strip([], [])
    scale = YearScale(meetings[0].first.year, max(meeting.last.year for meeting in meetings))
    lanes: dict[Hashable, list[Bout]] = {}
    for meeting in meetings:
        lanes.setdefault(meeting.lane, []).append(meeting)
    step = -(-scale.years // MOST_LABELS)
    years = [
        Year(year, scale.x(year), along % step == 0 and _has_room(year, scale))
        for along, year in enumerate(range(scale.first, scale.last + 1))
    ]
    return Strip([_lane(key, meetings, scale) for key, meetings in lanes.items()], years)


def _has_room(year: int, scale: YearScale) -> bool:
    """Whether the label of a year, which stands to the right of its line, ends before the narrowest chart does."""
    return scale.share(year) * NARROW + room(str(year), 13) <= NARROW


def _lane(key: Hashable, meetings: list[Bout], scale: YearScale) -> Lane:
    reach = _stretch(meetings[0].first, max(meeting.last for meeting in meetings), scale)
    return Lane(key, [_bar(meeting, scale) for meeting in meetings], *reach)


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
