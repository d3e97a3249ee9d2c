"""What a reader gets when something is missing or broken."""

import re

import pytest
from django.test import RequestFactory

from negotiations.views import errors


def test_a_missing_page_offers_a_search_for_the_words_of_its_address(client, db):
    response = client.get("/treaties/new-start-tretay/")
    assert response.status_code == 404
    page = response.content.decode()
    assert "Nothing in the record has this address" in page
    assert 'value="new start tretay"' in page
    assert 'href="/treaties/"' in page


def test_every_way_on_from_a_missing_page_leads_somewhere(client, db):
    page = client.get("/treaties/new-start-tretay/").content.decode()
    ways = re.findall(r'<li><a href="([^"]+)">', page.partition('id="h-ways"')[2].partition("</nav>")[0])
    assert len(ways) == 9
    assert {way: client.get(way).status_code for way in ways} == dict.fromkeys(ways, 200)
    assert 'action="/search/"' in page.partition('id="again"')[0].rpartition("<form")[2]


def test_a_missing_page_outside_every_section_is_in_the_style_of_the_site(client, db):
    response = client.get("/no/such/place")
    assert response.status_code == 404
    assert b"Ways into the record" in response.content


@pytest.mark.parametrize("path", ["/%00/", "/issues/%00/", "/issues/" + "x" * 10_000 + "/", "/people/Ключ/", "/<b>/"])
def test_no_address_breaks_the_site(client, db, path):
    response = client.get(path)
    assert response.status_code == 404
    assert b"<b>/" not in response.content


def test_a_failure_is_told_without_the_database_or_a_request(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "The fault is ours" in response.content.decode()


def test_a_failure_is_told_even_if_its_page_cannot_be_drawn(monkeypatch):
    def missing(name):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr(errors.loader, "get_template", missing)
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert response.content == b"Something went wrong on our side."


def test_a_broken_page_of_the_site_shows_the_error_page(client, db, monkeypatch):
    def fail(request):
        raise RuntimeError

    monkeypatch.setattr("negotiations.views.home.state_of_play", lambda *parts: fail(None))
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()


def test_a_host_that_is_not_ours_is_refused_in_plain_words(client, db):
    response = client.get("/timeline/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


def test_the_same_address_may_not_be_written_to(client, db):
    assert client.post("/issues/").status_code == 405
