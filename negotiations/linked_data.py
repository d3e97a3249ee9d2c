"""What a page is about, in the words of schema.org, for the programs that read pages: JSON-LD.

Only what the record says: what is not recorded is left out, and a date is no more precise than it is.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Protocol

from negotiations import dates, names
from negotiations.cards import Side
from negotiations.models import (
    Citation,
    Entry,
    Issue,
    Milestone,
    Negotiation,
    Office,
    Option,
    Party,
    Person,
    Position,
    Round,
    Statement,
    Treaty,
)
from negotiations.models.treaties import Standing, Status
from negotiations.queries.entries import Row
from negotiations.queries.evidence import Ground
from negotiations.queries.titles import plain
from negotiations.templatetags.record import web

CONTEXT = "https://schema.org"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
WIKIDATA = "https://www.wikidata.org/entity/"
IN_FORCE = {
    Status.IN_FORCE: "InForce",
    Status.SUSPENDED: "PartiallyInForce",
    Status.SIGNED: "NotInForce",
    Status.EXPIRED: "NotInForce",
    Status.TERMINATED: "NotInForce",
    Status.SUPERSEDED: "NotInForce",
    Status.NEVER_IN_FORCE: "NotInForce",
}


class HasPage(Protocol):
    def get_absolute_url(self) -> str: ...


class Download(Protocol):
    """A form in which programs can have a view."""

    @property
    def url(self) -> str: ...
    @property
    def type(self) -> str: ...


Absolute = Callable[[str], str]
Data = dict[str, Any]


def thing(type_: str, one: HasPage, absolute: Absolute, /, **more: object) -> Data:
    """Something with a page of its own, which is also what identifies it."""
    url = absolute(one.get_absolute_url())
    return {"@context": CONTEXT, "@type": type_, "@id": url, "url": url} | said(more)


def said(fields: Data) -> Data:
    """The fields for which the record has something."""
    return {name: value for name, value in fields.items() if value not in ("", None, [], {})}


# Who


def party(one: Party, absolute: Absolute) -> Data:
    type_ = "Country" if one.kind == Party.Kind.STATE else "Organization"
    return thing(type_, one, absolute, name=str(one), alternateName=names.named(one.name), sameAs=wikidata(one))


def person(one: Person, absolute: Absolute, offices: Iterable[Office] = ()) -> Data:
    held = [
        said({"@type": "Role", "roleName": office.title, "startDate": day(office.start), "endDate": day(office.end)})
        for office in offices
    ]
    return thing("Person", one, absolute, name=str(one), alternateName=one.other_name, sameAs=wikidata(one),
                 hasOccupation=held)  # fmt: skip


def wikidata(one: Party | Person) -> str:
    return f"{WIKIDATA}{one.wikidata}" if one.wikidata else ""


# What was said, done and held


def statement(one: Statement, speakers: list[Person], absolute: Absolute) -> Data:
    """A quotation where we have the words; else a work that we only sum up."""
    if speakers:
        creators = [briefly(person(speaker, absolute)) for speaker in speakers]
    else:
        body = {"@type": "Organization", "name": one.office} if one.office else briefly(party(one.party, absolute))
        creators = [body]
    return thing(
        "Quotation" if one.quote else "CreativeWork", one, absolute,
        name=plain(one.title), text=one.quote, inLanguage=one.quote_language if one.quote else one.original_language,
        abstract=one.summary, creator=creators, dateCreated=day(one.date), locationCreated=place(one),
        about=questions(one.issues.all(), absolute), isBasedOn=sources(one.citations.all()), license=LICENCE,
    )  # fmt: skip


def meeting(one: Round, row: Row, sides: Iterable[Side], absolute: Absolute) -> Data:
    """A round; of one that was called off, the days for which it was planned."""
    start, end = bounds(one.date)
    return thing(
        "Event", one, absolute,
        name=plain(one.title), description=one.summary, startDate=start, endDate=end, location=place(one),
        eventStatus=f"{CONTEXT}/{'EventScheduled' if one.held else 'EventCancelled'}",
        previousStartDate="" if one.held else start,
        attendee=[briefly(party(side.party, absolute)) for side in sides],
        superEvent=briefly(negotiation(one.negotiation, absolute)), about=questions(row.issues, absolute),
        subjectOf=sources(row.citations),
    )  # fmt: skip


def milestone(one: Milestone, absolute: Absolute) -> Data:
    start, end = bounds(one.date)
    return thing(
        "Event", one, absolute,
        name=plain(one.title), description=one.summary, startDate=start, endDate=end, location=place(one),
        eventStatus=f"{CONTEXT}/EventScheduled", about=briefly(treaty(one.treaty, absolute)),
        organizer=briefly(party(one.party, absolute)) if one.party else None, subjectOf=sources(one.citations.all()),
    )  # fmt: skip


def position(one: Position, grounds: Iterable[Ground], absolute: Absolute) -> Data:
    """A claim of where a party stands, and where it appears."""
    return thing(
        "Claim", one, absolute,
        name=plain(one.title), abstract=one.summary, author=briefly(party(one.party, absolute)),
        temporalCoverage=span(one),
        about=questions([one.issue], absolute),
        appearance=[_appearing(ground.entry, absolute) for ground in grounds],
    )  # fmt: skip


def _appearing(entry: Entry, absolute: Absolute) -> Data:
    return {"@type": "CreativeWork", "@id": absolute(entry.get_absolute_url()), "name": plain(entry.title)}


# What it was about


def issue(one: Issue, options: Iterable[Option], absolute: Absolute, image: str = "") -> Data:
    answers = [{"@type": "Answer", "text": str(option)} for option in options]
    return thing("Question", one, absolute, name=str(one), text=one.question, description=one.description,
                 suggestedAnswer=answers, image=image)  # fmt: skip


def negotiation(one: Negotiation, absolute: Absolute) -> Data:
    return thing("EventSeries", one, absolute, name=str(one), description=one.summary, startDate=bounds(one.start)[0],
                 endDate=bounds(one.end)[1] if one.end else "")  # fmt: skip


def treaty(
    one: Treaty, absolute: Absolute, standing: Standing | None = None, agreed: Milestone | None = None,
    image: str = "", parties: Iterable[Party] = (),
) -> Data:  # fmt: skip
    force = IN_FORCE.get(standing.status) if standing and one.legally_binding else None
    return thing(
        "Legislation", one, absolute,
        name=str(one), alternateName=names.named(one.full_name), abstract=one.summary,
        legislationType=str(one.get_kind_display()), legislationDate=day(agreed.date) if agreed else "",
        legislationLegalForce=f"{CONTEXT}/{force}" if force else "",
        legislationPassedBy=[briefly(party(side, absolute)) for side in parties], image=image,
    )  # fmt: skip


def dataset(
    absolute: Absolute, root: str, forms: Iterable[Download], first: date | None, last: date | None, words: str
) -> Data:
    return {
        "@context": CONTEXT, "@type": "Dataset", "@id": absolute(root), "url": absolute(root), "name": "Parley",
        "description": words, "license": LICENCE, "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "Parley", "url": absolute(root)},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": form.type, "contentUrl": absolute(form.url)} for form in forms
        ],
    } | said({"temporalCoverage": f"{first.isoformat()}/{last.isoformat()}" if first and last else ""})  # fmt: skip


# Parts


def briefly(data: Data) -> Data:
    """Enough to know it by, within something else."""
    return {name: data[name] for name in ("@type", "@id", "name", "sameAs") if name in data}


def questions(issues: Iterable[Issue], absolute: Absolute) -> list[Data]:
    return [briefly(thing("Question", one, absolute, name=str(one))) for one in issues]


def sources(citations: Iterable[Citation]) -> list[Data]:
    """Where it is written down."""
    return [
        said({
            "@type": "CreativeWork", "name": citation.source.title, "url": web(citation.source.url),
            "publisher": {"@type": "Organization", "name": citation.source.publisher},
            "datePublished": day(citation.source.date), "inLanguage": citation.source.language,
        })
        for citation in citations
    ]  # fmt: skip


def place(entry: Entry) -> Data:
    address = said({"@type": "PostalAddress", "addressLocality": entry.city, "addressCountry": entry.country})
    if len(address) == 1:
        return {}
    return {"@type": "Place", "name": ", ".join(filter(None, (entry.city, entry.country))), "address": address}


def bounds(text: str) -> tuple[str, str]:
    """The beginning and the end of a date; what ISO 8601 has no word for is left out."""
    first, _slash, last = text.partition("/")
    return day(first), day(last or first)


def day(text: str) -> str:
    return text if dates.is_plain(text) else ""


def span(one: Position) -> str:
    """From when to when, as an interval; its end open where none is known."""
    start, end = bounds(one.date)[0], bounds(one.end)[1] if one.end else ""
    return f"{start}/{end or '..'}" if start else ""
