"""Popolo: people, organisations, events and speeches in the shape of the specification, and tied to one another.

The terms and their forms are those of popoloproject.com/specs; no package has its schemas.
"""

import re
from datetime import date

import pytest

from negotiations.models import Office, Party, Person, Round, Statement
from tests import make
from tests.test_api import follow

# What Popolo calls things, as far as we have them; and the fields of ours for which it has no word.
TERMS = {
    "persons": "id name other_names identifiers memberships links",
    "organizations": "id name other_names identifiers classification founding_date dissolution_date links",
    "events": "id name description start_date end_date location status classification attendees sources",
    "speeches": "id creator_id role attribution_text text title type date event_id sources",
}
OWN = {"events": {"links"}, "speeches": {"summary", "links"}}
NULLABLE = {
    "founding_date", "dissolution_date", "description", "start_date", "end_date", "location", "creator_id", "role",
    "text", "date", "event_id",
}  # fmt: skip
DATES = {name for name in NULLABLE if name.endswith("date")}
PRECISE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


@pytest.fixture
def popolo(record, client):
    """Every thing of the four lists by its id."""
    return {name: {thing["id"]: thing for thing in follow(client, f"popolo/{name}?limit=100", name)} for name in TERMS}


def check_date(text: str | None) -> None:
    if text is not None:
        assert PRECISE.fullmatch(text), text
        date.fromisoformat(text + "-01" * (2 - text.count("-")))


def check_links(links: list[dict]) -> None:
    for one in links:
        assert set(one) == {"url", "note"}
        assert re.match(r"https?://[^\s]+$", one["url"]), one
        assert one["note"]


@pytest.mark.parametrize("name", TERMS)
def test_every_thing_has_the_terms_of_popolo_in_their_forms(popolo, name):
    for thing in popolo[name].values():
        assert set(thing) == set(TERMS[name].split()) | OWN.get(name, set())
        for term, value in thing.items():
            if isinstance(value, list):
                continue
            assert (value is None and term in NULLABLE) or (isinstance(value, str) and value), (term, thing)
        for term in DATES & set(thing):
            check_date(thing[term])
        check_links(thing["links"] + thing.get("sources", []))
        for other in thing.get("other_names", []):
            assert other["name"]
            assert other["note"]
        for identifier in thing.get("identifiers", []):
            assert identifier["identifier"]
            assert identifier["scheme"]


def test_all_of_the_record_is_there_and_nothing_else(popolo):
    expected = {
        "persons": Person.objects, "organizations": Party.objects, "events": Round.objects.published(),
        "speeches": Statement.objects.published(),
    }  # fmt: skip
    for name, things in expected.items():
        assert set(popolo[name]) == set(things.values_list("slug", flat=True))


def test_a_membership_joins_a_person_and_an_organization_from_when_to_when(popolo):
    memberships = [(person, one) for person in popolo["persons"].values() for one in person["memberships"]]
    assert len(memberships) == Office.objects.count() > 0
    for person, one in memberships:
        assert set(one) == {"person_id", "organization_id", "role", "start_date", "end_date", "sources"}
        assert one["person_id"] == person["id"]
        assert one["organization_id"] in popolo["organizations"]
        assert one["role"]
        check_date(one["start_date"])
        check_date(one["end_date"])
        check_links(one["sources"])
        if one["start_date"] and one["end_date"]:
            # As far as both are known: a year stands before none of its days.
            shared = min(len(one["start_date"]), len(one["end_date"]))
            assert one["start_date"][:shared] <= one["end_date"][:shared]


def test_speeches_and_events_name_only_what_is_there(popolo):
    for event in popolo["events"].values():
        assert event["status"] in ("tentative", "confirmed", "cancelled")
        assert event["sources"]
        assert {one["id"] for one in event["attendees"]} <= set(popolo["persons"])
        assert all(one["name"] == popolo["persons"][one["id"]]["name"] for one in event["attendees"])
    for speech in popolo["speeches"].values():
        assert speech["type"] == "speech"
        assert speech["creator_id"] is None or speech["creator_id"] in popolo["persons"]
        assert speech["event_id"] is None or speech["event_id"] in popolo["events"]
        assert speech["sources"]


@pytest.mark.parametrize(
    ("edtf", "begins", "ends"),
    [
        ("2009-05-19/2009-05-20", "2009-05-19", "2009-05-20"), ("2009-05", "2009-05", "2009-05"),
        ("2009~", "2009", "2009"), ("2009-05-19/..", "2009-05-19", None), ("2009-21", "2009", "2009"),
        ("198X", None, None),
    ],
)  # fmt: skip
def test_a_date_is_never_more_precise_than_the_record(client, db, edtf, begins, ends):
    make.make_round(date=edtf)
    (event,) = follow(client, "popolo/events", "events")
    assert (event["start_date"], event["end_date"]) == (begins, ends)


def test_a_meeting_that_was_called_off_is_cancelled_and_a_withdrawn_one_is_not_there(client, db):
    called_off = make.make_round(held=False, date="2022-11-29/2022-12-06")
    gone = make.make_round(state="withdrawn", withdrawn_on="2026-01-02", withdrawn_reason="It never took place.")
    said = make.make_statement(round=gone, negotiation=gone.negotiation)
    (event,) = follow(client, "popolo/events", "events")
    assert (event["id"], event["status"]) == (called_off.slug, "cancelled")
    assert [(one["id"], one["event_id"]) for one in follow(client, "popolo/speeches", "speeches")] == [
        (said.slug, None)
    ]
