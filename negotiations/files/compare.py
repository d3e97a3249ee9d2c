"""What changed between two versions of a thing in the record, field by field and in words."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from django.db.models import DateField, Model, QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from negotiations import dates
from negotiations.models import Entry, Issue, Position
from negotiations.models.fields import EdtfField
from negotiations.models.permalinks import Permalinked

from .fields import Children, Columns, Formerly, OptionRef, Ref, Refs, Scalar, Values, Words
from .kinds import KINDS, Kind
from .versions import Version, current_slugs, with_current_slugs
from .words import COLUMNS

# Unchanged words in the middle of a long text are left out, but for so many on either side of a change.
BESIDE = 60
# A text longer than this is shown whole before and after: comparing it word by word takes too long.
LONGEST = 20_000
# Where less than this share of the words stays, and they stand scattered, a text has been written anew.
KEPT = 0.5
SCATTERED = 3


class Piece(NamedTuple):
    """Words that were taken out (`del`), put in (`ins`) or stay; a line of their own where they are one of a list."""

    sign: str
    text: str


@dataclass(frozen=True)
class Change:
    """One field that says something else than before."""

    label: str | Promise
    pieces: list[Piece]
    is_list: bool = False


class Names:
    """What the slugs in some versions stand for, all of them found in few queries.

    To readers, an entry that is not published has no name. What a thing refers to `now` was read along with it, and is
    not looked for again.
    """

    def __init__(self, versions: Iterable[tuple[Kind, Values]], *, public: bool, now: Version | None = None) -> None:
        self.public, versions = public, list(versions)
        at_hand: dict[str, dict[str, Permalinked]] = defaultdict(dict)
        for to, thing in _referred(now.obj, now.kind.fields) if now else ():
            at_hand[to][thing.slug] = thing
        wanted: dict[str, set[str]] = defaultdict(set)
        for kind, row in versions:
            _collect(kind.fields, row, wanted)
        self.now = current_slugs(row for _kind, row in versions)
        self.found: dict[str, dict[str, str]] = {}
        named = {kind.name: kind.model for kind in KINDS} | {"evidence": Entry}
        for to, model in named.items():
            slugs = {self.now[to].get(slug, slug) for slug in wanted[to]}
            known = [thing for slug, thing in at_hand[to].items() if slug in slugs]
            missing = slugs - at_hand[to].keys()
            self.found[to] = {obj.slug: self._name(obj) for obj in (*known, *_with_slugs(model, missing))}
        self.options: dict[tuple[str, str], str] = {}
        if now and isinstance(now.obj, Position):
            self.options[now.obj.issue.slug, now.obj.option.slug] = now.obj.option.label
        if not set(product(self.found["issues"], wanted["options"])) <= self.options.keys():
            issues = Issue.objects.filter(slug__in=self.found.get("issues", {})).prefetch_related("options")
            self.options = {(issue.slug, o.slug): o.label for issue in issues for o in issue.options.all()}

    def _name(self, obj: Model) -> str:
        if self.public and isinstance(obj, Entry) and not obj.is_published:
            return _("an entry that is not public")
        return str(obj)

    def current(self, fields: Columns, row: Values) -> Values:
        return with_current_slugs(row, fields, self.now)

    def of(self, to: str, slug: str) -> str:
        return self.found.get(to, {}).get(slug, slug)


def changes(fields: Columns, model: type[Model], before: Values | None, after: Values, names: Names) -> list[Change]:
    """What the later version says that the earlier did not, and the other way round, in the order of the file."""
    before, after = names.current(fields, before or {}), names.current(fields, after)
    found = []
    for column in fields:
        was, now = before.get(column.key), after.get(column.key)
        if was == now or isinstance(column, Formerly):
            continue
        label = COLUMNS.get(column.key, column.key)
        if isinstance(column, Refs | Children | Words):
            lines = [_lines(column, model, value, names) for value in (was, now)]
            found.append(Change(label, _compare_lists(*lines), is_list=True))
        else:
            texts = [_text(column, model, row, names) for row in (before, after)]
            pieces = _compare_texts(*texts)
            # Before and after, with nothing between them, are read one below the other.
            found.append(Change(label, pieces, is_list=" " in "".join(texts) and _is_new(pieces)))
    return found


class Line(NamedTuple):
    """One of a list: what makes it the same as one in another version, and how it reads."""

    same: str
    text: str


def _lines(column: Refs | Words | Children, model: type[Model], value: Any, names: Names) -> list[Line]:
    if isinstance(column, Refs):
        return [Line(slug, names.of(column.to, slug)) for slug in value or []]
    if isinstance(column, Words):
        return [Line(word, word) for word in value or []]
    child = column._child(model)
    return [Line(str(sorted(row.items())), _line(column.fields, child, row, names)) for row in column.expand(value)]


def _line(fields: Columns, model: type[Model], row: Values, names: Names) -> str:
    """A row within a row on one line; its first column says what it is."""
    parts: list[str] = []
    for column in fields:
        if column.key in row and column.key != "slug":
            if isinstance(column, Refs):
                text = ", ".join(line.text for line in _lines(column, model, row[column.key], names))
            elif isinstance(column, Scalar | Ref | OptionRef):
                text = _text(column, model, row, names)
            parts.append(f"{COLUMNS.get(column.key, column.key)}: {text}" if parts else text)
    return "; ".join(parts)


def _text(column: Scalar | Ref | OptionRef, model: type[Model], row: Values, names: Names) -> str:
    value = row.get(column.key)
    if isinstance(column, OptionRef):
        return names.options.get((str(row.get("issue")), str(value)), str(value or ""))
    if isinstance(column, Ref):
        return names.of(column.to, value) if value else ""
    field = column._field(model)
    if value is None:
        value = column._default(model)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, ""):
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, EdtfField | DateField):
        return dates.spell(str(value))
    return str(value)


def _compare_lists(was: list[Line], now: list[Line]) -> list[Piece]:
    before, after = {line.same for line in was}, {line.same for line in now}
    gone = [Piece("del", line.text) for line in was if line.same not in after]
    new = [Piece("ins", line.text) for line in now if line.same not in before]
    # The same lines in another order: say the order.
    return [*gone, *new] or [Piece("", line.text) for line in now]


def _compare_texts(was: str, now: str) -> list[Piece]:
    if not was or not now or len(was) + len(now) > LONGEST or " " not in was + now:
        return [Piece(sign, text) for sign, text in (("del", was), ("ins", now)) if text]
    old, new = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (was, now))
    pieces: list[Piece] = []
    for operation, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "equal":
            pieces.append(Piece("", _shortened("".join(old[a:b]), first=not pieces, last=b == len(old))))
        else:
            both = (("del", "".join(old[a:b])), ("ins", "".join(new[c:d])))
            pieces += [Piece(sign, text) for sign, text in both if text]
    rewritten = sum(bool(piece.sign) for piece in pieces) > SCATTERED and _share_kept(old, new) < KEPT
    return [Piece("del", was), Piece("ins", now)] if rewritten else pieces


def _share_kept(old: list[str], new: list[str]) -> float:
    was, now = ([word for word in text if not word.isspace()] for text in (old, new))
    return float(difflib.SequenceMatcher(None, was, now, autojunk=False).ratio())


def _is_new(pieces: list[Piece]) -> bool:
    return [piece.sign for piece in pieces] == ["del", "ins"]


def _shortened(text: str, *, first: bool, last: bool) -> str:
    if len(text) <= 2 * BESIDE:
        return text
    head, tail = "" if first else text[:BESIDE], "" if last else text[-BESIDE:]
    return f"{head}…{tail}"


def _collect(fields: Columns, row: Values, wanted: dict[str, set[str]]) -> None:
    for column in fields:
        value = row.get(column.key)
        if value is None:
            continue
        if isinstance(column, OptionRef):
            wanted["options"].add(value)
        elif isinstance(column, Ref):
            wanted[column.to].add(value)
        elif isinstance(column, Refs):
            wanted[column.to] |= set(value)
        elif isinstance(column, Children):
            for child in column.expand(value):
                _collect(column.fields, child, wanted)


def _referred(obj: Model, fields: Columns) -> Iterator[tuple[str, Permalinked]]:
    """What a thing refers to, and under which name of a file."""
    for column in fields:
        if isinstance(column, Ref):
            if target := getattr(obj, column.attr or column.key):
                yield column.to, target
        elif isinstance(column, Refs):
            yield from ((column.to, target) for target in getattr(obj, column.attr or column.key).all())
        elif isinstance(column, Children):
            for child in getattr(obj, column.related).all():
                yield from _referred(child, column.fields)


def _with_slugs(model: type[Any], slugs: set[str]) -> Iterable[Permalinked]:
    if not slugs:
        return []
    found: QuerySet[Any] = model._default_manager.filter(slug__in=slugs)
    return found.defer("search", "words") if issubclass(model, Entry) else found


def said_of(changed: Iterable[Change]) -> str:
    """The changed fields in one line."""
    return capfirst(", ".join(str(change.label) for change in changed))
