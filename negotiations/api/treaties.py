"""Agreed texts, their limits, what was declared under them, and where they stood in law on any day."""

from datetime import date

from django.db.models import Prefetch
from django.http import HttpRequest
from ninja import Query, Router

from negotiations.links import link
from negotiations.models import DataExchange, Limit, Source, Treaty
from negotiations.queries.treaties import Life, lives

from . import shapes
from .asking import OnDay, Paging, Slug, one, page
from .derived import day_of
from .problems import NAMED
from .shapes import Json

router = Router()
SOURCES = Prefetch("sources", Source.objects.only("slug"))
TREATIES = Treaty.objects.select_related("negotiation", "follows").prefetch_related(
    "parties", Prefetch("limits", Limit.objects.prefetch_related(SOURCES))
)
FIGURES = DataExchange.objects.select_related("treaty", "party").prefetch_related(SOURCES)


class AskedTreaties(Paging, OnDay):
    """A page of treaties, with their status on a day."""


def as_status(life: Life, day: date) -> Json:
    standing = life.on(day)
    return {
        "on": day,
        "status": standing.status if standing else None,
        "since": standing.since.date if standing else None,
        "milestone": standing.since.slug if standing else None,
        "suspended_by": [party.slug for party in standing.suspended_by if party] if standing else [],
    }


def as_treaty(treaty: Treaty, life: Life, day: date, request: HttpRequest) -> Json:
    return {
        "id": treaty.slug,
        "url": request.build_absolute_uri(link("treaty", treaty.slug)),
        "short_name": treaty.short_name,
        "full_name": treaty.full_name,
        "kind": treaty.kind,
        "legally_binding": treaty.legally_binding,
        "parties": [party.slug for party in treaty.parties.all()],
        "follows": treaty.follows.slug if treaty.follows else None,
        "negotiation": treaty.negotiation.slug if treaty.negotiation else None,
        "summary": treaty.summary,
        "status": as_status(life, day),
        "periods": [
            {
                "status": period.status,
                "start": period.since,
                "end": period.until or None,
                "milestone": period.standing.since.slug,
            }
            for period in life.periods
        ],
        "milestones": [milestone.slug for milestone in life.milestones],
        "limits": [
            {
                "id": limit.slug,
                "item": limit.item,
                "ceiling": limit.ceiling,
                "unit": limit.unit,
                "applies_from": limit.applies_from or None,
                "note": limit.note,
                "sources": [source.slug for source in limit.sources.all()],
            }
            for limit in treaty.limits.all()
        ],
    }


@router.get("/treaties", response={200: shapes.Treaties} | NAMED, summary="Treaties, with their status on a day")
def treaties(request: HttpRequest, asked: Query[AskedTreaties]) -> Json:
    """All agreed texts, by id."""
    found, count, following = page(request, asked, TREATIES)
    everything, day = lives(), day_of(asked)
    shown = [as_treaty(treaty, everything[treaty.pk], day, request) for treaty in found]
    return {"count": count, "next": following, "treaties": shown}


@router.get("/treaties/{slug:slug}", response={200: shapes.Treaty, 301: None} | NAMED, summary="One treaty")
def treaty(request: HttpRequest, slug: Slug, asked: Query[OnDay]) -> Json:
    """An agreed text by its id, with its limits and the periods of its life."""
    found = one(TREATIES, "treaty", slug)
    return as_treaty(found, lives()[found.pk], day_of(asked), request)


@router.get(
    "/treaties/{slug:slug}/status",
    response={200: shapes.TreatyStatus, 301: None} | NAMED,
    summary="A treaty’s status on a day",
)
def status(request: HttpRequest, slug: Slug, asked: Query[OnDay]) -> Json:
    """Where a text stood in law on a day, since when, and by what."""
    found = one(Treaty.objects.only("slug"), "treaty", slug)
    return as_status(lives()[found.pk], day_of(asked))


def as_exchange(exchange: DataExchange) -> Json:
    own = (
        "as_of", "deployed_delivery_vehicles", "deployed_warheads", "total_launchers", "derived", "from_chart", "note",
    )  # fmt: skip
    return {name: getattr(exchange, name) for name in own} | {
        "id": exchange.slug,
        "treaty": exchange.treaty.slug,
        "party": exchange.party.slug,
        "sources": [source.slug for source in exchange.sources.all()],
    }


@router.get("/data-exchanges", response={200: shapes.DataExchanges} | NAMED, summary="Declared figures")
def data_exchanges(request: HttpRequest, asked: Query[Paging]) -> Json:
    """What each party declared as of a day, by id."""
    found, count, following = page(request, asked, FIGURES)
    return {"count": count, "next": following, "data_exchanges": [as_exchange(exchange) for exchange in found]}
