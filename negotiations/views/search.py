"""Search: one box for everything in the record."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from negotiations.asked import unknown
from negotiations.cards import cards
from negotiations.forms import LONGEST_SEARCH
from negotiations.queries.search import Found, Name, search
from negotiations.requests import Request

GROUPS = {
    "treaty": gettext_lazy("Treaties"),
    "negotiation": gettext_lazy("Negotiations"),
    "person": gettext_lazy("People"),
    "party": gettext_lazy("Parties"),
}


class Group(NamedTuple):
    """Names of one kind that were found, and where the timeline has what concerns the likest of them."""

    kind: str
    title: str | Promise
    names: list[Name]
    entries: str


def groups(found: Found) -> list[Group]:
    return [
        Group(kind, GROUPS[kind], some, f"{reverse('timeline')}?{urlencode({kind: some[0].slug})}")
        for kind, some in found.names.items()
    ]


@require_safe
@vary_on_headers("HX-Request", "HX-History-Restore-Request")
def search_page(request: Request) -> HttpResponse:
    problems = unknown(request.GET, "q")
    # PostgreSQL cannot store a zero byte, so no text of the record contains one.
    q = " ".join(request.GET.get("q", "").replace("\0", " ").split())
    if len(q) > LONGEST_SEARCH:
        problems.append(_("The search was too long; its first %d characters were used.") % LONGEST_SEARCH)
        q = q[:LONGEST_SEARCH]
    found = search(q) if q else Found()
    context = {
        "q": q,
        "found": found,
        "groups": sorted(groups(found), key=lambda group: group.names[0].closeness, reverse=True),
        "cards": cards(found.entries),
        "problems": problems,
    }
    fragment = request.htmx and not request.htmx.history_restore_request
    return render(request, f"negotiations/search.html{'#fragment' if fragment else ''}", context)
