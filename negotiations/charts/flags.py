"""Words that hang from a chart like flags: a pole at the place they belong to, the words beside it, in a few rows.

A chart is laid out anew for each class of width, for a telephone has room for few words and a desk for many.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .labels import extent, is_free, room
from .scales import percent

GAP = 4
"""Between words and their pole, and between words and the next."""


class Wish(NamedTuple):
    """Words for a stretch of a chart, both ends as shares of its width, the longest words first."""

    start: float
    end: float
    words: Sequence[str]


class Flag(NamedTuple):
    """`anchor` tells on which side of the pole the words stand, `css` on which charts they do not show."""

    x: str
    y: int
    row: int
    anchor: str
    text: str
    css: str

    @property
    def dx(self) -> int:
        return GAP if self.anchor == "start" else -GAP


class _Hung(NamedTuple):
    place: int
    row: int
    anchor: str
    text: str


Reach = tuple[float, float]


def hang(wishes: Sequence[Wish], widths: Mapping[str, float], lines: Sequence[int]) -> list[Flag]:
    """Flags for as many wishes as there is room for.

    `widths`: for each class of charts the narrowest of them; what fits there touches nothing on any wider one.
    `lines`: where the words of each row stand, beginning with the row next to the chart.
    """
    shown: dict[_Hung, list[str]] = {}
    for name, width in widths.items():
        for hung in _Layout(wishes, width, len(lines)).hung():
            shown.setdefault(hung, []).append(name)
    return [
        Flag(
            percent(wishes[hung.place].start),
            lines[hung.row],
            hung.row,
            hung.anchor,
            hung.text,
            " ".join(f"not-{name}" for name in widths if name not in names),
        )
        for hung, names in shown.items()
    ]


class _Layout:
    """One class of width: first everybody's shortest words, then longer ones where they do not stand in the way."""

    def __init__(self, wishes: Sequence[Wish], width: float, rows: int) -> None:
        self.wishes, self.width, self.rows = wishes, width, rows
        self.placed: dict[int, _Hung] = {}

    def hung(self) -> list[_Hung]:
        for place, wish in reversed(list(enumerate(self.wishes))):
            shortest = _Hung(place, 0, "start", wish.words[-1])
            if self._reach(shortest)[1] > self.width:  # only there: words before their pole stand under another's bar
                shortest = shortest._replace(anchor="end")
            tries = (shortest._replace(row=row) for row in range(self.rows))
            if found := next(filter(self._fits, tries), None):
                self.placed[place] = found
        for place, hung in self.placed.items():
            longer = (hung._replace(text=text) for text in self.wishes[place].words[:-1])
            self.placed[place] = next((one for one in longer if self._is_own(one) and self._fits(one)), hung)
        return list(self.placed.values())

    def _pole(self, hung: _Hung) -> float:
        return self.wishes[hung.place].start * self.width

    def _reach(self, hung: _Hung) -> Reach:
        pixels = room(hung.text) + 2 * GAP
        return extent(self.wishes[hung.place].start, hung.anchor, pixels, self.width)

    def _fits(self, hung: _Hung) -> bool:
        left, right = reach = self._reach(hung)
        others = [other for place, other in self.placed.items() if place != hung.place]
        beside = [self._reach(other) for other in others if other.row == hung.row]
        beneath = [(self._pole(other), self._pole(other)) for other in others if other.row > hung.row]
        pole = self._pole(hung)
        above = [self._reach(other) for other in others if other.row < hung.row]
        inside = left >= 0 and right <= self.width
        return inside and is_free(reach, beside + beneath) and is_free((pole, pole), above)

    def _is_own(self, hung: _Hung) -> bool:
        """Whether words keep to their own stretch and the empty one after it, so that nobody else's seem to be them."""
        ahead = [wish.start for wish in self.wishes if wish.start > self.wishes[hung.place].start]
        until = min(ahead, default=1) * self.width
        return hung.anchor == "start" and self._reach(hung)[1] <= until
