"""Citations for readers: Chicago, APA and MLA, as they stand in a bibliography.

The styles are English, whatever the language of the page.
"""

import calendar
import re
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString

from .reference import HEDGES, PLAIN, SITE, Author, Reference

# The months as the Modern Language Association shortens them.
SHORT = ("", "Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")


def chicago(ref: Reference) -> str:
    """As in a bibliography of the Chicago Manual of Style: names inverted, the date of access at the end."""
    first, *others = ref.authors or (Author(""),)
    family, given, suffix = first.parts
    name = first.name if first.family_first else ", ".join(filter(None, (family, given, suffix)))
    names = _and([name, *(author.name for author in others)], "and")
    if ref.is_page:
        what = " ".join(filter(None, (_quoted(ref.title), american(ref.date))))
    else:
        what = ", ".join(filter(None, (_upper(ref.title).rstrip("."), ref.place, american(ref.date))))
    where = f"In “{_outer(ref.source_title)},” {ref.publisher}" if ref.source_title else ref.publisher
    access = f"Accessed {_american(ref.accessed)}"
    site = "" if _is_site(ref) else SITE
    return " ".join(_stopped(part) for part in (names, what, where, site, access, ref.url) if part)


def apa(ref: Reference) -> SafeString:
    """As in the reference list of an APA paper: initials, the year first, the title in italics.

    Without an author the title stands in its place. A page that may change says when it was retrieved.
    """
    names = []
    for author in ref.authors:
        family, given, suffix = author.parts
        initials = " ".join(_initials(word) for word in given.split())
        names.append(", ".join(filter(None, (family, initials, suffix))))
    what = format_html("<i>{}</i>{}", ref.source_title or ref.title, f" [{_upper(ref.kind)}]" if ref.kind else "")
    when = f"({_year_first(ref.date) or 'n.d.'})"
    who = _stopped(_and(names, "&", comma=True)) if names else ""
    return format_html(
        "{} {}{}{}{}{}",
        who or format_html("{}.", what),
        f"{when}. ",
        format_html("{}. ", what) if who else "",
        f"{_stopped(ref.publisher)} " if ref.publisher else "",
        "" if _is_site(ref) else f"{SITE}. ",
        f"Retrieved {_american(ref.accessed)}, from {ref.url}" if ref.is_page else ref.url,
    )


def mla(ref: Reference) -> str:
    """As in a list of works cited of the Modern Language Association: what it stands in, then where to find that."""
    first, *others = ref.authors or (Author(""),)
    family, given, suffix = first.parts
    name = first.name if first.family_first else ", ".join(filter(None, (family, given, suffix)))
    names = f"{name}, et al" if len(others) > 1 else _and([name, *(author.name for author in others)], "and")
    title = _quoted(ref.title) if ref.is_page else _upper(ref.title).rstrip(".")
    source = f"“{_outer(ref.source_title)},” {ref.publisher}" if ref.source_title else ref.publisher
    where = ", ".join(filter(None, (source, day_first(ref.date), ref.place)))
    site = f"{SITE}, {ref.url}"
    access = f"Accessed {day_first(ref.accessed.isoformat())}"
    return " ".join(_stopped(part) for part in ("" if _is_site(ref) else names, title, where, site, access) if part)


def american(text: str) -> str:
    """A date as Chicago writes it: September 12, 2007; May 19–20, 2009; no more precise than it is."""
    first, slash, last = text.partition("/")
    if not slash or first == last:
        return _american_edtf(first)
    if last in ("", ".."):
        return f"from {_american_edtf(first)}"
    if first in ("", ".."):
        return f"until {_american_edtf(last)}"
    a, b = PLAIN.fullmatch(first), PLAIN.fullmatch(last)
    if a and b and a[3] and b[3] and a[1] == b[1] and not a[4] and not b[4]:
        day = _month(a[2], a[3])
        return f"{day}–{int(b[3])}, {b[1]}" if a[2] == b[2] else f"{day} – {_month(b[2], b[3])}, {b[1]}"
    return f"{_american_edtf(first)} – {_american_edtf(last)}"


def _american_edtf(text: str) -> str:
    found = PLAIN.fullmatch(text)
    if not found:
        return text
    year, month, day, hedge = found.groups()
    known = f"{_month(month, day)}, {year}" if day else f"{_month(month)} {year}" if month else year
    return f"{known}?" if hedge == "?" else f"{HEDGES[hedge]}{known}"


def day_first(text: str) -> str:
    """A date as MLA writes it: 12 Sept. 2007; 19-20 May 2009."""
    first, slash, last = text.partition("/")
    if not slash or first == last:
        return _day_first(first)
    if last in ("", ".."):
        return f"from {_day_first(first)}"
    if first in ("", ".."):
        return f"until {_day_first(last)}"
    if len(first) == len(last) == 10 and first[:7] == last[:7]:
        return f"{int(first[8:])}-{_day_first(last)}"
    return f"{_day_first(first)}-{_day_first(last)}"


def _day_first(text: str) -> str:
    found = PLAIN.fullmatch(text)
    if not found:
        return text
    year, month, day, hedge = found.groups()
    known = " ".join(filter(None, (str(int(day)) if day else "", SHORT[int(month)] if month else "", year)))
    return f"{known}?" if hedge == "?" else f"{HEDGES[hedge]}{known}"


def _american(day: date) -> str:
    return american(day.isoformat())


def _month(month: str, day: str = "") -> str:
    name = calendar.month_name[int(month)]
    return f"{name} {int(day)}" if day else name


def _year_first(text: str) -> str:
    """APA: 2007, September 12. Of a span, the days by which it began and ended."""
    first, slash, last = text.partition("/")
    if slash and first != last and first not in ("", "..") and last not in ("", ".."):
        return f"{_year_first(first)} – {_year_first(last)}"
    found = PLAIN.fullmatch(last if first in ("", "..") else first)
    if not found:
        return text
    year, month, day, hedge = found.groups()
    known = f"{year}, {_month(month, day or '')}" if month else year
    return f"{known}?" if hedge == "?" else f"{HEDGES[hedge]}{known}"


def _and(names: list[str], word: str, *, comma: bool = False) -> str:
    if len(names) < 2:
        return "".join(names)
    joint = f", {word} " if comma or len(names) > 2 else f" {word} "
    # Chicago sets a comma after an inverted first name, however many follow.
    if not comma and "," in names[0]:
        joint = f", {word} "
    return f"{', '.join(names[:-1])}{joint}{names[-1]}"


def _initials(word: str) -> str:
    """Anatoly becomes A., Jean-Marie J.-M.; particles and titles in lower case stay."""
    if word[:1].islower():
        return word
    return "-".join(f"{part[0]}." for part in word.strip("()").split("-") if part)


def _stopped(text: str) -> str:
    return text if text.endswith((".", "?", "!", "?”", ".”", "!”")) else f"{text}."


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _outer(text: str) -> str:
    """A title fit to stand in double quotation marks."""
    return re.sub(r"[“\"]([^”\"]*)[”\"]", r"‘\1’", text).rstrip(".")


def _quoted(title: str) -> str:
    """A title in quotation marks, its own stop within them."""
    outer = _outer(title)
    return f"“{outer}”" if outer.endswith(("?", "!")) else f"“{outer}.”"


def _is_site(ref: Reference) -> bool:
    """Whether Parley itself is the author, so that its name need not be repeated."""
    return bool(ref.authors) and ref.authors[0].name == SITE
