"""Nobody can wear the site out: what is costly is counted, for each visitor and across processes."""

import pytest
from django.db import OperationalError, connection
from django.urls import get_resolver

from negotiations import limits
from negotiations.queries import allowances

LITTLE = 3


@pytest.fixture
def limited(settings, monkeypatch):
    settings.LIMITS = True
    few = {what: (names, LITTLE) for what, (names, _) in limits.LIMITS.items()}
    monkeypatch.setattr(limits, "LIMITS", few)
    monkeypatch.setattr(limits, "FORMS", ("forms", LITTLE))


def statuses(client, path, times=LITTLE + 1, **how):
    return [client.get(path, **how).status_code for _ in range(times)]


@pytest.mark.parametrize("path", ["/search/?q=Geneva", "/timeline/?q=Geneva", "/positions.csv", "/ru/search/?q=Женева"])
def test_what_is_costly_may_be_asked_for_so_often_a_minute(client, db, limited, path):
    assert statuses(client, path) == [200] * LITTLE + [429]
    refused = client.get(path)
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert "429" in refused.content.decode()


def test_pages_are_not_counted(client, db, limited):
    assert statuses(client, "/timeline/") == [200] * (LITTLE + 1)


def test_searches_and_exports_are_counted_apart(client, db, limited):
    statuses(client, "/search/?q=Geneva")
    assert client.get("/positions.csv").status_code == 200


def test_forms_are_counted_before_anybody_is_signed_in(client, db, limited):
    answers = [client.post("/admin/login/", {"username": "x", "password": "y"}).status_code for _ in range(LITTLE + 1)]
    assert answers == [200] * LITTLE + [429]


def test_staff_are_not_counted(admin_client, limited):
    assert statuses(admin_client, "/search/?q=Geneva") == [200] * (LITTLE + 1)


def test_visitors_are_counted_apart(client, db, limited):
    statuses(client, "/search/?q=Geneva", REMOTE_ADDR="192.0.2.1")
    assert client.get("/search/?q=Geneva", REMOTE_ADDR="192.0.2.2").status_code == 200


def test_a_household_counts_as_one(client, db, limited):
    statuses(client, "/search/?q=Geneva", REMOTE_ADDR="2001:db8::1")
    assert client.get("/search/?q=Geneva", REMOTE_ADDR="2001:db8::2").status_code == 429
    assert client.get("/search/?q=Geneva", REMOTE_ADDR="2001:db8:0:1::2").status_code == 200


def test_an_address_that_the_visitor_wrote_is_not_believed(client, db, limited):
    for number in range(LITTLE):
        client.get("/search/?q=Geneva", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert client.get("/search/?q=Geneva", HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 429


def test_the_address_that_our_proxy_wrote_is(client, db, limited, settings):
    settings.PROXY_COUNT = 1
    for number in range(LITTLE):
        client.get("/search/?q=Geneva", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}, 198.51.100.1")
    assert client.get("/search/?q=Geneva", HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.1").status_code == 429
    assert client.get("/search/?q=Geneva", HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.2").status_code == 200


def test_a_minute_later_all_is_allowed_again(client, db, limited):
    statuses(client, "/search/?q=Geneva")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE negotiations_allowance SET minute = minute - interval '1 minute'")
    assert client.get("/search/?q=Geneva").status_code == 200


def test_no_address_is_written_down(client, db, limited):
    client.get("/search/?q=Geneva", REMOTE_ADDR="192.0.2.77")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(known)::text FROM negotiations_allowance known")
        assert "192.0.2.77" not in str(cursor.fetchall())


def test_every_limited_view_exists():
    patterns = get_resolver().reverse_dict
    assert {name for names, _ in limits.LIMITS.values() for name in names if name not in patterns} == set()


def test_what_cannot_be_counted_is_read_all_the_same_and_nothing_is_sent(client, db, limited, monkeypatch):
    def is_away(*_args):
        raise OperationalError

    monkeypatch.setattr(allowances, "spend", is_away)
    client.raise_request_exception = False
    assert statuses(client, "/search/?q=Geneva") == [200] * (LITTLE + 1)
    assert client.post("/follow/", {}).status_code == 503
