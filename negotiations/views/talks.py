"""Talks: the list of negotiations, one negotiation, one round, and the brief of a round."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from negotiations import dates, linked_data
from negotiations.akoma_ntoso import debate
from negotiations.bibliography import of_negotiation
from negotiations.cards import Card, cards
from negotiations.charts.rounds import Bout, strip
from negotiations.delegations import delegations
from negotiations.models import Entry, Negotiation, Round
from negotiations.queries.talks import (
    Meeting,
    beside,
    list_negotiations,
    read_brief,
    read_meeting,
    read_talks,
    rounds_of,
    stands_on,
)

from .citing import cite, cite_entry, thing_reference, with_version
from .lookup import page_of


@require_safe
def negotiations(request: HttpRequest) -> HttpResponse:
    return render(request, "negotiations/negotiations.html", {"negotiations": list_negotiations()})


@page_of(Negotiation.objects.select_related("treaty").prefetch_related("parties", "treaties", "sources"))
def negotiation(request: HttpRequest, negotiation: Negotiation) -> HttpResponse:
    talks = read_talks(negotiation)
    met = [row.entry for row in talks.rounds]
    treaties = {treaty.pk: treaty for treaty in (negotiation.treaty, *negotiation.treaties.all()) if treaty}
    rounds = cards(talks.rounds)
    years = groupby(rounds, lambda card: card.entry.earliest.year)
    issues = groupby(talks.stands, lambda position: position.issue)
    context = {
        "negotiation": negotiation,
        "treaties": treaties.values(),
        "talks": talks,
        "chart": strip(map(bout, met)),
        "delegations": delegations(rounds, bout),
        "years": [(year, list(held)) for year, held in years],
        "said": dated(cards(talks.said)),
        "stands": [(issue, list(positions)) for issue, positions in issues],
        "ruler_from": negotiation.earliest,
        "cite": cite(thing_reference(request, negotiation, of_negotiation), "negotiation", negotiation.slug),
        "about": linked_data.negotiation(negotiation, request.build_absolute_uri),
        "ruler_to": negotiation.end_latest or (met[-1].latest if met else None),
    }
    return render(request, "negotiations/negotiation.html", context)


def bout(entry: Entry) -> Bout:
    """A meeting for the chart, which draws pale what the sources leave open."""
    begins, slash, ends = entry.date.partition("/")
    no_start, no_end = begins in dates.OPEN, slash and ends in dates.OPEN
    first = entry.latest if no_start else entry.earliest
    last = entry.earliest if no_end else entry.latest
    surely_from = first if no_start else dates.parse(begins).latest
    surely_until = last if no_end else dates.parse(ends or begins).earliest
    meeting = entry.child
    held = meeting.held if isinstance(meeting, Round) else True
    return Bout(entry.city, first, last, surely_from, surely_until, held)


ROUNDS = with_version(Round.objects).select_related("negotiation").defer("search", "words")


@page_of(ROUNDS)
def round_(request: HttpRequest, round_: Round) -> HttpResponse:
    meeting = read_meeting(round_)
    rounds = rounds_of(round_.negotiation, but_also=round_)
    # A round of which no end is recorded has not outlasted today.
    last_day = min(round_.latest, max(round_.earliest, timezone.localdate()))
    shared = table(round_, meeting, rounds)
    context = shared | {
        "last_day": dates.spell(dates.last_part(round_.date) if last_day == round_.latest else last_day.isoformat()),
        "questions": stands_on(last_day, meeting),
        "place": rounds.index(round_) + 1,
        "rounds": len(rounds),
        "cite": cite_entry(request, round_, meeting.row.citations),
        "about": linked_data.meeting(round_, meeting.row, shared["card"].sides, request.build_absolute_uri),
    }
    return render(request, "negotiations/round.html", context)


@page_of(ROUNDS)
def akoma_ntoso(request: HttpRequest, round_: Round) -> HttpResponse:
    """What was said at a round, for programs that read debates."""
    meeting = read_meeting(round_, with_evidence=False)
    response = HttpResponse(debate(round_, meeting, request.build_absolute_uri), content_type="application/akn+xml")
    response["Content-Disposition"] = f'inline; filename="{round_.slug}.akn.xml"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


@page_of(ROUNDS)
def brief(request: HttpRequest, round_: Round) -> HttpResponse:
    meeting = read_meeting(round_, with_evidence=False)
    context = table(round_, meeting, rounds_of(round_.negotiation, but_also=round_))
    context["brief"] = read_brief(round_, meeting, context["next"])
    return render(request, "negotiations/brief.html", context)


def table(round_: Round, meeting: Meeting, rounds: list[Round]) -> dict[str, Any]:
    """What the page of a round and its brief have in common."""
    previous, following = beside(round_, rounds)
    return {
        "round": round_,
        "card": cards([meeting.row])[0],
        "said": dated(cards(meeting.said), but=round_.date),
        "meeting": meeting,
        "previous": previous,
        "next": following,
        "ruler_from": round_.earliest,
        "ruler_to": round_.latest,
    }


def dated(said: list[Card], but: str = "") -> list[Card]:
    """Cards that stand outside a stream, which would date them; `but` the day that the page gives already."""
    for card in said:
        card.day_aside = dates.spell(card.entry.date) if card.entry.date != but else ""
    return said
