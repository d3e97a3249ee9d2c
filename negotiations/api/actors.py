"""Who negotiates: parties, people and the offices they held."""

from django.db.models import Prefetch
from django.http import HttpRequest
from ninja import Query, Router

from negotiations.links import link
from negotiations.models import Office, Party, Person, Source

from . import shapes
from .asking import Paging, Slug, one, page
from .problems import NAMED
from .shapes import Json

router = Router()
PARTIES = Party.objects.select_related("predecessor").prefetch_related("members")
OFFICES = Office.objects.select_related("party").prefetch_related(Prefetch("sources", Source.objects.only("slug")))
PEOPLE = Person.objects.prefetch_related(Prefetch("offices", OFFICES))


def as_party(party: Party, request: HttpRequest) -> Json:
    own = ("name", "short_name", "kind", "code", "wikidata", "active_from", "active_until")
    return {name: getattr(party, name) for name in own} | {
        "id": party.slug,
        "url": request.build_absolute_uri(link("party", party.slug)),
        "predecessor": party.predecessor.slug if party.predecessor else None,
        "members": [member.slug for member in party.members.all()],
    }


def as_person(person: Person, request: HttpRequest) -> Json:
    return {
        "id": person.slug,
        "url": request.build_absolute_uri(link("person", person.slug)),
        "name": person.name,
        "native_name": person.native_name,
        "wikidata": person.wikidata,
        "offices": [
            {
                "title": office.title,
                "party": office.party.slug,
                "start": office.start or None,
                "end": office.end or None,
                "attested": office.attested or None,
                "sources": [source.slug for source in office.sources.all()],
            }
            for office in person.offices.all()
        ],
    }


@router.get("/parties", response={200: shapes.Parties} | NAMED, summary="Parties")
def parties(request: HttpRequest, asked: Query[Paging]) -> Json:
    """States, organisations, and groups that speak jointly, by id."""
    found, count, following = page(request, asked, PARTIES)
    return {"count": count, "next": following, "parties": [as_party(party, request) for party in found]}


@router.get("/parties/{slug:slug}", response={200: shapes.Party, 301: None} | NAMED, summary="One party")
def party(request: HttpRequest, slug: Slug) -> Json:
    """A party by its id."""
    return as_party(one(PARTIES, "party", slug), request)


@router.get("/people", response={200: shapes.People} | NAMED, summary="People")
def people(request: HttpRequest, asked: Query[Paging]) -> Json:
    """Everybody who spoke or negotiated, with the offices they held, by id."""
    found, count, following = page(request, asked, PEOPLE)
    return {"count": count, "next": following, "people": [as_person(person, request) for person in found]}


@router.get("/people/{slug:slug}", response={200: shapes.Person, 301: None} | NAMED, summary="One person")
def person(request: HttpRequest, slug: Slug) -> Json:
    """A person by their id."""
    return as_person(one(PEOPLE, "person", slug), request)
