"""The picture of a page that other sites show beside a link to it: its chart, drawn large on a card of 1200 by 630."""

from functools import lru_cache
from pathlib import Path
from textwrap import wrap
from typing import Any

import font_roboto
import resvg_py
from django.template.loader import render_to_string

WIDTH, HEIGHT = 1200, 630
# With fonts of our own, so that a picture is the same on every machine and has Russian letters on each.
FONTS = [font_roboto.Roboto, font_roboto.RobotoBold]
# So many letters of a title stand on one line, and so many lines above the chart.
LETTERS, LINES = 34, 3
SIDES = 4


def lines(title: str) -> list[str]:
    """A title in as many lines as there is room for."""
    found = wrap(title, LETTERS)
    return found if len(found) <= LINES else [*found[: LINES - 1], f"{found[LINES - 1][: LETTERS - 1]}…"]


def picture(template: str, **context: Any) -> bytes:
    """A card as PNG. `title` is written above what the template draws."""
    context["lines"] = [(line, 150 + 66 * number) for number, line in enumerate(lines(context["title"]))]
    return as_png(render_to_string(f"negotiations/{template}", context | {"width": WIDTH, "height": HEIGHT}))


@lru_cache(maxsize=32)
def as_png(svg: str) -> bytes:
    fonts = [str(Path(font)) for font in FONTS]
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, font_files=fonts, skip_system_fonts=True, font_family="Roboto"))
