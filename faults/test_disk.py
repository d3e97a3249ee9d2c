"""A disk that is full to the last byte, under the database and under what Parley keeps in files."""

import contextlib
import os
import secrets
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from .editor import STATEMENTS, Editor, saved
from .site import site
from .test_database import told

SIZE = 500  # MB: the record, its log, and room for a release
LONG = "A long speech. " * 400


@pytest.fixture(scope="module")
def small():
    """A site all of whose files lie on a disk of their own."""
    with tempfile.TemporaryDirectory(prefix="parley-disk-") as name:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=755", "parley-small", name]
        mounted = subprocess.run(mount, capture_output=True, text=True)
        if mounted.returncode:
            pytest.skip(f"a disk of its own may not be mounted here: {mounted.stderr.strip()}")
        try:
            temporary = Path(name, "tmp")
            temporary.mkdir()
            with site(inside=Path(name), TMPDIR=str(temporary)) as one:
                yield one
        finally:
            subprocess.run(["umount", "-l", name], check=True)


@contextlib.contextmanager
def full(small):
    """Not a byte left for as long as the block lasts."""
    ballast = small.folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            with contextlib.suppress(OSError):
                while file.write(b"x" * size) == size:
                    pass
    try:
        yield
    finally:
        ballast.unlink()


def keys(small, sql: str, *values) -> list:
    with psycopg.connect(small.database.url()) as connection:
        return [row[0] for row in connection.execute(sql, values).fetchall()]


HALF = """SELECT e.slug FROM negotiations_entry e
LEFT JOIN negotiations_statement s ON s.entry_id = e.id
WHERE e.slug LIKE 'full-%%' AND (s.entry_id IS NULL
    OR NOT EXISTS (SELECT FROM negotiations_citation c WHERE c.entry_id = e.id)
    OR NOT EXISTS (SELECT FROM negotiations_revision r WHERE r.object_id = e.id AND r.kind = 'statement'))"""


def publish(small, editor: Editor) -> tuple[list[str], list[int]]:
    """Publish for a while; what was said to be saved, and how the rest was refused."""
    (party,) = keys(small, "SELECT id FROM negotiations_party ORDER BY id LIMIT 1")
    (source,) = keys(small, "SELECT id FROM negotiations_source ORDER BY id LIMIT 1")
    done, refused = [], []
    until = time.monotonic() + 10
    while time.monotonic() < until and len(refused) < 10:
        slug = f"full-{secrets.token_hex(4)}"
        try:
            answer = editor.publish_statement(slug, LONG, party, source)
        except AssertionError:  # the form itself cannot be had: it asks the database too
            refused.append(503)
            continue
        assert "Traceback" not in answer.text
        if saved(answer):
            done.append(slug)
        else:
            refused.append(answer.status)
    return done, refused


def test_an_editor_is_refused_and_readers_read_on(small):
    editor = Editor(small)
    before, _ = publish(small, editor)
    with small.readers() as answers, full(small):
        time.sleep(1)
        done, refused = publish(small, editor)
    if not small.database._postmaster():
        small.start_database()
    seconds = small.recover()
    told(f"disk full; {len(done)} saved all the same, {len(refused)} refused", answers, seconds)
    assert set(refused) == {503}
    assert answers.statuses[200] > 0
    assert sorted(keys(small, "SELECT slug FROM negotiations_entry WHERE slug LIKE 'full-%%'")) == sorted(before + done)
    assert keys(small, HALF) == []
    assert small.manage("check_record").wait() == 0
    again, none = publish(small, editor)
    assert again
    assert not none


def test_no_room_for_the_databases_own_log(small):
    """The one case in which PostgreSQL itself gives up; it starts again once there is room."""
    with small.readers() as answers:
        with full(small), contextlib.suppress(psycopg.Error), psycopg.connect(small.database.url()) as writer:
            while True:
                writer.execute("SELECT pg_logical_emit_message(false, 'fill', repeat('x', 1000000))")
        small.start_database()
        seconds = small.recover()
    told("log full", answers, seconds)
    assert small.manage("check_record").wait() == 0


def test_a_release_of_the_data_that_does_not_fit_leaves_the_one_before(small):
    assert small.manage("build_data", "-v0").wait() == 0
    latest = (small.folder / "data" / "latest").resolve()
    with psycopg.connect(small.database.url()) as writer:
        writer.execute("UPDATE negotiations_entry SET note = 'Not in the last release' WHERE kind = 'round'")
    with full(small):
        assert small.manage("build_data", "-v0").wait() != 0
        assert (small.folder / "data" / "latest").resolve() == latest
        assert small.get("/data/") == 200
    assert not list((small.folder / "data").glob(".building-*"))
    assert small.manage("build_data", "-v0").wait() == 0
    assert (small.folder / "data" / "latest").resolve() != latest


def test_an_upload_that_does_not_fit_is_refused_for_now(small):
    editor = Editor(small)
    table = b"slug,summary\r\n" * 400_000  # more than is kept in memory
    with full(small):
        refused = editor.upload(f"{STATEMENTS}import/", "table", table)
    assert (refused.status, refused.headers["Retry-After"]) == (503, "10")
    assert "Traceback" not in refused.text
    assert editor.upload(f"{STATEMENTS}import/", "table", table).status == 200
    assert not os.listdir(small.folder.parent / "tmp")
