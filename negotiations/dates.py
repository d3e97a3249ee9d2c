"""EDTF text to days and back to words: how the record writes a date it may not know exactly.

Dates are EDTF (ISO 8601-2, level 0 with `? ~ %` and intervals): `2007-09-12`, `2009-05`, `2009`,
`2009-05-19/2009-05-20`, `1969-11-17/..`. Every text stands for a span of days, from the earliest it allows to
the latest. Pure: nothing here reads the database.
"""

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.utils.dateformat import format as format_day
from django.utils.translation import get_language, gettext_noop, pgettext
from django.utils.translation import gettext as _

_PLAIN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?([?~%]?)")
_DECADE = re.compile(r"(\d{3})X", re.ASCII)
OPEN = ("", "..")
# Days outside these years are no part of this record and no questions about it, and some would leave the calendar.
YEARS = range(1900, 2201)
# Django's own month names, listed so that our catalogues can replace them: Russian writes them small within a line.
MONTHS = (
    gettext_noop("January"), gettext_noop("February"), gettext_noop("March"), gettext_noop("April"),
    gettext_noop("May"), gettext_noop("June"), gettext_noop("July"), gettext_noop("August"),
    gettext_noop("September"), gettext_noop("October"), gettext_noop("November"), gettext_noop("December"),
)  # fmt: skip


class InvalidDate(ValueError):
    """A text that is no date; its message is written for the editor or reader who typed it."""


class Span(NamedTuple):
    """The days a date may mean, both included. An open end reaches to the first or last day the calendar has."""

    earliest: date
    latest: date


@lru_cache(maxsize=8192)
def parse(text: str) -> Span:
    """The span of days an EDTF text allows; raises InvalidDate on anything that is not EDTF."""
    if len(text) > 64:
        raise InvalidDate(_("This is too long to be a date."))
    first, slash, last = text.partition("/")
    if not slash:
        return _one(text)
    if first in OPEN and last in OPEN:
        raise InvalidDate(_("“%s” has neither a beginning nor an end.") % text)
    earliest = date.min if first in OPEN else _one(first).earliest
    latest = date.max if last in OPEN else _one(last).latest
    if latest < earliest:
        raise InvalidDate(_("“%s” ends before it begins.") % text)
    return Span(earliest, latest)


def _one(text: str) -> Span:
    plain = _PLAIN.fullmatch(text)
    if not plain or not text.isascii():
        return _other(text)
    year, *parts = (int(part) for part in plain.groups()[:3] if part)
    try:
        match parts:
            case [month, day]:
                return Span(date(year, month, day), date(year, month, day))
            case [month]:
                return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        return Span(date(year, 1, 1), date(year, 12, 31))
    except ValueError:
        # Months 21 to 24 are seasons, which the full grammar knows; other impossible days fail there too.
        return _other(text)


def _other(text: str) -> Span:
    # The library's parser is complete but takes milliseconds; imported late, since most processes never need it.
    from edtf import EDTFParseException, parse_edtf

    message = _("“%s” is not a date. Write a year, a month or a day: 2007, 2007-09, 2007-09-12.") % text
    if not re.fullmatch(r"[0-9X?~%-]{4,16}", text):
        raise InvalidDate(message)
    try:
        parsed = parse_edtf(text)
        days = (parsed.lower_strict(), parsed.upper_strict())
        return Span(*(date(day.tm_year, day.tm_mon, day.tm_mday) for day in days))
    except (EDTFParseException, ValueError, AttributeError, TypeError, OverflowError) as error:
        raise InvalidDate(message) from error


def is_plain(text: str) -> bool:
    """Whether a date is a year, a month or a day and nothing else: what every calendar understands."""
    found = _PLAIN.fullmatch(text)
    return found is not None and not found[4] and int(found[2] or 1) <= 12


def vaguest(texts: Iterable[str]) -> str:
    """Of several dates that mean the same day, the one that claims least; empty where there is none."""
    return max(texts, key=lambda text: (days_meant(text), not is_exact(text)), default="")


def days_meant(text: str) -> int:
    """How many days a date may mean."""
    span = parse(text)
    return (span.latest - span.earliest).days + 1


def is_exact(text: str) -> bool:
    """Whether a date is one certain day."""
    plain = _PLAIN.fullmatch(text)
    return plain is not None and bool(plain[3]) and not plain[4]


def eve(text: str) -> str:
    """The last day before something that began on a date; of a date that is no certain day, the date itself."""
    return day_before(date.fromisoformat(text)).isoformat() if is_exact(text) else text


def morrow(text: str) -> str:
    """The first day after something that ended on a date; of a date that is no certain day, the date itself."""
    return day_after(date.fromisoformat(text)).isoformat() if is_exact(text) else text


def last_part(text: str) -> str:
    """The date on which an interval ends, or began if its end is not known; any other date as it is."""
    first, _slash, last = text.rpartition("/")
    return first if last in OPEN else last


def machine(text: str) -> str:
    """A date as <time datetime> wants it: the day, month or year in which it begins."""
    if plain := re.match(r"\d{4}(-(0\d|1[0-2])(-\d\d)?)?(?=[?~%/]|$)", text):
        return plain[0]
    # Whatever else EDTF can say is vaguer than a month.
    return f"{parse(text).earliest.year:04}"


def day_before(day: date) -> date:
    """The eve of a day; the first day that the calendar has is its own."""
    return day - timedelta(days=1) if day > date.min else day


def day_after(day: date) -> date:
    """The morrow of a day; the last day that the calendar has is its own."""
    return day + timedelta(days=1) if day < date.max else day


def spell(text: str, inflected: bool = False) -> str:
    """A date in words, never more precise than it is: “12 September 2007”, “May 2009”, “19–20 May 2009”.

    `inflected` is how it reads after “since”, “from” and “until”: Russian then puts month and year in another case.
    """
    return _spell(text, inflected, get_language())


@lru_cache(maxsize=8192)
def _spell(text: str, inflected: bool, _language: str | None) -> str:
    first, slash, last = text.partition("/")
    if not slash:
        return _spell_one(text, inflected)
    if first in OPEN:
        return _("until %s") % _spell_one(last, inflected=True)
    if last in OPEN:
        return _("from %s") % _spell_one(first, inflected=True)
    if first == last:
        return _spell_one(first, inflected)
    return _spell_range(first, last)


def happened(text: str) -> str:
    """The same after a verb: “on 12 September 2007”, “in May 2009”."""
    return (_("on %s") if is_exact(text) else _("in %s")) % spell(text)


def long_day(day: date) -> str:
    """A day of the calendar in words: “12 September 2007”."""
    return format_day(day, "j E Y")


def short_day(day: date) -> str:
    """The same where there is little room: “12 Sep 2007”."""
    return f"{day.day} {short_month(day)} {day.year}"


def shorten(text: str) -> str:
    """A date where there is little room: a day with its month cut short, anything less exact in full."""
    return short_day(date.fromisoformat(text)) if is_exact(text) else spell(text)


def counted(words: str) -> str:
    """An age or a length of time, “9 months ago”: no line ends between its number and its unit."""
    return re.sub(r"(?<=\d) ", "\u00a0", words)


def short_month(day: date) -> str:
    """The month's name cut short, as it reads after a day: “Sep”, «сен», «мая»."""
    return format_day(day, "E")[:3]


def _spell_range(first: str, last: str) -> str:
    a, b = _PLAIN.fullmatch(first), _PLAIN.fullmatch(last)
    # A part that both ends share is said once, at the end; anything less plain is spelled out twice.
    if a and b and not a[4] and not b[4] and a[1] == b[1] and a[2] and b[2]:
        if a[2] == b[2] and a[3] and b[3]:
            return f"{int(a[3])}–{_spell_one(last)}"
        if a[2] != b[2]:
            style = "j E" if a[3] else "F"
            return f"{format_day(parse(first).earliest, style)} – {_spell_one(last)}"
    return f"{_spell_one(first)} – {_spell_one(last)}"


def _spell_one(text: str, inflected: bool = False) -> str:
    if decade := _DECADE.fullmatch(text):
        return _("%(decade)ss") % {"decade": f"{decade[1]}0"}
    plain = _PLAIN.fullmatch(text)
    if not plain:
        return text
    try:
        span = parse(text)
    except InvalidDate:
        return text
    if 21 <= int(plain[2] or 0) <= 24:
        return text
    inflected = inflected or plain[4] in ("~", "%")
    style = "j E Y" if plain[3] else ("E Y" if inflected else "F Y") if plain[2] else "Y"
    words = format_day(span.earliest, style).lstrip("0")
    if inflected and not plain[2]:
        words = pgettext("a year, after “since”, “until” or “about”", "%s") % words
    return {"": "%s", "?": _("%s (uncertain)"), "~": _("about %s"), "%": _("about %s (uncertain)")}[plain[4]] % words
