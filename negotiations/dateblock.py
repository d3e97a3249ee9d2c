"""The date beside an entry: what is known of it set large, what is not known said in small."""

import re
from datetime import date
from typing import NamedTuple

from django.utils.dateformat import format as format_day
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negotiations import dates

PLAIN = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?([?~%]?)")
HEDGES = {"?": gettext_lazy("uncertain"), "~": gettext_lazy("about"), "%": gettext_lazy("about, uncertain")}
BASES = {"inferred": gettext_lazy("date inferred"), "recalled": gettext_lazy("from general knowledge")}


class DateBlock(NamedTuple):
    machine: str
    large: str
    rest: str
    remarks: list[str]


def date_block(text: str, basis: str = "stated") -> DateBlock:
    """An EDTF date as large and small print. The year stands over the entry, in the heading."""
    first, slash, last = text.partition("/")
    begins, ends = PLAIN.fullmatch(first), PLAIN.fullmatch(last)
    remarks = [str(BASES[basis])] if basis in BASES else []
    if not begins:
        span = dates.parse(text)
        return DateBlock(span.earliest.isoformat(), str(span.earliest.year), "", [dates.spell(text), *remarks])
    year, month, day, hedge = begins.groups()
    machine = "-".join(filter(None, (year, month, day)))
    if hedge:
        remarks.insert(0, str(HEDGES[hedge]))
    large, rest = _large(year, month, day)
    if not slash:
        return DateBlock(machine, large, rest, _unknown(month, day) + remarks)
    if not ends:
        return DateBlock(machine, large, rest, [_("end not recorded"), *remarks])
    if day and ends[3] and (year, month) == (ends[1], ends[2]):
        return DateBlock(machine, f"{int(day)}–{int(ends[3])}", rest, remarks)
    return DateBlock(machine, large, rest, [_("to %s") % _short(ends, year), *_unknown(ends[2], ends[3]), *remarks])


def _large(year: str, month: str | None, day: str | None) -> tuple[str, str]:
    if not month:
        return year, ""
    first = date(int(year), int(month), 1)
    return (str(int(day)), dates.short_month(first)) if day else (format_day(first, "F")[:3], "")


def _short(ends: re.Match[str], year: str) -> str:
    """The end of a span, without the year that it shares with the beginning."""
    large, rest = _large(*ends.groups()[:3])
    words = f"{large} {rest}".strip()
    return words if ends[1] == year or not ends[2] else f"{words} {ends[1]}"


def _unknown(month: str | None, day: str | None) -> list[str]:
    if not month:
        return [_("month not recorded")]
    return [] if day else [_("day not recorded")]
