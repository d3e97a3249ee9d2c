"""Lives of treaties over time: rounds that led to one, its signature, the wait, the years in force, the end."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from .labels import NARROW, WIDE, Text, extent, is_free, room, step_of
from .scales import YearScale, percent

# All lives under one scale

ROW = 46
TOP = 26
# A round of a day would be too thin to see among sixty years.
LEAST = 0.002
# The classes of width of which each has its own place for a name, and the narrowest chart of each.
NAMED = {"narrow": NARROW, "wide": WIDE, "full": 1056}


class Phase(NamedTuple):
    """A stretch of a treaty's life: pending, force or suspended."""

    kind: str
    first: date
    last: date


class Row(NamedTuple):
    """One treaty, or talks that led to none, as the chart needs it."""

    name: str
    remark: str
    target: str
    signed: date | None
    phases: Sequence[Phase]
    ended: date | None
    rounds: Sequence[tuple[date, date]]


class Bar(NamedTuple):
    kind: str
    x: str
    width: str


class Name(NamedTuple):
    """Where the name of a life stands; `css` tells on which charts it does not."""

    x: str
    anchor: str
    css: str


class Line(NamedTuple):
    """A row ready to draw; `y` is the top of its bar."""

    name: str
    remark: str
    target: str
    names: list[Name]
    text_y: int
    y: int
    rounds: list[Bar]
    bars: list[Bar]
    signed: str
    ended: str

    @property
    def under(self) -> float:
        """Of the hairline that closes the row."""
        return self.y + 16.5

    @property
    def centre(self) -> float:
        return self.y + 5.5

    @property
    def end_from(self) -> int:
        return self.y - 4

    @property
    def end_to(self) -> int:
        return self.y + 15


class Tick(NamedTuple):
    x: str
    year: int
    label: bool


class Overview(NamedTuple):
    height: int
    ticks: list[Tick]
    lines: list[Line]
    today: str

    @property
    def foot(self) -> int:
        """Where the word for the needle stands."""
        return self.height - 3

    @property
    def bottom(self) -> int:
        return self.height - 18


def overview(rows: Iterable[Row], scale: YearScale, today: date) -> Overview:
    lines = [_line(row, TOP + number * ROW, scale) for number, row in enumerate(rows)]
    return Overview(TOP + ROW * len(lines) + 22, axis(scale), lines, scale.x(today))


def axis(scale: YearScale) -> list[Tick]:
    step = step_of(scale.years)
    years = range(-(-scale.first // step) * step, scale.last + 1, step)
    # A year at the very edge would reach over it.
    return [Tick(scale.x(year), year, 13 <= scale.share(year) * NARROW <= NARROW - 13) for year in years]


def _line(row: Row, top: int, scale: YearScale) -> Line:
    y = top + 22
    starts = [day for day in (row.signed, *(first for first, _last in row.rounds[:1])) if day]
    share = scale.share(row.signed or min(starts)) if starts else 0
    end = max((scale.share(phase.last) for phase in row.phases), default=1)
    return Line(
        name=row.name,
        remark=row.remark,
        target=row.target,
        names=_names(row, share, end),
        text_y=top + 14,
        y=y,
        rounds=[Bar("round", scale.x(first), scale.width(first, last, LEAST)) for first, last in row.rounds],
        bars=[Bar(phase.kind, scale.x(phase.first), scale.width(phase.first, phase.last)) for phase in row.phases],
        signed=scale.x(row.signed) if row.signed else "",
        ended=scale.x(row.ended) if row.ended else "",
    )


def _names(row: Row, start: float, end: float) -> list[Name]:
    """The name at the start of a life; where it does not fit there, at its end, or else at the edge of the chart."""
    places: dict[tuple[str, str], list[str]] = {}
    for css, width in NAMED.items():
        pixels = room(row.name, 13, True) + (0 if width < WIDE else 8 + room(row.remark))
        if start * width + pixels <= width:
            place = percent(start), "start"
        else:
            place = percent(end) if pixels <= end * width else "100%", "end"
        places.setdefault(place, []).append(css)
    return [
        Name(x, anchor, " ".join(f"not-{css}" for css in NAMED if css not in shown))
        for (x, anchor), shown in places.items()
    ]


# One life, with its steps

MIDDLE = 84
HEIGHT = 176
PILL, PILL_FOR_SEVERAL = 20, 40
# Steps nearer than this at full width share a number.
NEAR = 24


# The classes of width whose charts have words, and the narrowest chart of each.
WORDED = {name: width for name, width in NAMED.items() if name != "narrow"}


class Step(NamedTuple):
    """A milestone as the chart needs it."""

    number: int
    day: date
    words: str
    act: str
    """What was done, without by whom: for several that share a number."""
    date: str


class Label(NamedTuple):
    """What happened, beside its number; `css` tells on which charts it does not show."""

    words: str
    date: str
    anchor: str
    dx: float
    css: str


class Pill(NamedTuple):
    """The number of a step, or of several that followed close on each other, on its stalk."""

    numbers: str
    x: str
    y: int
    left: float
    width: int
    stalk_from: int
    stalk_to: int
    narrow: bool
    labels: list[Label]
    """Its words, where there is room for them."""

    @property
    def way(self) -> str:
        return "up" if self.y < MIDDLE else "down"

    @property
    def words_y(self) -> int:
        return self.y - 2

    @property
    def date_y(self) -> int:
        return self.y + 14


class Course(NamedTuple):
    bars: list[Bar]
    pills: list[Pill]
    ticks: list[Tick]
    height: int = HEIGHT
    top: int = MIDDLE - 7


def course(phases: Iterable[Phase], steps: Sequence[Step], scale: YearScale) -> Course:
    """A treaty's life on one line, its steps above and below it by turns."""
    groups: list[list[Step]] = []
    for step in steps:
        share = scale.share(step.day)
        if groups and (share - scale.share(groups[-1][0].day)) * WIDE < NEAR:
            groups[-1].append(step)
        else:
            groups.append([step])
    taken = {"up": _Taken(), "down": _Taken()}
    widths = [PILL if len(group) == 1 else PILL_FOR_SEVERAL for group in groups]
    pills = []
    for number, (group, width) in enumerate(zip(groups, widths, strict=True)):
        ways = ("up", "down") if number % 2 == 0 else ("down", "up")
        share = scale.share(group[0].day)
        way = next((way for way in ways if taken[way].pill_fits(share, width)), ways[0])
        pills.append(_pill(group, width, share, way, taken[way]))
    # Words come last, so that no number is in their way.
    for name, width in WORDED.items():
        _word(pills, groups, scale, name, width)
    bars = [Bar(phase.kind, scale.x(phase.first), scale.width(phase.first, phase.last)) for phase in phases]
    return Course(bars, pills, axis(scale))


class _Taken:
    """What is taken on one side of the line, on wide and on narrow charts."""

    def __init__(self) -> None:
        self.wide: list[tuple[float, float]] = []
        self.narrow: list[tuple[float, float]] = []

    def pill_fits(self, share: float, width: int) -> bool:
        return is_free(extent(share, "middle", width, WIDE), self.wide, 2)


def _pill(group: list[Step], width: int, share: float, way: str, taken: _Taken) -> Pill:
    taken.wide.append(extent(share, "middle", width, WIDE))
    small = extent(share, "middle", width, NARROW)
    narrow = is_free(small, taken.narrow, 2)
    if narrow:
        taken.narrow.append(small)
    first, last = group[0].number, group[-1].number
    up = way == "up"
    return Pill(
        numbers=str(first) if first == last else f"{first}–{last}",
        x=percent(share),
        y=32 if up else 124,
        left=-width / 2,
        width=width,
        stalk_from=MIDDLE - 7 if up else MIDDLE + 7,
        stalk_to=42 if up else 114,
        narrow=narrow,
        labels=[],
    )


def _word(pills: list[Pill], groups: list[list[Step]], scale: YearScale, name: str, width: float) -> None:
    """Give the numbers their words on charts of one class of width."""
    shares = [scale.share(group[0].day) for group in groups]
    taken: dict[str, list[tuple[float, float]]] = {"up": [], "down": []}
    for pill, share in zip(pills, shares, strict=True):
        taken[pill.way].append(extent(share, "middle", pill.width, width))
    for pill, group, share in zip(pills, groups, shares, strict=True):
        if label := _label(pill, group, share, width, taken[pill.way]):
            _add(pill.labels, label, name)


def _label(pill: Pill, group: list[Step], share: float, width: float, taken: list[tuple[float, float]]) -> Label | None:
    """The fullest words that fit beside a number, on either side of it; they are noted in `taken`."""
    step, aside = group[-1], pill.width / 2 + 7
    for words in dict.fromkeys([step.words if len(group) == 1 else step.act, step.act]):
        pixels = max(room(words, 13, True), room(step.date))
        for anchor, shift in (("start", aside), ("end", -aside)):
            left, right = extent(share, anchor, pixels, width)
            reach = (left + shift, right + shift)
            if reach[0] >= 0 and reach[1] <= width and is_free(reach, taken, 4):
                taken.append(reach)
                return Label(words, step.date, anchor, shift, "")
    return None


def _add(labels: list[Label], label: Label, name: str) -> None:
    """One label for all classes of width where it is the same."""
    for number, known in enumerate(labels):
        if known._replace(css="") == label:
            labels[number] = known._replace(css=known.css.replace(f" not-{name}", ""))
            return
    labels.append(label._replace(css="not-narrow" + "".join(f" not-{other}" for other in WORDED if other != name)))


# When at least one limit was in force


class Stretch(NamedTuple):
    x: str
    width: str
    since: str
    until: str


class Coverage(NamedTuple):
    bars: list[Stretch]
    labels: list[Text]


STRIP = 220
"""The narrowest strip: that of the read-out beside the head of the page."""


def coverage(
    spans: Iterable[tuple[date, date | None, str, str]], scale: YearScale, day: date, spell: Callable[[str], str]
) -> Coverage | None:
    """The stretches up to a day, with the date on which each begins and ends where there is room to say so.

    A stretch is its first day, the first after it, and the same two as exactly as they are known, in EDTF.
    """
    bars, labels = [], []
    taken: list[tuple[float, float]] = []
    for start, end, since, until in spans:
        if start > day:
            continue
        last, until = (end, until) if end and end <= day else (day, day.isoformat())
        bars.append(Stretch(scale.x(start), scale.width(start, last), since, until))
        for when, text, anchor in ((start, since, "start"), (last, until, "end")):
            words = spell(text)
            reach = extent(scale.share(when), anchor, room(words), STRIP)
            if reach[0] >= 0 and reach[1] <= STRIP and is_free(reach, taken, 4):
                taken.append(reach)
                labels.append(Text(scale.x(when), anchor, words, True))
    return Coverage(bars, labels) if bars else None
