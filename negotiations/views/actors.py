"""Parties and people: who they are, where they stand, what they said."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from negotiations import linked_data
from negotiations.asked import read_day, unknown
from negotiations.charts.scales import FIRST_YEAR
from negotiations.models import Party, Person
from negotiations.queries import actors

from .lookup import page_of
from .timeline import KINDS

# Of the ruler, for a party that was there before the record begins.
FIRST_DAY = date(FIRST_YEAR, 1, 1)


@require_safe
def parties(request: HttpRequest) -> HttpResponse:
    found = actors.parties()
    context = {
        "problems": unknown(request.GET),
        "states": [party for party in found if party.kind != Party.Kind.GROUP],
        "groups": [party for party in found if party.kind == Party.Kind.GROUP],
    }
    return render(request, "negotiations/parties.html", context)


@page_of(Party.objects.select_related("predecessor").prefetch_related("members", "groups"))
def party(request: HttpRequest, party: Party) -> HttpResponse:
    asked = read_day(request.GET)
    profile = actors.profile(party, asked.day)
    context = {
        "asked": asked,
        "problems": asked.problems,
        "party": party,
        "profile": profile,
        "about": linked_data.party(party, request.build_absolute_uri),
        "lapsed": [position for position in profile.stands if not position.held],
        "counts": [(name, profile.counts.get(kind, 0)) for kind, name in KINDS.items()],
        "ruler_from": party.active_from or (FIRST_DAY if party.active_until else None),
        "ruler_to": party.active_until or (asked.today if party.active_from else None),
    }
    return render(request, "negotiations/party.html", context)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    context = {"problems": unknown(request.GET), "people": actors.people()}
    return render(request, "negotiations/people.html", context)


@page_of(Person.objects.all())
def person(request: HttpRequest, person: Person) -> HttpResponse:
    found = actors.biography(person)
    days = [entry.earliest for entry in (*found.statements, *found.rounds)]
    context = {
        "problems": unknown(request.GET),
        "person": person,
        "about": linked_data.person(person, request.build_absolute_uri, found.offices),
        "found": found,
        "ruler_from": min(days, default=None),
        "ruler_to": max(days, default=None),
    }
    return render(request, "negotiations/person.html", context)
