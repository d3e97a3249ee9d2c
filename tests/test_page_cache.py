"""Finished pages are kept until the record changes, shown to every reader alike, and never mixed up."""

import gzip
import time
from datetime import timedelta

import brotli
import psycopg
import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from negotiations.models import Entry, LoadedRow
from negotiations.models.generation import UNSEEN, watch_tables, watched_tables
from negotiations.queries import generation
from negotiations.queries.timeline import tally
from negotiations.replicas import Replicas, number
from negotiations.templatetags import stream

from .make import (
    make_milestone,
    make_negotiation,
    make_party,
    make_round,
    make_source,
    make_statement,
    make_treaty,
)

PLACE = {"host", "port", "user", "password", "dbname"}


@pytest.fixture
def caching(settings, monkeypatch):
    """Pages are kept, and the database is asked each time whether they still hold."""
    settings.CACHING = True
    monkeypatch.setattr(generation, "FRESH", 0)
    monkeypatch.setattr(generation, "_here", {})
    cache.clear()
    generation.forget()


@pytest.fixture
def asked_once(caching, monkeypatch):
    """The same, but the database was asked just now."""
    monkeypatch.setattr(generation, "FRESH", 3600)


def committed():
    """What a commit does: deferred triggers speak. The test's own transaction is never committed."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS raise_generation IMMEDIATE; SET CONSTRAINTS raise_generation DEFERRED")


def page(client, path="/timeline/", **headers):
    return client.get(path, headers=headers)


# The generation


def test_every_change_of_the_record_raises_the_generation(db):
    party = make_party()
    committed()
    before = generation.read()
    for change in (lambda: party.save(), lambda: make_statement(party=party), lambda: Entry.objects.all().delete()):
        change()
        committed()
        assert generation.read() != before
        before = generation.read()


def test_a_transaction_raises_it_once_however_much_it_writes(db):
    committed()
    before = int(generation.read().split(".")[0])
    for _ in range(5):
        make_statement()
    committed()
    assert int(generation.read().split(".")[0]) == before + 1


def test_reading_and_what_no_reader_sees_leave_it_alone(db):
    committed()
    before = generation.read()
    list(Entry.objects.all())
    LoadedRow.objects.create(kind="x", key="y", sha256="z")
    committed()
    assert generation.read() == before


def test_what_is_rolled_back_leaves_it_alone(transactional_db):
    before = generation.read()
    with transaction.atomic():
        make_party()
        transaction.set_rollback(True)
    assert generation.read() == before
    make_party()
    assert generation.read() != before


def test_two_writers_do_not_wait_for_each_other(transactional_db):
    party, other = make_party(), make_party()
    where = {name: value for name, value in connection.get_connection_params().items() if name in PLACE}
    with psycopg.connect(**where) as one, psycopg.connect(**where) as two:
        for writer, thing in ((one, party), (two, other)):
            writer.execute("SET lock_timeout = '2s'")
            writer.execute("UPDATE negotiations_party SET rank = 7 WHERE id = %s", [thing.pk])
        two.commit()
        one.commit()


def test_every_table_is_watched_unless_named_as_unseen(db):
    watch_tables("default")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'note_change'")
        assert {name for (name,) in cursor.fetchall()} == watched_tables()
    assert {"negotiations_entry", "negotiations_entry_parties", "negotiations_citation"} <= watched_tables()
    assert not {f"negotiations_{name}" for name in UNSEEN} & watched_tables()


def test_a_table_that_is_named_as_unseen_later_is_watched_no_more(db):
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER note_change AFTER INSERT ON negotiations_{min(UNSEEN)} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_change()"
        )
        watch_tables("default")
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'note_change'")
        assert {name for (name,) in cursor.fetchall()} == watched_tables()


# Keeping


def test_a_page_seen_before_costs_no_query(client, db, asked_once, django_assert_num_queries):
    make_statement(occasion="Speech in Zenda")
    first = page(client)
    with django_assert_num_queries(0):
        second = page(client)
    assert second.content == first.content
    assert "Speech in Zenda" in second.content.decode()
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_a_change_shows_at_once(client, db, caching):
    statement = make_statement(occasion="Speech in Zenda")
    committed()
    assert "Speech in Zenda" in page(client).content.decode()
    statement.occasion = "Interview in Strelsau"
    statement.save()
    committed()
    assert "Interview in Strelsau" in page(client).content.decode()


def test_the_day_turns_the_page(client, db, asked_once, monkeypatch):
    first = page(client, "/")
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_: tomorrow)
    second = page(client, "/")
    assert second["ETag"] != first["ETag"]
    assert second.content != first.content


def test_languages_fragments_and_addresses_are_never_mixed(client, db, asked_once):
    make_statement()
    asked = [
        ("/timeline/", {}),
        ("/ru/timeline/", {}),
        ("/timeline/", {"HX-Request": "true"}),
        ("/ru/timeline/", {"HX-Request": "true"}),
        ("/timeline/?order=oldest", {}),
        ("/timeline/?kind=round", {}),
    ]
    first = [page(client, path, **headers) for path, headers in asked]
    assert len({response.content for response in first}) == len(asked)
    assert len({response["ETag"] for response in first}) == len(asked)
    again = [page(client, path, **headers) for path, headers in asked]
    assert [response.content for response in again] == [response.content for response in first]
    assert "<html" not in first[2].content.decode()
    # Asked for after Back, a fragment's address is a whole page again.
    back = page(client, "/timeline/", **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in back.content.decode()


def test_a_language_asked_for_by_the_browser_changes_nothing(client, db, asked_once):
    assert page(client).content == page(client, **{"Accept-Language": "ru"}).content
    assert "Accept-Language" not in page(client)["Vary"]


def test_hosts_are_never_mixed(db, asked_once):
    here, there = Client(headers={"host": "localhost"}), Client(headers={"host": "127.0.0.1"})
    assert page(here)["ETag"] != page(there)["ETag"]


def test_shared_caches_are_told_what_a_page_depends_on(client, db, asked_once):
    response = page(client)
    assert response["Cache-Control"].startswith("public, max-age=0")
    assert {"HX-Request", "Cookie", "Accept-Encoding"} <= set(response["Vary"].split(", "))


# While pages are drawn anew

NEWEST, OLDEST = "/timeline/", "/timeline/?order=oldest"


@pytest.fixture
def changed(client, db, caching, monkeypatch):
    """Two pages are kept, and the record changes. What others get who ask while the first page is drawn anew, and what
    whoever had it drawn gets."""
    statement = make_statement(occasion="Speech in Zenda")
    committed()
    page(client, NEWEST), page(client, OLDEST)

    def ask_meanwhile(*asked, quiet=0.0, slow=0.0):
        time.sleep(quiet)
        statement.occasion = "Interview in Strelsau"
        statement.save()
        committed()
        answers = []

        def drawing(view):
            if not answers:
                answers.append(None)
                time.sleep(slow)
                answers[:] = [ask() for ask in asked]
            return tally(view)

        monkeypatch.setattr("negotiations.views.timeline.tally", drawing)
        first = client.get(NEWEST, REMOTE_ADDR="10.0.0.1")
        assert shown(first) == "Strelsau"
        return *answers, first

    return ask_meanwhile


def asks(client, path, address="10.0.0.2", **headers):
    return lambda: client.get(path, REMOTE_ADDR=address, headers=headers)


def shown(response):
    return next(word for word in ("Zenda", "Strelsau") if word in response.content.decode())


def test_while_a_page_is_drawn_anew_others_are_shown_as_they_stood(client, changed):
    same, other, first = changed(asks(client, NEWEST), asks(client, OLDEST))
    assert [shown(same), shown(other)] == ["Zenda", "Zenda"]
    assert len({same["ETag"], other["ETag"], first["ETag"]}) == 3
    assert [shown(page(client, path)) for path in (NEWEST, OLDEST)] == ["Strelsau", "Strelsau"]


def test_a_copy_of_a_page_as_it_stood_holds_as_long_as_the_page(client, changed):
    tag = page(client, OLDEST)["ETag"]
    copy, _ = changed(asks(client, OLDEST, **{"If-None-Match": tag}))
    assert (copy.status_code, copy["ETag"]) == (304, tag)
    assert page(client, OLDEST, **{"If-None-Match": tag}).status_code == 200


def test_whoever_has_seen_a_change_is_not_taken_back_behind_it(client, changed):
    elsewhere, another, after_it, _ = changed(
        asks(client, "/timeline/?kind=statement"),  # not kept, so drawn
        asks(client, OLDEST, address="10.0.0.3"),
        asks(client, OLDEST),
    )
    assert [shown(elsewhere), shown(another), shown(after_it)] == ["Strelsau", "Zenda", "Strelsau"]


def test_a_page_is_shown_as_it_stood_for_a_moment_only(client, changed, monkeypatch):
    monkeypatch.setattr(generation, "BOUND", 0.2)
    late, _ = changed(asks(client, OLDEST), slow=0.3)
    assert shown(late) == "Strelsau"


def test_what_may_have_changed_long_before_anybody_asked_is_shown_at_once(client, changed, monkeypatch):
    monkeypatch.setattr(generation, "BOUND", 0.2)
    answer, _ = changed(asks(client, OLDEST), quiet=0.3)
    assert shown(answer) == "Strelsau"


def test_whoever_is_signed_in_is_never_shown_a_page_as_it_stood(admin_client, changed):
    answer, _ = changed(asks(admin_client, OLDEST))
    assert shown(answer) == "Strelsau"
    assert answer["Cache-Control"] == "private, no-store"


# Conditional requests


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_copy_that_still_holds_is_not_sent_again(client, db, asked_once, method):
    first = page(client)
    again = getattr(client, method)("/timeline/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]


def test_a_copy_that_still_holds_is_vouched_for_even_where_the_page_is_not_kept(client, db, asked_once):
    first = page(client)
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        again = page(client, **{"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again["Cache-Control"] == first["Cache-Control"]
    assert len(queries) == 0


def test_a_copy_of_the_whole_page_does_not_stand_for_a_fragment(client, db, asked_once):
    whole = page(client)
    part = page(client, **{"HX-Request": "true", "If-None-Match": whole["ETag"]})
    assert part.status_code == 200


def test_head_is_answered_from_what_is_kept(client, db, asked_once, django_assert_num_queries):
    whole = page(client)
    with django_assert_num_queries(0):
        head = client.head("/timeline/")
    assert head.status_code == 200
    assert head.content == b""
    assert head["ETag"] == whole["ETag"]


# Who must not be served from what is kept


def test_staff_are_served_afresh_and_privately(client, admin_client, caching):
    page(client)
    generation.forget()
    response = page(admin_client)
    assert response["Cache-Control"] == "private, no-store"
    assert not response.has_header("ETag")


def test_nothing_made_for_staff_is_kept_for_readers(client, admin_client, asked_once):
    page(admin_client)
    generation.current()
    with CaptureQueriesContext(connection) as drawing:
        page(client)
    assert len(drawing) > 0


def test_a_page_with_a_form_that_writes_is_not_kept(client, db, asked_once):
    response = client.get("/admin/login/")
    assert "csrftoken" in response.cookies
    assert "public" not in response["Cache-Control"]
    assert not response.has_header("ETag")


def test_missing_pages_are_not_kept(client, db, asked_once):
    assert client.get("/issues/never/").status_code == 404
    assert not client.get("/issues/never/").has_header("ETag")


# Compression


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("", "", bytes),
        ("zstd", "", bytes),
    ],
)
def test_pages_are_compressed_as_the_client_can_read_them(client, db, asked_once, accepted, encoding, unpack):
    make_statement(occasion="Speech in Zenda")
    for _ in range(2):
        response = page(client, **{"Accept-Encoding": accepted})
        assert response.get("Content-Encoding", "") == encoding
        assert "Speech in Zenda" in unpack(response.content).decode()
        assert int(response["Content-Length"]) == len(response.content)


def test_pages_for_staff_are_not_compressed(admin_client, caching):
    assert not page(admin_client, **{"Accept-Encoding": "br"}).has_header("Content-Encoding")


# When something else fails


def test_readers_get_the_last_page_while_the_database_is_away(client, db, caching, monkeypatch):
    shown = page(client).content
    client.raise_request_exception = False

    def away():
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(generation, "read", away)
    response = page(client)
    assert response.status_code == 200
    assert response.content == shown


def test_a_page_that_fails_half_way_is_answered_by_the_last_one(client, db, caching, monkeypatch):
    shown = page(client).content
    client.raise_request_exception = False
    make_statement()
    committed()

    def too_slow(*_):
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr("negotiations.views.timeline.tally", too_slow)
    assert page(client).content == shown
    response = page(client, "/timeline/?kind=round")
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert response["Cache-Control"] == "no-store"
    assert "cannot be read at the moment" in response.content.decode()


def test_readers_do_not_notice_a_cache_that_is_away(client, db, settings, caching):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9/0",
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
    assert page(client).status_code == 200
    assert page(client).status_code == 200


# The pieces of a page


def test_cards_drawn_for_one_view_serve_another(client, db, asked_once, monkeypatch):
    statement = make_statement(occasion="Speech in Zenda")
    first = page(client, "/timeline/").content.decode()
    card = first[first.index(f'id="e-{statement.slug}"') :].partition("</li>")[0]
    monkeypatch.setattr(stream, "TEMPLATE", "404.html")  # whatever is drawn anew would show
    second = page(client, "/timeline/?order=oldest").content.decode()
    assert card in second
    assert "Speech in Zenda" not in page(client, "/ru/timeline/").content.decode()


def test_of_entries_whose_cards_were_drawn_nothing_is_read_but_their_place(client, db, asked_once):
    met = make_round(date="2007-09-11")
    said = [make_statement(party=party, round=met, date="2007-09-12") for party in (make_party(), make_party())]
    first = page(client).content.decode()
    with CaptureQueriesContext(connection) as captured:
        second = page(client, "/timeline/?from=2007").content.decode()
    assert not [query["sql"] for query in captured if "negotiations_citation" in query["sql"]]
    stream_of = [text.partition('id="stream"')[2].partition("</section>")[0] for text in (first, second)]
    assert all(one.slug in stream_of[0] for one in (met, *said))
    assert stream_of[0] == stream_of[1]


def test_a_new_entry_joins_cards_that_were_drawn_before(client, db, asked_once):
    """The state is held as it was, so that what was drawn is still good beside what was not."""
    old = make_statement(date="2007-09-12")
    page(client)
    new = make_statement(date="2007-09-13")
    cache.clear()
    text = page(client, "/timeline/?from=2007").content.decode()
    assert text.index(f'id="e-{new.slug}"') < text.index(f'id="e-{old.slug}"')


def test_names_in_lists_to_choose_from_are_anew_when_the_record_changes(client, db, caching):
    talks = make_negotiation(name="Strelsau talks")
    committed()
    assert "Strelsau talks</option>" in page(client).content.decode()
    talks.name = "Zenda <talks> 100%"
    talks.save()
    committed()
    text = page(client, f"/timeline/?negotiation={talks.slug}").content.decode()
    assert f'<option value="{talks.slug}" selected>Zenda &lt;talks&gt; 100%</option>' in text
    assert "Strelsau talks</option>" not in text


def test_lives_of_treaties_are_read_anew_when_a_step_is_added(client, db, caching):
    treaty = make_treaty(short_name="Pact of Strelsau")
    make_milestone(treaty=treaty, date="1991-07-31")
    committed()
    for _ in range(2):
        assert "2002" not in page(client, "/treaties/?on=2003-01-01").content.decode()
    make_milestone(treaty=treaty, date="2002-06-13", type="terminated")
    committed()
    assert "2002" in page(client, "/treaties/?on=2003-01-01").content.decode()


def test_a_card_is_drawn_anew_when_what_it_rests_on_changes(client, db, caching):
    source = make_source(title="Talks on missiles resume", publisher="Strelsau Gazette")
    make_statement(sources=[source])
    committed()
    assert "Strelsau Gazette" in page(client).content.decode()
    source.publisher = "Zenda Herald"
    source.save()
    committed()
    assert "Zenda Herald" in page(client).content.decode()


def test_found_words_are_marked_in_a_card_that_was_drawn_before(client, db, asked_once):
    make_statement(summary="Says that Strelsau must be bound.", quote="", quote_language="")
    assert "<mark>" not in page(client).content.decode()
    assert "<mark>Strelsau</mark>" in page(client, "/timeline/?q=Strelsau").content.decode()
    assert "<mark>" not in page(client, "/timeline/?order=oldest").content.decode()


# Replicas


def test_what_a_replica_said_is_not_taken_for_what_the_primary_has_since(db, caching, rf, monkeypatch):
    def answer(_request):
        make_statement()  # published while the replica, which has nothing of it yet, is being asked
        committed()
        return HttpResponse(str(generation.once("statements", lambda: 0)))

    replicas = Replicas(answer)
    replicas.aliases = ["default"]
    monkeypatch.setattr(replicas, "state", lambda _alias: number(generation.last_known()))
    committed()
    generation.current()
    assert replicas(rf.get("/")).content == b"0"
    assert generation.once("statements", Entry.objects.count) == 1
