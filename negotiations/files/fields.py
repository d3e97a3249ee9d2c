"""How one column of a file is checked, read from an object and written to it.

A value that says nothing (empty, or the default) is left out of the file; lists without an order are sorted.
`stage` says when a value can be written: with the object, after it is saved, or last, once all objects exist.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models

from negotiations.models import FormerSlug

NOTHING: tuple[object, ...] = (None, "", [])
Values = dict[str, Any]
"""A row of a file: whatever stands there, also before it is known to be right."""
Known = Mapping[str, set[str]]
"""The slugs that may be referred to, by kind."""
_TYPES = {
    models.BooleanField: (bool, "true or false"),
    models.IntegerField: (int, "a whole number"),
    models.CharField: (str, "text (a year or a date in quotes)"),
    models.TextField: (str, "text"),
    models.DateField: (str, "a day in quotes, such as '2026-11-22'"),
}


class Finder(Protocol):
    """What a load knows of other objects: those in the database, and those it has saved."""

    def __call__(self, to: str, key: Any) -> Any: ...
    def is_new(self, obj: models.Model) -> bool: ...
    def relate(self, related: Any, obj: models.Model, targets: Iterable[models.Model]) -> None: ...
    def save_later(self, obj: models.Model) -> None: ...


@dataclass(frozen=True)
class Scalar:
    """A column that holds one value; the model's own field checks it."""

    key: str
    attr: str = ""
    default: object = None
    stage = "with"

    def _field(self, model: type[models.Model]) -> "models.Field[Any, Any]":
        return cast("models.Field[Any, Any]", model._meta.get_field(self.attr or self.key))

    def _default(self, model: type[models.Model]) -> object:
        if self.default is not None:
            return self.default
        field = self._field(model)
        return field.default if field.has_default() else None

    def problems(self, value: Any, model: type[models.Model], known: Known) -> Iterator[str]:
        field = self._field(model)
        if value in NOTHING:
            if not field.blank and not field.null and self._default(model) in NOTHING:
                yield "is missing"
            return
        type_, words = next(pair for cls, pair in _TYPES.items() if isinstance(field, cls))
        if not isinstance(value, type_) or (isinstance(value, bool) and type_ is not bool):
            yield f"must be {words}"
            return
        try:
            field.clean(value, None)
        except ValidationError as error:
            yield " ".join(error.messages)

    def read(self, obj: Any) -> Any:
        value = getattr(obj, self.attr or self.key)
        if isinstance(self._field(type(obj)), models.DateField) and value:
            value = value.isoformat()
        return None if value == self._default(type(obj)) else value

    def write(self, obj: Any, value: Any, find: Finder) -> None:
        field = self._field(type(obj))
        if value in NOTHING:
            value = self._default(type(obj))
            if value is None:
                value = None if field.null else field.get_default()
        setattr(obj, self.attr or self.key, field.to_python(value))


@dataclass(frozen=True)
class Words(Scalar):
    """A list of words, in an order that is kept."""

    def problems(self, value: Any, model: type[models.Model], known: Known) -> Iterator[str]:
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            yield "must be a list of words"
            return
        try:
            self._field(model).clean(value, None)
        except ValidationError as error:
            yield " ".join(error.messages)

    def read(self, obj: Any) -> Any:
        return list(getattr(obj, self.attr or self.key))

    def write(self, obj: Any, value: Any, find: Finder) -> None:
        setattr(obj, self.attr or self.key, value or [])


@dataclass(frozen=True)
class Ref:
    """A row of another file, by its slug."""

    key: str
    to: str
    attr: str = ""
    stage: str = "with"

    def problems(self, value: Any, model: type[models.Model], known: Known) -> Iterator[str]:
        if value is None:
            field = model._meta.get_field(self.attr or self.key)
            if not field.null:
                yield "is missing"
        elif not isinstance(value, str) or value not in known[self.to]:
            yield f"“{value}” is not in {self.to}.yaml"

    def read(self, obj: Any) -> Any:
        target = getattr(obj, self.attr or self.key)
        return target.slug if target else None

    def write(self, obj: Any, value: Any, find: Finder) -> None:
        setattr(obj, self.attr or self.key, find(self.to, value) if value else None)


@dataclass(frozen=True)
class Refs:
    """Rows of another file, in no order."""

    key: str
    to: str
    attr: str = ""
    stage: str = "after"

    def problems(self, value: Any, model: type[models.Model], known: Known) -> Iterator[str]:
        if value is None:
            return
        if not isinstance(value, list):
            yield "must be a list"
            return
        for slug in value:
            if not isinstance(slug, str) or slug not in known[self.to]:
                yield f"“{slug}” is not in {self.to}.yaml"
            elif value.count(slug) > 1:
                yield f"“{slug}” stands twice"

    def read(self, obj: Any) -> Any:
        return sorted(target.slug for target in getattr(obj, self.attr or self.key).all())

    def write(self, obj: Any, value: Any, find: Finder) -> None:
        related, targets = getattr(obj, self.attr or self.key), [find(self.to, slug) for slug in value or []]
        find.relate(related, obj, targets)


@dataclass(frozen=True)
class OptionRef:
    """An option, by its slug within the issue of the same row."""

    key: str = "option"
    stage = "with"

    def problems(self, value: Any, model: type[models.Model], known: Known) -> Iterator[str]:
        if not isinstance(value, str):
            yield "is missing"

    def read(self, obj: Any) -> Any:
        return obj.option.slug

    def write(self, obj: Any, value: Any, find: Finder) -> None:
        obj.option = find("options", (obj.issue.slug, value))


@dataclass(frozen=True)
class Children:
    """Rows that belong to this one alone, in their order; one with nothing but `short` is written as that word."""

    key: str
    related: str
    fields: "Columns"
    short: str = ""
    by_slug: bool = False
    stage = "after"

    def _child(self, model: type[models.Model]) -> type[models.Model]:
        child = model._meta.get_field(self.related).related_model
        return cast(type[models.Model], child)  # a relation of rows leads to a model

    def _order(self, model: type[models.Model]) -> "models.Field[Any, Any] | None":
        try:
            return cast("models.Field[Any, Any]", self._child(model)._meta.get_field("order"))
        except FieldDoesNotExist:
            return None

    def expand(self, value: Any) -> list[Values]:
        return [{self.short: v} if self.short and isinstance(v, str) else v for v in value or []]

    def problems(self, value: Any, model: type[models.Model], known: Known) -> Iterator[str]:
        if value is not None and not isinstance(value, list):
            yield "must be a list"
            return
        for number, row in enumerate(self.expand(value), 1):
            if not isinstance(row, dict):
                yield f"{number}: must be a row of fields"
                continue
            yield from (f"{number}: {text}" for text in row_problems(row, self.fields, self._child(model), known))
        if self.by_slug:
            slugs = [row.get("slug") for row in self.expand(value) if isinstance(row, dict)]
            yield from (f"“{slug}” stands twice" for slug in sorted({str(s) for s in slugs if slugs.count(s) > 1}))

    def read(self, obj: Any) -> Any:
        rows = [read_row(child, self.fields) for child in getattr(obj, self.related).all()]
        return [row[self.short] if list(row) == [self.short] else row for row in rows]

    def write(self, obj: Any, value: Any, find: Finder) -> None:
        related, rows, old = getattr(obj, self.related), self.expand(value), {}
        if not find.is_new(obj):
            if self.by_slug:
                related.exclude(slug__in=[row["slug"] for row in rows]).delete()
                old = {child.slug: child for child in related.all()}
            else:
                related.all().delete()
        for number, row in enumerate(rows):
            child: Any = old.get(row.get("slug")) or self._child(type(obj))(**{related.field.name: obj})
            if self._order(type(obj)):
                child.order = number
            write_row(child, row, self.fields, find, "with")
            if all(field.stage == "with" for field in self.fields):
                find.save_later(child)
            else:
                child.save()
                write_row(child, row, self.fields, find, "after")
        getattr(obj, "_prefetched_objects_cache", {}).pop(self.related, None)


def row_problems(row: Values, fields: "Columns", model: type[models.Model], known: Known) -> Iterator[str]:
    names = {field.key for field in fields}
    yield from (f"“{key}” is not a field here" for key in row if key not in names)
    for field in fields:
        yield from (f"{field.key} {text}" for text in field.problems(row.get(field.key), model, known))


def read_row(obj: models.Model, fields: "Columns") -> Values:
    values = {field.key: field.read(obj) for field in fields}
    return {key: value for key, value in values.items() if value not in NOTHING}


def write_row(obj: models.Model, row: Values, fields: "Columns", find: Finder, stage: str) -> None:
    for field in fields:
        if field.stage == stage:
            field.write(obj, row.get(field.key), find)


@dataclass(frozen=True)
class Formerly:
    """Slugs that a page had before, which redirect to it. `Kind.rows` reads them, all in one query."""

    key: str = "formerly"
    stage = "after"

    def problems(self, value: Any, model: type[models.Model], known: Known) -> Iterator[str]:
        if value is not None and not (isinstance(value, list) and all(isinstance(slug, str) for slug in value)):
            yield "must be a list of words"

    def read(self, obj: Any) -> Any:
        return None

    def write(self, obj: Any, value: Any, find: Finder) -> None:
        if find.is_new(obj) and not value:
            return
        former = FormerSlug.objects.filter(kind=obj.slug_kind())
        former.filter(object_id=obj.pk).exclude(slug__in=value or []).delete()
        for slug in value or []:
            former.update_or_create(kind=obj.slug_kind(), slug=slug, defaults={"object_id": obj.pk})


Column = Scalar | Ref | Refs | OptionRef | Children | Formerly
Columns = tuple[Column, ...]
