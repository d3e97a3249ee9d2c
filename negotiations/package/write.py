"""Files of a package: tables as CSV and in one SQLite database, documents as JSON, and what describes them all."""

import csv
import hashlib
import json
import os
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from negotiations.spreadsheet import neutral

from .tables import Column, Row, Table

AFFINITY = {"boolean": "INTEGER", "integer": "INTEGER"}
BATCH = 1000


class Tables:
    """Every table of a package, written as its rows come: to a CSV file each, and to one database."""

    def __init__(self, tables: list[Table], folder: Path, database: sqlite3.Connection, stack: ExitStack) -> None:
        self.database = database
        self.waiting: dict[str, list[list[Any]]] = {table.name: [] for table in tables}
        self.counts = dict.fromkeys(self.waiting, 0)
        self.writers = {}
        folder.mkdir()
        for table in tables:
            file = stack.enter_context((folder / f"{table.name}.csv").open("w", encoding="utf-8", newline=""))
            self.writers[table.name] = csv.writer(file, lineterminator="\r\n")
            self.writers[table.name].writerow(table.names)
            database.execute(create_table(table))

    def add(self, row: Row) -> None:
        self.writers[row.table].writerow([cell(value) for value in row.values])
        self.counts[row.table] += 1
        waiting = self.waiting[row.table]
        waiting.append([as_json(value) if isinstance(value, list) else value for value in row.values])
        if len(waiting) == BATCH:
            self._insert(row.table)

    def finish(self) -> None:
        for name in self.waiting:
            self._insert(name)

    def _insert(self, name: str) -> None:
        rows = self.waiting[name]
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self.database.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)  # noqa: S608  (our own names)
            rows.clear()


@contextmanager
def database(path: Path) -> Iterator[sqlite3.Connection]:
    """A new database, with nothing to recover: it is whole or thrown away."""
    made = sqlite3.connect(path)
    try:
        made.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;")
        yield made
        made.commit()
        problems = made.execute("PRAGMA foreign_key_check").fetchmany(5)
        if problems:
            raise ValueError(f"rows of the package refer to what is not in it: {problems}")
        made.execute("VACUUM")
    finally:
        made.close()


def create_table(table: Table) -> str:
    lines = [f'"{column.name}" {AFFINITY.get(column.type, "TEXT")}{" NOT NULL" * column.required}'
             for column in table.columns]  # fmt: skip
    lines.append(f"PRIMARY KEY ({quoted(table.key)})")
    lines += [
        f'FOREIGN KEY ("{column.name}") REFERENCES "{column.refers_to}" ("slug")'
        for column in table.columns
        if column.refers_to
    ]
    inside = ",\n  ".join(lines)
    return f'CREATE TABLE "{table.name}" (\n  {inside}\n) WITHOUT ROWID'


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def cell(value: Any) -> str:
    """A value in a CSV file; one that a spreadsheet would run gets an apostrophe before it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return as_json(value) if isinstance(value, list) else neutral(value)


class Documents:
    """One kind as a JSON document: a list of things, each on a line of its own."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self.file = stack.enter_context(path.open("w", encoding="utf-8"))
        self.between = "[\n"

    def add(self, thing: dict[str, Any]) -> None:
        self.file.write(self.between + as_json(thing))
        self.between = ",\n"

    def finish(self) -> None:
        self.file.write("\n]\n" if self.between == ",\n" else "[]\n")


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


# Descriptions


def tabular(table: Table, path: str, file: Path) -> dict[str, Any]:
    """A table as a resource of a data package."""
    schema = {
        "fields": [as_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    foreign = [
        {"fields": [column.name], "reference": {"resource": resource(column.refers_to), "fields": ["slug"]}}
        for column in table.columns
        if column.refers_to
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    return {
        "name": resource(table.name),
        "type": "table",
        "profile": "tabular-data-resource",
        "title": table.about,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\r\n"},
        **measured(file),
        "schema": schema,
    }


def resource(table: str) -> str:
    return table.replace("_", "-")


def as_field(column: Column) -> dict[str, Any]:
    found = {"name": column.name, "type": column.type}
    if column.about:
        found["description"] = column.about
    return found | ({"constraints": {"required": True}} if column.required else {})


def measured(file: Path) -> dict[str, Any]:
    return {"bytes": file.stat().st_size, "hash": f"sha256:{sha256(file)}"}


def sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


# Onto the disk


def zipped(target: Path, folder: Path, names: list[str]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.write(folder / name, f"{target.stem}/{name}")


def settle(folder: Path) -> None:
    """See that a folder and all in it have reached the disk."""
    for root, _folders, files in os.walk(folder):
        for name in [*files, "."]:
            opened = os.open(Path(root) / name, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)
