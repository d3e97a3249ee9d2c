"""A filtered view of the record in the forms that other programs read: feed, calendar, table, data.

What of an address is not understood is told in each form. Data is refused then, since a file cannot say that it holds
something else than was asked for; feeds and calendars, which nobody watches, go on and say so within.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import wraps
from itertools import islice
from json import dumps
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from negotiations import calendars, exports, feeds, spreadsheet
from negotiations.forms import FeedForm, TimelineForm
from negotiations.queries.directory import Directory
from negotiations.queries.feed import Place, read_feed, read_tombstones, withdrawn
from negotiations.queries.stream import Item, stream
from negotiations.queries.timeline import TimelineFilter, matching

from .timeline import active, address, forms

AnyResponse = HttpResponse | StreamingHttpResponse
View = Callable[..., AnyResponse]
Told = TypeVar("Told", bound=AnyResponse)
# So many entries are in one JSON document; where more match, it says where they go on.
DOCUMENT = 10_000


def for_programs(view: View) -> View:
    """What all of these have in common: read only, open to pages of other sites, and clear about what was not asked."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, **kwargs: object) -> AnyResponse:
        response = view(request, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "Parley-Problems"
        return response

    return answer


def told(response: Told, problems: list[str]) -> Told:
    if problems:
        # A header holds no letters but those of ASCII, as which JSON can write all others.
        response["Parley-Problems"] = dumps(problems)
    return response


def streamed(
    request: HttpRequest,
    lines: Iterable[str] | Iterable[bytes],
    content_type: str,
    filename: str,
    disposition: str = "attachment",
) -> StreamingHttpResponse:
    """The lines as they are read; to somebody who asks for the head alone, none of them."""
    return StreamingHttpResponse(
        () if request.method == "HEAD" else lines,
        content_type=content_type,
        headers={"Content-Disposition": f'{disposition}; filename="{filename}"'},
    )


def whole(asked: TimelineFilter) -> TimelineFilter:
    """The view without what concerns a page of it."""
    return asked.but(oldest_first=False)


def _from(asked: TimelineFilter, place: Place) -> TimelineFilter:
    """The view from a place in its feed, which has an order of its own."""
    return replace(asked, cursor=place)  # type: ignore[arg-type]  # read_feed knows it for a Place


# Subscriptions


@for_programs
def atom(request: HttpRequest, moves_only: bool = False) -> AnyResponse:
    directory = Directory.read()
    form = FeedForm(request.GET, directory)
    asked = form.read()
    if moves_only:
        asked = replace(asked, moves=True)
    found = read_feed(asked, directory)
    view, absolute = whole(asked), request.build_absolute_uri
    document = feeds.as_atom(
        found,
        absolute,
        title=feeds.view_title([token.text for token in active(replace(view, moves=False))], view.moves),
        subtitle="\n".join([_("Each entry with its source. What changed last comes first."), *form.problems]),
        link=absolute(address(view)),
        self=absolute(address(replace(asked, oldest_first=False), "timeline-atom")),
        next=absolute(address(_from(view, found.next), "timeline-atom")) if found.next else "",
        id=feeds.tag("timeline", get_language(), view.query_string),
    )
    response = HttpResponse(document, content_type=feeds.CONTENT_TYPE)
    etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response["ETag"] = etag
    told(response, form.problems)
    return get_conditional_response(request, etag=etag, response=response) or response


@for_programs
def ics(request: HttpRequest) -> AnyResponse:
    directory = Directory.read()
    form = TimelineForm(request.GET, directory)
    asked = whole(form.read())
    title = feeds.view_title([token.text for token in active(asked)])
    words = [
        *calendars.left_out(matching(asked)),
        _("The same view, with its sources: %s") % request.build_absolute_uri(address(asked)),
        *form.problems,
    ]
    items = stream(replace(asked, oldest_first=True), directory, within=calendars.DATED)
    gone = read_tombstones(withdrawn(asked).filter(kind__in=calendars.KINDS))
    lines = calendars.as_calendar(items, gone, request.build_absolute_uri, title, words)
    response = streamed(request, lines, calendars.CONTENT_TYPE, "parley-timeline.ics", "inline")
    return told(response, form.problems)


# Data


def of_understood(view: View) -> View:
    """Give a view the filter that an address asks for, or refuse what is not understood of it."""

    @for_programs
    @wraps(view)
    def answer(request: HttpRequest) -> AnyResponse:
        directory = Directory.read()
        form = TimelineForm(request.GET, directory)
        asked = form.read()
        if form.problems:
            return told(JsonResponse({"problems": form.problems}, status=400), form.problems)
        return view(request, asked, directory)

    return answer


@of_understood
def csv(request: HttpRequest, asked: TimelineFilter, directory: Directory) -> StreamingHttpResponse:
    lines = exports.as_csv(entries(request, stream(asked, directory)))
    return streamed(request, lines, spreadsheet.CONTENT_TYPE, "parley-timeline.csv")


@of_understood
def ndjson(request: HttpRequest, asked: TimelineFilter, directory: Directory) -> StreamingHttpResponse:
    lines = exports.as_lines(entries(request, stream(asked, directory)))
    return streamed(request, lines, "application/x-ndjson; charset=utf-8", "parley-timeline.ndjson")


@of_understood
def json(request: HttpRequest, asked: TimelineFilter, directory: Directory) -> StreamingHttpResponse:
    found = stream(asked, directory)
    last: list[Item] = []

    def some() -> Iterator[Item]:
        for item in islice(found, DOCUMENT):
            last[:] = [item]
            yield item

    def following() -> str | None:
        """Where the view goes on, once this document is written."""
        if not next(found, None):
            return None
        return request.build_absolute_uri(address(replace(asked, cursor=last[0].cursor), "timeline-json"))

    count = matching(asked).count()
    lines = exports.as_document(count, entries(request, some()), following)
    return streamed(request, lines, "application/json; charset=utf-8", "parley-timeline.json", "inline")


def entries(request: HttpRequest, items: Iterable[Item]) -> Iterator[exports.Data]:
    return (exports.as_entry(item, request.build_absolute_uri) for item in items)


# What all of this is


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The forms in which a view can be had, with the addresses of the view that was asked for."""
    directory = Directory.read()
    form = TimelineForm(request.GET, directory)
    asked = whole(form.read())
    context = {
        "asked": asked,
        "problems": form.problems,
        "tokens": list(active(asked)),
        "view": address(asked),
        "forms": [form._replace(url=request.build_absolute_uri(form.url)) for form in forms(asked)],
        "moves": request.build_absolute_uri(address(replace(asked, moves=False, kinds=()), "moves-atom")),
        "fields": exports.FIELDS.items(),
        "document": DOCUMENT,
    }
    return render(request, "negotiations/feeds.html", context)
