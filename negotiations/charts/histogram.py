"""How full the record is: a bar for each year, all entries behind, those a reader asked for in front."""

from collections.abc import Mapping
from typing import NamedTuple

from .scales import FIRST_YEAR, YearScale, percent

HEIGHT = 64
# Room above the tallest bar, so that it does not touch the words over the chart.
HEADROOM = 6
# A year that has entries shows at least this much of a bar.
LEAST = 1.5


class Bar(NamedTuple):
    """One year: its place, the bar of all entries and, within it, the bar of those that match."""

    year: int
    total: int
    matching: int
    hit_x: str
    hit_width: str
    x: str
    width: str
    y: float
    height: float
    matching_y: float
    matching_height: float


class Histogram(NamedTuple):
    scale: YearScale
    bars: list[Bar]
    height: int = HEIGHT


def histogram(total: Mapping[int, int], matching: Mapping[int, int], this_year: int) -> Histogram:
    """Bars from the first year of the record, or of its oldest entry, to the present year or the newest entry."""
    scale = YearScale(min([FIRST_YEAR, *total]), max([this_year, *total]))
    tallest = max(total.values(), default=0) or 1

    def tall(count: int) -> float:
        return round(max(count / tallest * (HEIGHT - HEADROOM), LEAST), 1) if count else 0

    bars = []
    for along, year in enumerate(range(scale.first, scale.last + 1)):
        everything, some = tall(total.get(year, 0)), tall(matching.get(year, 0))
        bars.append(
            Bar(
                year=year,
                total=total.get(year, 0),
                matching=matching.get(year, 0),
                hit_x=percent(along / scale.years),
                hit_width=percent(1 / scale.years),
                x=percent((along + 0.12) / scale.years),
                width=percent(0.76 / scale.years),
                y=round(HEIGHT - everything, 1),
                height=everything,
                matching_y=round(HEIGHT - some, 1),
                matching_height=some,
            )
        )
    return Histogram(scale, bars)
