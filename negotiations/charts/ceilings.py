"""Ceilings that treaties set, as steps over time, and what each side declared beneath them."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import NamedTuple

from .labels import NARROW, WIDE, extent, room
from .lifelines import Tick, axis
from .scales import YearScale, percent

TOP, FLOOR = 26, 232
# Two charts stand side by side; none of them is wider than this before the page stacks them.
HALF = 520
# For each class of charts, by what hides words on the others, the widths that their words are tried at.
WIDTHS = {"not-wide not-full": (NARROW, HALF), "not-narrow": (WIDE,)}
LINE = 14
"""The height of a line of text."""
GAP = 5
"""Between words and the line of another treaty beside them, which they would seem to name."""
VOID_WORDS = 34
"""How many letters it takes, in any language, to say since when no limit holds."""


class Limit(NamedTuple):
    """A ceiling as the chart needs it: in force from `first` to `last`, to be met by `due`."""

    name: str
    words: str
    value: int
    first: date
    due: date | None
    last: date
    own: bool
    """Of the treaty whose page it is."""
    binding: bool
    """Whether it was ever in force."""
    since: str = ""
    """The same three dates as exactly as they are known, in EDTF, for a table; empty where there is none."""
    due_on: str = ""
    until: str = ""
    lowest: int | None = None
    """The lower end, where the text gives a range."""
    counted: str = ""
    """What of the arms it counts, in a word or two."""

    @property
    def lower(self) -> int:
        return self.value if self.lowest is None else self.lowest


class Lack(NamedTuple):
    """A treaty that was in force and set no such ceiling."""

    words: str
    last: date


class Step(NamedTuple):
    own: bool
    y: float
    dotted_x: str
    dotted_to: str
    """Agreed, but not yet due; empty where there is no such time."""
    solid_x: str
    solid_to: str
    x: str
    width: str
    """From its first day to its last."""
    shade: float
    """How high the ground beneath it is; nothing where it was never in force."""
    edges: list[float]
    """The line, or the upper and the lower edge of a range."""
    band: float
    """How far these are apart."""


class Label(NamedTuple):
    name: str
    words: str
    x: str
    y: float
    anchor: str
    dx: int = 0
    """How far from its place, away from what ends or begins there."""
    css: str = ""
    """On which charts it does not show."""


class Grid(NamedTuple):
    value: int
    y: float
    label_y: float


class Chart(NamedTuple):
    steps: list[Step]
    labels: list[Label]
    lacks: list[Label]
    grid: list[Grid]
    ticks: list[Tick]
    void_x: str
    """From where on no limit holds; empty where one does."""
    void_width: str
    top: int = TOP
    floor: int = FLOOR
    height: int = FLOOR + 24


def scale(first: int, last: int) -> YearScale:
    """Years with room at the left for the numbers of the grid."""
    return YearScale(first - math.ceil((last - first + 1) * 0.16), last)


def ceilings(limits: Iterable[Limit], scale: YearScale, today: date, missing: Sequence[Lack] = ()) -> Chart:
    limits = sorted(limits, key=lambda limit: (limit.first, -limit.value))
    rise = _Rise(max(limit.value for limit in limits))
    grid = [Grid(value, rise.y(value), rise.y(value) - 5) for value in rise.grid]
    end = max(limit.last for limit in limits)
    void = end < today
    laid_out = {}
    for css, widths in WIDTHS.items():
        taken = {width: _obstacles(limits, grid, scale, rise, end if void else None, width) for width in widths}
        laid_out[css] = _labels(limits, scale, rise, taken), _lacking(missing, scale, taken)
    return Chart(
        steps=[_step(limit, scale, rise) for limit in limits],
        labels=_merged({css: labels for css, (labels, _lacks) in laid_out.items()}),
        lacks=_merged({css: lacks for css, (_labels, lacks) in laid_out.items()}),
        grid=grid,
        ticks=axis(scale),
        void_x=scale.x(end) if void else "",
        void_width=scale.width(end, today) if void else "",
    )


class _Rise:
    """From values to pixels, with round numbers for the grid."""

    def __init__(self, most: int) -> None:
        self.step = next(step for step in _round_numbers() if most / step <= 4)
        self.most = most * 1.1
        self.grid = list(range(self.step, int(self.most) + 1, self.step))

    def y(self, value: float) -> float:
        return round(TOP + (1 - value / self.most) * (FLOOR - TOP), 1)


def _round_numbers() -> Iterator[int]:
    size = 1
    while True:
        yield from (size, 2 * size, 5 * size)
        size *= 10


def _step(limit: Limit, scale: YearScale, rise: _Rise) -> Step:
    # What was never in force, or ended before it was due, was never more than agreed.
    due = limit.last if not limit.binding else min(limit.due or limit.first, limit.last)
    y, low = rise.y(limit.value), rise.y(limit.lower)
    return Step(
        own=limit.own,
        y=y,
        dotted_x=scale.x(limit.first) if due > limit.first else "",
        dotted_to=scale.x(due) if due > limit.first else "",
        solid_x=scale.x(due) if due < limit.last else "",
        solid_to=scale.x(limit.last) if due < limit.last else "",
        x=scale.x(limit.first),
        width=scale.width(limit.first, limit.last),
        shade=round(FLOOR - y, 1) if limit.binding else 0,
        edges=[y] if low == y else [y, low],
        band=round(low - y, 1),
    )


Box = tuple[float, float, float, float]


def _labels(limits: list[Limit], scale: YearScale, rise: _Rise, taken: dict[int, list[Box]]) -> list[Label]:
    """A name at each step, above or beneath either end of it, where it touches nothing at any width."""
    found, told = [], set()
    for limit in limits:
        # Of two lines that begin together, and each say what they count, the first bears the name for both.
        name = "" if limit.counted and (limit.name, limit.first) in told else limit.name
        y, low = rise.y(limit.value), rise.y(limit.lower)
        places = (
            (limit.first, "start", y - 8),
            (limit.last, "end", y - 8),
            (limit.first, "start", low + 19),
            (limit.last, "end", low + 19),
            (limit.first, "end", y + 4),
            (limit.last, "end", low + 19 + LINE),
        )
        full = f"{limit.words} {limit.counted}".rstrip()
        for words, (day, anchor, label_y), gap in product(dict.fromkeys((full, limit.words)), places, (0, GAP)):
            dx = gap if anchor == "start" else -gap
            label = Label(name, words, percent(scale.share(day)), label_y, anchor, dx)
            if _place(label, scale.share(day), taken):
                found.append(label)
                if limit.counted and words == full:
                    told.add((limit.name, limit.first))
                break
    return found


def _merged(laid_out: Mapping[str, list[Label]]) -> list[Label]:
    """The labels of all classes of charts, once where several have the same."""
    shown: dict[Label, list[str]] = {}
    for css, labels in laid_out.items():
        for label in labels:
            shown.setdefault(label, []).append(css)
    return [label._replace(css="" if len(found) == len(laid_out) else found[0]) for label, found in shown.items()]


def _lacking(lacks: Iterable[Lack], scale: YearScale, taken: dict[int, list[Box]]) -> list[Label]:
    """On the floor of the chart, where there is room: until when a treaty that sets no such ceiling was in force."""
    found = []
    for lack in lacks:
        label = Label("", lack.words, percent(scale.share(lack.last)), FLOOR - 8, "end")
        if _place(label, scale.share(lack.last), taken):
            found.append(label)
    return found


def _place(label: Label, share: float, taken: dict[int, list[Box]]) -> bool:
    """Take the room that a label needs at every width, if it is free at all of them."""
    pixels = room(label.name, 13, True) + 4 * bool(label.name) + room(label.words, 13)
    boxes = {width: _box(share + label.dx / width, label.anchor, pixels, label.y, width) for width in taken}
    free = all(_fits(boxes[width], taken[width], width) for width in taken)
    if free:
        for width in taken:
            taken[width].append(boxes[width])
    return free


def _obstacles(
    limits: list[Limit], grid: list[Grid], scale: YearScale, rise: _Rise, void: date | None, width: float
) -> list[Box]:
    boxes = [_box(0, "start", room(f"{line.value:,}"), line.label_y, width) for line in grid]
    for limit in limits:
        y, low = rise.y(limit.value), rise.y(limit.lower)
        boxes.append((scale.share(limit.first) * width - GAP, y - 2, scale.share(limit.last) * width + GAP, low + 2))
    if void:
        boxes.append((scale.share(void) * width - GAP, TOP, width, FLOOR))
        boxes.append((width - room(" " * VOID_WORDS), 0, width, LINE + 2))
    return boxes


def _box(share: float, anchor: str, pixels: float, baseline: float, width: float) -> Box:
    left, right = extent(share, anchor, pixels, width)
    return left, baseline - LINE + 3, right, baseline + 3


def _fits(box: Box, taken: Sequence[Box], width: float) -> bool:
    inside = box[0] >= 0 and box[2] <= width and box[1] >= 0 and box[3] <= FLOOR
    return inside and not any(touch(box, other) for other in taken)


def touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


# What was declared


class Count(NamedTuple):
    """A figure one side declared; `worked_out` where no text prints it."""

    day: date
    value: int
    words: str
    worked_out: bool
    title: str


class Point(NamedTuple):
    x: str
    y: float
    worked_out: bool
    title: str


class Series(NamedTuple):
    """One side's figures over time: a path in a box a hundred units wide, and its points."""

    colour: str
    path: str
    points: list[Point]
    label: Label | None


class Holdings(NamedTuple):
    series: list[Series]
    ceiling_y: float | None
    ceiling: int | None
    from_x: str
    """Where the figures begin."""
    due_x: str
    grid: list[Grid]
    ticks: list[Tick]
    top: int = TOP
    floor: int = FLOOR
    height: int = FLOOR + 24


def holdings(
    counts: Mapping[str, tuple[str, Sequence[Count]]], ceiling: int | None, due: date | None, scale: YearScale
) -> Holdings:
    """`counts` by colour: the name of the side and its figures, oldest first."""
    most = max([ceiling or 0, *(count.value for _name, some in counts.values() for count in some)])
    rise = _Rise(most)
    ceiling_y = rise.y(ceiling) if ceiling else None
    ends = []
    for colour, (name, some) in counts.items():
        if some:
            ends.append((rise.y(some[-1].value) + 4, colour, name, some[-1]))
    # Beside the newest figure of all, so that no other line runs through the words.
    beyond = scale.x(max(last.day for _y, _colour, _name, last in ends)) if ends else ""
    labels, lowest = {}, (ceiling_y - 4 if ceiling_y else 0)
    for y, colour, name, last in sorted(ends):
        lowest = max(y, lowest + LINE + 4)
        labels[colour] = Label(name, last.words, beyond, lowest, "start")
    return Holdings(
        series=[_series(colour, some, labels.get(colour), scale, rise) for colour, (_name, some) in counts.items()],
        ceiling_y=ceiling_y,
        ceiling=ceiling,
        from_x=scale.x(min(count.day for _name, some in counts.values() for count in some)),
        due_x=scale.x(due) if due else "",
        grid=[Grid(value, rise.y(value), rise.y(value) - 5) for value in rise.grid],
        ticks=axis(scale),
    )


def _series(colour: str, some: Sequence[Count], label: Label | None, scale: YearScale, rise: _Rise) -> Series:
    points = [Point(scale.x(count.day), rise.y(count.value), count.worked_out, count.title) for count in some]
    places = [f"{100 * scale.share(count.day):.2f} {rise.y(count.value)}" for count in some]
    return Series(colour, "M" + "L".join(places) if places else "", points, label)
