"""Time as a place on the page: the ruler under the masthead, and the scale that every chart shares."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

# The record opens with the Glassboro summit of June 1967; a ruler that begins there holds everything in it.
FIRST_YEAR = 1967


def percent(share: float) -> str:
    """A share of the width as SVG wants it: 12.34%."""
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"


@dataclass(frozen=True)
class YearScale:
    """From the first day of one year to the last day of another, laid out from left to right."""

    first: int
    last: int

    @property
    def years(self) -> int:
        return self.last - self.first + 1

    def share(self, day: date | int) -> float:
        """How far along a day (or the first day of a year) lies: 0 at the left edge, 1 at the right."""
        if isinstance(day, int):
            along = float(day - self.first)
        else:
            start, end = date(day.year, 1, 1), date(day.year, 12, 31)
            along = day.year - self.first + (day - start).days / ((end - start).days + 1)
        return min(max(along / self.years, 0), 1)

    def x(self, day: date | int) -> str:
        return percent(self.share(day))

    def width(self, start: date | int, end: date | int, least: float = 0) -> str:
        return percent(max(self.share(end) - self.share(start), least))


class Decade(NamedTuple):
    """A stretch of the ruler that leads to the entries of ten years."""

    first: int
    last: int
    x: str
    width: str
    has_room: bool  # for its name


@lru_cache
def decades(scale: YearScale) -> tuple[Decade, ...]:
    found = []
    for start in range(scale.first // 10 * 10, scale.last + 1, 10):
        first, last = max(start, scale.first), min(start + 9, scale.last)
        found.append(Decade(start, start + 9, scale.x(first), scale.width(first, last + 1), last - first >= 5))
    return tuple(found)


@lru_cache
def ticks(scale: YearScale) -> tuple[str, str]:
    """Two paths in a box one unit a year wide: a short tick for each year, and the long ones of the decades."""
    short, long = [], []
    for along, year in enumerate(range(scale.first, scale.last + 1)):
        if year % 10 == 0:
            long.append(f"M{along} 0V34")
        else:
            short.append(f"M{along} 0V{10 if year % 5 == 0 else 6}")
    return "".join(short), "".join(long)
