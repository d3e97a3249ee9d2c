"""Pages as PDF: tagged for screen readers, with bookmarks, in one typesetter that needs nothing of the system.

What is printed is data: the template reads it as such, so that no words of the record can act as its code.
"""

import html
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import typst
from django.conf import settings
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from negotiations import dates, names

TEMPLATE = settings.BASE_DIR / "templates" / "negotiations" / "pdf" / "document.typ"
# The standard for PDF that everybody can read; the typesetter refuses to write what would not meet it.
STANDARD: Literal["ua-1"] = "ua-1"


def run(text: Any, url: str = "", *, strong: bool = False, language: str = "") -> dict[str, Any]:
    """Words that lead somewhere, stand out, or are in another language."""
    return {"text": words(text), "url": url or None, "strong": strong, "language": language or None}


def english(text: str) -> dict[str, Any]:
    """Words of the record, which is written in English."""
    return run(text, language="" if names.is_english() else "en")


def words(text: Any) -> str:
    """What a page prints, without its marks; of what is no markup, every letter."""
    return html.unescape(strip_tags(text)) if isinstance(text, SafeString) else str(text)


Line = list[dict[str, Any]]
Absolute = Callable[[str], str]


@dataclass
class Document:
    title: str
    address: str
    lede: str = ""
    wide: bool = False
    blocks: list[dict[str, Any]] = field(default_factory=list)

    def heading(self, text: Any, level: int = 2) -> None:
        self.blocks.append({"kind": "heading", "level": level, "text": words(text)})

    def paragraph(self, *line: dict[str, Any]) -> None:
        self.blocks.append({"kind": "paragraph", "runs": list(line)})

    def list(self, items: Iterable[Line]) -> None:
        self.blocks.append({"kind": "list", "items": list(items)})

    def table(self, head: Iterable[str], rows: Iterable[Iterable[Iterable[Line]]], widths: Iterable[int]) -> None:
        """Cells are lines, and lines are runs."""
        rows = [[list(cell) for cell in row] for row in rows]
        self.blocks.append(
            {"kind": "table", "head": [words(name) for name in head], "rows": rows, "widths": list(widths)}
        )

    def typeset(self) -> bytes:
        made = dates.spell(timezone.localdate().isoformat())
        given = {
            "title": words(self.title),
            "address": self.address,
            "lede": words(self.lede),
            "wide": self.wide,
            "language": translation.get_language(),
            "made": _("Parley, as the record stood on %s") % made,
            "blocks": self.blocks,
        }
        inputs = {"document": json.dumps(given)}
        try:
            return typst.compile(str(TEMPLATE), sys_inputs=inputs, ignore_system_fonts=True, pdf_standards=[STANDARD])
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            # A letter that no font here has, as a Chinese one: it is printed as a box, which the standard forbids.
            return typst.compile(str(TEMPLATE), sys_inputs=inputs, ignore_system_fonts=True)
