"""What a reader gets from Datasette, where it is installed: the same entries as one table, fifty rows with facets.

Five facets, as when the bar was set: what our page counts (kinds, years), offers and names.
"""

import contextlib
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg

ROWS = """
SELECT e.id, e.slug, e.kind, e.title, e.summary, e.date, e.earliest::text, p.short_name, s.name, e.city
FROM negotiations_entry e
LEFT JOIN negotiations_party p ON p.id = e.party_id
LEFT JOIN negotiations_person s ON s.id = e.speaker_id
WHERE e.state = 'published'
"""
COLUMNS = ("id", "slug", "kind", "title", "summary", "date", "earliest", "party", "speaker", "city")
PAGE = (
    "/entries/entries?_sort_desc=earliest&_size=50"
    "&_facet=kind&_facet=party&_facet=speaker&_facet=city&_facet_date=earliest&party={party}"
)


def is_installed() -> bool:
    return shutil.which("datasette") is not None


@contextlib.contextmanager
def serving(database: str) -> Iterator[str]:
    """The address of the page, of the party with most entries, for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "entries.db")
        party = export(database, path)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = ["datasette", "serve", "-i", path, "-h", "127.0.0.1", "-p", str(port)]
        for limit in ("sql_time_limit_ms", "facet_time_limit_ms"):  # patient, lest it leave the facets out
            command += ["--setting", limit, "9999"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            site = f"http://127.0.0.1:{port}"
            for _ in range(300):
                with contextlib.suppress(OSError), urllib.request.urlopen(site):
                    break
                time.sleep(0.1)
            yield site + PAGE.format(party=party)
        finally:
            server.terminate()
            server.wait(20)


def export(database: str, path: Path) -> str:
    """Copy the entries, with the indexes that the page can use; the party that most of them name."""
    with psycopg.connect(database) as connection, sqlite3.connect(path) as table:
        table.execute(f"CREATE TABLE entries ({', '.join(COLUMNS)}, PRIMARY KEY (id))")
        rows = connection.execute(ROWS)
        table.executemany(f"INSERT INTO entries VALUES ({', '.join('?' * len(COLUMNS))})", rows)
        for column in ("earliest", "kind", "party"):
            table.execute(f"CREATE INDEX by_{column} ON entries ({column})")
        most = "SELECT party FROM entries WHERE party IS NOT NULL GROUP BY party ORDER BY count(*) DESC LIMIT 1"
        (party,) = table.execute(most).fetchone()
    return urllib.parse.quote(party)
