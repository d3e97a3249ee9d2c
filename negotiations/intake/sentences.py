"""Paragraphs into sentences, with what is between quotation marks left whole."""

import re

from .lexicon import Lexicon
from .marks import Quoted

HIDDEN = "\x00"
_END = re.compile(r"[.?!…]+[»”“\"’')\]]*(?=\s+[«“„\"‘'(\[—–-]*\s*[A-ZА-ЯЁ\d\x00])")


def masked(text: str, quotes: list[Quoted]) -> str:
    """The text with quoted words hidden, so that only the reporter speaks; the last sign of a quotation stays."""
    letters = list(text)
    for quote in quotes:
        last = quote.end - 1
        keep = last if quote.closed and text[last : quote.end] in ",.?!…" else quote.end
        for place in range(quote.start, min(keep, len(text))):
            letters[place] = HIDDEN
    return "".join(letters)


def sentences(text: str, start: int, end: int, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Where each sentence of a masked stretch begins and ends."""
    found, begin = [], start
    for match in _END.finditer(text, start, end):
        upto = text[begin : match.start() + 1]
        if match[0].startswith(".") and not match[0].startswith("..") and lexicon.abbreviations.search(upto[-24:]):
            continue
        if _goes_on(text[match.end() : min(end, match.end() + 90)], match[0], lexicon):
            continue
        found.append((begin, match.end()))
        begin = match.end() + len(text[match.end() : end]) - len(text[match.end() : end].lstrip())
    if text[begin:end].strip():
        found.append((begin, end))
    return found


def _goes_on(rest: str, sign: str, lexicon: Lexicon) -> bool:
    """“Will it hold?” Lavrov said. The question mark is the speaker's, and the sentence the reporter's."""
    if sign[-1] not in "»”“\"’'":
        return False
    verb = lexicon.verbs.search(rest)
    if not verb or len(rest[: verb.start()].split()) > 8 or re.search(r"[.:]\s|[«“„\"]", rest[: verb.end()]):
        return False
    follows = rest[verb.end() :].lstrip()
    return not follows or follows[0] in ".,;" or bool(re.match(r"(?:in|on|at|during|when|after|as|while)\b", follows))
