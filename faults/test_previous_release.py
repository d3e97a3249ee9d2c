"""A new release without a pause, as docs/operations.md tells it: the previous code goes on with this release's tables.

The previous release is the newest tag before this commit. Where nothing is tagged yet, it is the code as it was before
the newest migration came, which is the last that could break. PREVIOUS=commit chooses another. Its requirements are
those of this release, so that nothing is asked of the network.
"""

import contextlib
import os
import re
import secrets
import subprocess
import tarfile
import tempfile
import time
import urllib.request
from io import BytesIO
from pathlib import Path

import psycopg
import pytest

from config import local

from .editor import Editor, saved
from .site import Site
from .test_database import told

SAMPLE = 12  # pages of each part of the site map


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=local.BASE_DIR, check=True, capture_output=True).stdout


def previous() -> str:
    if chosen := os.environ.get("PREVIOUS"):
        return chosen
    with contextlib.suppress(subprocess.CalledProcessError):
        return git("describe", "--tags", "--abbrev=0", "HEAD^").decode().strip()
    added = git("log", "-1", "--format=%H", "--diff-filter=A", "--", "negotiations/migrations/0*.py").decode().strip()
    return f"{added}^"


@pytest.fixture(scope="module")
def upgraded():
    """A site of the previous release, migrated by this one while readers read; and what it was."""
    name = previous()
    with tempfile.TemporaryDirectory(prefix="parley-before-") as before, tempfile.TemporaryDirectory() as data:
        with tarfile.open(fileobj=BytesIO(git("archive", name))) as archive:
            archive.extractall(before, filter="data")
        Path(data).chmod(0o755)
        site = Site(Path(data))
        site.database.enter()
        site.code = Path(before)
        try:
            assert site.manage("migrate", "-v0").wait() == 0
            assert site.manage("load_record", "-v0").wait() == 0
            site.serve()
            with site.readers() as answers:
                time.sleep(1)
                site.code = local.BASE_DIR
                began = time.monotonic()
                assert site.manage("migrate", "-v0").wait() == 0
                took = time.monotonic() - began
                time.sleep(1)
            about = git("log", "-1", "--format=%h of %as", name).decode().strip()
            told(f"previous release {about}, migrated under its feet in {took:.1f} s", answers, site.recover())
            assert set(answers.statuses) == {200}
            site.code = Path(before)
            yield site
        finally:
            site.stop()
            site.database.leave()


def fetch(site: Site, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{site.port}{path}", timeout=60) as answer:
        return answer.read().decode()


def addresses(site: Site) -> list[str]:
    """A sample of every part of the site map."""
    found = []
    for part in re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", fetch(site, "/sitemap.xml")):
        pages = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", fetch(site, part))
        found += pages[:: max(1, len(pages) // SAMPLE)]
    return found


def keys(site: Site) -> tuple[int, int, int]:
    with psycopg.connect(site.database.url()) as connection:
        return connection.execute(
            "SELECT (SELECT min(id) FROM negotiations_party), (SELECT min(id) FROM negotiations_source),"
            " (SELECT min(id) FROM negotiations_entry WHERE kind = 'statement')"
        ).fetchone()


def test_it_is_ready_and_shows_every_kind_of_page(upgraded):
    assert upgraded.get("/readyz") == 200
    asked = addresses(upgraded)
    assert len(asked) > 5 * SAMPLE
    assert [path for path in asked if upgraded.get(path) != 200] == []
    print(f"\n  {len(asked)} pages read by the previous release")


def test_its_editors_add_publish_and_correct(upgraded):
    party, source, statement = keys(upgraded)
    editor, slug = Editor(upgraded), f"before-{secrets.token_hex(4)}"
    answer = editor.publish_statement(slug, "Said to the previous release.", party, source)
    assert saved(answer), answer.errors
    assert "Said to the previous release." in upgraded.read(f"/statements/{slug}/")
    answer = editor.correct_statement(statement, "Corrected by the previous release.")
    assert saved(answer), answer.errors


def test_its_commands_run(upgraded):
    for command in (["check_record"], ["build_data", "-v0"], ["send_digests", "-v0"]):
        assert upgraded.manage(*command).wait() == 0, command


def test_both_releases_serve_and_write_side_by_side(upgraded):
    party, source, _ = keys(upgraded)
    now = Site.beside(upgraded)
    now.serve()
    try:
        for writer, reader in ((upgraded, now), (now, upgraded)):
            slug = f"beside-{secrets.token_hex(4)}"
            answer = Editor(writer).publish_statement(slug, "Said to one of two.", party, source)
            assert saved(answer), answer.errors
            time.sleep(1.1)  # for which a process believes that nothing has changed
            assert "Said to one of two." in reader.read(f"/statements/{slug}/")
        assert now.manage("check_record").wait() == 0
    finally:
        now.stop()
