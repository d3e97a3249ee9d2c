"""What the record is, how it is made, and for whom it works."""

from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from negotiations import linked_data
from negotiations.bibliography import RECORD, of_dataset
from negotiations.citations import Reference
from negotiations.models import Citation, Entry, Position, Source, Statement
from negotiations.queries.stalemate import STILL
from negotiations.queries.timeline import TimelineFilter

from .citing import cite, file
from .timeline import forms


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    entries = Entry.objects.published()
    kinds = dict(entries.order_by().values_list("kind").annotate(Count("pk")))
    span = entries.aggregate(first=Min("earliest"), last=Max("earliest"))
    context = {"kinds": kinds, "sources": Source.objects.count(), "cite": cite(reference(request), "record")}
    context["about"] = linked_data.dataset(
        request.build_absolute_uri, reverse("home"), forms(TimelineFilter()), span["first"], span["last"], RECORD
    )
    return render(request, "negotiations/about.html", context | span)


@require_safe
def citation(request: HttpRequest, ending: str) -> HttpResponse:
    """The record as a whole, as reference managers read it."""
    return file(reference(request), ending)


def reference(request: HttpRequest) -> Reference:
    return of_dataset(request.build_absolute_uri(reverse("home")), timezone.localdate())


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How entries are dated, coded and checked, with how often each case occurs."""
    entries = Entry.objects.published()
    positions = Position.objects.published()
    context = {
        "threshold": STILL,
        "stances": Position.Stance.choices,
        "bases": positions.order_by().values_list("basis").annotate(Count("pk")),
        "inferred": entries.filter(date_basis=Entry.DateBasis.INFERRED).count(),
        "verified": Citation.objects.filter(checked_on__isnull=False, entry__state=Entry.State.PUBLISHED).count(),
        "quoted": Statement.objects.published().exclude(quote="").count(),
        "reported": Statement.objects.published().filter(reported=True).count(),
        "clipped": positions.filter(end_basis=Position.EndBasis.CLIPPED).count(),
        "unknown": positions.filter(end_basis=Position.EndBasis.UNKNOWN).count(),
    }
    return render(request, "negotiations/method.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "negotiations/accessibility.html")
