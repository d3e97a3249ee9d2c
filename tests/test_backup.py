"""A backup is only kept once it was brought back and compared; a restore replaces nothing it cannot vouch for."""

import json
import os
from types import SimpleNamespace

import psycopg
import pytest
from django.db import connection

from config import backup

from .make import make_statement


@pytest.fixture
def url(transactional_db):
    """The test's own database, as DATABASE_URL would name it."""
    return psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])


@pytest.fixture
def saved(url, tmp_path, monkeypatch):
    make_statement(occasion="Speech in Zenda")
    monkeypatch.setenv("DATABASE_URL", url)
    tmp_path.chmod(0o755)
    return backup.save(tmp_path / "kept")


def rows(url):
    with psycopg.connect(url) as there:
        return backup.checksums(there)


@pytest.fixture
def copy(url):
    """A database to restore over, so that the tests' own stays."""
    target = psycopg.conninfo.make_conninfo(url, dbname="restore_here")
    with psycopg.connect(url, dbname="postgres", autocommit=True) as server:
        server.execute("CREATE DATABASE restore_here TEMPLATE template0")
        yield target
        left = server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'restore_here%'").fetchall()
        for (name,) in left:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_what_was_saved_comes_back_the_same(saved, url, copy):
    before = rows(url)
    backup.restore(saved, copy)
    assert rows(copy) == before
    with psycopg.connect(copy) as there:
        assert there.execute("SELECT occasion FROM negotiations_statement").fetchone() == ("Speech in Zenda",)
        kept = "SELECT count(*) FROM pg_database WHERE datname LIKE 'restore_here_before%'"
        assert there.execute(kept).fetchone() == (1,)


def test_what_cannot_be_vouched_for_replaces_nothing(saved, copy):
    assert saved.stat().st_mode & 0o077 == 0
    assert sorted(path.suffix for path in saved.parent.iterdir()) == [".dump", ".json"]
    sums = json.loads(backup.sums_of(saved).read_text())
    sums["negotiations_entry"][0] += 1
    backup.sums_of(saved).write_text(json.dumps(sums))
    with pytest.raises(SystemExit, match="negotiations_entry came back different"):
        backup.restore(saved, copy)
    saved.write_bytes(saved.read_bytes()[:20_000])
    with pytest.raises(SystemExit, match="pg_restore failed"):
        backup.restore(saved, copy)
    assert rows(copy) == {}


def test_a_server_whose_programs_are_not_there_is_named():
    ancient = SimpleNamespace(info=SimpleNamespace(server_version=90600))
    with pytest.raises(SystemExit, match=r"install its client programs \(postgresql-client-9\)"):
        backup.programs_of(ancient)


def test_versions_are_read_as_distributions_write_them(tmp_path):
    program = tmp_path / "pg_dump"
    program.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.4 (Debian 15.4-1.pgdg120+1)'\n")
    program.chmod(0o755)
    assert backup.major_version(program) == 15
    assert backup.major_version(tmp_path / "none") is None
