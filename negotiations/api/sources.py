"""Where it is written down. The stored texts of sources are for staff and are never answered."""

from django.http import HttpRequest
from ninja import Query, Router

from negotiations.links import link
from negotiations.models import Source

from . import shapes
from .asking import Paging, Slug, one, page
from .problems import NAMED
from .shapes import Json

router = Router()
SOURCES = Source.objects.defer("text")


def as_source(source: Source, request: HttpRequest) -> Json:
    own = (
        "publisher", "title", "author", "date_basis", "url", "archived_url", "accessed", "language", "kind", "note",
    )  # fmt: skip
    return {name: getattr(source, name) for name in own} | {
        "id": source.slug,
        "page": request.build_absolute_uri(link("source", source.slug)),
        "date": source.date or None,
    }


@router.get("/sources", response={200: shapes.Sources} | NAMED, summary="Sources")
def sources(request: HttpRequest, asked: Query[Paging]) -> Json:
    """All sources, by id. Which entries rest on one is said by each entry’s `sources`."""
    found, count, following = page(request, asked, SOURCES)
    return {"count": count, "next": following, "sources": [as_source(source, request) for source in found]}


@router.get("/sources/{slug:slug}", response={200: shapes.Source, 301: None} | NAMED, summary="One source")
def source(request: HttpRequest, slug: Slug) -> Json:
    """A source by its id."""
    return as_source(one(SOURCES, "source", slug), request)
