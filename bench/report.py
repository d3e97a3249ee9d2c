"""The table of `make bench`: what was measured, as ratios to the floors of the same run."""

import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from bench.load import Load

CARDS = "50 cards from memory"
DATASETTE = "Datasette, with five facets"
# No page: it holds all that matches, and so grows as the record does.
EXPORT = "CSV"
# The sizes that the bars speak of.
COMPARED, LARGE = 100_000, 1_000_000
FLOORS_OF_KEPT = ("bare view", "one query")

Measured = dict[str, Load | None]


def write(drawn: dict[int, Measured], kept: Measured, floors: set[str], connections: int) -> str:
    """`drawn`: the pages drawn anew, by how many entries there were; `kept`: finished ones, and their floors."""
    theirs = next((found[DATASETTE] for found in drawn.values() if DATASETTE in found), None)
    bars = [*bars_drawn(drawn, floors), *bars_kept(kept, theirs)]
    lines = [
        "# How fast",
        "",
        f"`make bench` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}; one process of 4 threads, {connections} connections. Trust ratios only.",
        "",
        "| bar | wanted | measured | |",
        "|---|---|---|---|",
        *(f"| {bar.what} | {bar.wanted} | {bar.measured} | {'met' if bar.met else '**missed**'} |" for bar in bars),
        "",
        "## Drawn anew each time",
        "",
        "Requests a second and p95 in milliseconds at each size; ÷ cards: against a page that draws fifty cards from",
        "memory with plain templates, at the largest size; growth: p95 against that at the smallest. A CSV holds all",
        "that matches, and so grows as the record does: it is no page, and no bar speaks of it.",
        "",
        *table_drawn(drawn, floors),
        "",
        "## Kept pages",
        "",
        *table_kept(kept),
    ]
    return "\n".join(lines) + "\n"


class Bar(NamedTuple):
    what: str
    wanted: str
    measured: str
    met: bool


def bars_drawn(drawn: dict[int, Measured], floors: set[str]) -> Iterator[Bar]:
    first, *others = drawn
    at_last, timeline = drawn[others[-1] if others else first], "timeline, first"
    yield at_least(2, "a timeline page drawn anew ÷ fifty cards from memory", at_last[timeline], at_last[CARDS])
    for size in others:
        pages = [name for name in drawn[size] if name not in floors | {DATASETTE, EXPORT}]
        if is_about(size, COMPARED):
            yield at_most(1.3, f"p95 at {size:,} ÷ at {first:,}, of any page", pages, drawn[size], drawn[first])
            if DATASETTE in drawn[size]:
                ours, theirs = drawn[size]["timeline, party"], drawn[size][DATASETTE]
                yield at_least(40, "a party’s timeline, drawn anew each time ÷ Datasette’s page", ours, theirs)
        if is_about(size, LARGE):
            some = [name for name in pages if name.startswith("timeline")]
            yield at_most(2, f"p95 at {size:,} ÷ at {first:,}, of the timeline", some, drawn[size], drawn[first])


def bars_kept(kept: Measured, theirs: Load | None) -> Iterator[Bar]:
    yield at_least(0.6, "a finished page ÷ a bare view", kept["timeline"], kept["bare view"])
    yield at_least(0.7, "a 304 ÷ a view with one query", kept["timeline, 304"], kept["one query"])
    if theirs:
        yield at_least(40, "a party’s timeline, finished ÷ Datasette’s page", kept["timeline, party"], theirs)


def at_least(wanted: float, what: str, found: Load | None, floor: Load | None) -> Bar:
    measured = found.per_second / floor.per_second if found and floor and floor.per_second else 0
    return Bar(what, f"≥ {wanted}", f"{measured:.2f}", measured >= wanted)


def at_most(wanted: float, what: str, pages: list[str], found: Measured, smallest: Measured) -> Bar:
    """The page that has grown most speaks for all; the others above the bar are named, too."""
    grown = {name: found[name].p95 / smallest[name].p95 for name in pages if found[name] and smallest.get(name)}
    above = sorted((name for name in grown if grown[name] > wanted), key=grown.get, reverse=True)
    worst = max(grown, key=grown.get)
    said = "; ".join(f"{name} {grown[name]:.2f}" for name in above or [worst])
    return Bar(what, f"≤ {wanted}", said, not above)


def is_about(size: int, wanted: int) -> bool:
    return abs(size - wanted) <= wanted / 20


def table_drawn(drawn: dict[int, Measured], floors: set[str]) -> list[str]:
    sizes = list(drawn)
    smallest, largest = drawn[sizes[0]], drawn[sizes[-1]]
    grown = [f"growth at {size:,}" for size in sizes[1:]]
    lines = [
        f"| page | {' | '.join([*(f'{size:,} entries' for size in sizes), '÷ cards', *grown])} |",
        "|---|" + "---|" * (2 * len(sizes)),
    ]
    for name in {name: None for size in sizes for name in drawn[size]}:
        cells = [told(drawn[size].get(name)) for size in sizes]
        cells.append("" if name in floors else ratio(largest.get(name), largest[CARDS]))
        cells += ["" if name in floors else growth(drawn[size].get(name), smallest.get(name)) for size in sizes[1:]]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def table_kept(kept: Measured) -> list[str]:
    lines = [f"| | requests a second | {' | '.join(f'÷ {floor}' for floor in FLOORS_OF_KEPT)} |", "|---|---|---|---|"]
    for name, found in kept.items():
        ratios = " | ".join(ratio(found, kept[floor]) for floor in FLOORS_OF_KEPT)
        lines.append(f"| {name} | {found.per_second if found else 0:.0f}/s | {ratios} |")
    return lines


def told(found: Load | None) -> str:
    if not found:
        return "—"
    wrong = f", {found.wrong} wrong" if found.wrong else ""
    return f"{found.per_second:.1f}/s, {found.p95:.0f} ms{wrong}"


def ratio(found: Load | None, floor: Load | None) -> str:
    return f"{found.per_second / floor.per_second:.2f}" if found and floor and floor.per_second else "—"


def growth(found: Load | None, smallest: Load | None) -> str:
    return f"{found.p95 / smallest.p95:.2f}" if found and smallest and smallest.p95 else "—"
