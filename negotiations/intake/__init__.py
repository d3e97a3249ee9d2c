"""From an article to proposals for the record: its source, its date, and who is quoted in it as saying what.

Pure: text in, proposals out, nothing fetched and nothing saved. `documents` turns a file or a paste into an `Article`,
`statements` finds what was said, `dating` when it appeared. Whom and what of the record a proposal concerns is for
`queries/intake.py`, which asks the database.
"""

from dataclasses import dataclass
from datetime import date

from negotiations import verbatim

from .article import Article, from_text
from .dating import Dating, date_of, head
from .days import weekdays_in
from .documents import Unreadable, read, read_paste
from .speakers import Speaker
from .statements import Quotation, Report, said, words_of

__all__ = ["Article", "Proposal", "Proposed", "Unreadable", "from_text", "propose", "read", "read_paste"]


@dataclass(frozen=True)
class Proposed:
    """One statement as it could stand in the record; a direct quotation, or reported in the reporter's words."""

    direct: bool
    words: str
    phrases: tuple[str, ...]
    speaker: Speaker
    verb: str
    place: verbatim.Place
    pieces: tuple[tuple[int, int], ...]
    selector: verbatim.Selector
    weekday: int | None


@dataclass(frozen=True)
class Proposal:
    """Everything an article gives for the record."""

    article: Article
    publisher: str
    city: str
    dating: Dating
    statements: tuple[Proposed, ...]


def propose(article: Article, today: date) -> Proposal:
    found, line = said(article), head(article)
    statements = [_direct(article, one) for one in found.quotations] + [
        _reported(article, one) for one in found.reports
    ]
    return Proposal(
        article,
        publisher=line.agency or article.publisher,
        city=line.city,
        dating=date_of(article, today),
        statements=tuple(sorted(statements, key=lambda one: one.place.start)),
    )


def _direct(article: Article, found: Quotation) -> Proposed:
    place = verbatim.Place(found.start, found.end)
    return Proposed(
        direct=True,
        words=words_of(article, found),
        phrases=(),
        speaker=found.speaker,
        verb=found.verb,
        place=place,
        pieces=tuple(found.pieces),
        selector=verbatim.select(article.text, place),
        weekday=_weekday(article, found.sentence, found.pieces),
    )


def _reported(article: Article, found: Report) -> Proposed:
    place = verbatim.Place(found.start, found.end)
    selector = verbatim.select(article.text, place)
    return Proposed(
        direct=False,
        words=selector.exact,
        phrases=tuple(verbatim.on_one_line(article.text[start:end]) for start, end in found.phrases),
        speaker=found.speaker,
        verb=found.verb,
        place=place,
        pieces=((found.start, found.end),),
        selector=selector,
        weekday=_weekday(article, (found.start, found.end), found.phrases),
    )


def _weekday(article: Article, sentence: tuple[int, int], quoted: list[tuple[int, int]]) -> int | None:
    """The day of the week on which the reporter says it was said."""
    start, end = sentence
    for place, weekday in weekdays_in(article.text[start:end]):
        if not any(first <= start + place < last for first, last in quoted):
            return weekday
    return None
