"""Releases: each is built aside and made the latest in one step, so that a kill at any moment leaves the one before.

    data/releases/2026-11-26/   a release: csv/, json/, one .sqlite, one .zip, datapackage.json, CHANGELOG.md …
    data/latest                 a link to the newest of them

A release that would say nothing new is not made.
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from negotiations.files.kinds import KINDS

from . import rows, write
from .tables import Table, all_tables, flattened

# So many releases stay on the disk; the list of changes tells of all.
KEPT = 10
# So many changed keys are named in a release's notes; all are counted.
NAMED = 200
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International",
}
README = """\
# Parley, a record of arms-control negotiations: the data, release {version}

Who met, who said what, where each side stood on each question, which treaties came of it; each with its sources.
Licence: CC BY 4.0. Credit “Parley, a record of arms-control negotiations, release {version}”. The short verbatim
quotations of officials remain the words of those officials and of the agencies that reported them.

- `csv/` tables; `datapackage.json` says what each column means (Frictionless Data Package). A value that a spreadsheet
  would take for a formula has an apostrophe before it here, and nowhere else.
- `json/` the same things as documents, one file a kind; a value that says nothing is left out.
- `parley-{version}.sqlite`, offered beside this archive, has all tables in one database.
- `CHANGELOG.md` what changed from release to release.
- `SHA256SUMS` checksums: `sha256sum --check SHA256SUMS`.

Dates are EDTF (ISO 8601-2), as precise as the source and no more. Keys are slugs and never change their meaning.
"""


@dataclass(frozen=True)
class Release:
    """A release on the disk, with what its own description says."""

    folder: Path
    about: dict[str, Any]

    @property
    def version(self) -> str:
        return str(self.about["version"])

    def file(self, name: str) -> Path | None:
        """A file of the release; None for any name that is not one."""
        return self.folder / name if name in self.about["files"] else None


def home() -> Path:
    return settings.DATA_DIR / "data"


def latest() -> Release | None:
    return _read((home() / "latest").resolve())


def named(version: str) -> Release | None:
    folder = home() / "releases" / version
    return _read(folder) if folder.parent == home() / "releases" else None


def _read(folder: Path) -> Release | None:
    try:
        return Release(folder, json.loads((folder / "release.json").read_text()))
    except (FileNotFoundError, NotADirectoryError, OSError, ValueError):
        return None


class Busy(Exception):
    """Another build is under way."""


def build(today: date) -> tuple[Release, bool]:
    """Make a release of the record as it is now; whether it is a new one, or the latest says all this already."""
    releases = home() / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    with alone(home()):
        before = latest()
        sweep(home(), before)
        version = next_version(today, releases)
        folder = Path(tempfile.mkdtemp(prefix=".building-", dir=home()))
        try:
            about = fill(folder, version, today, before)
            if before and about["content"] == before.about["content"]:
                return before, False
            finish(folder, about)
            os.rename(folder, releases / version)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        _settle(releases)
        point(home(), version)
        for old in sorted(releases.iterdir(), key=_age)[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    made = named(version)
    if not made:
        raise FileNotFoundError(releases / version)
    return made, True


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which ends with this process however it ends."""
    lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Busy from error
    finally:
        os.close(lock)


def sweep(folder: Path, now: Release | None) -> None:
    """Take away what a killed build left."""
    for left in folder.glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)
    (folder / ".latest").unlink(missing_ok=True)
    for made in (folder / "releases").iterdir():
        if now and _age(made) > _age(now.folder):  # finished, but never pointed to
            shutil.rmtree(made, ignore_errors=True)


def _age(folder: Path) -> tuple[str, int]:
    day, _dot, number = folder.name.partition(".")
    return day, int(number or 1)


def next_version(today: date, releases: Path) -> str:
    """The day's date; a second release of the day says so."""
    day, number = today.isoformat(), 1
    while (releases / (day if number == 1 else f"{day}.{number}")).exists():
        number += 1
    return day if number == 1 else f"{day}.{number}"


def point(folder: Path, version: str) -> None:
    """Make a release the latest, in one step."""
    link = folder / ".latest"
    link.symlink_to(Path("releases") / version)
    os.replace(link, folder / "latest")
    _settle(folder)


def _settle(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


# What is in a release


def fill(folder: Path, version: str, today: date, before: Release | None) -> dict[str, Any]:
    """Write tables and documents, and work out what has changed."""
    tables = all_tables()
    index: dict[str, dict[str, str]] = {}
    (folder / "json").mkdir()
    with ExitStack() as stack, translation.override("en"):
        stack.enter_context(snapshot())
        database = stack.enter_context(write.database(folder / f"parley-{version}.sqlite"))
        files = stack.enter_context(ExitStack())
        out = write.Tables(tables, folder / "csv", database, files)
        hidden = rows.unpublished()
        for row in rows.entries():
            out.add(row)
        for kind in KINDS:
            documents = write.Documents(folder / "json" / f"{kind.name}.json", files)
            digests = index[kind.name] = {}
            for thing in rows.read(kind, hidden):
                documents.add(thing)
                digests[thing["slug"]] = hashlib.sha256(write.as_json(thing).encode()).hexdigest()[:16]
                for row in flattened(kind, thing):
                    out.add(row)
            documents.finish()
        for row in rows.tombstones():
            out.add(row)
        out.finish()
    write.write_json(folder / "index.json", index)
    changed = changes(_index(before), index)
    return {
        "version": version,
        "created": today.isoformat(),
        "content": content(folder, tables),
        "counts": out.counts,
        "log": [{"version": version, "created": today.isoformat(), "changes": changed, "first": before is None}]
        + (before.about["log"] if before else []),
    }


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything as of one moment, whatever is saved meanwhile."""
    with transaction.atomic():
        if not transaction.get_connection().savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def content(folder: Path, tables: Iterable[Table]) -> str:
    """One digest of all that a release says."""
    digest = hashlib.sha256()
    for table in tables:
        digest.update(f"{table} {write.sha256(folder / 'csv' / f'{table.name}.csv')}\n".encode())
    return digest.hexdigest()


def _index(release: Release | None) -> dict[str, Any]:
    return json.loads((release.folder / "index.json").read_text()) if release else {}


def changes(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """By kind, the keys that are new, that say something else, and that are gone."""
    found = {}
    for kind, things in now.items():
        was = before.get(kind, {})
        groups = {
            "added": sorted(things.keys() - was.keys()),
            "changed": sorted(slug for slug in things.keys() & was.keys() if things[slug] != was[slug]),
            "removed": sorted(was.keys() - things.keys()),
        }
        if any(groups.values()):
            found[kind] = {
                name: {"count": len(slugs), "slugs": slugs[:NAMED] if before else []} for name, slugs in groups.items()
            }
    return found


def finish(folder: Path, about: dict[str, Any]) -> None:
    """Describe what was written, pack it, and see it onto the disk."""
    version = about["version"]
    (folder / "README.md").write_text(README.format(version=version), encoding="utf-8")
    (folder / "CHANGELOG.md").write_text(change_log(about["log"]), encoding="utf-8")
    documents = [f"json/{kind.name}.json" for kind in KINDS]
    tables = {table: f"csv/{table.name}.csv" for table in all_tables()}
    write.write_json(folder / "datapackage.json", described(folder, about, tables, documents))
    inside = ["README.md", "CHANGELOG.md", "datapackage.json", *tables.values(), *documents]
    sums = "".join(f"{write.sha256(folder / name)}  {name}\n" for name in inside)
    (folder / "SHA256SUMS").write_text(sums)
    write.zipped(folder / f"parley-{version}.zip", folder, [*inside, "SHA256SUMS"])
    offered = [f"parley-{version}.zip", f"parley-{version}.sqlite", *inside, "SHA256SUMS"]
    about["files"] = {name: write.measured(folder / name) for name in offered}
    write.write_json(folder / "release.json", about)
    write.settle(folder)


def described(folder: Path, about: dict[str, Any], tables: dict[Table, str], documents: list[str]) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "name": "parley",
        "title": "Parley, a record of arms-control negotiations",
        "description": "Rounds, statements, treaty milestones and positions, each with its sources. "
        "Dates are EDTF; keys are slugs.",
        "version": about["version"],
        "created": f"{about['created']}T00:00:00Z",
        "licenses": [LICENCE],
        "contributors": [{"title": "The Parley authors", "role": "author"}],
        "keywords": ["arms control", "negotiations", "treaties", "diplomacy"],
        "resources": [
            *(write.tabular(table, path, folder / path) for table, path in tables.items()),
            *(
                {
                    "name": f"{write.resource(Path(path).stem)}-json",
                    "title": f"The same as documents: {Path(path).stem.replace('_', ' ')}",
                    "path": path,
                    "format": "json",
                    "mediatype": "application/json",
                    "encoding": "utf-8",
                    **write.measured(folder / path),
                }
                for path in documents
            ),
        ],
    }


def change_log(log: list[dict[str, Any]]) -> str:
    lines = ["# What changed from release to release", ""]
    for release in log:
        lines += [f"## {release['version']}", ""]
        if release["first"]:
            lines += ["The first release kept here.", ""]
            continue
        for kind, groups in release["changes"].items():
            told = [f"{group['count']} {name}" for name, group in groups.items() if group["count"]]
            lines.append(f"- {kind.replace('_', ' ')}: {', '.join(told)}")
            for name, group in groups.items():
                more = group["count"] - len(group["slugs"])
                if group["slugs"]:
                    slugs = ", ".join(f"`{slug}`" for slug in group["slugs"])
                    lines.append(f"  - {name}: {slugs}{f' and {more} more' if more else ''}")
        lines += ["" if release["changes"] else "Only what was withdrawn, or how it is laid out.", ""]
    return "\n".join(lines)
