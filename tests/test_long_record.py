"""A record of many entries costs its readers no more: what begins an answer reads a page of it, never the whole."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from negotiations.models import Citation, Entry, Statement
from negotiations.queries.timeline import FEW
from tests import make
from tests.test_admin_lists import MANY, fill, rows_read

# Whether the matches are few takes a look at so many, and one more at the party of each; the rest is a page or two.
READ_AT_MOST = 2 * FEW + 1_000
assert READ_AT_MOST < MANY / 3

# What counts the matches, said in the answer, has to look at each of them.
COUNTING = re.compile(r"^SELECT COUNT\(\*\) AS|GROUP BY")
FILTERS = (
    "", "party={party}", "kind=statement", "from=1971", "to=1990", "order=oldest", "q=statement",
    "party={party}&q=statement",
)  # fmt: skip


@pytest.fixture
def party(db):
    fill()
    with connection.cursor() as cursor:
        # What is told of long ago changes as late as what is told of now.
        cursor.execute(
            "UPDATE negotiations_entry SET updated_at = '2026-01-01Z'::timestamptz + id * 7919 % 20000 * interval '1h'"
        )
        cursor.execute(
            "INSERT INTO negotiations_entry_parties (entry_id, party_id) "
            "SELECT id, party_id FROM negotiations_entry WHERE slug LIKE 'many-%'"
        )
        cursor.execute("ANALYZE")
    return Entry.objects.filter(slug__startswith="many-").first().party.slug


def begun(client, address: str) -> list[str]:
    """The queries behind the first two parts of an answer, which for a table are its header and first row."""
    client.get(address)  # what Django looks up once in the life of a process
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        assert response.status_code == 200
        if response.streaming:
            parts = iter(response.streaming_content)
            next(parts), next(parts)
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("form", ["/timeline.atom", "/timeline.csv", "/timeline.json", "/timeline.ndjson",
                                  "/timeline.ics", "/api/v1/entries", "/timeline/"])  # fmt: skip
def test_no_form_reads_the_whole_record_before_it_begins(client, party, form):
    for query in FILTERS:
        for sql in begun(client, f"{form}?{query.format(party=party)}"):
            if "negotiations_entry" in sql and not COUNTING.search(sql):
                assert rows_read(sql) <= READ_AT_MOST, (query, rows_read(sql), sql)


def test_a_page_of_a_party_that_fell_silent_long_ago_does_not_pass_what_came_since(client, party):
    silent = make.make_party()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO negotiations_entry_parties (entry_id, party_id) "
            "SELECT id, %s FROM negotiations_entry WHERE slug LIKE 'many-%%' AND earliest < '1979-01-01'",
            [silent.pk],
        )
        cursor.execute("ANALYZE")
    assert silent.entries.count() > FEW
    for form in ("/timeline/", "/api/v1/entries"):
        for sql in begun(client, f"{form}?party={silent.slug}"):
            if "negotiations_entry" in sql and not COUNTING.search(sql):
                assert rows_read(sql) <= READ_AT_MOST, (form, rows_read(sql), sql)


def test_what_was_withdrawn_is_found_without_reading_the_rest(client, party):
    make.make_statement(state="withdrawn", withdrawn_on="2026-01-02", withdrawn_reason="A hoax.")
    for address in ("/timeline.atom", f"/timeline.atom?party={party}", "/timeline.ics"):
        gone = [sql for sql in begun(client, address) if "'withdrawn'" in sql]
        assert gone
        assert all(rows_read(sql) < 50 for sql in gone), address


def test_pages_of_what_was_said_long_ago_do_not_pass_what_came_since(client, party):
    issue, speaker, source = make.make_issue(), make.make_person(), make.make_source()
    talks = make.make_negotiation(start="1969", outcome="ongoing")
    met = make.make_round(negotiation=talks, date="1970-01-05")
    make.make_position(negotiation=talks, date="1970-01-06")
    said = Entry.objects.filter(slug__startswith="many-")
    said.update(negotiation=talks)
    old = list(said.order_by("earliest").values_list("pk", flat=True)[:60])
    Entry.objects.filter(pk__in=old).update(speaker=speaker)
    Statement.objects.filter(pk__in=old).update(quote="Never.", quote_language="en")
    Citation.objects.filter(entry__in=old).update(source=source)
    Entry.issues.through.objects.bulk_create(Entry.issues.through(entry_id=pk, issue=issue) for pk in old)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for thing in (issue, speaker, source, talks, met):
        for sql in begun(client, thing.get_absolute_url()):
            if "negotiations_entry" in sql and not COUNTING.search(sql):
                assert rows_read(sql) <= READ_AT_MOST, (thing, rows_read(sql), sql)
    for sql in begun(client, "/"):
        if "negotiations_entry" in sql:
            assert rows_read(sql) <= READ_AT_MOST, (rows_read(sql), sql)
