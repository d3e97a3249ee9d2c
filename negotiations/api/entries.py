"""The record in one stream: the filters of the timeline page, and the same shape as /timeline.json."""

from typing import Literal

from django.http import HttpRequest
from ninja import Field, Query, Router

from negotiations.exports import as_entry
from negotiations.forms import TimelineForm
from negotiations.models import Entry, Person
from negotiations.queries.directory import Directory
from negotiations.queries.entries import read
from negotiations.queries.stream import items
from negotiations.queries.timeline import Cursor, TimelineFilter, from_first_match, matching, stretch, tally

from . import shapes
from .asking import Edtf, Paging, Slug, Words, known, next_address, no_such_place, one, opened
from .problems import NAMED, Problem, ProblemDetails
from .shapes import Json

router = Router()


class Asked(Paging):
    """The filters of the timeline."""

    q: Words = Field("", description="Words that an entry must contain, as in the search of the timeline.")
    party: list[Slug] = Field([], description="Entries that concern one of these parties.", examples=[["russia"]])
    predecessor: Literal["yes", "no"] | None = Field(
        None, description="“no” keeps to the parties named, without the states whose record they continue."
    )
    kind: list[Literal["round", "statement", "milestone", "position"]] = Field([], examples=[["statement"]])
    moves: Literal["only"] | None = Field(
        None, description="“only” keeps to positions that differ from the one before."
    )
    issue: list[Slug] = Field([], examples=[["legal-form"]])
    negotiation: Slug | None = Field(None, examples=["new-start-negotiation"])
    treaty: Slug | None = Field(None, examples=["new-start"])
    person: Slug | None = Field(None, examples=["lavrov-sergey"])
    start: Edtf | None = Field(None, alias="from", description="The first day, month or year.", examples=["2009"])
    end: Edtf | None = Field(None, alias="to", description="The last day, month or year.", examples=["2010-04-08"])
    order: Literal["newest", "oldest"] | None = Field(None, description="Newest first unless “oldest”.")


def understood(request: HttpRequest, asked: Asked, directory: Directory) -> tuple[TimelineFilter, list[str]]:
    """The view that was asked for, read by the form of the page itself."""
    known("party", asked.party, directory.parties.values())
    known("issue", asked.issue, directory.issues.values())
    known("negotiation", [asked.negotiation], directory.negotiations.values())
    known("treaty", [asked.treaty], directory.treaties.values())
    data = request.GET.copy()
    data.pop("limit", None)
    if asked.cursor:
        place = opened(asked.cursor)
        try:
            Cursor.parse(place)
        except ValueError as error:
            raise no_such_place() from error
        data["cursor"] = place
    form = TimelineForm(data, directory)
    view = form.read()
    if asked.person and not view.person:
        known("person", [asked.person], Person.objects.none())
    return view, form.problems


@router.get("/entries", response={200: shapes.Entries} | NAMED, summary="Entries of a filtered timeline")
def entries(request: HttpRequest, asked: Query[Asked]) -> Json:
    """The same entries as the timeline page with these filters, in the same order."""
    directory = Directory.read()
    view, notices = understood(request, asked, directory)
    counted = tally(view)
    entries = from_first_match(view, matching(view), counted)
    rows = read(stretch(view, entries, counted.total, asked.limit + 1), directory)
    place = None
    if len(rows) > asked.limit:
        last = rows[asked.limit - 1].entry
        place = str(Cursor(last.earliest, last.pk))
    found = items(rows[: asked.limit], directory)
    return {
        "count": counted.total,
        "next": next_address(request, place),
        "notices": notices,
        "entries": [as_entry(item, request.build_absolute_uri) for item in found],
    }


@router.get(
    "/entries/{slug:slug}",
    response={200: shapes.Entry, 301: None, 410: ProblemDetails} | NAMED,
    summary="One entry",
)
def entry(request: HttpRequest, slug: Slug) -> Json:
    """An entry by its id. One that was withdrawn answers 410 with the day and the reason."""
    seen = Entry.objects.filter(state__in=(Entry.State.PUBLISHED, Entry.State.WITHDRAWN))
    found = one(seen, "entry", slug)
    if not found.is_published:
        raise Problem(410, f"Withdrawn on {found.withdrawn_on}: {found.withdrawn_reason}")
    directory = Directory.read()
    (item,) = items(read(Entry.objects.filter(pk=found.pk), directory), directory)
    return as_entry(item, request.build_absolute_uri)
