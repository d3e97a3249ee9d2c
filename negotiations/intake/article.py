"""An article as an editor brings it: its text as it is kept, its paragraphs, and what it says about itself.

Offsets count letters of `Article.text`, which is stored as it stands; lines that are no part of the report (menus,
share buttons, captions) stay in it, but nothing is read out of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from .boilerplate import is_boilerplate, is_sentence
from .english import ENGLISH
from .lexicon import Lexicon
from .russian import RUSSIAN

# No report has longer paragraphs; what comes in one piece beyond that is read by eye.
LONGEST_PARAGRAPH = 5_000


@dataclass(frozen=True)
class Paragraph:
    """A stretch of the text; `body` where it belongs to the report."""

    start: int
    end: int
    body: bool = True


@dataclass
class Article:
    text: str
    title: str = ""
    publisher: str = ""
    author: str = ""
    url: str = ""
    # The day the page itself gives, in its metadata; empty if it gives none.
    date: str = ""
    language: str = ""
    paragraphs: list[Paragraph] = field(default_factory=list)

    @property
    def lexicon(self) -> Lexicon:
        return RUSSIAN if self.language == "ru" else ENGLISH

    @cached_property
    def body(self) -> list[Paragraph]:
        return [paragraph for paragraph in self.paragraphs if paragraph.body]

    @cached_property
    def body_text(self) -> str:
        return "\n\n".join(self.text[paragraph.start : paragraph.end] for paragraph in self.body)


def language_of(text: str) -> str:
    """Russian where most letters are Cyrillic, else English: the two languages of the record."""
    cyrillic = len(re.findall(r"[а-яё]", text.lower()))
    return "ru" if cyrillic > len(re.findall(r"[a-z]", text.lower())) else "en"


def from_text(text: str, title: str = "", author: str = "", url: str = "", date: str = "") -> Article:
    """An article from plain text, as copied from a page, a wire or an e-mail."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    article = Article(text, title=title, author=author, url=url, date=date)
    spans = list(_spans(text))
    article.language = article.language or language_of(text)
    body = _body(text, spans)
    article.title = article.title or _title(text, spans, body)
    article.paragraphs = [
        Paragraph(start, end, body=number in body and not _is_title(text[start:end], article.title))
        for number, (start, end) in enumerate(spans)
    ]
    return article


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs: lines, or blocks of lines where the text was broken to a width."""
    for block in re.finditer(r"\S[^\n]*(?:\n[^\n]*\S[^\n]*)*", text):
        lines = [
            (block.start() + line.start(), block.start() + line.end()) for line in re.finditer(r"[^\n]+", block[0])
        ]
        lines = [(start, end) for start, end in lines if text[start:end].strip()]
        if _is_wrapped([text[start:end] for start, end in lines]):
            lines = [(lines[0][0], lines[-1][1])]
        for start, end in lines:
            words = text[start:end]
            yield start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))


def _is_wrapped(lines: list[str]) -> bool:
    if len(lines) < 2 or max(map(len, lines)) > 100:
        return False
    longest = max(map(len, lines))
    full = [line for line in lines[:-1] if len(line) >= 0.7 * longest]
    open_ended = [line for line in lines[:-1] if not re.search(r"[.?!…:][»”\"’')]*\s*$", line)]
    return longest >= 40 and len(full) >= 0.6 * (len(lines) - 1) and bool(open_ended)


def _body(text: str, spans: list[tuple[int, int]]) -> set[int]:
    """Which paragraphs are the report: whole sentences, each once, that no page furniture is made of."""
    body: set[int] = set()
    last: dict[str, int] = {}
    for number, (start, end) in enumerate(spans):
        words = text[start:end]
        if len(words) <= LONGEST_PARAGRAPH and is_sentence(words) and not is_boilerplate(words):
            body.add(number)
            # A standfirst repeats the first sentence; the one with the dateline is the report's own.
            key = _without_dateline(words)
            if key in last:
                body.discard(last[key])
            last[key] = number
    return body


def _without_dateline(words: str) -> str:
    return re.sub(r"^.{3,80}?(?:\)|\d\.|[A-ZА-ЯЁ]{3,}\.?)\s*[-–—.]+\s+", "", " ".join(words.split()))[:160]


def _title(text: str, spans: list[tuple[int, int]], body: set[int]) -> str:
    """The last line before the report that can be a headline."""
    first = min(body, default=len(spans))
    for number in reversed(range(first)):
        words = " ".join(text[slice(*spans[number])].split())
        if len(words.split()) >= 4 and not is_boilerplate(words) and not re.search(r"(?<!U\.S)[.]$", words):
            return words[:250]
    return ""


def _is_title(words: str, title: str) -> bool:
    return bool(title) and " ".join(words.split()) == title
