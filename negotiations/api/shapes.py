"""What the API answers: the fields of each thing, what they say, and an example from the record."""

from datetime import date, datetime
from datetime import date as Day  # where a field is called date
from typing import Annotated, Any

from django.utils import translation
from ninja import Field, Schema
from pydantic import create_model

from negotiations.exports import FIELDS

Edtf = Annotated[str, Field(examples=["2007-09-12"], description="EDTF, as precise as the source and no more.")]
ON = "The day that the answer is about."
NEXT = "The address of the next page; null on the last."
COUNT = "How many there are on all pages together."
Json = dict[str, Any]
"""What goes out as JSON, before it is checked against its shape."""
NOTICES = "What was understood otherwise than it was written."


class Listed(Schema):
    """A page of a list."""

    count: int = Field(description=COUNT, examples=[1247])
    next: str | None = Field(description=NEXT)


# Entries


class CitedSource(Schema):
    id: str = Field(examples=["ria-novosti-2007-09-12"])
    publisher: str = Field(examples=["RIA Novosti"])
    title: str
    date: Edtf
    url: str
    archived_url: str
    language: str = Field(examples=["ru"])
    locator: str = Field(description="Page, article or paragraph.")
    verified: bool = Field(description="The quotation was found, word for word, in the text of this source.")


class SeatedDelegation(Schema):
    party: str = Field(examples=["russia"])
    head: str | None = Field(examples=["antonov-anatoly"])
    title: str


TYPES: dict[str, Any] = {
    "id": str, "kind": str, "url": str, "date": str, "earliest": date, "latest": date, "date_basis": str,
    "title": str, "summary": str, "quote": str | None, "quote_language": str | None, "translation": str | None,
    "translator": str | None, "key_phrase": str | None, "party": str | None, "parties": list[str],
    "speaker": str | None, "speakers": list[str] | None, "office": str | None, "occasion": str | None,
    "form": str | None, "reported": bool | None, "original_language": str | None, "round": str | None,
    "number": int | None, "held": bool | None, "delegations": list[SeatedDelegation] | None, "treaty": str | None,
    "type": str | None, "issue": str | None, "option": str | None, "stance": str | None, "condition": str | None,
    "waits_for": str | None, "basis": str | None, "scope": str | None, "end": str | None, "end_basis": str | None,
    "previous": str | None, "moved": bool | None, "evidence": list[str] | None, "negotiation": str | None,
    "issues": list[str], "city": str, "country": str, "note": str, "sources": list[CitedSource], "updated": datetime,
}  # fmt: skip
EXAMPLES = {
    "id": "antonov-rome-2007", "kind": "statement", "date": "2007-09-12", "date_basis": "stated",
    "party": "russia", "parties": ["russia"], "speaker": "antonov-anatoly", "issues": ["legal-form"],
    "negotiation": "post-start-consultations", "stance": "demands", "city": "Rome", "country": "Italy",
}  # fmt: skip


def _fields() -> Json:
    with translation.override("en"):
        return {
            name: (
                TYPES[name],
                Field(description=str(about), examples=[EXAMPLES[name]] if name in EXAMPLES else None),
            )
            for name, about in FIELDS.items()
        }


Entry = create_model("Entry", __base__=Schema, __doc__="One dated thing in the record.", **_fields())


class Entries(Listed):
    notices: list[str] = Field(description=NOTICES)
    entries: list[Entry]  # type: ignore[valid-type]  # made above of FIELDS


# Positions as of a day


class Ground(Schema):
    """What bears a position out."""

    id: str
    kind: str = Field(examples=["statement"])
    date: Edtf
    own: bool = Field(description="Whether the party itself said or did it; else it is another’s account.")
    url: str


class Before(Schema):
    """The answer before a change."""

    id: str
    option: str
    stance: str


class Cell(Schema):
    """One party’s last word on one issue by the day."""

    id: str = Field(description="The position’s key.")
    party: str = Field(examples=["russia"])
    issue: str = Field(examples=["legal-form"])
    negotiation: str | None
    option: str = Field(examples=["legally-binding"])
    stance: str = Field(examples=["demands"])
    condition: str
    basis: str = Field(examples=["stated"])
    first_attested: Edtf
    last_attested: str = Field(description="The date of its newest evidence by that day; EDTF.")
    moved: bool | None = Field(description="Whether it changed since the day compared with; null without one.")
    was: Before | None
    evidence: list[Ground]
    url: str
    answer: str = Field(examples=["Russia demands: a legally binding agreement"])
    scope: str
    waits_for: str | None
    held: bool = Field(description="False after its recorded end: no stand is recorded since.")
    end: str | None


class Positions(Schema):
    on: date = Field(description=ON, examples=["2013-06-22"])
    since: date | None = Field(description="The day compared with.")
    notices: list[str] = Field(description=NOTICES)
    cells: list[Cell]


# Issues


class Option(Schema):
    id: str
    label: str
    description: str


class Issue(Schema):
    """A question in dispute and its rival answers."""

    id: str = Field(examples=["legal-form"])
    url: str
    question: str = Field(examples=["Must the agreement be legally binding?"])
    description: str
    keywords_en: list[str]
    keywords_ru: list[str]
    options: list[Option]


class Issues(Listed):
    issues: list[Issue]


# Talks


class Negotiation(Schema):
    """Talks with an aim, from their opening to their outcome."""

    id: str = Field(examples=["post-start-consultations"])
    url: str
    name: str
    format: str = Field(examples=["bilateral"])
    parties: list[str]
    start: Edtf
    end: str | None
    outcome: str = Field(examples=["agreement"])
    treaty: str | None = Field(description="The main text that came of it.")
    treaties: list[str] = Field(description="All texts that came of it.")
    summary: str
    note: str
    sources: list[str]


class Negotiations(Listed):
    negotiations: list[Negotiation]


# Treaties


class TreatyStatus(Schema):
    """Where a text stood in law on a day; derived from its milestones."""

    on: date = Field(description=ON, examples=["2013-06-22"])
    status: str | None = Field(description="Null before its first milestone.", examples=["in-force"])
    since: str | None = Field(description="The date of the milestone that brought it about; EDTF.")
    milestone: str | None
    suspended_by: list[str]


class Limit(Schema):
    """A ceiling."""

    id: str
    item: str
    ceiling: int = Field(examples=[1550])
    unit: str
    applies_from: str | None
    note: str
    sources: list[str]


class Period(Schema):
    """A stretch of a treaty’s life with one status; `end` is the beginning of the next. Dates are EDTF."""

    status: str
    start: Edtf
    end: str | None
    milestone: str


class Treaty(Schema):
    """A treaty or other agreed text."""

    id: str = Field(examples=["new-start"])
    url: str
    short_name: str = Field(examples=["New START"])
    full_name: str
    kind: str = Field(examples=["treaty"])
    legally_binding: bool
    parties: list[str]
    follows: str | None
    negotiation: str | None
    summary: str
    status: TreatyStatus
    periods: list[Period]
    milestones: list[str]
    limits: list[Limit]


class Treaties(Listed):
    treaties: list[Treaty]


class DataExchange(Schema):
    """What one party declared as of a day."""

    id: str
    treaty: str
    party: str
    as_of: Edtf
    deployed_delivery_vehicles: int | None
    deployed_warheads: int | None
    total_launchers: int | None
    derived: list[str] = Field(description="Figures that follow by arithmetic from what the source prints.")
    from_chart: list[str] = Field(description="Figures that the source shows in a chart and not in its text.")
    note: str
    sources: list[str]


class DataExchanges(Listed):
    data_exchanges: list[DataExchange]


# Actors


class Party(Schema):
    """A state, an organisation, or a group that speaks jointly."""

    id: str = Field(examples=["russia"])
    url: str
    name: str
    short_name: str = Field(examples=["Russia"])
    kind: str = Field(examples=["state"])
    code: str = Field(examples=["RU"])
    wikidata: str
    predecessor: str | None = Field(examples=["soviet-union"])
    members: list[str]
    active_from: date | None
    active_until: date | None


class Parties(Listed):
    parties: list[Party]


class Office(Schema):
    title: str
    party: str
    start: str | None
    end: str | None
    attested: str | None = Field(description="Dates on which the record shows the person in the post; EDTF.")
    sources: list[str]


class Person(Schema):
    """Somebody who spoke or negotiated for a party."""

    id: str = Field(examples=["antonov-anatoly"])
    url: str
    name: str = Field(examples=["Anatoly Antonov"])
    native_name: str
    wikidata: str
    offices: list[Office]


class People(Listed):
    people: list[Person]


# Sources


class Source(Schema):
    """A public document or page on which the record rests."""

    id: str
    page: str = Field(description="Its page here.")
    publisher: str
    title: str
    author: str
    date: str | None
    date_basis: str
    url: str
    archived_url: str
    accessed: Day | None
    language: str
    kind: str = Field(examples=["official"])
    note: str


class Sources(Listed):
    sources: list[Source]


# The state of play


class Standing(Schema):
    treaty: str
    status: str
    since: Edtf


class Answer(Schema):
    party: str
    position: str | None = Field(description="Null where no stand is recorded.")
    option: str | None
    stance: str | None
    held: bool


class Dispute(Schema):
    issue: str
    gap: str = Field(description="agreed, partly, apart or unknown, read by rule from the two answers.")
    answers: list[Answer]


class Coming(Schema):
    date: Edtf
    what: str = Field(description="milestone, end-of-position or anniversary.")
    entry: str
    years: int | None


class StateOfPlay(Schema):
    """What is in force, for how long nothing has been, and what is in dispute between the two powers."""

    on: date = Field(description=ON)
    is_limited: bool = Field(description="Whether a treaty that limits the arms of both powers is in force.")
    days_with_limit: int | None
    days_without_limit: int | None
    in_force: list[Standing]
    signed_only: list[Standing]
    ended: list[Standing]
    never_in_force: list[Standing]
    disputes: list[Dispute]
    latest: list[str] = Field(description="The newest entries.")
    coming: list[Coming]
