"""How much memory and patience it takes to read 100,000 entries as CSV: run by `make measure-export`.

On a scratch database with the dataset, its statements multiplied. Streamed by the site's own handlers in this process,
so that its memory is what the export takes; the first lines warm it up.
"""

import os
import resource
import subprocess
import sys
import time

from config import local, scratch

WANTED = 100_000
ADDRESS = "/timeline.csv"


def main() -> None:
    with scratch.environment():
        os.environ["CACHING"] = "0"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        for command in ("migrate", "load_record"):
            subprocess.run([sys.executable, "manage.py", command, "--verbosity", "0"], cwd=local.BASE_DIR, check=True)
        import django

        django.setup()
        multiply()
        for address in (f"{ADDRESS}?to=1975", ADDRESS):
            measure(address)


def multiply() -> None:
    """Copies of the statements with what a table prints of them, until there are enough."""
    from django.db import connection, transaction

    from negotiations.models import Citation, Entry, Statement

    copies = -(-(WANTED - Entry.objects.count()) // Statement.objects.count())
    with transaction.atomic(), connection.cursor() as cursor:
        columns = [f.column for f in Entry._meta.local_concrete_fields if not f.generated and not f.primary_key]
        values = ["slug || '-copy-' || n" if column == "slug" else f'"{column}"' for column in columns]
        quoted = ", ".join(f'"{column}"' for column in columns)
        cursor.execute("CREATE TEMP TABLE original AS SELECT * FROM negotiations_entry WHERE kind = 'statement'")
        cursor.execute(
            f"INSERT INTO negotiations_entry ({quoted}) SELECT {', '.join(values)} "  # noqa: S608
            f"FROM original, generate_series(1, {copies}) n"
        )
        cursor.execute(
            "CREATE TEMP TABLE copied AS SELECT original.id AS was, entry.id AS now FROM original "  # noqa: S608
            f"JOIN generate_series(1, {copies}) n ON true "
            "JOIN negotiations_entry entry ON entry.slug = original.slug || '-copy-' || n"
        )
        for table, key, model in (
            ("negotiations_statement", "entry_id", Statement),
            ("negotiations_entry_parties", "entry_id", Entry.parties.through),
            ("negotiations_entry_issues", "entry_id", Entry.issues.through),
            ("negotiations_citation", "entry_id", Citation),
        ):
            more = [
                f.column for f in model._meta.local_concrete_fields if f.column not in (key, "id") and not f.generated
            ]
            names = ", ".join(f'"{column}"' for column in more)
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(filter(None, (key, names)))}) "  # noqa: S608
                f"SELECT {', '.join(filter(None, ('now', names)))} FROM {table} JOIN copied ON was = {key}"
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure(address: str) -> None:
    from django.test import Client

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    response = Client(SERVER_NAME="localhost").get(address)
    parts = iter(response.streaming_content)
    size = len(next(parts)) + len(next(parts))  # the header, and the first entry
    first = time.perf_counter() - started
    count = 1
    for part in parts:
        size += len(part)
        count += 1
    took = time.perf_counter() - started
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(
        f"{address}: {count:,} entries, {size / 1e6:.1f} MB; first entry after {first:.3f} s, all after {took:.1f} s; "
        f"peak memory {grown / 1024:+.1f} MB to {(before + grown) / 1024:.0f} MB"
    )


if __name__ == "__main__":
    main()
