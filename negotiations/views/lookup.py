"""From an address to the thing it names. Addresses last: what has moved redirects, what was withdrawn says so."""

import re
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from negotiations.asked import unknown
from negotiations.forms import shown
from negotiations.models import Entry, FormerSlug, Round, workflow
from negotiations.models.permalinks import Permalinked
from negotiations.queries.frozen import published_versions, read_frozen
from negotiations.requests import Request

View = Callable[..., HttpResponse]
Thing = TypeVar("Thing", bound=Permalinked)
# The parts of an address that name a thing.
NAMING = {"slug", "negotiation", "path"}
NUMBER = re.compile(r"[1-9]\d{0,8}", re.ASCII)


def page_of(things: QuerySet[Thing]) -> Callable[[View], View]:
    """Give a view the thing that its address names, in place of the parts of the address.

        @page_of(Treaty.objects.prefetch_related("limits"))
        def treaty(request, treaty): ...

    What an address says beyond the thing's own name, such as the ending of a file, is passed on to the view.

    A former address redirects for good to the present one. Of entries, readers get the published ones; a withdrawn
    one answers 410 with the day and the reason, and the rest are not there, but for those at the desk who may read
    them: they see the page as it will be, marked as a preview.
    """

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def page(request: Request, **names: str) -> HttpResponse:
            more = {name: names.pop(name) for name in set(names) - NAMING}
            # What an entry said when it was cited is read from its versions, and not through what the page would show.
            cited = "rev" in request.GET and not more and issubclass(things.model, Entry)
            thing = find(things.prefetch_related(None) if cited else things, _slugs(names))
            draft = is_draft(thing)
            if cited and draft:
                thing = find(things, _slugs(names))
            if not thing or (draft and isinstance(thing, Entry) and not may_preview(request, thing)):
                raise Http404
            request.thing = thing
            if names != _names(thing):
                view_name = request.resolver_match.view_name if request.resolver_match else ""
                address = reverse(view_name, kwargs=_names(thing) | more)
                query = request.META.get("QUERY_STRING")
                return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
            if isinstance(thing, Entry) and thing.state == Entry.State.WITHDRAWN:
                return render(request, "negotiations/withdrawn.html", {"entry": thing}, status=410)
            if isinstance(thing, Entry) and cited and not draft:
                return frozen(request, thing)
            request.preview = draft
            response = view(request, thing, **more)
            if draft:
                response["Cache-Control"] = "private, no-store"
                response["X-Robots-Tag"] = "noindex"
            return response

        return page

    return decorate


def is_draft(thing: Permalinked | None) -> bool:
    return isinstance(thing, Entry) and thing.state not in workflow.PUBLIC


def frozen(request: HttpRequest, entry: Entry) -> HttpResponse:
    """An entry as it was cited: the version that the address names, and what has changed since."""
    asked = request.GET["rev"]
    found = read_frozen(entry, int(asked)) if NUMBER.fullmatch(asked) else None
    context = {
        "entry": entry,
        "frozen": found,
        "rev": shown(asked),
        "versions": [] if found else published_versions(entry),
        "problems": unknown(request.GET, "rev"),
        "ruler_from": entry.earliest,
    }
    return render(request, "negotiations/frozen.html", context, status=200 if found else 404)


def may_preview(request: HttpRequest, entry: Entry) -> bool:
    """Whether the desk is open to somebody, second factor included, and the draft theirs to read."""
    return admin.site.has_permission(request) and workflow.may_read(request.user, entry)


def _names(thing: Permalinked) -> dict[str, str]:
    """The parts of a thing's address."""
    if isinstance(thing, Round):
        return {"negotiation": thing.negotiation.slug, "path": thing.path}
    return {"slug": thing.slug}


def _slugs(names: dict[str, str]) -> list[str]:
    """The slugs that an address may mean. A round's begins, as a rule, with that of its negotiation."""
    if "slug" in names:
        return [names["slug"]]
    negotiation, path = names["negotiation"], names["path"]
    return [f"{negotiation}-{path}", path]


def find(things: QuerySet[Thing], slugs: list[str]) -> Thing | None:
    found = {thing.slug: thing for thing in things.filter(slug__in=slugs)}
    for slug in slugs:
        if slug in found:
            return found[slug]
    former = FormerSlug.objects.filter(kind=things.model.slug_kind(), slug__in=slugs).values("object_id")
    return things.filter(pk__in=former).first()
