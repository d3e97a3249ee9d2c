"""How to cite what a page shows: the citations that it prints, and the same as files for reference managers."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.db.models import Manager, OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from negotiations import bibliography, citations
from negotiations.citations import Reference
from negotiations.models import (
    Citation,
    Entry,
    Issue,
    Milestone,
    Negotiation,
    Position,
    Revision,
    Round,
    Statement,
    Treaty,
)
from negotiations.models.annotated import adding
from negotiations.models.record import AnyEntry

from .lookup import page_of

Thing = TypeVar("Thing", Treaty, Issue, Negotiation)
CITED = Prefetch("citations", Citation.objects.select_related("source").defer("source__text"))
# How the address of each file ends: who reads it, what it is, and what writes it.
FILES = {
    "bib": ("BibTeX", "application/x-bibtex; charset=utf-8", citations.bibtex),
    "ris": ("RIS", "application/x-research-info-systems; charset=utf-8", citations.ris),
    "json": ("CSL-JSON", "application/vnd.citationstyles.csl+json; charset=utf-8", citations.csl),
}


def with_version(entries: Manager[AnyEntry]) -> QuerySet[AnyEntry]:
    """Entries of one kind, each with the number of its newest public version."""
    versions = Revision.objects.filter(kind=entries.model.__name__.lower(), object_id=OuterRef("pk")).public()
    return adding(entries.all(), version=Subquery(versions.order_by("-number").values("number")[:1]))


def cite(reference: Reference, name: str, *args: str, query: str = "") -> dict[str, object]:
    """What the template `_cite.html` prints. `name` and `args`: the address of the files, without its ending."""
    return {
        "chicago": citations.chicago(reference),
        "apa": citations.apa(reference),
        "mla": citations.mla(reference),
        "bibtex": citations.bibtex(reference),
        "files": [
            (label, reverse(f"{name}-cite", args=[*args, ending]) + (f"?{query}" if query else ""))
            for ending, (label, _type, _write) in FILES.items()
        ],
    }


def cite_entry(request: HttpRequest, entry: Entry, citations: list[Citation] | None = None) -> dict[str, object]:
    reference = entry_reference(request, entry, citations)
    return cite(reference, entry.kind, *place(entry)) | {"lasts": "?rev=" in reference.url}


def place(entry: Entry) -> list[str]:
    talks = entry.negotiation if entry.kind == Entry.Kind.ROUND else None
    return [talks.slug, entry.path] if talks else [entry.slug]


def entry_reference(request: HttpRequest, entry: Entry, citations: list[Citation] | None = None) -> Reference:
    """An entry `with_version` as it stands now: the address carries that, so that what was cited can be seen later."""
    url = request.build_absolute_uri(entry.get_absolute_url()) + (f"?rev={entry.version}" if entry.version else "")
    return bibliography.of_entry(entry, url, timezone.localdate(), citations)


def page_reference(request: HttpRequest, key: str, title: str, address: str) -> Reference:
    """A view of the site as its address has it; its title is in English."""
    return bibliography.of_page(key, title, request.build_absolute_uri(address), timezone.localdate())


def thing_reference(request: HttpRequest, thing: Thing, of: Callable[[Thing, str, date], Reference]) -> Reference:
    return of(thing, request.build_absolute_uri(thing.get_absolute_url()), timezone.localdate())


# Files


def file(reference: Reference, ending: str) -> HttpResponse:
    _label, type_, write = FILES[ending]
    disposition = f'attachment; filename="{reference.key}.{ending}"'
    return HttpResponse(write(reference), content_type=type_, headers={"Content-Disposition": disposition})


@page_of(
    with_version(Statement.objects)
    .select_related("speaker", "party")
    .prefetch_related("joint_speakers", CITED)
    .defer("search", "words")
)
def statement(request: HttpRequest, statement: Statement, ending: str) -> HttpResponse:
    return file(entry_reference(request, statement), ending)


@page_of(with_version(Milestone.objects).select_related("party").prefetch_related(CITED).defer("search", "words"))
def milestone(request: HttpRequest, milestone: Milestone, ending: str) -> HttpResponse:
    return file(entry_reference(request, milestone), ending)


@page_of(with_version(Position.objects).select_related("party").prefetch_related(CITED).defer("search", "words"))
def position(request: HttpRequest, position: Position, ending: str) -> HttpResponse:
    return file(entry_reference(request, position), ending)


@page_of(with_version(Round.objects).select_related("negotiation").prefetch_related(CITED).defer("search", "words"))
def round_(request: HttpRequest, round_: Round, ending: str) -> HttpResponse:
    return file(entry_reference(request, round_), ending)


@page_of(Treaty.objects.prefetch_related("milestones"))
def treaty(request: HttpRequest, treaty: Treaty, ending: str) -> HttpResponse:
    return file(thing_reference(request, treaty, bibliography.of_treaty), ending)


@page_of(Issue.objects.all())
def issue(request: HttpRequest, issue: Issue, ending: str) -> HttpResponse:
    return file(thing_reference(request, issue, bibliography.of_issue), ending)


@page_of(Negotiation.objects.all())
def negotiation(request: HttpRequest, negotiation: Negotiation, ending: str) -> HttpResponse:
    return file(thing_reference(request, negotiation, bibliography.of_negotiation), ending)
