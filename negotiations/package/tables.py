"""The tables of the package, derived from the kinds of file that the record is kept in.

Each kind is a table of its own. A list within a row becomes a table beside it, whose rows name what they belong to:
`statements_issues` says which issues each statement bears on, `people_offices` who held which office.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from django.utils import translation

from negotiations.files.fields import Children, Formerly, OptionRef, Ref, Refs, Scalar, Values, Words
from negotiations.files.fields import Column as FileColumn
from negotiations.files.kinds import KINDS, Kind

# Of the state nothing is left to say: only what is published is here.
LEFT_OUT = {"state", "withdrawn_on", "withdrawn_reason"}
SINGULAR = {kind.name: re.sub(r"(?<!^)(?=[A-Z])", "_", kind.model.__name__).lower() for kind in KINDS}
TYPES = {models.BooleanField: "boolean", models.IntegerField: "integer", models.DateField: "date"}


@dataclass(frozen=True)
class Column:
    name: str
    type: str = "string"
    about: str = ""
    refers_to: str = ""
    """The table whose key this is."""
    required: bool = False


@dataclass(frozen=True)
class Table:
    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


Columns = tuple[Column, ...]
OneValue = Scalar | Ref | OptionRef | Formerly
"""Columns of a file that are columns of a table too, and not tables beside it."""


class Row(NamedTuple):
    """A row of a table, its values in the order of the columns."""

    table: str
    values: list[Any]


ENTRIES = Table(
    "entries",
    "Everything dated in one stream: rounds, statements, treaty milestones and positions.",
    (
        Column("slug", required=True, about="The key."),
        Column("kind", required=True, about="round, statement, milestone or position; the table that says more."),
        Column("title", about="As the timeline prints it."),
        Column("date", about="EDTF, as precise as the source and no more."),
        Column("earliest", "date", "The first day that the date allows."),
        Column("latest", "date", "The last day that the date allows."),
        Column("party", refers_to="parties", about="Who spoke, acted or holds the position."),
        Column("speaker", refers_to="people"),
        Column("negotiation", refers_to="negotiations"),
        Column("summary", about="Our own words, never a quotation."),
        Column("city"),
        Column("country", about="The country’s name at the time."),
        Column("path", about="The page on the site."),
    ),
    ("slug",),
)
CONCERNED = (
    Table(
        "entries_parties",
        "Everybody whom an entry concerns.",
        (Column("entry", refers_to="entries", required=True), Column("party", refers_to="parties", required=True)),
        ("entry", "party"),
    ),
    Table(
        "entries_issues",
        "The questions that an entry bears on.",
        (Column("entry", refers_to="entries", required=True), Column("issue", refers_to="issues", required=True)),
        ("entry", "issue"),
    ),
)
WITHDRAWN = Table(
    "withdrawn",
    "What was published once and is no longer part of the record.",
    (
        Column("slug", required=True),
        Column("kind", required=True),
        Column("withdrawn_on", "date", required=True),
        Column("reason", required=True),
    ),
    ("slug",),
)


def all_tables() -> list[Table]:
    with translation.override("en"):
        own = [table for kind in KINDS for table in tables_of(kind)]
    return [ENTRIES, *CONCERNED, *own, WITHDRAWN]


def tables_of(kind: Kind) -> Iterator[Table]:
    about = kind.about.replace(".yaml", "")
    yield _table(kind.name, about, (), _kept(kind.fields), kind.model, ("slug",))
    owner = Column(SINGULAR[kind.name], refers_to=kind.name, required=True)
    yield from _beside(kind.name, (owner,), kind.fields, kind.model, f"Of {kind.name.replace('_', ' ')}: ")


def _table(
    name: str,
    about: str,
    owners: Columns,
    fields: Iterable[FileColumn],
    model: type[models.Model],
    key: tuple[str, ...],
) -> Table:
    own = tuple(_column(one, model) for one in fields if not isinstance(one, Refs | Children))
    return Table(name, about, (*owners, *own), key)


def _beside(
    name: str, owners: Columns, fields: Iterable[FileColumn], model: type[models.Model], about: str
) -> Iterator[Table]:
    """The tables of the lists within a row."""
    for one in fields:
        beside, words = f"{name}_{one.key}", f"{about}{one.key.replace('_', ' ')}."
        if isinstance(one, Refs):
            table = "entries" if one.to == "evidence" else one.to
            columns = (*owners, Column(_target(one, owners), refers_to=table, required=True))
            yield Table(beside, words, columns, _names(columns))
        elif isinstance(one, Children):
            child = one._child(model)
            within = (*owners, Column("number", "integer", "Its place in the list.", required=True))
            yield _table(beside, words, within, one.fields, child, _names(within))
            yield from _beside(beside, within, one.fields, child, f"Of {one.key} of {about.removeprefix('Of ')}")


def _kept(fields: Iterable[FileColumn]) -> list[FileColumn]:
    return [one for one in fields if one.key not in LEFT_OUT]


def _names(columns: Columns) -> tuple[str, ...]:
    return tuple(column.name for column in columns)


def _target(one: Refs, owners: Columns) -> str:
    name = "entry" if one.to == "evidence" else SINGULAR[one.to]
    return one.key.rstrip("s") if name in _names(owners) else name


def _column(one: OneValue, model: type[models.Model]) -> Column:
    if isinstance(one, Formerly):
        return Column(one.key, "array", "Slugs it had before; their addresses lead to the present one.")
    if isinstance(one, OptionRef):
        return Column(one.key, about="The answer: an option of the issue.", required=True)
    if isinstance(one, Ref):
        return Column(one.key, about=_help(one, model), refers_to=one.to)
    if isinstance(one, Words):
        return Column(one.key, "array", _help(one, model))
    column = model._meta.get_field(one.attr or one.key)
    type_ = next((name for cls, name in TYPES.items() if isinstance(column, cls)), "string")
    return Column(one.key, type_, _help(one, model), required=one.key == "slug")


def _help(one: Scalar | Ref, model: type[models.Model]) -> str:
    return str(getattr(model._meta.get_field(one.attr or one.key), "help_text", ""))


# Rows


def flattened(kind: Kind, row: Values) -> Iterator[Row]:
    """A row of a file as the rows of its tables, in the order of their columns."""
    yield Row(
        kind.name, [_value(one, kind.model, row) for one in _kept(kind.fields) if not isinstance(one, Refs | Children)]
    )
    yield from _within(kind.name, [row["slug"]], kind.fields, kind.model, row)


def _within(
    name: str, owners: list[Any], fields: Iterable[FileColumn], model: type[models.Model], row: Values
) -> Iterator[Row]:
    for one in fields:
        if isinstance(one, Refs):
            for slug in row.get(one.key, ()):
                yield Row(f"{name}_{one.key}", [*owners, slug])
        elif isinstance(one, Children):
            child = one._child(model)
            for number, inner in enumerate(one.expand(row.get(one.key)), 1):
                own = [_value(each, child, inner) for each in one.fields if not isinstance(each, Refs | Children)]
                yield Row(f"{name}_{one.key}", [*owners, number, *own])
                yield from _within(f"{name}_{one.key}", [*owners, number], one.fields, child, inner)


def _value(one: OneValue, model: type[models.Model], row: Values) -> Any:
    """A value as it is, also where the file leaves it out because it is the usual one."""
    value = row.get(one.key)
    if value is None and type(one) is Scalar:
        value = one._default(model)
    if value is None and isinstance(one, Words | Formerly):
        return []
    return None if value == "" else value
