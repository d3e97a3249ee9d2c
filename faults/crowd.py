"""Five hundred readers at once for a minute, while an editor publishes every second: all are answered, and soon see it.

CROWD, CROWD_SECONDS and CROWD_PAUSE choose how many, how long, and how long each looks at a page before the next.
"""

import asyncio
import os
import random
import secrets
import statistics
import sys
import threading
import time
from collections import Counter

import psycopg
import pytest

from .editor import Editor
from .site import site

READERS = int(os.environ.get("CROWD") or 500)
SECONDS = int(os.environ.get("CROWD_SECONDS") or 60)
PAUSE = float(os.environ.get("CROWD_PAUSE") or 1)
SOON = 2.0  # seconds in which every reader sees a change
WATCHED = "/timeline/"
OWN_ADDRESSES = sys.platform == "linux"  # where every address that begins with 127 is this machine's


@pytest.fixture(scope="module")
def busy():
    with site() as one:
        yield one


class Crowd:
    """Readers, each with a browser's connection of their own, who go from page to page."""

    def __init__(self, port: int, pages: list[str]):
        self.port, self.pages = port, pages
        self.took: list[float] = []
        self.statuses: Counter = Counter()
        self.failures: list[str] = []

    async def read(self, number: int, until: float) -> None:
        chance = random.Random(number)  # noqa: S311
        await asyncio.sleep(chance.uniform(0, 2))  # they do not all come in the same moment
        while time.monotonic() < until:
            try:
                own = (f"127.0.{1 + number // 250}.{1 + number % 250}", 0) if OWN_ADDRESSES else None
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=own)
                try:
                    while time.monotonic() < until:
                        # As in life, few pages are read by most.
                        page = self.pages[int(chance.paretovariate(0.6) - 1) % len(self.pages)]
                        if await self.ask(reader, writer, page):
                            break
                        await asyncio.sleep(chance.uniform(0, 2 * PAUSE))
                finally:
                    writer.close()
            except (OSError, EOFError) as problem:
                self.failures.append(repr(problem))

    async def ask(self, reader, writer, page: str) -> bool:
        """One page; whether the server closes the connection after it."""
        began = time.monotonic()
        writer.write(f"GET {page} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br\r\n\r\n".encode())
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        except asyncio.IncompleteReadError as cut:
            # A connection that was idle may be closed as the next request is on its way; browsers ask again, then.
            if not cut.partial:
                self.statuses["asked again"] += 1
                return True
            raise
        length = int(head.partition("content-length:")[2].split("\r\n")[0])
        await reader.readexactly(length)
        self.took.append(time.monotonic() - began)
        self.statuses[head.split()[1]] += 1
        return "\r\nconnection: close" in head

    async def come(self) -> None:
        until = time.monotonic() + SECONDS
        await asyncio.gather(*(self.read(number, until) for number in range(READERS)))


class Watcher:
    """A reader who looks at one page again and again for as long as a change may take; when it was missed last."""

    def __init__(self, busy):
        self.busy = busy
        self.waiting: dict[str, float] = {}  # what was published, and when
        self.missed: dict[str, float] = {}
        self.over = threading.Event()

    def watch(self) -> None:
        while not self.over.is_set() or any(time.monotonic() - at < 2 * SOON for at in self.waiting.values()):
            asked = time.monotonic()
            text = self.busy.read(WATCHED)
            for slug, at in list(self.waiting.items()):
                if at > asked:
                    continue
                if f"/{slug}/" not in text:
                    self.missed[slug] = asked - at
                elif asked - at > 2 * SOON:
                    del self.waiting[slug]  # seen for good
            time.sleep(0.05)


def publish_every_second(busy, editor: Editor, watcher: Watcher, until: float) -> list[str]:
    party, source = keys(busy)
    done = []
    while time.monotonic() < until:
        began = time.monotonic()
        slug = f"crowd-{secrets.token_hex(4)}"
        answer = editor.publish_statement(slug, "Said before everybody.", party, source)
        assert answer.status == 302, (answer.status, answer.errors)
        watcher.missed[slug] = 0.0
        watcher.waiting[slug] = time.monotonic()
        done.append(slug)
        time.sleep(max(0.0, began + 1 - time.monotonic()))
    return done


def keys(busy) -> tuple[int, int]:
    with psycopg.connect(busy.database.url()) as connection:
        return connection.execute(
            "SELECT (SELECT min(id) FROM negotiations_party), (SELECT min(id) FROM negotiations_source)"
        ).fetchone()


def pages(busy) -> list[str]:
    """What readers go to: the main pages, then those of questions, treaties, talks and filters."""
    with psycopg.connect(busy.database.url()) as connection:

        def addresses(table: str, path: str, number: int) -> list[str]:
            found = connection.execute(f"SELECT slug FROM negotiations_{table} ORDER BY id LIMIT {number}")
            return [path.format(slug) for (slug,) in found.fetchall()]

        return [
            "/", WATCHED, "/positions/", "/issues/", "/treaties/", "/ru/", "/ru/timeline/", "/negotiations/",
            *addresses("issue", "/issues/{}/", 12),
            *addresses("treaty", "/treaties/{}/", 8),
            *addresses("party", "/timeline/?party={}", 4),
            *addresses("issue", "/timeline/?issue={}", 8),
            *addresses("negotiation", "/negotiations/{}/", 8),
            "/timeline/?q=verification", "/search/?q=warheads", "/people/", "/sources/",
        ]  # fmt: skip


def test_everybody_is_answered_and_sees_what_is_published(busy):
    asked = pages(busy)
    for page in asked:
        assert busy.get(page) == 200, page
    editor, watcher = Editor(busy).stays(), Watcher(busy)
    watching = threading.Thread(target=watcher.watch)
    published: list[str] = []
    publishing = threading.Thread(
        target=lambda: published.extend(publish_every_second(busy, editor, watcher, time.monotonic() + SECONDS))
    )
    crowd = Crowd(busy.port, asked)
    for thread in (watching, publishing):
        thread.start()
    try:
        asyncio.run(crowd.come())
    finally:
        publishing.join()
        watcher.over.set()
        watching.join()
    cuts = statistics.quantiles(crowd.took, n=100)
    shown = sorted(watcher.missed[slug] for slug in published)
    print(
        f"\n  {READERS} readers for {SECONDS} s: {len(crowd.took)} pages, {dict(crowd.statuses)},"
        f" {len(crowd.failures)} failures; p50 {cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms,"
        f" p99 {cuts[98] * 1000:.0f} ms, {max(crowd.took) * 1000:.0f} ms at most"
        f"\n  {len(published)} published meanwhile; seen by all after {statistics.median(shown):.2f} s,"
        f" {shown[-1]:.2f} s at most"
    )
    assert crowd.failures == []
    assert set(crowd.statuses) <= {"200", "asked again"}
    assert len(published) > SECONDS * 0.8
    assert shown[-1] <= SOON
    with psycopg.connect(busy.database.url()) as connection:
        (found,) = connection.execute("SELECT count(*) FROM negotiations_entry WHERE slug LIKE 'crowd-%%'").fetchone()
    assert found == len(published)
