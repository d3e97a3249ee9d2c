"""A real server killed outright while it saves: nothing is half saved, and what was being saved is saved once after."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from negotiations.files import versions
from negotiations.models import Citation, Intake, Person, Revision, Source, Statement

from . import make
from .processes import database_url
from .test_admin import sent_by, url_of
from .test_intake_desk import STORY, bring, review_of
from .test_intake_desk import sent_by as sent_by_review
from .test_run import free_port
from .test_two_editors import editor

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60
TOKEN = "k" * 32  # what Django compares a form with its cookie by


class Server:
    """The site as it is served, on the database of the test."""

    def __init__(self):
        self.port = free_port()
        environment = os.environ | {
            "DATABASE_URL": database_url(), "SECRET_KEY": settings.SECRET_KEY, "PARLEY_LOCAL": "1", "LIMITS": "0",
            "HASHED_STATIC_FILES": "0", "WEB_CONCURRENCY": "1", "GUNICORN_LOG_LEVEL": "critical",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip
        command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "-b", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, start_new_session=True)
        wait_until(lambda: self.answers("/healthz"))

    def answers(self, path: str) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
            return answer.status == 200
        return False

    def kill(self) -> None:
        """With all that it has started, and no goodbye."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def send(self, client: Client, path: str, fields: dict) -> str:
        """Send a form as the browser in which somebody has signed in; the address of the page that answers."""
        cookies = f"csrftoken={TOKEN}; sessionid={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        sent = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": TOKEN}, doseq=True).encode()
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", sent, {"Cookie": cookies})
        with urllib.request.build_opener(StaysHere).open(asked, timeout=PATIENCE) as answer:
            return answer.headers["Location"] if answer.status == 302 else answer.read().decode()


class StaysHere(urllib.request.HTTPRedirectHandler):
    def http_error_302(self, _request, answer, _code, _message, headers):
        answer.headers = headers
        answer.status = 302
        return answer


def wait_until(true) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
AND backend_type = 'client backend'"""


def counted(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def kill_while_it_writes_to(table: str, client: Client, path: str, fields: dict) -> None:
    """Send a form to a server, and kill it when it comes to write to a table."""
    server = Server()

    def send():
        with contextlib.suppress(OSError):  # nobody answers any more
            server.send(client, path, fields)

    sending = threading.Thread(target=send)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # It may be read, so that the server comes as far as this, and not written.
                cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
            sending.start()
            wait_until(lambda: counted(WAITING))
            server.kill()
    finally:
        with contextlib.suppress(ProcessLookupError):
            server.kill()
        sending.join()
    # Released, the database goes on, finds that nobody is there any more, and takes everything back.
    wait_until(lambda: not counted(OTHERS))


def everything() -> tuple[int, ...]:
    models = (Statement, Source, Person, Citation, Revision)
    return tuple(model.objects.count() for model in models)


# From the first draft to the note that the article is done: in the midst of many, near their end, and at the very end.
@pytest.mark.parametrize("table", ["negotiations_citation", "negotiations_intake_entries", "negotiations_revision"])
def test_killed_while_it_makes_drafts_of_an_article_it_leaves_none_and_the_article_to_review(table):
    client, ruritania = editor("anna"), make.make_party(slug="ruritania")
    page = bring(client)
    path, fields = review_of(page), sent_by_review(page, s0_party=ruritania, s2_party=ruritania)
    before = everything()
    kill_while_it_writes_to(table, client, path, fields)

    assert everything() == before
    brought = Intake.objects.get()
    assert (brought.saved_at, brought.source, brought.text) == (None, None, STORY)
    again = client.get(path)
    assert [form.matched.proposed.direct for form in again.context["proposals"].proposed] == [True, False, True]

    server = Server()
    try:
        # The same form once more, and yet once more.
        for _ in range(2):
            assert "/admin/negotiations/statement/?citations" in server.send(client, path, fields)
    finally:
        server.kill()
    # Two drafts, two people, a source, and a first version of each.
    assert everything() == (2, 1, 2, 2, before[-1] + 5)
    assert all(citation.is_verified for citation in Citation.objects.all())


@pytest.mark.parametrize("table", ["negotiations_citation", "negotiations_revision"])
def test_killed_while_it_saves_a_form_it_leaves_all_as_it_was(table):
    client, statement = editor("anna"), make.make_statement(summary="Whole.")
    versions.keep(statement)
    path = url_of(Statement, "change", statement.pk)
    fields = sent_by(client.get(path), summary="Half of it.", citations_0_locator="p. 13")
    kill_while_it_writes_to(table, client, path, fields)

    statement.refresh_from_db()
    assert (statement.summary, statement.citations.get().locator) == ("Whole.", "")
    assert Revision.objects.of(statement).get().number == 1
    server = Server()
    try:
        assert server.send(client, path, fields).startswith("/admin/")
        # It is not taken for news that somebody else has saved.
        assert "Somebody else has saved this" in server.send(client, path, fields)
    finally:
        server.kill()
    statement.refresh_from_db()
    assert (statement.summary, statement.citations.get().locator) == ("Half of it.", "p. 13")
    assert [version.number for version in Revision.objects.of(statement)] == [2, 1]


def test_killed_while_it_adds_an_entry_it_adds_it_once_after():
    client = editor("anna")
    path = url_of(Statement, "add")
    party, source = make.make_party(), make.make_source()
    fields = sent_by(
        client.get(path), slug="once", party=party, date="2007-09-12", form="interview", summary="Once.",
        office="Minister", citations_0_source=source,
    )  # fmt: skip
    kill_while_it_writes_to("negotiations_revision", client, path, fields)
    assert not Statement.objects.exists()
    server = Server()
    try:
        for _ in range(2):
            assert server.send(client, path, fields).startswith("/admin/")
    finally:
        server.kill()
    assert Statement.objects.get().citations.get().source == source
