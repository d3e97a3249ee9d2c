"""A large record: the real one, with its statements said over and over on other days.

So the words keep their real frequencies, the parties their eras, and the dates their gaps. Only statements are
multiplied: a record that grows grows by what people say, not by treaties. It is copied within the server, which is
quicker than COPY from without; triggers rest meanwhile, since the copies satisfy every rule that the originals do.
"""

import psycopg

RARE = "Zenda"
ONE_IN = 3333  # entries that hold the rare word; and ONE_OF of the real ones, to fill a page of them at every size
ONE_OF = 10
MINE = {"id", "slug", "date", "earliest", "latest", "summary", "search"}

RARELY = """
UPDATE negotiations_entry SET summary = summary || ' {rare}'
WHERE kind = 'statement' AND id % {one_of} = 0 AND slug !~ '^c[0-9]+$' AND summary !~ ' {rare}$'
"""
CLONES = """
CREATE TEMP TABLE clone AS
SELECT s.entry_id AS old, k, base.top + row_number() OVER (ORDER BY k, s.entry_id) AS new
FROM negotiations_statement s CROSS JOIN generate_series(1, %(times)s) k
CROSS JOIN (SELECT max(id) AS top FROM negotiations_entry) base
"""
ENTRIES = """
INSERT INTO negotiations_entry (id, slug, date, earliest, latest, summary, {columns})
SELECT c.new, 'c' || c.new, CASE WHEN exact THEN day::text ELSE e.date END, day,
       CASE WHEN exact THEN day ELSE latest END,
       replace(e.summary, ' {rare}', '') || CASE WHEN c.new % {one_in} = 0 THEN ' {rare}' ELSE '' END, {columns_of_e}
FROM clone c JOIN negotiations_entry e ON e.id = c.old
CROSS JOIN LATERAL (SELECT length(e.date) = 10 AS exact) x
CROSS JOIN LATERAL (
    SELECT CASE WHEN exact THEN e.earliest + ((c.k * 7919 + e.id) % 61 - 30)::int ELSE e.earliest END AS day
) y
"""
RELATED = (
    ("negotiations_entry_parties", "entry_id"),
    ("negotiations_entry_issues", "entry_id"),
    ("negotiations_citation", "entry_id"),
    ("negotiations_statement_joint_parties", "statement_id"),
    ("negotiations_statement_joint_speakers", "statement_id"),
)


def grow(url: str, entries: int) -> int:
    """Bring the record to about so many entries; how many there are then."""
    with psycopg.connect(url, autocommit=True) as connection:
        have = count(connection)
        connection.execute("SET session_replication_role = replica")
        connection.execute(RARELY.format(rare=RARE, one_of=ONE_OF))
        (statements,) = connection.execute("SELECT count(*) FROM negotiations_statement").fetchone()
        times = round((entries - have) / statements)
        if times > 0:
            connection.execute(CLONES % {"times": times})
            connection.execute("ANALYZE clone")
            columns = columns_of(connection, "negotiations_entry", MINE)
            connection.execute(
                ENTRIES.format(
                    columns=", ".join(columns),
                    columns_of_e=", ".join(f"e.{name}" for name in columns),
                    one_in=ONE_IN,
                    rare=RARE,
                )
            )
            copy_rows(connection, "negotiations_statement", "entry_id", without={"round_id"})
            for table, key in RELATED:
                copy_rows(connection, table, key, without={"id"})
            connection.execute(
                "SELECT setval(pg_get_serial_sequence('negotiations_entry', 'id'), max(id)) FROM negotiations_entry"
            )
        connection.execute("VACUUM ANALYZE")
        return count(connection)


def copy_rows(connection, table: str, key: str, without: set[str]) -> None:
    columns = columns_of(connection, table, {key} | without)
    names = "".join(f", {name}" for name in columns)
    values = "".join(f", t.{name}" for name in columns)
    connection.execute(
        f"INSERT INTO {table} ({key}{names}) SELECT c.new{values} FROM {table} t JOIN clone c ON c.old = t.{key}"
    )


def columns_of(connection, table: str, without: set[str]) -> list[str]:
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position", [table]
    )
    return [f'"{name}"' for (name,) in rows if name not in without]


def count(connection) -> int:
    return connection.execute("SELECT count(*) FROM negotiations_entry").fetchone()[0]
