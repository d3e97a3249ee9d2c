"""Words on a chart: how much room they take, and which of them fit without touching.

Places are shares of a width that the page decides, words are pixels. So whatever must not overlap is tried at the
narrowest width at which it is shown: if it fits there, it fits everywhere above.
"""

from collections.abc import Iterable
from typing import NamedTuple

# Below this many pixels a chart drops what does not fit there (`.wide-only` in the stylesheet: 46rem).
WIDE = 736
# The narrowest chart: a telephone of 320 px without the page's margins.
NARROW = 288
# Generous: wider than the widest of the system fonts sets a Latin text, in pixels per letter.
LETTER = {12: 6.6, 13: 7.2}
# So much wider is a Cyrillic letter: fewer of them are as narrow as i, l and t.
CYRILLIC = 1.12
BOLD = 1.08


def room(text: str, size: int = 12, bold: bool = False) -> float:
    """How many pixels a text takes, at most."""
    wider = sum(letter >= "Ѐ" for letter in text) * (CYRILLIC - 1)
    return (len(text) + wider) * LETTER[size] * (BOLD if bold else 1)


class Text(NamedTuple):
    """A text on a chart: where it is anchored, on which side of that place it stands, and on which charts it shows."""

    x: str
    anchor: str
    """start, middle or end"""
    text: str
    narrow: bool
    """Whether it is shown on narrow charts too."""

    @property
    def css(self) -> str:
        """Its classes: where it is anchored and whether it drops out."""
        anchor = {"start": "", "middle": " tm", "end": " te"}[self.anchor]
        return anchor + ("" if self.narrow else " wide-only")


def extent(share: float, anchor: str, pixels: float, width: float) -> tuple[float, float]:
    """From where to where a text reaches on a chart of that width."""
    left = share * width - {"start": 0, "middle": pixels / 2, "end": pixels}[anchor]
    return left, left + pixels


def is_free(reach: tuple[float, float], taken: Iterable[tuple[float, float]], gap: float = 0) -> bool:
    return all(reach[1] + gap <= left or right + gap <= reach[0] for left, right in taken)


def step_of(years: int, most: int = 7) -> int:
    """So many years between the labels of an axis that it bears no more than `most` of them."""
    return next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500) if years / step <= most)
