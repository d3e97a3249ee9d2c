"""Small pages for other sites to frame, and oEmbed, by which programs find them. Nothing else may be framed."""

from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit
from xml.etree import ElementTree

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from negotiations import dates
from negotiations.asked import read_day
from negotiations.cells import row_faces
from negotiations.embedding import HEIGHTS, WIDTH, Embedding, embedding
from negotiations.models import Entry, Issue, Statement, Treaty
from negotiations.positions_form import PositionsForm
from negotiations.queries import titles
from negotiations.queries.directory import Directory
from negotiations.queries.issues import history
from negotiations.queries.positions import read_matrix, read_moves
from negotiations.queries.treaties import lives
from negotiations.requests import Request

from .citing import CITED
from .lookup import View, page_of

THEMES = ("light", "dark")


def framable(view: View) -> View:
    """Let any site frame a view, in the colours that its address asks for."""

    @wraps(view)
    @csp_replace({"frame-ancestors": ["*"]})
    @xframe_options_exempt
    def framed(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        theme = request.GET.get("theme", "")
        cast(Request, request).theme = theme if theme in THEMES else ""
        return view(request, *args, **kwargs)

    return cast(View, framed)  # the two decorators above only say that it is some answer


@framable
@page_of(Issue.objects.all())
def issue(request: HttpRequest, issue: Issue) -> HttpResponse:
    asked = read_day(request.GET, "theme")
    found = history(issue)
    words = [lane.word(asked.day) for lane in found.powers]
    between = found.between(found.powers[0], found.powers[1], asked.day) if len(words) == 2 else []
    context = {
        "asked": asked,
        "issue": issue,
        "words": words,
        "gap": between[-1] if between else None,
        "whole": issue.get_absolute_url() + asked.query,
        "problems": asked.problems,
    }
    return render(request, "negotiations/embed_issue.html", context)


@framable
@page_of(Treaty.objects.all())
def treaty(request: HttpRequest, treaty: Treaty) -> HttpResponse:
    asked = read_day(request.GET, "theme")
    life = lives()[treaty.pk]
    context = {
        "asked": asked,
        "treaty": life.treaty,
        "life": life,
        "standing": life.on(asked.day),
        "period": life.period_on(asked.day),
        "whole": treaty.get_absolute_url() + asked.query,
        "problems": asked.problems,
    }
    return render(request, "negotiations/embed_treaty.html", context)


@framable
@page_of(
    Statement.objects.select_related("speaker", "party", "negotiation")
    .prefetch_related("joint_speakers", CITED)
    .defer("search", "words")
)
def statement(request: HttpRequest, statement: Statement) -> HttpResponse:
    context = {
        "statement": statement,
        "speakers": [statement.speaker] if statement.speaker else list(statement.joint_speakers.all()),
        "whole": statement.get_absolute_url(),
    }
    return render(request, "negotiations/embed_statement.html", context)


@framable
@require_safe
def positions(request: HttpRequest) -> HttpResponse:
    directory = Directory.read()
    data = request.GET.copy()
    data.pop("theme", None)
    data.pop("view", None)
    form = PositionsForm(data, directory, timezone.localdate())
    asked = form.read()
    matrix = read_matrix(asked, directory, read_moves(asked, directory))
    query = asked.query_string
    context = {
        "on": dates.spell(asked.day.isoformat()),
        "matrix": matrix,
        "rows": row_faces(matrix.shown(asked.show), asked.today),
        "whole": embedding("positions").page + (f"?{query}" if query else ""),
        "problems": form.problems,
    }
    return render(request, "negotiations/embed_positions.html", context)


# oEmbed

OTHER_FORMATS = {"atom", "csv", "html", "jsonp", "rss", "text", "txt", "yaml"}


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """What to frame in place of a link, by oEmbed 1.0."""
    form = request.GET.get("format", "json")
    if form not in ("json", "xml"):
        # oEmbed wants 501 for a format that is not offered. What names none is simply wrong.
        status = 501 if form in OTHER_FORMATS else 400
        return HttpResponse("Formats: json, xml.", status=status, content_type="text/plain")
    found = asked_for(request)
    width, height = (fitting(request, name, size) for name, size in (("maxwidth", WIDTH), ("maxheight", found.height)))
    answer = {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Parley",
        "provider_url": request.build_absolute_uri("/"),
        "title": found.title,
        "html": found.code(request, width, height),
        "width": width,
        "height": height,
        "cache_age": 86400,
    }
    response = JsonResponse(answer, json_dumps_params={"ensure_ascii": False}) if form == "json" else as_xml(answer)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def asked_for(request: HttpRequest) -> Embedding:
    """The page that an address names; 404 for any that cannot be framed, or that is not public."""
    try:
        parts = urlsplit(request.GET.get("url", "")[:2000])
        if parts.netloc != request.get_host():
            raise Http404
        with translation.override(translation.get_language_from_path(parts.path) or "en"):
            match = resolve(parts.path)
            if match.url_name not in HEIGHTS:
                raise Http404
            return embedding(match.url_name, title_of(match), parts.query, **match.kwargs)
    except (ValueError, Resolver404) as error:  # no address at all, or one of nothing
        raise Http404 from error


def title_of(match: ResolverMatch) -> str:
    things: dict[str, Any] = {
        "issue": Issue.objects,
        "treaty": Treaty.objects,
        "statement": Statement.objects.published(),
    }
    if match.url_name not in things:
        return _("Positions")
    found = things[match.url_name].filter(slug=match.kwargs["slug"]).first()
    if not found:
        raise Http404
    return titles.plain(found.title) if isinstance(found, Entry) else str(found)


def fitting(request: HttpRequest, name: str, usual: int) -> int:
    text = request.GET.get(name, "")
    return min(usual, int(text)) if text.isascii() and text.isdecimal() and 0 < len(text) < 6 and int(text) else usual


def as_xml(answer: dict[str, Any]) -> HttpResponse:
    root = ElementTree.Element("oembed")
    for name, value in answer.items():
        ElementTree.SubElement(root, name).text = str(value)
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, content_type="text/xml; charset=utf-8")
