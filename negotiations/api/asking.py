"""What may be asked: parameters with their forms, pages with their cursors, names with what they stand for.

A value of the wrong form is malformed; a well-formed one that names nothing is not in the record.
"""

import base64
import binascii
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Annotated, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Field, Schema
from pydantic import AfterValidator, WithJsonSchema

from negotiations import dates
from negotiations.models import FormerSlug
from negotiations.models.permalinks import Permalinked

from .problems import Problem

Listed = TypeVar("Listed", bound=Model)
Thing = TypeVar("Thing", bound=Permalinked)

MOST = 100
USUAL = 50
SLUG = r"^[-a-zA-Z0-9_]{1,120}$"

Slug = Annotated[str, Field(pattern=SLUG)]
# Every year, month and day; the rest of EDTF is understood too, but no pattern could say it.
_PLAIN_DATES = [
    {"type": "string", "format": "date", "pattern": r"^(19|20|21)\d\d-\d\d-\d\d$"},
    {"type": "string", "pattern": r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$"},
    {"type": "string", "pattern": r"^(19|20|21)\d\d$"},
]


def _date(text: str) -> str:
    try:
        dates.parse(text)
    except dates.InvalidDate as error:
        raise ValueError(str(error)) from error
    return text


def _day(text: str) -> str:
    span = dates.parse(_date(text))
    if not all(day.year in dates.YEARS for day in span):
        raise ValueError("Write a day, a month or a year: 2007-09-12, 2007-09, 2007.")
    return text


def _words(text: str) -> str:
    if "\0" in text:
        raise ValueError("A search has no NUL in it.")
    return text


Edtf = Annotated[str, AfterValidator(_date), WithJsonSchema({"anyOf": _PLAIN_DATES})]
Day = Annotated[str, AfterValidator(_day), WithJsonSchema({"anyOf": _PLAIN_DATES})]
Words = Annotated[str, AfterValidator(_words), Field(max_length=200, json_schema_extra={"pattern": r"^[^\u0000]*$"})]


class Paging(Schema):
    """Which part of a list."""

    limit: int = Field(USUAL, ge=1, le=MOST, description="So many at most.")
    cursor: str | None = Field(
        None, pattern=r"^[-_A-Za-z0-9]{1,200}$", description="Where to go on, from `next` of the page before."
    )


class OnDay(Schema):
    """A day to speak of."""

    on: Day | None = Field(
        None, description="A day, month or year; a month or year counts as its last day. Today if left out.",
        examples=["2013-06-22"],
    )  # fmt: skip


def only_what_it_knows(operation: Callable[..., object]) -> Callable[..., object]:
    """Refuse parameters that an operation does not have: a misspelt filter must not look like one that is on."""

    @wraps(operation)
    def asked(request: HttpRequest, **values: object) -> object:
        known = set()
        for value in values.values():
            if isinstance(value, Schema):
                known |= {field.alias or name for name, field in type(value).model_fields.items()}
        unknown = [
            {"parameter": name, "detail": "There is no such parameter."} for name in request.GET if name not in known
        ]
        if unknown:
            raise Problem(422, "Some parameters were not understood.", unknown)
        return operation(request, **values)

    return asked


# Pages of a list


def sealed(place: str) -> str:
    """A place in a list as a cursor."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def opened(cursor: str) -> str:
    """The place that a cursor stands for."""
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError) as error:
        raise no_such_place() from error


def no_such_place() -> Problem:
    return Problem(404, "No page of this list begins at that cursor.")


def next_address(request: HttpRequest, place: str | None) -> str | None:
    """The address of the page after this one."""
    if place is None:
        return None
    query = request.GET.copy()
    query["cursor"] = sealed(place)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def page(request: HttpRequest, asked: Paging, things: QuerySet[Listed]) -> tuple[list[Listed], int, str | None]:
    """One page of things by slug: the things, how many there are in all, and the address of the next page."""
    total = things.count()
    if asked.cursor:
        after = opened(asked.cursor)
        if "\0" in after:
            raise no_such_place()
        things = things.filter(slug__gt=after)
    found = list(things.order_by("slug")[: asked.limit + 1])
    place = getattr(found[asked.limit - 1], "slug", None) if len(found) > asked.limit else None
    return found[: asked.limit], total, next_address(request, place)


# Names


def one(things: QuerySet[Thing], what: str, slug: str) -> Thing:
    """The thing of that slug, or a Moved to where it is now, or a problem."""
    found = things.filter(slug=slug).first()
    if found:
        return found
    former = FormerSlug.objects.filter(kind=things.model.slug_kind(), slug=slug).values("object_id")
    moved = things.filter(pk__in=former).first()
    if moved:
        raise Moved(moved.slug)
    raise Problem(404, f"There is no {what} “{slug}” in the record.")


class Moved(Exception):
    """The thing that was asked for has another slug now."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def known(what: str, slugs: Iterable[str | None], things: Iterable[Permalinked]) -> None:
    """See that these slugs name something."""
    have = {thing.slug for thing in things}
    for slug in slugs:
        if slug and slug not in have:
            raise Problem(404, f"There is no {what} “{slug}” in the record.")
