"""Two editors at once, one form sent twice, a session that ends, a server that dies: nothing is lost or half saved."""

import html
import os
import re
import subprocess
import sys
import textwrap
import threading
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from negotiations.admin.moves import MovesEntries
from negotiations.files import versions
from negotiations.models import Party, Revision, Statement

from . import make
from .test_admin import a_statement, edit, errors, sent_by, url_of
from .test_page_cache import PLACE

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"  # noqa: S105  (of accounts that live as long as the test)


def editor(name: str) -> Client:
    client = Client()
    user = User.objects.filter(username=name).first() or User.objects.create_superuser(name, password=PASSWORD)
    client.force_login(user)
    return client


@pytest.fixture
def anna():
    return editor("anna")


@pytest.fixture
def boris():
    return editor("boris")


def opened(client, obj):
    return client.get(url_of(type(obj), "change", obj.pk))


def send(client, obj, page, **typed):
    return client.post(url_of(type(obj), "change", obj.pk), sent_by(page, **typed))


def both_sides(page) -> dict:
    return {str(one.label): one for one in page.context["adminform"].form.differences}


# A stale form


def test_the_second_save_of_a_stale_form_is_refused_with_both_sides_shown(anna, boris):
    statement = make.make_statement(summary="Wants peace.")
    annas, boriss = opened(anna, statement), opened(boris, statement)
    assert send(anna, statement, annas, summary="Wants a treaty.").status_code == 302
    refused = send(boris, statement, boriss, summary="Wants war.")

    assert "Somebody else has saved this since you opened it" in errors(refused)
    text = html.unescape(refused.content.decode())
    assert "Saved meanwhile by anna" in text
    assert [tuple(piece)[1] for piece in both_sides(refused)["summary"].change.pieces if piece.sign] == [
        "peace", "a treaty",
    ]  # fmt: skip
    assert both_sides(refused)["summary"].yours == "Wants war."
    assert "Wants war.</textarea>" in text
    assert Statement.objects.get().summary == "Wants a treaty."


def test_saving_again_after_looking_at_both_sides_keeps_what_stands_in_the_form(anna, boris):
    statement = make.make_statement(summary="Wants peace.", city="Strelsau")
    annas, boriss = opened(anna, statement), opened(boris, statement)
    send(anna, statement, annas, summary="Wants a treaty.", city="Zenda", office="Colonel")
    refused = send(boris, statement, boriss, summary="Wants war.")
    assert send(boris, statement, refused).status_code == 302

    statement.refresh_from_db()
    # His own words stand; what he had left alone is hers.
    assert (statement.summary, statement.city, statement.office) == ("Wants war.", "Zenda", "Colonel")
    kept = [version.row.get("summary") for version in reversed(Revision.objects.of(statement))]
    assert kept == ["Wants peace.", "Wants a treaty.", "Wants war."]


def test_what_the_other_chose_in_lists_and_boxes_is_taken_over_too(anna, boris):
    russia, usa = make.make_party(), make.make_party(short_name="Graustark")
    treaty = make.make_treaty(parties=[russia], legally_binding=True)
    annas, boriss = opened(anna, treaty), opened(boris, treaty)
    send(anna, treaty, annas, parties=[russia, usa], legally_binding=None)
    refused = send(boris, treaty, boriss, summary="Another summary.")
    assert both_sides(refused)["parties"].taken_over
    send(boris, treaty, refused)

    treaty.refresh_from_db()
    assert (treaty.summary, treaty.legally_binding) == ("Another summary.", False)
    assert set(treaty.parties.all()) == {russia, usa}


def test_rows_within_a_form_are_part_of_what_may_be_stale(anna, boris):
    statement = make.make_statement()
    boriss = opened(boris, statement)
    edit(anna, statement, citations_0_locator="p. 7")
    refused = send(boris, statement, boriss, summary="Typed by Boris.")
    assert "sources" in both_sides(refused)
    assert statement.citations.get().locator == "p. 7"


def test_a_form_opened_before_the_entry_was_published_changes_nothing_public_unseen(anna, boris):
    statement = make.make_statement(state="draft")
    boriss = opened(boris, statement)
    edit(anna, statement, state="published")
    assert "Somebody else has saved this" in errors(send(boris, statement, boriss, summary="Late.", why=None))


def test_a_form_that_nobody_overtook_is_saved_however_often(anna):
    party = make.make_party()
    for name in ("First", "Second", "Third"):
        assert edit(anna, party, name=name).status_code == 302
    party.refresh_from_db()
    assert party.name == "Third"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_in_the_same_moment_one_is_told():
    party = make.make_party(name="Before")
    clients = {name: editor(name) for name in ("anna", "boris")}
    sent = {name: sent_by(opened(client, party), name=f"By {name}") for name, client in clients.items()}
    ready, answers = threading.Barrier(2), {}

    def save(name):
        try:
            ready.wait()
            answers[name] = clients[name].post(url_of(Party, "change", party.pk), sent[name])
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[name]) for name in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (saved,) = (name for name, answer in answers.items() if answer.status_code == 302)
    (told,) = (name for name, answer in answers.items() if answer.status_code == 200)
    assert "Somebody else" in errors(answers[told])
    assert f"By {told}" in answers[told].content.decode()
    party.refresh_from_db()
    assert party.name == f"By {saved}"
    assert [version.row["name"] for version in reversed(Revision.objects.of(party))] == ["Before", f"By {saved}"]


# Many at once


def choose(client, action: str, entry) -> None:
    client.post(url_of(Statement, "changelist"), {"action": action, "_selected_action": [entry.pk]})


def test_what_another_publishes_meanwhile_is_not_returned_without_a_reason(anna, monkeypatch):
    statement = make.make_statement(state="in-review")
    move = MovesEntries._move

    def published_meanwhile(self, *asked):
        Statement.objects.filter(pk=statement.pk).update(state="published")
        return move(self, *asked)

    monkeypatch.setattr(MovesEntries, "_move", published_meanwhile)
    choose(anna, "return_to_draft", statement)
    statement.refresh_from_db()
    assert statement.state == "published"


@pytest.mark.django_db(transaction=True)
def test_nobody_else_moves_an_entry_while_it_is_moved_among_others(monkeypatch):
    statement = make.make_statement(state="draft")
    where = {name: value for name, value in connection.get_connection_params().items() if name in PLACE}
    keep_before, waited = versions.keep_before, []

    def another_publishes(*objects):
        with psycopg.connect(**where) as other:
            other.execute("SET lock_timeout = '200ms'")
            try:
                other.execute("UPDATE negotiations_entry SET state = 'published' WHERE id = %s", [statement.pk])
            except psycopg.errors.LockNotAvailable:
                waited.append(statement)
        keep_before(*objects)

    monkeypatch.setattr(versions, "keep_before", another_publishes)
    choose(editor("anna"), "submit", statement)
    assert waited == [statement]


# A form sent twice


def test_an_add_form_sent_twice_makes_one_and_leads_to_it(anna):
    page = anna.get(url_of(Statement, "add"))
    sent = sent_by(page, **a_statement(citations_0_source=make.make_source()))
    anna.post(url_of(Statement, "add"), sent)
    again = anna.post(url_of(Statement, "add"), sent, follow=True)
    statement = Statement.objects.get()
    assert again.redirect_chain[0][0] == url_of(Statement, "change", statement.pk)
    assert "sent twice and is saved once" in again.content.decode()


def test_two_forms_that_say_the_same_make_two(anna):
    typed = a_statement(citations_0_source=make.make_source())
    for _ in range(2):
        anna.post(url_of(Statement, "add"), sent_by(anna.get(url_of(Statement, "add")), **typed))
    assert Statement.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one():
    client = editor("anna")
    typed = {"name": "The Kingdom of Strelsau", "short_name": "Strelsau", "kind": "state"}
    sent = sent_by(client.get(url_of(Party, "add")), **typed)
    ready, answers = threading.Barrier(2), []

    def click():
        try:
            browser = editor("anna")
            ready.wait()
            answers.append(browser.post(url_of(Party, "add"), sent).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert Party.objects.filter(short_name="Strelsau").count() == 1


# A session that ends


def hidden(page, name: str) -> str:
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1])


def signs_in_again(client, page, username="anna", password=PASSWORD):
    sent = {"username": username, "password": password, "next": hidden(page, "next"), "typed": hidden(page, "typed")}
    return client.post("/admin/login/", sent, follow=password == PASSWORD)


def test_what_was_typed_when_the_session_ended_is_in_the_form_after_signing_in_again(anna):
    statement = make.make_statement(summary="Before.")
    sent = sent_by(
        opened(anna, statement), summary="Typed for an hour. “Quoted” & <marked>", citations_0_locator="p. 7"
    )
    Session.objects.all().delete()

    asked = anna.post(url_of(Statement, "change", statement.pk), sent)
    assert "Your session had ended." in asked.content.decode()
    wrong = signs_in_again(anna, asked, password="wrong")  # noqa: S106
    page = signs_in_again(anna, wrong)

    assert page.request["PATH_INFO"] == url_of(Statement, "change", statement.pk)
    assert "not saved yet" in errors(page)
    assert page.context["adminform"].form["summary"].value() == "Typed for an hour. “Quoted” & <marked>"
    assert 'value="p. 7"' in page.content.decode()
    assert Statement.objects.get().summary == "Before."
    assert send(anna, statement, page).status_code == 302
    assert Statement.objects.get().summary.startswith("Typed for an hour.")
    # Once only: whoever opens the page next finds what is saved.
    assert "not saved yet" not in opened(anna, statement).content.decode()


def test_what_was_typed_into_a_new_entry_outlasts_the_session_too(anna):
    sent = sent_by(anna.get(url_of(Statement, "add")), **a_statement(summary="New and not saved."))
    anna.cookies.clear()
    page = signs_in_again(anna, anna.post(url_of(Statement, "add"), sent))
    assert page.context["adminform"].form["summary"].value() == "New and not saved."
    assert not Statement.objects.exists()
    anna.post(url_of(Statement, "add"), sent_by(page))
    assert Statement.objects.get().summary == "New and not saved."


def test_nobody_gets_in_by_what_they_typed():
    party, stranger = make.make_party(), Client()
    asked = stranger.post(url_of(Party, "change", party.pk), {"name": "Overrun"})
    assert asked.status_code == 200
    assert asked.templates[0].name == "admin/login.html"
    refused = signs_in_again(stranger, asked, username="nobody", password="wrong")  # noqa: S106
    assert "adminform" not in refused.context
    party.refresh_from_db()
    assert party.name != "Overrun"


# A server that dies

DIES = """
import time, django
django.setup()
from django.test.utils import setup_test_environment
setup_test_environment()
from django.contrib.auth.models import User
from django.test import Client
from negotiations.files import versions
from negotiations.models import Statement
from tests.test_admin import sent_by, url_of

def die(*_objects, **_more):
    # Everything is written and nothing is committed.
    assert Statement.objects.get().summary == "Half of it"
    print("written", flush=True)
    time.sleep(60)

client = Client()
client.force_login(User.objects.get(username="anna"))
statement = Statement.objects.get()
url = url_of(Statement, "change", statement.pk)
sent = sent_by(client.get(url), summary="Half of it", citations_0_locator="p. 13")
versions.keep = die
client.post(url, sent)
"""


@pytest.mark.django_db(transaction=True)
def test_a_server_killed_while_it_saves_leaves_all_as_it_was(anna):
    statement = make.make_statement(summary="Whole.")
    versions.keep(statement)
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {"DATABASE_URL": database.geturl()}
    server = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(DIES)],
        env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout.readline() == "written\n"
    finally:
        server.kill()
        server.wait()

    statement.refresh_from_db()
    assert statement.summary == "Whole."
    assert statement.citations.get().locator == ""
    assert [version.number for version in Revision.objects.of(statement)] == [1]
    # Its locks died with it: the next save goes through.
    assert edit(anna, statement, summary="All of it.").status_code == 302
