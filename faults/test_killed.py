"""Processes killed outright in the middle of their work: all or nothing is left, and a second try does the rest.

At random moments, many times; tests/test_killed.py, tests/test_alerts.py and tests/test_data.py choose the worst ones.
"""

import contextlib
import csv
import io
import os
import random
import secrets
import signal
import threading
import time
import urllib.parse
from collections import Counter
from http.client import HTTPException

import psycopg
import pytest

from .editor import STATEMENTS, Editor, saved
from .test_clock import FOLLOWER, messages
from .test_server import workers

KILLS = 20
SEED = 6

# Of each entry of a name: whether it is there, and with everything that belongs to it.
STATE = """SELECT e.slug,
    EXISTS (SELECT FROM negotiations_statement s WHERE s.entry_id = e.id)
    AND EXISTS (SELECT FROM negotiations_citation c WHERE c.entry_id = e.id)
    AND EXISTS (SELECT FROM negotiations_revision r WHERE r.object_id = e.id AND r.kind = 'statement')
FROM negotiations_entry e WHERE e.slug LIKE %s"""


def rows(broken, sql: str, *values) -> list[tuple]:
    with psycopg.connect(broken.database.url(), autocommit=True) as connection:
        return connection.execute(sql, values).fetchall()


def one(broken, sql: str):
    return rows(broken, sql)[0][0]


def kill_workers(broken) -> None:
    for pid in workers(broken):
        os.kill(pid, signal.SIGKILL)


def attempt(do) -> threading.Thread:
    """Do something that may be cut off."""

    def run():
        with contextlib.suppress(OSError, HTTPException, AssertionError):
            do()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_the_processes_are_killed_while_an_editor_publishes(broken):
    chance = random.Random(SEED)  # noqa: S311
    party, source = (
        one(broken, "SELECT min(id) FROM negotiations_party"),
        one(broken, "SELECT min(id) FROM negotiations_source"),
    )
    editor, slugs, whole, slowest = Editor(broken), [], 0, 0.0
    for _ in range(KILLS):
        slug = f"killed-{secrets.token_hex(4)}"
        slugs.append(slug)
        sending = attempt(lambda slug=slug: editor.publish_statement(slug, "Said while all died.", party, source))
        time.sleep(chance.uniform(0.05, 1.5))
        kill_workers(broken)
        sending.join()
        slowest = max(slowest, broken.recover())
        found = dict(rows(broken, STATE, slug))
        assert all(found.values()), found
        whole += len(found)
        if not found:
            assert saved(editor.publish_statement(slug, "Said after all.", party, source))
    print(
        f"\n  {KILLS} kills while publishing: {whole} published, {KILLS - whole} not at all, 0 half;"
        f" answering again after {slowest:.1f} s at most"
    )
    assert dict(rows(broken, STATE, "killed-%")) == dict.fromkeys(slugs, True)


def test_the_processes_are_killed_while_a_table_is_imported(broken):
    chance = random.Random(SEED)  # noqa: S311
    party, source = (
        one(broken, "SELECT min(slug) FROM negotiations_party"),
        one(broken, "SELECT min(slug) FROM negotiations_source"),
    )
    editor, path, many, whole = Editor(broken), f"{STATEMENTS}import/", 40, 0
    for number in range(KILLS // 2):
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(["slug", "date", "party", "sources", "kind", "summary"])
        for row in range(many):
            writer.writerow([f"imported-{number}-{row}", "2013-06-22", party, source, "interview", "Says so."])
        shown = editor.upload(path, "table", out.getvalue().encode(), why="Of one table.")
        assert shown.status == 200, shown.errors
        fields = next(form for form in shown.page.forms if "confirmed" in form.fields).form_values()
        sent = urllib.parse.urlencode(fields).encode()
        sending = attempt(lambda sent=sent: editor.open(path, sent))
        time.sleep(chance.uniform(0.05, 0.9))
        kill_workers(broken)
        sending.join()
        broken.recover()
        found = dict(rows(broken, STATE, f"imported-{number}-%"))
        assert len(found) in (0, many)
        assert all(found.values())
        whole += len(found) == many
        if not found:
            editor.open(path, sent)
            assert len(rows(broken, STATE, f"imported-{number}-%")) == many
    print(f"\n  {KILLS // 2} kills while importing: {whole} tables whole, {KILLS // 2 - whole} not at all, 0 half")
    assert broken.manage("check_record").wait() == 0


def test_the_sender_of_digests_is_killed(broken, tmp_path):
    chance = random.Random(SEED)  # noqa: S311
    many = 40
    broken.variables["EMAIL_URL"] = f"file:///{tmp_path}"
    party, source = (
        one(broken, "SELECT min(id) FROM negotiations_party"),
        one(broken, "SELECT min(id) FROM negotiations_source"),
    )
    assert saved(Editor(broken).publish_statement(f"news-{secrets.token_hex(4)}", "News.", party, source))
    with psycopg.connect(broken.database.url()) as connection:
        connection.execute(FOLLOWER, [many])
        # What is told is what was published the day before; and the past is not to be changed, except here.
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE negotiations_revision SET at = at - interval '1 day'")
    kills = 0
    while True:
        sender, enough = broken.manage("send_digests", "-v0"), len(messages(tmp_path)) + chance.randrange(1, 5)
        while sender.poll() is None and (kills == KILLS // 2 or len(messages(tmp_path)) < enough):
            time.sleep(0.002)
        if sender.poll() is not None:
            assert sender.returncode == 0
            break
        sender.kill()
        sender.wait()
        kills += 1
    del broken.variables["EMAIL_URL"]
    found = messages(tmp_path)
    told = Counter(message["To"] for message in found)
    twice = sum(told.values()) - len(told)
    print(f"\n  {kills} kills while sending: {len(told)} readers told, {twice} sent again under the same Message-ID")
    assert len(told) == many
    # Between the mail server's yes and our note lies a moment that nothing can close; mailboxes know it by its name.
    assert len({message["Message-ID"] for message in found}) == many
    assert rows(broken, "SELECT count(*) FROM negotiations_digest") == [(many,)]


@pytest.mark.parametrize("after", [1.0, 2.0, 3.0, 4.0, 6.0])
def test_a_load_killed_at_any_moment_leaves_all_or_nothing(broken, after):
    """On a database of its own, emptied first."""
    url = broken.database.url()
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS half WITH (FORCE)")
        admin.execute("CREATE DATABASE half TEMPLATE template0")
    broken.variables["DATABASE_URL"] = url.replace("/parley?", "/half?")
    try:
        assert broken.manage("migrate", "-v0").wait() == 0
        load = broken.manage("load_record", "-v0")
        time.sleep(after)
        load.kill()
        load.wait()
        with psycopg.connect(broken.variables["DATABASE_URL"]) as reader:
            (found,) = reader.execute("SELECT count(*) FROM negotiations_entry").fetchone()
        with psycopg.connect(url) as reader:
            (whole,) = reader.execute("SELECT count(*) FROM negotiations_entry").fetchone()
        assert found in (0, whole)
        assert broken.manage("load_record", "-v0").wait() == 0
        assert broken.manage("check_record").wait() == 0
    finally:
        del broken.variables["DATABASE_URL"]
