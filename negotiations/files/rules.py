"""What must hold in the files before a row of them touches the database.

Fields check themselves; here stand the rules between fields, between rows and between files. The database holds
most of them too, but it speaks of the first breach only, and in no file's terms.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from negotiations import dates

from .fields import Values, row_problems
from .kinds import ENTRY_KINDS, KINDS
from .text import Row

Files = dict[str, list[Row]]


def problems(files: Files, in_database: dict[str, set[str]]) -> list[str]:
    """Everything wrong with the files, a line each, in the order of kinds and rows."""
    known = {kind.name: in_database[kind.name] | {row.key for row in files[kind.name]} for kind in KINDS}
    known["evidence"] = known["statements"] | known["milestones"]
    found = []
    for kind in KINDS:
        for row in files[kind.name]:
            texts = list(row_problems(row.data, kind.fields, kind.model, known))
            # Rules read several fields at once; on a row with a broken one they would stumble over the same fault.
            texts = texts or list(_rules(row, files))
            found += [f"{row}: {text}" for text in texts]
    return found + list(_doubles(files)) + list(_overlaps(files))


def _rules(row: Row, files: Files) -> Iterator[str]:
    data, published = row.data, row.data.get("state", "published") == "published"
    if data.get("date_basis", "stated") != "stated" and not data.get("note"):
        yield "date_basis is not stated, so the note must say how the date was worked out"
    if row.kind in ENTRY_KINDS and (data.get("state") == "withdrawn") != bool(data.get("withdrawn_reason")):
        yield "a withdrawn entry, and no other, has withdrawn_on and withdrawn_reason"
    if row.kind == "rounds" and not data.get("negotiation"):
        yield "negotiation is missing"
    if row.kind == "statements":
        if not data.get("party"):
            yield "party is missing"
        if published and not data.get("sources"):
            yield "a published statement needs a source"
        if data.get("quote") and not data.get("quote_language"):
            yield "quote_language is missing"
    if row.kind == "milestones" and data.get("party"):
        parties = _field(files, "treaties", data["treaty"], "parties")
        if parties is not None and data["party"] not in parties:
            yield f"“{data['party']}” is not a party to {data['treaty']}"
    if row.kind == "positions":
        yield from _position_rules(data, files, published)


def _position_rules(data: Values, files: Files, published: bool) -> Iterator[str]:
    yield from (f"{key} is missing" for key in ("party", "issue") if not data.get(key))
    options = _field(files, "issues", data.get("issue"), "options")
    if options is not None and data["option"] not in [option["slug"] for option in options]:
        yield f"option “{data['option']}” does not belong to the issue {data['issue']}"
    if published and not data.get("evidence") and not data.get("sources"):
        yield "a published position needs evidence or a source"
    if (data["stance"] == "conditional") != bool(data.get("condition")):
        yield "a conditional position, and no other, has a condition"
    if data["stance"] != "conditional" and data.get("waits_for"):
        yield "only a conditional position waits for a party"
    if data.get("concurrent") and not data.get("scope"):
        yield "a position beside the main line must have a scope"
    if data.get("to") and dates.parse(data["to"]).latest < dates.parse(data["from"]).earliest:
        yield "ends before it begins"
    if data.get("to_basis") and (data["to_basis"] == "clipped") != bool(data.get("to")):
        yield "a clipped end has a date and an unknown one has none"


def _field(files: Files, kind: str, slug: str | None, key: str) -> list[Any] | None:
    """A field of another file's row; None where only the database has that row."""
    return next((row.data.get(key) or [] for row in files[kind] if row.key == slug), None)


def _doubles(files: Files) -> Iterator[str]:
    """Keys that must be unique, each told at its second appearance."""
    unique: dict[str, dict[str, Callable[[Values], object]]] = {
        "sources": {"web address": lambda d: d.get("url")},
        "parties": {"code": lambda d: d.get("code")},
        "data_exchanges": {"treaty, party and day": lambda d: (d.get("treaty"), d.get("party"), d.get("as_of"))},
    }
    entry_slugs: dict[str, Row] = {}
    for kind in KINDS:
        # All entries share one set of addresses.
        keys: dict[str, tuple[Callable[[Values], object], dict[str, Row]]] = {
            "slug": (lambda d: d.get("slug"), entry_slugs if kind.is_entry else {})
        }
        keys |= {name: (key, {}) for name, key in unique.get(kind.name, {}).items()}
        for row in files[kind.name]:
            for name, (key, seen) in keys.items():
                value = key(row.data)
                if value and seen.setdefault(str(value), row) is not row:
                    yield f"{row}: same {name} as {seen[str(value)]}"


def _overlaps(files: Files) -> Iterator[str]:
    """Published positions of one line follow one another: one may end on the day, or in the month, the next begins."""
    lines = defaultdict(list)
    for row in files["positions"]:
        data = row.data
        try:
            start, end = dates.parse(data["from"]), dates.parse(data["to"]) if data.get("to") else None
        except (dates.InvalidDate, KeyError, TypeError, AttributeError):
            continue
        if data.get("state", "published") == "published":
            line = data.get("scope") if data.get("concurrent") else None
            lines[data.get("party"), data.get("issue"), line].append((start, end, row))
    for positions in lines.values():
        positions.sort(key=lambda position: position[0])
        for (start, end, row), (next_start, _, following) in pairwise(positions):
            if start.earliest == next_start.earliest:
                yield f"{following}: begins on the same day as {row}"
            elif end and end.earliest > next_start.latest:
                yield f"{row}: ends after {following} begins"
