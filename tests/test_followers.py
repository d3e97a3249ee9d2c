"""The desk's page of followers: how many follow what, and nobody's address; deleted for whoever asks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from negotiations.models import Digest, Subscription
from tests import make
from tests.test_alerts import make_subscription
from tests.test_workflow import signed_in

PAGE = "/admin/negotiations/subscription/"


def page_of(client) -> str:
    response = client.get(PAGE)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("role", ["Editor", "Administrator"])
def test_editors_see_how_many_follow_what_and_no_address(db, role):
    party = make.make_party(name="Ruritania", short_name="Ruritania")
    view = f"party={party.slug}"
    for number in range(2):
        make_subscription(email=f"reader-{number}@example.org", query=view, frequency="daily")
    make_subscription(email="reader-0@example.org", query=view + "&moves=only", frequency="weekly")
    make_subscription(email="silent@example.org", confirmed_at=None)
    page = page_of(signed_in(role))
    assert "2 addresses follow the record by e-mail." in page
    assert "1 more wish is not confirmed yet." in page
    assert f'<a href="/timeline/?{view}">Ruritania</a></th><td>2</td><td>0</td>' in page
    assert "Changes of position only" in page
    assert "example.org" not in page


def test_an_address_is_deleted_with_all_that_was_kept_of_it(db):
    for query in ("kind=round", "kind=statement"):
        told = make_subscription(email="asks@example.org", query=query)
        Digest.objects.create(subscription=told, until="2026-01-02", entries=3)
    make_subscription(email="asks@example.org", confirmed_at=None)
    stays = make_subscription(email="stays@example.org")
    answer = signed_in("Editor").post(PAGE, {"email": " Asks@Example.org "}, follow=True).content.decode()
    assert "Deleted, with all that was kept of the address: 3 subscriptions." in answer
    assert "asks@example.org" not in answer.lower()
    assert list(Subscription.objects.all()) == [stays]
    assert not Digest.objects.exists()


def test_an_address_that_follows_nothing_and_one_that_is_none_are_told_so(db):
    client = signed_in("Editor")
    assert (
        "Nothing is kept of that address."
        in client.post(PAGE, {"email": "x@example.org"}, follow=True).content.decode()
    )
    assert "Enter a valid email address." in client.post(PAGE, {"email": "nobody"}).content.decode()


@pytest.mark.parametrize("role", ["Contributor", ""])
def test_nobody_else_sees_or_deletes_anything(db, role):
    make_subscription(email="asks@example.org")
    client = signed_in(role)
    refused = 403 if role else 302
    assert client.get(PAGE).status_code == refused
    # Whoever is not signed in gets the door, with what they typed.
    assert "Deleted" not in client.post(PAGE, {"email": "asks@example.org"}, follow=True).content.decode()
    assert Subscription.objects.count() == 1


def test_there_is_no_page_of_one_follower(db):
    for page in ("change", "delete", "history"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:negotiations_subscription_{page}", args=[1])


def test_more_followers_of_a_view_cost_no_more_queries(db):
    client = signed_in("Editor")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(client)
        return len(captured)

    make_subscription(email="reader@example.org", query="kind=round")
    queries()
    few = queries()
    for number in range(20):
        make_subscription(email=f"reader-{number}@example.org", query="kind=round")
        make_subscription(email=f"reader-{number}@example.org", query=f"from=19{70 + number}")
    assert queries() == few <= 20
