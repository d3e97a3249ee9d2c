"""Where quotation marks open and close: “curly”, "straight", «Russian», „German“ and ‘British’, one inside another."""

import re
from typing import NamedTuple

CLOSERS = {"«": "»", "“": "”", "„": "“”", '"': '"', "‘": "’", "'": "'"}
_BRITISH_END = re.compile(r"[,.?!…][’'](?!\w)")


class Quoted(NamedTuple):
    """Words between two marks; an end is wanting where a paragraph ends first."""

    start: int
    end: int
    closed: bool

    @property
    def open(self) -> int:
        return self.start - 1


def quoted(text: str, start: int = 0, end: int | None = None) -> list[Quoted]:
    """The outermost quotations in a stretch of text, in order."""
    end = len(text) if end is None else end
    found: list[Quoted] = []
    stack: list[tuple[str, int]] = []
    inner_end = None
    for place in range(start, end):
        letter = text[place]
        if letter not in "«»“”„\"‘’'":
            continue
        before = text[place - 1] if place > start else " "
        after = text[place + 1] if place + 1 < end else " "
        if letter == after == '"' and not stack:
            continue  # a mark typed twice
        if stack and _closes(letter, stack[-1][0], before, after, text[place:end]):
            opened = stack.pop()[1]
            if not stack:
                found.append(Quoted(opened + 1, place, True))
                inner_end = None
            elif letter == CLOSERS.get(stack[0][0]):
                inner_end = place
        elif _opens(letter, stack, before, after, text[place:end]):
            stack.append((letter, place))
    if stack:
        # «The treaty «SNV-3», he said: Russian print lets one mark close both.
        opened = stack[0][1]
        if inner_end is not None:
            found.append(Quoted(opened + 1, inner_end, True))
            found += quoted(text, inner_end + 1, end)
        else:
            found.append(Quoted(opened + 1, end, False))
    return found


def _closes(letter: str, opener: str, before: str, after: str, rest: str) -> bool:
    if letter not in CLOSERS[opener]:
        return False
    if opener == '"':
        # A straight mark after a space and before a word opens a quotation inside the quotation.
        return not (before.isspace() and not after.isspace())
    if opener in "‘'":
        # The same sign is an apostrophe: it closes at the end of a word, after a comma or stop if one is still to come.
        if after.isalnum():
            return False
        return before in ",.?!…" or not _BRITISH_END.search(rest[1:])
    return True


def _opens(letter: str, stack: list[tuple[str, int]], before: str, after: str, rest: str) -> bool:
    if letter not in CLOSERS or after.isspace():
        return False
    if letter == '"':
        return not before.isalnum()
    if letter in "‘'":
        clear = not before.isalnum() and (after.isalnum() or after in "…")
        return clear and (bool(stack) or bool(_BRITISH_END.search(rest[1:])))
    return True
