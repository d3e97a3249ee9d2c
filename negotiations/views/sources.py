"""Sources: the documents and pages on which the record rests."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from negotiations.asked import unknown
from negotiations.forms import LONGEST_SEARCH, shown
from negotiations.models import Source
from negotiations.queries.sources import SourceFilter, languages, page, weight

from .history import number as whole_number
from .lookup import page_of

FIELDS = ("q", "kind", "language", "after", "before")


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    spoken = languages()
    asked, problems = read(request.GET, {code for code, _count in spoken})
    found = page(asked)
    rows = found.sources
    context = {
        "asked": asked,
        "problems": problems,
        "page": found,
        "kinds": Source.Kind.choices,
        "languages": spoken,
        "earlier": address(replace(asked, after="", before=rows[0].slug)) if found.has_earlier and rows else "",
        "later": address(replace(asked, before="", after=rows[-1].slug)) if found.has_later and rows else "",
        "filtered": bool(asked.q or asked.kind or asked.language),
    }
    return render(request, "negotiations/sources.html", context)


@page_of(Source.objects.defer("text"))
def source(request: HttpRequest, source: Source) -> HttpResponse:
    number, problems = whole_number(request.GET, "page")
    context = {
        "problems": unknown(request.GET, "page") + problems,
        "source": source,
        "weight": weight(source, number or 1),
        "ruler_from": source.earliest,
    }
    return render(request, "negotiations/source.html", context)


def read(data: QueryDict, spoken: set[str]) -> tuple[SourceFilter, list[str]]:
    """The filters of the list; what is not understood is left out and told."""
    problems = unknown(data, *FIELDS)
    # PostgreSQL takes no NUL in a text, and no source has one.
    good = {name: data.get(name, "").strip() for name in FIELDS if data.get(name) and "\0" not in data.get(name, "")}
    problems += [_("“%(value)s” was not understood as “%(name)s”.") % {"value": shown(data.get(name, "")), "name": name}
                 for name in FIELDS if "\0" in data.get(name, "")]  # fmt: skip
    if len(good.get("q", "")) > LONGEST_SEARCH:
        good["q"] = good["q"][:LONGEST_SEARCH]
        problems.append(_("The search is long; its first %d characters were used.") % LONGEST_SEARCH)
    if good.get("kind") and good["kind"] not in Source.Kind.values:
        problems.append(_("There is no kind of source “%s”.") % shown(good.pop("kind")))
    if good.get("language") and good["language"] not in spoken:
        problems.append(_("No source is in “%s”.") % shown(good.pop("language")))
    return SourceFilter(**good), problems


def address(asked: SourceFilter) -> str:
    query = urlencode({name: getattr(asked, name) for name in FIELDS if getattr(asked, name)})
    return reverse("sources") + (f"?{query}" if query else "")
