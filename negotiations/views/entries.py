"""The permanent pages of single entries: a statement, a treaty milestone, a position. A round's is in talks.py."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from negotiations import dates, linked_data
from negotiations.models import Entry, Milestone, Party, Position, Statement
from negotiations.queries.evidence import read_attested
from negotiations.queries.permalinks import neighbours, said_with

from .citing import CITED, cite_entry, with_version
from .lookup import page_of


@page_of(
    with_version(Statement.objects)
    .select_related("speaker", "party", "negotiation", "round__negotiation")
    .prefetch_related("issues", "parties", "joint_speakers", CITED)
    .defer("search", "words")
)
def statement(request: HttpRequest, statement: Statement) -> HttpResponse:
    before, after = neighbours(statement)
    speakers = [statement.speaker] if statement.speaker else list(statement.joint_speakers.all())
    context = {
        "statement": statement,
        # A round that is only a draft is not named to readers.
        "round": statement.round if statement.round and statement.round.is_published else None,
        "speakers": speakers,
        "parties": [party for party in statement.parties.all() if party.kind != Party.Kind.GROUP],
        "underlined": bool(statement.key_phrase) and statement.key_phrase in statement.quote,
        "said_with": said_with(statement),
        "bears_out": bears_out(statement),
        "previous": before,
        "next": after,
        "cite": cite_entry(request, statement),
        "about": linked_data.statement(statement, speakers, request.build_absolute_uri),
        "ruler_from": statement.earliest,
    }
    return render(request, "negotiations/statement.html", context)


@page_of(
    with_version(Milestone.objects)
    .select_related("party", "negotiation", "treaty__follows__follows__follows")
    .prefetch_related(
        "issues",
        CITED,
        Prefetch("treaty__milestones", Milestone.objects.published().select_related("party")),
        Prefetch("treaty__follows__milestones", Milestone.objects.select_related("party")),
    )
    .defer("search", "words")
)
def milestone(request: HttpRequest, milestone: Milestone) -> HttpResponse:
    before, after = neighbours(milestone)
    treaty = milestone.treaty
    was = treaty.status_on(dates.day_before(milestone.earliest))
    now = treaty.status_on(milestone.earliest)
    context = {
        "milestone": milestone,
        "treaty": treaty,
        "life": sorted(treaty.milestones.all(), key=lambda step: step.life_order),
        "was": was,
        # Other steps of the same day may have brought about the change.
        "now": now if now and now.since == milestone else None,
        "bears_out": bears_out(milestone),
        "previous": before,
        "next": after,
        "cite": cite_entry(request, milestone),
        "about": linked_data.milestone(milestone, request.build_absolute_uri),
        "ruler_from": milestone.earliest,
    }
    return render(request, "negotiations/milestone.html", context)


@page_of(
    with_version(Position.objects).select_related("party", "issue").prefetch_related(CITED).defer("search", "words")
)
def position(request: HttpRequest, position: Position) -> HttpResponse:
    (stand,) = read_attested(Position.objects.filter(pk=position.pk))
    others = Position.objects.as_of(position.earliest).filter(issue=position.issue_id).exclude(party=position.party_id)
    context = {
        "stand": stand,
        "position": stand.position,
        "others": read_attested(others.order_by("party__rank", "party", "line")),
        "first_day": dates.spell(position.earliest.isoformat()),
        "cite": cite_entry(request, position),
        "about": linked_data.position(position, stand.grounds, request.build_absolute_uri),
        "ruler_from": position.earliest,
        "ruler_to": stand.next.earliest if stand.next else position.end_latest,
    }
    return render(request, "negotiations/position.html", context)


def bears_out(entry: Entry) -> list[dict[str, object]]:
    """The positions that an entry is evidence for, and whether it is the party's own word on them."""
    positions = (
        Position.objects.published().filter(evidence=entry.pk).order_by("issue__rank", "party__rank", "earliest")
    )
    found = []
    for stand in read_attested(positions):
        ground = next((ground for ground in stand.grounds if ground.entry.pk == entry.pk), None)
        if not ground:
            continue  # a draft in its preview: it is no evidence to readers yet
        said_so_itself = [] if ground.own else stand.own_grounds
        found.append({"stand": stand, "ground": ground, "said_so_itself": said_so_itself})
    return found
