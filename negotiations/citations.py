"""How to cite the record: one entry in the forms of the Chicago Manual, of APA and of BibTeX.

The styles are English, whatever the language of the page. Pure: nothing here reads the database.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString

SITE = "Parley"
PLAIN = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?([?~%]?)")
HEDGES = {"": "", "?": "?", "~": "ca. ", "%": "ca. "}
SUFFIX = re.compile(r"(?<=.),? (Jr\.?|Sr\.?|II|III|IV)$")
PARTICLES = {"de", "du", "von", "van", "der", "den", "ter"}
# The characters that mean something to BibTeX, and how it writes them.
ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


@dataclass(frozen=True)
class Author:
    """Whose words or act it is: a person, or a body such as a ministry."""

    name: str
    is_body: bool = False
    family_first: bool = False
    """Chinese names stand in that order already: Wang Yi."""

    @property
    def parts(self) -> tuple[str, str, str]:
        """Family name, given names and suffix. Without given names, the whole of it."""
        name, suffix = self.name, ""
        found = SUFFIX.search(name)
        if found:
            name, suffix = name[: found.start()], found[1]
        words = name.split()
        if self.is_body or len(words) < 2 or "of" in words:  # Lord Ahmad of Wimbledon
            return self.name, "", ""
        if self.family_first:
            return words[0], " ".join(words[1:]), suffix
        first = len(words) - 1
        while first > 1 and words[first - 1] in PARTICLES:
            first -= 1
        return " ".join(words[first:]), " ".join(words[:first]), suffix


@dataclass(frozen=True)
class Reference:
    """An entry of the record as somebody would cite it. Dates are EDTF."""

    key: str
    """The slug, by which the entry is known for good."""
    kind: str
    """In English: interview, milestone, position."""
    authors: tuple[Author, ...]
    title: str
    date: str
    url: str
    accessed: date
    place: str = ""
    source_title: str = ""
    publisher: str = ""


def chicago(ref: Reference) -> str:
    """As in a bibliography of the Chicago Manual of Style: names inverted, the date of access at the end."""
    first, *others = ref.authors or (Author(""),)
    family, given, suffix = first.parts
    name = first.name if first.family_first else ", ".join(filter(None, (family, given, suffix)))
    names = _and([name, *(author.name for author in others)], "and")
    what = ", ".join(filter(None, (_upper(ref.title).rstrip("."), ref.place, american(ref.date))))
    where = f"In “{_outer(ref.source_title)},” {ref.publisher}" if ref.source_title else ref.publisher
    access = f"Accessed {_american(ref.accessed)}"
    return " ".join(_stopped(part) for part in (names, what, where, SITE, access, ref.url) if part)


def apa(ref: Reference) -> SafeString:
    """As in the reference list of an APA paper: initials, the year first, the title in italics."""
    names = []
    for author in ref.authors:
        family, given, suffix = author.parts
        initials = " ".join(_initials(word) for word in given.split())
        names.append(", ".join(filter(None, (family, initials, suffix))))
    who = _stopped(_and(names, "&", comma=True)) if names else ""
    return format_html(
        "{}({}). <i>{}</i> [{}]. {}{}. {}",
        f"{who} " if who else "",
        _year_first(ref.date),
        ref.source_title or ref.title,
        _upper(ref.kind),
        f"{_stopped(ref.publisher)} " if ref.publisher else "",
        SITE,
        ref.url,
    )


def bibtex(ref: Reference) -> str:
    """An entry for biblatex, which reads EDTF dates as they are."""
    fields = [
        ("author", " and ".join(_bibtex_name(author) for author in ref.authors)),
        ("title", f"{{{escape(ref.source_title or ref.title)}}}"),
        ("date", ref.date),
        ("type", escape(_upper(ref.kind))),
        ("organization", f"{{{escape(ref.publisher)}}}" if ref.publisher else ""),
        ("location", escape(ref.place)),
        ("note", f"{SITE}: {escape(ref.title)}"),
        ("url", ref.url),
        ("urldate", ref.accessed.isoformat()),
    ]
    known = [(name, value) for name, value in fields if value]
    width = max(len(name) for name, value in known)
    body = ",\n".join(f"  {name:<{width}} = {{{value}}}" for name, value in known)
    return f"@misc{{{ref.key},\n{body}\n}}"


def escape(text: str) -> str:
    """A text in which BibTeX finds no commands."""
    return "".join(ESCAPES.get(character, character) for character in " ".join(text.split()))


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


def _bibtex_name(author: Author) -> str:
    if author.is_body:
        return f"{{{escape(author.name)}}}"
    return escape(", ".join(filter(None, (author.parts[0], author.parts[2], author.parts[1]))))


def _stopped(text: str) -> str:
    return text if text.endswith((".", "?", "!", "?”", ".”", "!”")) else f"{text}."


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _outer(text: str) -> str:
    """A title fit to stand in double quotation marks."""
    return re.sub(r"[“\"]([^”\"]*)[”\"]", r"‘\1’", text).rstrip(".")
