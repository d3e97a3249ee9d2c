"""A real primary and a real streaming replica on this machine: written to, lagging, killed, started again."""

import contextlib
import secrets
import tempfile
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest

from config import postgres

from .site import Site

WORDS = "Says that the copies agree"


@pytest.fixture(scope="module")
def pair():
    with tempfile.TemporaryDirectory(prefix="parley-pair-") as name:
        folders = [Path(name, "primary"), Path(name, "replica")]
        for folder in (Path(name), *folders):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)
        site = Site(folders[0])
        site.database.enter()
        replica = copy_of(site.database, folders[1])
        replica.enter()
        try:
            assert site.manage("migrate", "-v0").wait() == 0
            assert site.manage("load_record", "-v0").wait() == 0
            site.variables["DATABASE_REPLICA_URLS"] = replica.url()
            wait(lambda: generation(replica) == generation(site.database))
            site.serve()
            yield site, replica
        finally:
            site.stop()
            for server in (replica, site.database):
                server._bring_up()
                server.leave()


def copy_of(primary: postgres.Server, folder: Path) -> postgres.Server:
    """A replica made as an operator would: a base backup with the settings to follow the primary."""
    replica = postgres.Server(*postgres._home(folder), primary.settings)
    replica.cluster.mkdir(mode=0o700)
    postgres._give(replica.cluster, replica.account)
    command = [replica._binary("pg_basebackup"), "-D", str(replica.cluster), "-R", "-X", "stream", "-c", "fast"]
    done = postgres.run([*command, "-d", primary.url()], replica.account)
    assert done.returncode == 0, done.stdout
    return replica


def ask(server: postgres.Server, query: str):
    with psycopg.connect(server.url(), autocommit=True) as connection:
        return connection.execute(query).fetchone()[0]


def generation(server: postgres.Server) -> int:
    with contextlib.suppress(psycopg.Error):
        return ask(server, "SELECT number FROM negotiations_generation")
    return -1


def kill(server: postgres.Server, site: Site) -> None:
    own, site.database = site.database, server
    try:
        site.kill_database()
    finally:
        site.database = own


def wait(done, patience: float = 30) -> float:
    began = time.monotonic()
    while not done():
        assert time.monotonic() - began < patience
        time.sleep(0.05)
    return time.monotonic() - began


def page(site: Site, query: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{site.port}/timeline/?{query}", timeout=30) as answer:
        return answer.read().decode()


def write(site: Site, words: str) -> None:
    with psycopg.connect(site.database.url()) as connection:
        newest = "SELECT id FROM negotiations_entry WHERE kind = 'statement' ORDER BY earliest DESC, id DESC LIMIT 1"
        (entry,) = connection.execute(newest).fetchone()
        connection.execute("UPDATE negotiations_entry SET note = %s WHERE id = %s", [words, entry])


def reads(server: postgres.Server) -> int:
    return ask(
        server,
        "SELECT sum(coalesce(idx_scan, 0) + seq_scan) FROM pg_stat_user_tables WHERE relname = 'negotiations_entry'",
    )


def test_readers_are_answered_by_the_replica(pair):
    site, replica = pair
    before = reads(replica)
    for number in range(20):
        page(site, f"unseen={number}")
    wait(lambda: reads(replica) > before)


def test_a_change_shows_and_is_never_taken_back(pair):
    site, _ = pair
    write(site, WORDS)
    seconds = wait(lambda: WORDS in page(site, "kind=statement"))
    print(f"\n  shown after {seconds:.1f} s")


def test_a_replica_that_lags_is_passed_over(pair):
    site, replica = pair
    ask(replica, "SELECT pg_wal_replay_pause() IS NULL")
    try:
        write(site, "Written while the copy stood still")
        seconds = wait(lambda: "Written while the copy stood still" in page(site, "kind=statement&order="))
        print(f"\n  shown after {seconds:.1f} s, by the primary")
    finally:
        ask(replica, "SELECT pg_wal_replay_resume() IS NULL")
    wait(lambda: generation(replica) == generation(site.database))


def test_a_replica_that_is_killed_costs_no_reader_a_page(pair):
    site, replica = pair
    with site.readers() as answers:
        time.sleep(1)
        kill(replica, site)
        time.sleep(2)
        replica._bring_up()
    print(f"\n  replica killed: {dict(answers.statuses)}")
    assert answers.wrong == []
    assert set(answers.statuses) == {200}


def test_readers_go_on_while_the_primary_is_away_and_writing_comes_back(pair):
    site, replica = pair
    wait(lambda: generation(replica) == generation(site.database))
    page(site, "unseen=before")
    site.kill_database()
    try:
        # A process that has just passed the replica over asks it again after a few seconds.
        seconds = wait(lambda: site.get(f"/timeline/?unseen={secrets.token_hex(4)}") == 200)
        print(f"\n  answered by the replica after {seconds:.1f} s")
    finally:
        site.start_database()
    print(f"\n  primary back after {site.recover():.1f} s")
    write(site, "Written after the primary came back")
    wait(lambda: "Written after the primary came back" in page(site, "kind=statement"))
