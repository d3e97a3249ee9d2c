"""The permanent pages of single entries: a statement, a treaty milestone, a position. A round's is in talks.py."""

from django.db.models import Prefetch
from django.shortcuts import render
from django.utils import timezone, translation

from negotiations import citations, dates
from negotiations.models import Citation, Entry, Milestone, Party, Position, Statement
from negotiations.queries.evidence import read_attested
from negotiations.queries.permalinks import neighbours, said_with
from negotiations.templatetags.record import script

from .lookup import page_of

CITED = Prefetch("citations", Citation.objects.select_related("source").defer("source__text"))


@page_of(
    Statement.objects.select_related("speaker", "party", "negotiation", "round__negotiation")
    .prefetch_related("issues", "parties", "joint_speakers", CITED)
    .defer("search", "words")
)
def statement(request, statement):
    before, after = neighbours(statement)
    speakers = [statement.speaker] if statement.speaker else list(statement.joint_speakers.all())
    if speakers:
        authors = tuple(map(author, speakers))
    else:
        authors = (citations.Author(statement.office or statement.party.name, is_body=True),)
    with translation.override("en"):
        kind = str(statement.get_form_display())
    context = {
        "statement": statement,
        "speakers": speakers,
        "parties": [party for party in statement.parties.all() if party.kind != Party.Kind.GROUP],
        "underlined": bool(statement.key_phrase) and statement.key_phrase in statement.quote,
        "said_with": said_with(statement),
        "bears_out": bears_out(statement),
        "previous": before,
        "next": after,
        "cite": cite(request, statement, kind, authors, statement.occasion or kind),
        "ruler_from": statement.earliest,
    }
    return render(request, "negotiations/statement.html", context)


@page_of(
    Milestone.objects.select_related("party", "negotiation", "treaty__follows__follows__follows")
    .prefetch_related(
        "issues",
        CITED,
        Prefetch("treaty__milestones", Milestone.objects.published().select_related("party")),
        Prefetch("treaty__follows__milestones", Milestone.objects.select_related("party")),
    )
    .defer("search", "words")
)
def milestone(request, milestone):
    before, after = neighbours(milestone)
    treaty = milestone.treaty
    was = treaty.status_on(dates.day_before(milestone.earliest))
    now = treaty.status_on(milestone.earliest)
    authors = (citations.Author(milestone.party.name, is_body=True),) if milestone.party else ()
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
        "cite": cite(request, milestone, "milestone", authors, milestone.title),
        "ruler_from": milestone.earliest,
    }
    return render(request, "negotiations/milestone.html", context)


@page_of(Position.objects.select_related("party", "issue").defer("search", "words"))
def position(request, position):
    (stand,) = read_attested(Position.objects.filter(pk=position.pk))
    others = Position.objects.as_of(position.earliest).filter(issue=position.issue_id).exclude(party=position.party_id)
    party = citations.Author(position.party.name, is_body=True)
    context = {
        "stand": stand,
        "position": stand.position,
        "others": read_attested(others.order_by("party__rank", "party", "line")),
        "first_day": dates.spell(position.earliest.isoformat()),
        "cite": cite(request, position, "position", (party,), position.title, stand.citations),
        "ruler_from": position.earliest,
        "ruler_to": stand.next.earliest if stand.next else position.end_latest,
    }
    return render(request, "negotiations/position.html", context)


def bears_out(entry: Entry) -> list[dict]:
    """The positions that an entry is evidence for, and whether it is the party's own word on them."""
    positions = (
        Position.objects.published().filter(evidence=entry.pk).order_by("issue__rank", "party__rank", "earliest")
    )
    found = []
    for stand in read_attested(positions):
        ground = next(ground for ground in stand.grounds if ground.entry.pk == entry.pk)
        said_so_itself = [] if ground.own else stand.own_grounds
        found.append({"stand": stand, "ground": ground, "said_so_itself": said_so_itself})
    return found


def author(person) -> citations.Author:
    # Chinese names stand family name first in English too.
    return citations.Author(person.name, family_first=script(person.native_name) == "zh")


def cite(request, entry, kind, authors, title, cited=None) -> dict[str, str]:
    """An entry in the three forms in which readers cite it."""
    first = next(iter(entry.citations.all() if cited is None else cited), None)
    reference = citations.Reference(
        key=entry.slug,
        kind=kind,
        authors=authors,
        title=title,
        date=entry.date,
        place=entry.city,
        source_title=first.source.title if first else "",
        publisher=first.source.publisher if first else "",
        url=request.build_absolute_uri(entry.get_absolute_url()),
        accessed=timezone.localdate(),
    )
    return {
        "chicago": citations.chicago(reference),
        "apa": citations.apa(reference),
        "bibtex": citations.bibtex(reference),
    }
