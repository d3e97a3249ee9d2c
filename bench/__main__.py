"""`make bench`: how fast pages are, as ratios to what no page on this machine can be faster than.

One run starts a scratch database, grows the record step by step, and at each size serves it with the real server, at
first drawing every page anew (from counts and single cards that are kept, as for a reader whose very view nobody has
asked for yet), then keeping finished ones. Floors and pages are measured in turn in the same run, so that a busy
machine slows both. SIZES="1000 100000 1000000" and SECONDS=3 choose how large and how long. Where Datasette is
installed, its page of 100,000 of the same entries with facets is measured beside ours.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg

from bench import datasette, report, seed
from bench.load import Load, load
from config import local, scratch

RESULTS = Path(__file__).parent / "results.md"
CONNECTIONS = 4
LONGEST = 15  # seconds for any one page
FLOORS = {
    "bare view": "/bench/bare",
    "one query": "/bench/one-query",
    "50 cards from memory": "/bench/fifty-cards",
    "static file": "/static/css/parley.css",
}
PAGES = {
    "home": "/",
    "timeline, first": "/timeline/",
    "timeline, deep": "/timeline/?cursor=1991-07-31.1",
    "timeline, party": "/timeline/?party=russia",
    "timeline, era-bound party": "/timeline/?party=soviet-union",
    "timeline, rare party": "/timeline/?party=belarus",
    "timeline, party and issue": "/timeline/?party=united-states&issue={issue}",
    "timeline, years": "/timeline/?from=2008&to=2009",
    "timeline, common word": "/timeline/?q=treaty",
    "timeline, rare word": f"/timeline/?q={seed.RARE}",
    "search": "/search/?q=Geneva",
    "matrix": "/positions/",
    "matrix, 1991": "/positions/?on=1991-07-31",
    "issue": "/issues/{issue}/",
    "statement": "/statements/{statement}/",
    "person": "/people/{person}/",
    "feed": "/timeline.atom",
    report.EXPORT: "/timeline.csv?from=2009-07-06&to=2009-07-06",
    "API": "/api/v1/entries",
}
KEPT = {"timeline": "/timeline/", "timeline, party": PAGES["timeline, party"], "home": "/"}


def main() -> None:
    local.unwind_on_signals()
    sizes = [int(size) for size in os.environ.get("SIZES", "1000 100000").split()]
    seconds = float(os.environ.get("SECONDS", "3"))
    os.environ |= {"DJANGO_SETTINGS_MODULE": "bench.settings", "HASHED_STATIC_FILES": "1"}
    drawn: dict[int, dict[str, Load | None]] = {}
    kept: dict[str, Load | None] = {}
    with scratch.environment():
        for command in (["migrate", "-v0"], ["load_record", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *command], check=True)
        for size in sizes:
            began = time.monotonic()
            there = seed.grow(os.environ["DATABASE_URL"], size)
            say(f"{there:,} entries, in {time.monotonic() - began:.0f} s")
            with serving(BENCH_DRAWN="1") as site:
                drawn[there] = {name: measured(site, name, path, seconds) for name, path in (FLOORS | paths()).items()}
            if datasette.is_installed() and report.is_about(there, report.COMPARED):
                with datasette.serving() as page:
                    drawn[there][report.DATASETTE] = measured("", report.DATASETTE, page, seconds)
        with serving() as site:
            for name, path in {**{floor: FLOORS[floor] for floor in report.FLOORS_OF_KEPT}, **KEPT}.items():
                kept[name] = measured(site, f"{name}, kept", path, seconds)
            tag = {"If-None-Match": answer(site + "/timeline/").headers["ETag"]}
            kept["timeline, 304"] = measured(site, "timeline, 304", "/timeline/", seconds, tag, 304)
    RESULTS.write_text(report.write(drawn, kept, set(FLOORS), CONNECTIONS))
    print(RESULTS.read_text())


def paths() -> dict[str, str]:
    """The pages, with what the record has most of in their places."""

    def one(query: str) -> str:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            return connection.execute(query).fetchone()[0]

    known = {
        "issue": one(
            "SELECT slug FROM negotiations_issue i JOIN negotiations_entry_issues e ON e.issue_id = i.id "
            "GROUP BY slug ORDER BY count(*) DESC LIMIT 1"
        ),
        "person": one(
            "SELECT p.slug FROM negotiations_person p JOIN negotiations_entry e ON e.speaker_id = p.id "
            "GROUP BY p.slug ORDER BY count(*) DESC LIMIT 1"
        ),
        "statement": one("SELECT slug FROM negotiations_entry WHERE kind = 'statement' ORDER BY id LIMIT 1"),
    }
    return {name: path.format(**known) for name, path in PAGES.items()}


def measured(site: str, name: str, path: str, seconds: float, headers=None, expected: int = 200) -> Load | None:
    headers = {"Accept-Encoding": "gzip"} | (headers or {})
    if answer(site + path, headers).status != expected:
        say(f"  {name:28} {path}: not there")
        return None
    began = time.perf_counter()
    answer(site + path, headers)
    # On a busy machine a slow page would not be answered once in so short a time.
    seconds = min(max(seconds, 10 * (time.perf_counter() - began) * CONNECTIONS), LONGEST)
    found = load(site + path, seconds, CONNECTIONS, headers, expected)
    say(f"  {name:28} {found.per_second:8.0f}/s  p50 {found.p50:7.1f}  p95 {found.p95:7.1f} ms  {found.wrong or ''}")
    return found


def answer(url: str, headers: dict[str, str] | None = None):
    request = urllib.request.Request(url, headers=headers or {"Accept-Encoding": "gzip"})
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            response.read()
            return response
    except urllib.error.HTTPError as refusal:
        return refusal


@contextlib.contextmanager
def serving(**variables: str) -> Iterator[str]:
    """The real server, with one process, on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    environment = os.environ | {
        "WEB_CONCURRENCY": "1",
        "WEB_THREADS": "4",
        "CACHING": "1",
        "SLOW_QUERY": "60000",
        "STATEMENT_TIMEOUT": "60",
        "LOG_LEVEL": "WARNING",
        "GUNICORN_LOG_LEVEL": "warning",
    }
    server = subprocess.Popen(command, env=environment | variables, cwd=local.BASE_DIR)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                answer(site + "/healthz")
                break
            time.sleep(0.1)
        yield site
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
