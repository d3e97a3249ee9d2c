"""Whether words stand in a text, letter by letter: what makes a quotation verified.

Two copies of an article differ in what nobody said: line breaks, unbreakable spaces, and the shape of quotation marks.
These are made alike before the comparison, and nothing else is. Places are told in the text as it is kept, so that a
passage can be shown in it. Pure: nothing here reads the database.
"""

import re
from bisect import bisect_left
from typing import NamedTuple

# Where a speaker was interrupted by the reporter's “he said”, the quotation shows that something was left out.
GAP = " […] "
AROUND = 40

_DOUBLE = dict.fromkeys("“”„‟«»″", '"')
_SINGLE = dict.fromkeys("‘’‚‛′`", "'")
_SAME = {**_DOUBLE, **_SINGLE}
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# A quotation that runs over paragraphs has a mark at the beginning of each, which is none of its words.
_AGAIN = re.compile(r"\n\s*[\"“„«‘](?=\S)")


class Place(NamedTuple):
    """From the first letter of a passage to the one after its last, in the text as it is kept."""

    start: int
    end: int


class Selector(NamedTuple):
    """A passage with the words around it: the W3C's TextQuoteSelector."""

    exact: str
    prefix: str
    suffix: str


def plain(text: str) -> str:
    """The text as it is compared: white space and quotation marks made alike."""
    return _plain(text)[0]


def _plain(text: str, run_on: bool = False) -> tuple[str, list[int]]:
    """The text as it is compared, and where each of its letters stands in the original."""
    dropped = {match.end() - 1 for match in _AGAIN.finditer(text)} if run_on else set()
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        if letter in _UNSEEN or place in dropped:
            continue
        if letter.isspace():
            if not letters or letters[-1] == " ":
                continue
            letter = " "
        letters.append(_SAME.get(letter, letter))
        places.append(place)
    if letters and letters[-1] == " ":
        letters.pop(), places.pop()
    return "".join(letters), places


def find(passage: str, text: str, near: int = 0) -> Place | None:
    """Where a passage stands in a text: first from `near` on, else anywhere; None if it does not.

    A passage with gaps stands there if its pieces follow one another.
    """
    pieces = [piece for piece in map(plain, passage.split(GAP.strip())) if piece]
    if not pieces:
        return None
    for run_on in (False, True):
        whole, places = _plain(text, run_on)
        for start in dict.fromkeys((bisect_left(places, near), 0)):
            if found := _find_pieces(pieces, whole, start):
                first, last = found
                return Place(places[first], places[last - 1] + 1)
    return None


def _find_pieces(pieces: list[str], whole: str, start: int) -> tuple[int, int] | None:
    first = whole.find(pieces[0], start)
    while first >= 0:
        end = first + len(pieces[0])
        for piece in pieces[1:]:
            at = whole.find(piece, end)
            if at < 0:
                return None
            # What a reporter puts between is a clause, not a page.
            if at - end > 400:
                break
            end = at + len(piece)
        else:
            return first, end
        first = whole.find(pieces[0], first + 1)
    return None


def select(text: str, place: Place) -> Selector:
    """The passage at a place, with the words around it on one line."""
    before = text[max(0, place.start - 4 * AROUND) : place.start]
    after = text[place.end : place.end + 4 * AROUND]
    return Selector(
        on_one_line(text[place.start : place.end]),
        re.sub(r"\s+", " ", before)[-AROUND:].lstrip(),
        re.sub(r"\s+", " ", after)[:AROUND].rstrip(),
    )


def on_one_line(text: str) -> str:
    return " ".join(_AGAIN.sub("\n", text).split())
