"""What an open timeline is told of what has come into the record since."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from negotiations.files import versions
from negotiations.models import Entry
from tests.make import make_issue, make_party, make_position, make_statement
from tests.test_timeline import FRAGMENT, get, slugs, words

pytestmark = pytest.mark.django_db


def publish(*entries):
    """As the desk and the loader do it: what is written leaves a version."""
    versions.keep(*entries)
    return entries


def question(page: str) -> str:
    """The address at which an open page asks for news."""
    return re.search(r'data-arrivals hx-get="([^"]+)"', page)[1].replace("&amp;", "&")


def told(client, address: str) -> str:
    return words(get(client, address, headers=FRAGMENT))


def test_nothing_new_is_nothing_to_read(client):
    publish(make_statement())
    page = get(client)
    assert told(client, question(page)) == ""
    assert "since you opened" not in words(page)


def test_what_is_published_after_the_page_was_opened_is_counted_and_named(client):
    address = question(get(client))
    publish(make_statement(party=make_party(short_name="Ruritania"), date="1972-05"))
    assert re.match(r"1 new entry since you opened this page: .*, May 1972 Show the stream", told(client, address))
    publish(*(make_statement() for _ in range(4)))
    assert "5 new entries since you opened this page:" in told(client, address)
    assert told(client, address).count("12 September 2007") == 3
    assert told(client, question(get(client))) == ""


def test_drafts_corrections_and_returns_are_no_news(client):
    old, draft = make_statement(), make_statement(state="draft")
    publish(old, draft)
    address = question(get(client))
    old.summary = "Says it otherwise."
    old.save()
    publish(old, make_statement(state="draft"))
    Entry.objects.filter(pk=old.pk).update(state="withdrawn", withdrawn_on="2026-01-01", withdrawn_reason="A hoax.")
    publish(old)
    Entry.objects.filter(pk=old.pk).update(state="published", withdrawn_on=None, withdrawn_reason="")
    publish(old)
    assert told(client, address) == ""
    Entry.objects.filter(pk=draft.pk).update(state="published")
    publish(draft)
    assert "1 new entry" in told(client, address)


def test_only_what_matches_the_filters_is_news(client):
    party, issue = make_party(), make_issue()
    asked = {"party": party.slug, "kind": "statement", "from": "1990", "to": "1999", "order": "oldest"}
    address = question(get(client, **asked))
    publish(make_statement(date="1995"), make_statement(party=party, date="2005"))
    publish(make_position(party=party, issue=issue, date="1995", evidence=[make_statement(date="1995")]))
    assert told(client, address) == ""
    publish(make_statement(party=party, date="1995", slug="new"))
    assert "1 new entry" in told(client, address)
    again = re.search(r'href="(/timeline/\?[^"]+)"', get(client, address, headers=FRAGMENT))[1].replace("&amp;", "&")
    assert slugs(get(client, again)) == ["new"]


def test_the_question_costs_the_same_however_much_is_new(client):
    address = question(get(client))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            told(client, address)
        return len(captured)

    publish(make_statement())
    one = queries()
    publish(*(make_statement() for _ in range(10)))
    assert queries() == one <= 8


def test_whoever_follows_the_address_of_the_question_gets_the_view(client):
    party = make_party()
    response = client.get(question(get(client, party=party.slug)))
    assert (response.status_code, response.url) == (302, f"/timeline/?party={party.slug}")


@pytest.mark.parametrize("since", ["", "yesterday", "2026-01-01", "2026-01-01T00:00:00", "\0", "9" * 10_000])
def test_a_moment_that_is_none_is_refused_in_words(client, since):
    response = client.get("/timeline/arrivals/?" + urlencode({"since": since}), **FRAGMENT)
    assert response.status_code == 400
    assert "is no moment" in response.content.decode()


def test_the_moment_stays_out_of_every_other_address(client):
    page = get(client, q="treaty")
    assert len(re.findall(r"since=", page)) == 1
