"""Addresses last: former ones redirect, withdrawn entries say so, and what readers may not see is not there."""

from datetime import date

import pytest
from django.test import Client

from negotiations.models import Entry

from .make import make_milestone, make_negotiation, make_position, make_round, make_statement

WITHDRAWN = {"state": "withdrawn", "withdrawn_on": date(2024, 5, 6), "withdrawn_reason": "It was said a year later."}


def rename(thing, slug: str) -> None:
    # As in the admin: read, changed, saved. The old address is noted when the change is saved.
    thing = type(thing).objects.get(pk=thing.pk)
    thing.slug = slug
    thing.save()


@pytest.mark.parametrize("make", [make_statement, make_milestone, make_position, make_round])
def test_a_published_entry_is_at_its_address(client: Client, db, make):
    assert client.get(make().get_absolute_url()).status_code == 200


@pytest.mark.parametrize("make", [make_statement, make_milestone, make_position, make_round])
@pytest.mark.parametrize("state", [Entry.State.DRAFT, Entry.State.IN_REVIEW])
def test_readers_do_not_see_what_is_not_published(client: Client, db, make, state):
    assert client.get(make(state=state).get_absolute_url()).status_code == 404


@pytest.mark.parametrize("make", [make_statement, make_milestone, make_position, make_round])
def test_a_withdrawn_entry_is_gone_and_its_page_says_when_and_why(client: Client, db, make):
    entry = make(**WITHDRAWN)

    response = client.get(entry.get_absolute_url())

    assert response.status_code == 410
    page = response.content.decode()
    assert "6 May 2024" in page
    assert "It was said a year later." in page


def test_a_withdrawn_round_has_no_brief(client: Client, db):
    assert client.get(make_round(**WITHDRAWN).get_absolute_url() + "brief/").status_code == 410


def test_the_former_address_of_a_statement_redirects_for_good_and_keeps_the_query(client: Client, db):
    statement = make_statement(slug="ivanov-strelsau")
    rename(statement, "ivanov-strelsau-2007")

    response = client.get("/statements/ivanov-strelsau/?lang=ru")

    assert response.status_code == 301
    assert response["Location"] == "/statements/ivanov-strelsau-2007/?lang=ru"


def test_the_former_address_of_a_statement_is_no_address_of_a_milestone(client: Client, db):
    rename(make_statement(slug="ivanov-strelsau"), "ivanov-strelsau-2007")
    assert client.get("/milestones/ivanov-strelsau/").status_code == 404


def test_a_former_address_does_not_reveal_a_draft(client: Client, db):
    rename(make_statement(slug="ivanov-strelsau", state=Entry.State.DRAFT), "ivanov-strelsau-2007")
    assert client.get("/statements/ivanov-strelsau/").status_code == 404


def test_the_address_of_a_round_leaves_out_what_the_negotiation_says_already(client: Client, db):
    talks = make_negotiation(slug="strelsau-talks")
    round_ = make_round(negotiation=talks, slug="strelsau-talks-opening")
    assert round_.get_absolute_url() == "/negotiations/strelsau-talks/opening/"
    assert client.get("/negotiations/strelsau-talks/opening/").status_code == 200


@pytest.mark.parametrize("page", ["", "brief/"])
@pytest.mark.parametrize(
    "address",
    [
        "/negotiations/strelsau-talks/strelsau-talks-opening/",  # the long form
        "/negotiations/other-talks/strelsau-talks-opening/",  # the wrong negotiation
    ],
)
def test_a_round_asked_for_otherwise_redirects_to_its_one_address(client: Client, db, address, page):
    make_negotiation(slug="other-talks")
    make_round(negotiation=make_negotiation(slug="strelsau-talks"), slug="strelsau-talks-opening")

    response = client.get(f"{address}{page}")

    assert response.status_code == 301
    assert response["Location"] == f"/negotiations/strelsau-talks/opening/{page}"


def test_renamed_talks_take_their_rounds_with_them(client: Client, db):
    talks = make_negotiation(slug="strelsau-talks")
    make_round(negotiation=talks, slug="strelsau-talks-opening")
    rename(talks, "zenda-talks")

    assert client.get("/negotiations/strelsau-talks/")["Location"] == "/negotiations/zenda-talks/"
    moved = client.get("/negotiations/strelsau-talks/opening/", follow=True)
    assert moved.redirect_chain == [("/negotiations/zenda-talks/strelsau-talks-opening/", 301)]
    assert moved.status_code == 200


def test_a_renamed_round_redirects_too(client: Client, db):
    round_ = make_round(negotiation=make_negotiation(slug="strelsau-talks"), slug="strelsau-talks-opening")
    rename(round_, "strelsau-talks-round-1")
    assert client.get("/negotiations/strelsau-talks/opening/")["Location"] == "/negotiations/strelsau-talks/round-1/"


@pytest.mark.parametrize("section", ["statements", "milestones", "positions", "negotiations"])
@pytest.mark.parametrize("slug", ["%00", "nothing-of-the-kind", "%D0%B0%D0%B1%D0%B2", "x" * 10_000, "..", "a%2Fb", "-"])
def test_an_address_of_nothing_is_not_found(client: Client, db, section, slug):
    assert client.get(f"/{section}/{slug}/").status_code == 404


@pytest.mark.parametrize("path", ["%00", "nothing", "%D0%B0%D0%B1", "x" * 10_000])
def test_an_address_of_no_round_is_not_found(client: Client, db, path):
    talks = make_negotiation()
    assert client.get(f"/negotiations/{talks.slug}/{path}/").status_code == 404
    assert client.get(f"/negotiations/{talks.slug}/{path}/brief/").status_code == 404
    assert client.get(f"/negotiations/{path}/{path}/").status_code == 404


def test_pages_are_only_for_reading(client: Client, db):
    assert client.post(make_statement().get_absolute_url()).status_code == 405
