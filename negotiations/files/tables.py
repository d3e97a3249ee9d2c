"""Part of the record as a table for spreadsheet programs, and back: one kind of thing, a row each.

The columns are those of the record's files. Where a file has a list, a cell has words with semicolons between them;
where it has rows within a row, JSON. The column `version` tells whether a row has been changed since it was exported.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, models, transaction

from negotiations.models import Entry, FormerSlug

from . import load, rules, versions
from .fields import NOTHING, Children, Column, Columns, Formerly, OptionRef, Ref, Refs, Values, Words
from .kinds import KINDS, Kind
from .text import Row

VERSION = "version"
# More is for `load_record`, which nobody waits for with a browser.
MOST_ROWS = 2000
LISTS = (Refs, Children, Words, Formerly)
TRUE, FALSE = {"true", "yes", "1"}, {"false", "no", "0"}
NOT_YET_PUBLIC = {Entry.State.DRAFT.value, Entry.State.IN_REVIEW.value}


@dataclass(frozen=True)
class TableRow(Row):
    """One row of a table that somebody sent, told by its number."""

    def __str__(self) -> str:
        return f"row {self.line}, {self.key}".rstrip(", ")


@dataclass(frozen=True)
class Change:
    """What one row would change: nothing of it before means that it is new."""

    row: TableRow
    before: Values | None
    after: Values

    @property
    def cells(self) -> list[tuple[str, object, object]]:
        before = self.before or {}
        keys = [key for key in {**before, **self.after} if before.get(key) != self.after.get(key)]
        return [(key, plain(before.get(key)), plain(self.after.get(key))) for key in keys]


@dataclass
class Plan:
    """What a table would do to the record."""

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def new(self) -> list[Change]:
        return [change for change in self.changes if change.before is None]

    @property
    def changed(self) -> list[Change]:
        return [change for change in self.changes if change.before is not None]


# From the record to a table


def header(kind: Kind) -> list[str]:
    return [column.key for column in kind.fields] + [VERSION]


def lines(kind: Kind, objects: Iterable[models.Model]) -> Iterator[list[str]]:
    for row in kind.rows(objects):
        cells = [_with_default(row, column, kind) for column in kind.fields]
        yield [*map(plain, cells), version_of(row)]


def version_of(row: Values) -> str:
    return load.digest(row)[:16]


def plain(value: object) -> str:
    """A value as one cell of text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        words = all(isinstance(word, str) and ";" not in word and not word.startswith("[") for word in value)
        return "; ".join(value) if words else json.dumps(value, ensure_ascii=False)
    return str(value)


def _with_default(row: Values, column: Column, kind: Kind) -> object:
    """What files leave out because it goes without saying stands in a table, where people look for it."""
    value = row.get(column.key)
    if value is None and hasattr(column, "_default"):
        value = column._default(kind.model)
    return value


# From a table to the record


def import_table(kind: Kind, table: list[list[str]], *, by: User | None, why: str, dry: bool = False) -> Plan:
    """Write what a table says, all of it or none; `dry` only says what would happen. The first line names columns."""
    plan = Plan()
    names, *rest = table or [[]]
    names = [name.strip() for name in names]
    plan.problems += _header_problems(kind, names)
    rows = [(line, cells) for line, cells in enumerate(rest, 2) if any(cell.strip() for cell in cells)]
    if len(rows) > MOST_ROWS:
        plan.problems.append(f"The table has {len(rows)} rows; at most {MOST_ROWS} are taken at once.")
    if plan.problems:
        return plan
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [load.LOCK])
            _import(kind, names, rows, plan, by=by, why=why)
            if plan.problems or dry:
                transaction.set_rollback(True)
    except load.BadRecord as error:
        plan.problems = error.problems
    return plan


def _header_problems(kind: Kind, names: list[str]) -> Iterator[str]:
    if "slug" not in names:
        yield "The first row must name the columns; there is none called slug."
        return
    known = header(kind)
    yield from (f"There is no column “{name}” in {kind.name}." for name in names if name and name not in known)
    yield from (f"The column “{name}” stands twice." for name in sorted(set(names)) if name and names.count(name) > 1)


def _import(
    kind: Kind,
    names: list[str],
    rows: list[tuple[int, list[str]]],
    plan: Plan,
    *,
    by: User | None,
    why: str,
) -> None:
    columns = {column.key: column for column in kind.fields}
    slugs = {cells[names.index("slug")].strip() for _, cells in rows if len(cells) > names.index("slug")}
    standing = {row["slug"]: row for row in kind.rows(kind.objects().filter(slug__in=slugs))}
    seen: list[TableRow] = []
    for line, cells in rows:
        if any(cell.strip() for cell in cells[len(names) :]):
            plan.problems.append(f"row {line}: has more cells than there are columns")
        # Programs leave out empty cells at the end of a row.
        padded = [*cells, *[""] * (len(names) - len(cells))]
        told = {name: cell for name, cell in zip(names, padded, strict=False) if name}
        before = standing.get(told.get("slug", "").strip())
        row = TableRow(kind.name, line, dict(before or {}))
        if before is None and kind.is_entry:
            row.data["state"] = Entry.State.DRAFT.value
        for key, cell in told.items():
            # An empty state says nothing: a new entry is a draft, and a known one stays what it is.
            if key != VERSION and (key != "state" or cell.strip()):
                _set(row, key, columns[key], cell, kind, plan)
        if before and told.get(VERSION, "").strip() not in ("", version_of(before)):
            plan.problems.append(f"{row}: somebody has changed it since it was exported; export it again")
        plan.problems += (f"{row}: {text}" for text in _state_problems(kind, row.data, before))
        seen.append(row)
    if plan.problems:
        return
    found = load.Found(_mentioned(kind, seen))
    # The rules look options up in the rows of issues, as they stand in the files.
    issues = next(one for one in KINDS if one.name == "issues")
    files: rules.Files = {one.name: [] for one in KINDS}
    files[kind.name] = list(seen)
    files["issues"] = [Row("issues", 0, row) for row in issues.rows(found.by_kind["issues"].values())]
    plan.problems += rules.problems(files, found.slugs())
    plan.problems += _address_problems(kind, seen, standing)
    if plan.problems:
        return
    work = []
    for row in seen:
        item = load.Work(kind, row, found.by_kind[kind.name].get(row.key))
        before = standing.get(row.key)
        if before == item.plain:
            plan.unchanged += 1
        else:
            work.append(item)
            plan.changes.append(Change(row, before, item.plain))
    versions.keep_before(*(item.obj for item in work if item.obj))
    load.write(work, found)
    versions.keep(*(item.obj for item in work), by=by, why=why)


def _set(row: TableRow, key: str, column: Column, cell: str, kind: Kind, plan: Plan) -> None:
    try:
        value = _read(column, cell, kind.model)
    except ValueError as error:
        plan.problems.append(f"{row}: {key} {error}")
        return
    if value in NOTHING:
        row.data.pop(key, None)
    else:
        row.data[key] = value


def _read(column: Column, cell: str, model: type[models.Model]) -> Any:
    """What a cell means; text is text, letter by letter."""
    if not cell.strip():
        return None
    if isinstance(column, LISTS):
        if not cell.lstrip().startswith("["):
            return [word.strip() for word in cell.split(";") if word.strip()]
        try:
            return json.loads(cell)
        except (ValueError, RecursionError) as error:
            raise ValueError("begins with a bracket and is not JSON") from error
    if isinstance(column, Ref | OptionRef):
        return cell.strip()
    about = column._field(model)
    if isinstance(about, models.BooleanField):
        word = cell.strip().lower()
        if word not in TRUE | FALSE:
            raise ValueError("must be true or false")
        return word in TRUE
    if isinstance(about, models.IntegerField):
        if not (cell.strip().isascii() and cell.strip().isdecimal() and len(cell.strip()) < 10):
            raise ValueError("must be a whole number")
        return int(cell)
    return cell if isinstance(about, models.TextField) else cell.strip()


def _state_problems(kind: Kind, data: Values, before: Values | None) -> Iterator[str]:
    """A table changes what entries say; publishing and withdrawing are steps of their own at the desk."""
    if not kind.is_entry:
        return
    public = Entry.State.PUBLISHED.value
    state = data.get("state", public)
    if before is None and state not in NOT_YET_PUBLIC:
        yield "a new entry comes in as draft or in-review; publish it at the desk"
    elif before is not None:
        was = before.get("state", public)
        if state != was:
            yield f"its state is {was}; change that at the desk"


def _address_problems(kind: Kind, rows: list[TableRow], standing: dict[str, Values]) -> Iterator[str]:
    """New rows need an address that nothing else has or had."""
    new = {row.key: row for row in rows if row.key not in standing}
    if kind.is_entry:
        for slug in Entry.objects.filter(slug__in=new).values_list("slug", flat=True):
            yield f"{new[slug]}: another entry has this address"
    for slug in FormerSlug.objects.filter(kind=kind.model.slug_kind(), slug__in=new).values_list("slug", flat=True):
        yield f"{new[slug]}: this was the address of another page"


def _references(row: Values, fields: Columns) -> Iterator[tuple[str, object]]:
    """What a row refers to: the kind of thing, and its slug. What is no slug is for the rules to find fault with."""
    for column in fields:
        value = row.get(column.key)
        if isinstance(column, Ref):
            yield column.to, value
        elif isinstance(value, list) and isinstance(column, Refs):
            yield from ((column.to, word) for word in value)
        elif isinstance(value, list) and isinstance(column, Children):
            for child in column.expand(value):
                if isinstance(child, dict):
                    yield from _references(child, column.fields)


def _mentioned(kind: Kind, rows: list[TableRow]) -> dict[str, set[str]]:
    """The rows themselves and all that they refer to, by kind: the part of the record that the import has to know."""
    found: dict[str, set[str]] = {one.name: set() for one in KINDS}
    found[kind.name] |= {row.key for row in rows}
    for row in rows:
        for to, slug in _references(row.data, kind.fields):
            for name in ("statements", "milestones") if to == "evidence" else (to,):
                found[name] |= {slug} if isinstance(slug, str) else set()
    return found
