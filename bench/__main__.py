"""`make bench`: how fast pages are, as ratios to what no page on this machine can be faster than.

One run grows a record step by step in a scratch database, leaves a copy behind at each size, and serves them all with
the real server, at first drawing every page anew (from counts and single cards that are kept, as for a reader whose
very view nobody has asked for yet), then keeping finished ones. Each page is measured at all sizes in turn, in rounds,
so that a busy machine slows all alike; of the rounds the median speaks. SIZES="1000 100000 1000000" and SECONDS=3 say
how large and how long. Where Datasette is installed, its page of 100,000 of the same entries with facets is measured
beside ours.
"""

import contextlib
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench import datasette, report, seed
from bench.load import Load, load
from config import local, scratch

RESULTS = Path(__file__).parent / "results.md"
CONNECTIONS = 4
ROUNDS = 3
LEAST = 20  # requests in each round, or its p95 says little
LONGEST = 10  # seconds of a round
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
    kept: dict[str, Load | None] = {}
    with scratch.environment():
        for command in (["migrate", "-v0"], ["load_record", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *command], check=True)
        copies = dict(grown(sizes))
        pages = FLOORS | paths()
        with contextlib.ExitStack() as stack:
            sites = {
                there: stack.enter_context(serving(BENCH_DRAWN="1", DATABASE_URL=url)) for there, url in copies.items()
            }
            drawn = {there: {} for there in sites}
            for name, path in pages.items():
                for there, found in measured_in_turn(sites, name, path, seconds).items():
                    drawn[there][name] = found
            for there in filter(lambda size: report.is_about(size, report.COMPARED), sites):
                if datasette.is_installed():
                    with datasette.serving(copies[there]) as page:
                        found = measured_in_turn({there: page}, report.DATASETTE, "", seconds)
                    drawn[there][report.DATASETTE] = found[there]
        with serving() as site:
            for name, path in {**{floor: FLOORS[floor] for floor in report.FLOORS_OF_KEPT}, **KEPT}.items():
                kept[name] = measured_in_turn({0: site}, f"{name}, kept", path, seconds)[0]
            tag = {"If-None-Match": answer(site + "/timeline/").headers["ETag"]}
            kept["timeline, 304"] = measured_in_turn({0: site}, "timeline, 304", "/timeline/", seconds, tag, 304)[0]
    RESULTS.write_text(report.write(drawn, kept, set(FLOORS), CONNECTIONS))
    print(RESULTS.read_text())


def grown(sizes: list[int]) -> Iterator[tuple[int, str]]:
    """How many entries there are at each size, and the address of a database that has so many."""
    growing = os.environ["DATABASE_URL"]
    for size in sizes:
        began = time.monotonic()
        there = seed.grow(growing, size)
        yield there, copied(growing, f"entries_{there}")
        say(f"{there:,} entries, in {time.monotonic() - began:.0f} s")


def copied(url: str, name: str) -> str:
    parts = urlsplit(url)
    beside = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(beside, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{parts.path[1:]}"')
    return urlunsplit(parts._replace(path=f"/{name}"))


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


def measured_in_turn(
    sites: dict[int, str], name: str, path: str, seconds: float, headers=None, expected: int = 200
) -> dict[int, Load | None]:
    """One page, at each of several sites, a round after the other."""
    headers = {"Accept-Encoding": "gzip"} | (headers or {})
    there = {size: site + path for size, site in sites.items() if answer(site + path, headers).status == expected}
    rounds: dict[int, list[Load]] = {size: [] for size in there}
    for _ in range(ROUNDS):
        for size, url in there.items():
            began = time.perf_counter()
            answer(url, headers)
            enough = LEAST * (time.perf_counter() - began)
            rounds[size].append(load(url, min(max(seconds / ROUNDS, enough), LONGEST), CONNECTIONS, headers, expected))
    found = {size: median_of(rounds[size]) if size in there else None for size in sites}
    for size, one in found.items():
        place = f"{name:28} {f'{size:,}' if size else '':>10}"
        say(
            f"  {place} {one.per_second:8.0f}/s  p50 {one.p50:7.1f}  p95 {one.p95:7.1f} ms  {one.wrong or ''}"
            if one
            else f"  {place} {path}: not there"
        )
    return found


def median_of(rounds: list[Load]) -> Load:
    """Of each figure the median, of what went wrong the sum."""
    figures = [statistics.median(one[place] for one in rounds) for place in range(len(Load._fields) - 1)]
    return Load(*figures, sum(one.wrong for one in rounds))


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
