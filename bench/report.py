"""The table of `make bench`: what was measured, as ratios to the floors of the same run."""

import os
import platform
from datetime import UTC, datetime

from bench.load import Load

CARDS = "50 cards from memory"
FLOORS_OF_KEPT = ("bare view", "one query")

Measured = dict[str, Load | None]


def write(drawn: dict[int, Measured], kept: Measured, floors: set[str], connections: int) -> str:
    """`drawn`: the pages drawn anew, by how many entries there were; `kept`: finished ones, and their floors."""
    lines = [
        "# How fast",
        "",
        f"`make bench` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}; one process of 4 threads, {connections} connections. Trust ratios only.",
        "",
        "## Drawn anew each time",
        "",
        "Requests a second and p95 in milliseconds at each size; ÷ cards: against a page that draws fifty cards from",
        "memory with plain templates, at the largest size; growth: p95 against that at the smallest.",
        "",
        *table_drawn(drawn, floors),
        "",
        "## Kept pages",
        "",
        *table_kept(kept),
    ]
    return "\n".join(lines) + "\n"


def table_drawn(drawn: dict[int, Measured], floors: set[str]) -> list[str]:
    sizes = list(drawn)
    smallest, largest = drawn[sizes[0]], drawn[sizes[-1]]
    grown = [f"growth at {size:,}" for size in sizes[1:]]
    lines = [
        f"| page | {' | '.join([*(f'{size:,} entries' for size in sizes), '÷ cards', *grown])} |",
        "|---|" + "---|" * (2 * len(sizes)),
    ]
    for name in largest:
        cells = [told(drawn[size].get(name)) for size in sizes]
        cells.append("" if name in floors else ratio(largest[name], largest[CARDS]))
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
