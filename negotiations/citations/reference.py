"""What is cited: an entry, a page or a view of the record, as its author, title, date and place. Pure."""

import datetime
import re
from dataclasses import dataclass
from enum import StrEnum

SITE = "Parley"
PLAIN = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?([?~%]?)")
HEDGES = {"": "", "?": "?", "~": "ca. ", "%": "ca. "}
SUFFIX = re.compile(r"(?<=.),? (Jr\.?|Sr\.?|II|III|IV)$")
PARTICLES = {"de", "du", "von", "van", "der", "den", "ter"}


class Type(StrEnum):
    """What sort of thing is cited, as the Citation Style Language calls it."""

    SPEECH = "speech"
    INTERVIEW = "interview"
    TESTIMONY = "hearing"
    LETTER = "personal_communication"
    BROADCAST = "broadcast"
    REPORT = "report"
    TREATY = "treaty"
    MEETING = "event"
    ENTRY = "entry"
    PAGE = "webpage"
    DATASET = "dataset"


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
    """Something in the record as somebody would cite it. Dates are EDTF."""

    key: str
    """The slug, by which the entry is known for good."""
    kind: str
    """In English: interview, milestone, position."""
    authors: tuple[Author, ...]
    title: str
    date: str
    url: str
    accessed: datetime.date
    place: str = ""
    source_title: str = ""
    publisher: str = ""
    type: Type = Type.ENTRY
    language: str = "en"
    abstract: str = ""

    @property
    def is_page(self) -> bool:
        """Whether a page of the site itself is cited, and not something that the site records."""
        return self.type in (Type.PAGE, Type.DATASET)


def days_of(text: str) -> list[tuple[tuple[int, ...], str]]:
    """The beginning and the end of an EDTF text, as far as each is known, with its hedge; an open end is left out."""
    found = []
    for part in dict.fromkeys(text.split("/")):
        if plain := PLAIN.fullmatch(part):
            found.append((tuple(int(number) for number in plain.groups()[:3] if number), plain[4]))
    return found
