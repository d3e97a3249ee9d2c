"""The record in the shape of Popolo, the specification that civic-data programs share.

Popolo knows less than the record: its dates are years, months or days without doubt or reason, and a speech has one
speaker. What it cannot say is left out; `links` lead to the page that says it.
"""

import re
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic.config import JsonDict

from negotiations.exports import path
from negotiations.links import link
from negotiations.models import Citation, Delegation, Entry, Office, Party, Person, Round, Source, Statement

from .asking import Paging, page
from .problems import NAMED
from .shapes import Json, Listed

router = Router()
DATE: JsonDict = {"pattern": r"^[0-9]{4}(-[0-9]{2}){0,2}$"}
_PRECISE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")


class Identifier(Schema):
    scheme: str
    identifier: str


class OtherName(Schema):
    name: str
    note: str


class Link(Schema):
    url: str
    note: str


class Membership(Schema):
    person_id: str
    organization_id: str
    role: str
    start_date: str | None = Field(json_schema_extra=DATE)
    end_date: str | None = Field(json_schema_extra=DATE)
    sources: list[Link]


class PopoloPerson(Schema):
    id: str
    name: str
    other_names: list[OtherName]
    identifiers: list[Identifier]
    memberships: list[Membership]
    links: list[Link]


class PopoloOrganization(Schema):
    id: str
    name: str
    other_names: list[OtherName]
    identifiers: list[Identifier]
    classification: str
    founding_date: str | None = Field(json_schema_extra=DATE)
    dissolution_date: str | None = Field(json_schema_extra=DATE)
    links: list[Link]


class Attendee(Schema):
    id: str
    name: str


class PopoloEvent(Schema):
    id: str
    name: str
    description: str | None
    start_date: str | None = Field(json_schema_extra=DATE)
    end_date: str | None = Field(json_schema_extra=DATE)
    location: str | None
    status: str
    classification: str
    attendees: list[Attendee]
    links: list[Link]
    sources: list[Link]


class PopoloSpeech(Schema):
    id: str
    creator_id: str | None
    role: str | None
    attribution_text: str
    text: str | None = Field(description="Word for word; null where the record has only a summary.")
    summary: str = Field(description="Our own words; Popolo itself has no such field.")
    title: str
    type: str
    date: str | None = Field(json_schema_extra=DATE)
    event_id: str | None
    links: list[Link]
    sources: list[Link]


class Persons(Listed):
    persons: list[PopoloPerson]


class Organizations(Listed):
    organizations: list[PopoloOrganization]


class Events(Listed):
    events: list[PopoloEvent]


class Speeches(Listed):
    speeches: list[PopoloSpeech]


def precise(edtf: str | None) -> str | None:
    """A date without its doubts, as precise as it is; None where nothing of it is known."""
    found = _PRECISE.match(edtf or "")
    return found[0] if found else None


def span(edtf: str) -> tuple[str | None, str | None]:
    first, slash, last = edtf.partition("/")
    return precise(first), precise(last if slash else first)


def wikidata(thing: Party | Person) -> list[dict[str, Any]]:
    return [{"scheme": "wikidata", "identifier": thing.wikidata}] if thing.wikidata else []


def cited(entry: Entry) -> list[dict[str, Any]]:
    return [
        {"url": citation.source.url, "note": f"{citation.source.publisher}: {citation.source.title}"}
        for citation in entry.citations.all()
    ]


def here(request: HttpRequest, address: str) -> list[dict[str, Any]]:
    return [{"url": request.build_absolute_uri(address), "note": "Parley"}]


OFFICES = Office.objects.select_related("party").prefetch_related(
    Prefetch("sources", Source.objects.only("slug", "url", "publisher", "title"))
)
CITATIONS = Prefetch("citations", Citation.objects.select_related("source").defer("source__text"))


@router.get("/persons", response={200: Persons} | NAMED, summary="People as Popolo persons")
def persons(request: HttpRequest, asked: Query[Paging]) -> Json:
    """Everybody on the record, the offices they held as memberships."""
    found, count, following = page(request, asked, Person.objects.prefetch_related(Prefetch("offices", OFFICES)))
    return {"count": count, "next": following, "persons": [as_person(person, request) for person in found]}


def as_person(person: Person, request: HttpRequest) -> Json:
    return {
        "id": person.slug,
        "name": person.name,
        "other_names": [{"name": person.native_name, "note": "native script"}] if person.native_name else [],
        "identifiers": wikidata(person),
        "memberships": [
            {
                "person_id": person.slug,
                "organization_id": office.party.slug,
                "role": office.title,
                "start_date": precise(office.start),
                "end_date": precise(office.end),
                "sources": [
                    {"url": source.url, "note": f"{source.publisher}: {source.title}"}
                    for source in office.sources.all()
                ],
            }
            for office in person.offices.all()
        ],
        "links": here(request, link("person", person.slug)),
    }


@router.get("/organizations", response={200: Organizations} | NAMED, summary="Parties as Popolo organizations")
def organizations(request: HttpRequest, asked: Query[Paging]) -> Json:
    """States, organisations and groups."""
    found, count, following = page(request, asked, Party.objects.all())
    return {"count": count, "next": following, "organizations": [as_organization(party, request) for party in found]}


def as_organization(party: Party, request: HttpRequest) -> Json:
    code = [{"scheme": "ISO 3166-1 alpha-2", "identifier": party.code}] if party.code else []
    return {
        "id": party.slug,
        "name": party.name,
        "other_names": [{"name": party.short_name, "note": "short name"}],
        "identifiers": wikidata(party) + code,
        "classification": party.kind,
        "founding_date": party.active_from.isoformat() if party.active_from else None,
        "dissolution_date": party.active_until.isoformat() if party.active_until else None,
        "links": here(request, link("party", party.slug)),
    }


@router.get("/events", response={200: Events} | NAMED, summary="Rounds as Popolo events")
def events(request: HttpRequest, asked: Query[Paging]) -> Json:
    """Meetings; those who led a delegation are attendees."""
    led = Prefetch("delegations", Delegation.objects.exclude(head=None).select_related("head"))
    rounds = Round.objects.published().select_related("negotiation").prefetch_related(led, CITATIONS)
    found, count, following = page(request, asked, rounds.defer("search", "words"))
    return {"count": count, "next": following, "events": [as_event(one, request) for one in found]}


def as_event(meeting: Round, request: HttpRequest) -> Json:
    begins, ends = span(meeting.date)
    return {
        "id": meeting.slug,
        "name": meeting.title,
        "description": meeting.summary or None,
        "start_date": begins,
        "end_date": ends,
        "location": ", ".join(filter(None, (meeting.city, meeting.country))) or None,
        "status": "confirmed" if meeting.held else "cancelled",
        "classification": meeting.form,
        "attendees": [{"id": one.head.slug, "name": one.head.name} for one in meeting.delegations.all() if one.head],
        "links": here(request, path(meeting)),
        "sources": cited(meeting),
    }


@router.get("/speeches", response={200: Speeches} | NAMED, summary="Statements as Popolo speeches")
def speeches(request: HttpRequest, asked: Query[Paging]) -> Json:
    """What was said or written, word for word where the record has it so."""
    said = Statement.objects.published().select_related("speaker", "party", "round").prefetch_related(CITATIONS)
    found, count, following = page(request, asked, said.defer("search", "words"))
    return {"count": count, "next": following, "speeches": [as_speech(one, request) for one in found]}


def as_speech(said: Statement, request: HttpRequest) -> Json:
    who = said.speaker.name if said.speaker else said.office or said.party.name
    return {
        "id": said.slug,
        "creator_id": said.speaker.slug if said.speaker else None,
        "role": said.office or None,
        "attribution_text": who,
        "text": said.quote or None,
        "summary": said.summary,
        "title": said.title,
        "type": "speech",
        "date": span(said.date)[0],
        "event_id": said.round.slug if said.round and said.round.is_published else None,
        "links": here(request, path(said)),
        "sources": cited(said),
    }
