"""Where a side stood over time: a bar for each position, its pattern the answer, with what was said beneath.

One lane for each side, and one between two of them: agreed, apart or unknown.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from .flags import Flag, Wish, hang
from .labels import NARROW, WIDE, Text, extent, is_free, room, step_of
from .scales import YearScale, percent

# The names of the lanes stand left of them on wide charts.
NAMES = 144
LANE = WIDE - NAMES
FULL = 912
"""On a desk, where the stylesheet has 66rem for chart and names."""
WIDTHS = {"narrow": NARROW, "wide": LANE, "full": FULL}
"""The classes of width for which words are laid out, and the narrowest chart of each."""
BADGE = 22
"""How much room a number takes, from one to the next."""
MOST_ROWS = 4
BAR = 18
LABEL = 15
LINES = 3
DOTS = 15
# A position that was dropped within days would be too thin to see.
LEAST = 0.003


class Piece(NamedTuple):
    """A position as the chart needs it. Days are clipped to the chart."""

    number: int
    first: date
    last: date
    pattern: int
    """Which of the answers: 0, 1, 2 …"""
    against: bool
    sure_until: date | None
    """Where its evidence is old or thin: the last day for which there is any."""
    words: Sequence[str]
    """What to write beneath it, the longest first."""
    target: str
    title: str


class Spot(NamedTuple):
    """Something said that bears a position out."""

    day: date
    own: bool
    target: str
    title: str


class Bar(NamedTuple):
    number: int
    x: str
    width: str
    pattern: int
    against: bool
    faint_x: str
    """From where on it is drawn faint; empty where it is not."""
    faint_width: str
    target: str
    title: str


class Badge(NamedTuple):
    number: int
    x: str
    y: int
    drop: int
    """How far down its bar begins."""
    narrow: bool


class Dot(NamedTuple):
    x: str
    y: int
    own: bool
    target: str
    title: str


class Lane(NamedTuple):
    """A side's positions in one line, ready to draw."""

    height: int
    bar_y: int
    bars: list[Bar]
    badges: list[Badge]
    flags: list[Flag]
    dots: list[Dot]

    @property
    def middle(self) -> float:
        return self.bar_y + BAR / 2

    @property
    def strike_y(self) -> int:
        """Of the line that strikes an answer through."""
        return self.bar_y + 6

    @property
    def bar_end(self) -> int:
        return self.bar_y + BAR


def lane(pieces: Iterable[Piece], spots: Iterable[Spot], scale: YearScale) -> Lane:
    pieces = sorted(pieces, key=lambda piece: (piece.first, piece.number))
    rows, badges = _badges(pieces, scale)
    bar_y = rows * BADGE + 4
    first_line = bar_y + BAR + 13
    wishes = [Wish(scale.share(piece.first), scale.share(piece.last), piece.words) for piece in pieces]
    flags = hang(wishes, WIDTHS, [first_line + LABEL * row for row in range(LINES)])
    own: list[Spot] = []
    others: list[Spot] = []
    for spot in spots:
        (own if spot.own else others).append(spot)
    y = bar_y + BAR + LABEL * max((flag.row + 1 for flag in flags), default=0) + 11
    dots = _dots(own, y, scale)
    if others:
        y += DOTS if own else 0
        dots += _dots(others, y, scale)
    return Lane(
        height=y + 11 if dots else y,
        bar_y=bar_y,
        bars=[_bar(piece, scale) for piece in pieces],
        badges=[_hung(badge, rows, bar_y) for badge in badges],
        flags=flags,
        dots=dots,
    )


def _bar(piece: Piece, scale: YearScale) -> Bar:
    start, end = scale.share(piece.first), scale.share(piece.last)
    width = max(end - start, LEAST)
    faint_x = faint_width = ""
    if piece.sure_until and piece.sure_until < piece.last:
        faint = max(scale.share(piece.sure_until), start + LEAST)
        faint_x, faint_width = percent(faint), percent(max(end - faint, LEAST))
        width = faint - start
    return Bar(
        piece.number, percent(start), percent(width), piece.pattern, piece.against, faint_x, faint_width,
        piece.target, piece.title,
    )  # fmt: skip


def _badges(pieces: list[Piece], scale: YearScale) -> tuple[int, list[Badge]]:
    """Numbers over the bars; those that would touch stand in a higher row. Returns how many rows it takes."""
    wide: list[list[tuple[float, float]]] = [[] for _ in range(MOST_ROWS)]
    narrow: list[list[tuple[float, float]]] = [[] for _ in range(MOST_ROWS)]
    found = []
    for piece in pieces:
        share = scale.share(piece.first)
        for row in range(MOST_ROWS):
            reach = extent(share, "middle", BADGE, LANE)
            if is_free(reach, wide[row]):
                wide[row].append(reach)
                small = extent(share, "middle", BADGE, NARROW)
                fits = is_free(small, narrow[row])
                if fits:
                    narrow[row].append(small)
                found.append(Badge(piece.number, percent(share), row, 0, fits))
                break
    return max((badge.y + 1 for badge in found), default=0), found


def _hung(badge: Badge, rows: int, bar_y: int) -> Badge:
    """A badge with its row turned into pixels."""
    y = (rows - badge.y) * BADGE - 10
    return badge._replace(y=y, drop=bar_y - y)


def _dots(spots: list[Spot], y: int, scale: YearScale) -> list[Dot]:
    return [Dot(scale.x(spot.day), y, spot.own, spot.target, spot.title) for spot in spots]


# Between two sides


class Stretch(NamedTuple):
    """Days on end with one gap between two sides; `word` is its name."""

    gap: str
    word: str
    first: date
    last: date


class Between(NamedTuple):
    gap: str
    x: str
    end: str
    width: str
    title: str


def between(stretches: Iterable[Stretch], scale: YearScale) -> tuple[list[Between], list[Text]]:
    """Bars and the words beneath those that have room for them."""
    bars, labels = [], []
    for stretch in stretches:
        start, end = scale.share(stretch.first), scale.share(stretch.last)
        bars.append(Between(stretch.gap, percent(start), percent(end), percent(max(end - start, LEAST)), stretch.word))
        if room(stretch.word) + 6 <= (end - start) * LANE:
            narrow = room(stretch.word) + 6 <= (end - start) * NARROW
            labels.append(Text(percent((start + end) / 2), "middle", stretch.word, narrow))
    return bars, labels


# The calendar behind the lanes


class Mark(NamedTuple):
    """Something that happened, as a line over the lanes."""

    x: str
    title: str


HEAD = 52
"""How high the events stand over the lanes."""
HEAD_LINES = (42, 27, 12)


class Marks(NamedTuple):
    """Lines for all events; words for as many of them as there is room for."""

    marks: list[Mark]
    flags: list[Flag]
    height: int = HEAD


def marks(events: Iterable[tuple[date, str]], scale: YearScale) -> Marks:
    events = sorted(events)
    wishes = [Wish(scale.share(day), scale.share(day), [words]) for day, words in events]
    return Marks([Mark(scale.x(day), words) for day, words in events], hang(wishes, WIDTHS, HEAD_LINES))


class Tick(NamedTuple):
    x: str
    year: int


def axis(scale: YearScale) -> list[Tick]:
    step = step_of(scale.years)
    return [Tick(scale.x(year), year) for year in range(-(-scale.first // step) * step, scale.last + 1, step)]
