"""Negotiations, from opening to outcome. Their rounds are entries."""

from django.db.models import Prefetch
from django.http import HttpRequest
from ninja import Query, Router

from negotiations.links import link
from negotiations.models import Negotiation, Source

from . import shapes
from .asking import Paging, Slug, one, page
from .problems import NAMED
from .shapes import Json

router = Router()
NEGOTIATIONS = Negotiation.objects.select_related("treaty").prefetch_related(
    "parties", "treaties", Prefetch("sources", Source.objects.only("slug"))
)


def as_negotiation(talks: Negotiation, request: HttpRequest) -> Json:
    return {
        "id": talks.slug,
        "url": request.build_absolute_uri(link("negotiation", talks.slug)),
        "name": talks.name,
        "format": talks.format,
        "parties": [party.slug for party in talks.parties.all()],
        "start": talks.start,
        "end": talks.end or None,
        "outcome": talks.outcome,
        "treaty": talks.treaty.slug if talks.treaty else None,
        "treaties": [treaty.slug for treaty in talks.treaties.all()],
        "summary": talks.summary,
        "note": talks.note,
        "sources": [source.slug for source in talks.sources.all()],
    }


@router.get("/negotiations", response={200: shapes.Negotiations} | NAMED, summary="Negotiations")
def negotiations(request: HttpRequest, asked: Query[Paging]) -> Json:
    """All talks, by id. Their rounds are entries: `/entries?kind=round&negotiation=…`."""
    found, count, following = page(request, asked, NEGOTIATIONS)
    return {"count": count, "next": following, "negotiations": [as_negotiation(talks, request) for talks in found]}


@router.get(
    "/negotiations/{slug:slug}", response={200: shapes.Negotiation, 301: None} | NAMED, summary="One negotiation"
)
def negotiation(request: HttpRequest, slug: Slug) -> Json:
    """Talks by their id."""
    return as_negotiation(one(NEGOTIATIONS, "negotiation", slug), request)
