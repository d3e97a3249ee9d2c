"""The desk's lists over a large record: as many queries, and as few rows read, as over a small one."""

import json
import re

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from negotiations.admin import lists
from negotiations.models import Citation, Entry, Evidence, Position, Round, Source, Statement

from . import make

pytestmark = pytest.mark.django_db

MANY = 20_000
# A page, what its rows refer to, and the bounded count: far from the whole table.
READ_AT_MOST = lists.COUNTED + 2_000

# Copies of one statement and of all that hangs on it, a day apart.
FILL = """
INSERT INTO negotiations_source (slug, publisher, title, author, date, date_basis, url, archived_url, language, kind,
                                 note, text, text_sha256)
SELECT 'many-' || n, 'Gazette', 'Page ' || n, '', '', 'stated', 'https://example.org/many/' || n, '', 'en', 'news',
       '', '', '' FROM generate_series(1, {many}) n;
INSERT INTO negotiations_entry (slug, kind, title, summary, date, earliest, latest, date_basis, note, party_id, city,
                                country, line, state, withdrawn_reason, created_at, updated_at, words)
SELECT 'many-' || n, 'statement', 'Statement ' || n, 'Says so.', day::text, day, day, 'stated', '', {party}, '', '', '',
       'published', '', now(), now(), ''
FROM generate_series(1, {many}) n, LATERAL (SELECT date '1970-01-01' + n) d(day);
INSERT INTO negotiations_statement (entry_id, office, occasion, form, quote, quote_language, key_phrase,
                                    original_language, translation, translator, reported)
SELECT id, '', '', 'interview', '', '', '', '', '', '', false FROM negotiations_entry WHERE slug LIKE 'many-%';
INSERT INTO negotiations_citation (entry_id, source_id, "order", locator, exact, prefix, suffix, checked_sha256)
SELECT e.id, s.id, 0, '', '', '', '', '' FROM negotiations_entry e JOIN negotiations_source s USING (slug)
WHERE slug LIKE 'many-%';
INSERT INTO negotiations_evidence (position_id, entry_id)
SELECT {position}, id FROM negotiations_entry WHERE slug LIKE 'many-%';
ANALYZE;
"""


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("editor"))
    return client


def fill():
    """A record of many statements, written straight into the tables: one by one it would take minutes."""
    keys = {"party": make.make_party().pk, "position": make.make_position().pk}
    make.make_round()
    with connection.cursor() as cursor:
        # SQL of this module with numbers of this module.
        cursor.execute(FILL.format(many=MANY, **keys))


def url(model) -> str:
    return reverse(f"admin:negotiations_{model._meta.model_name}_changelist")


def asked(desk, model, **query) -> list[str]:
    desk.get(url(model), query)  # what Django looks up once in the life of a process
    with CaptureQueriesContext(connection) as captured:
        page = desk.get(url(model), query)
    assert page.status_code == 200
    return [query["sql"] for query in captured]


def rows_read(sql: str) -> int:
    """How many rows of tables and indexes the database takes into its hands to answer."""

    def count(plan: dict) -> int:
        own = 0
        if "Scan" in plan["Node Type"] and not plan.get("Plans"):
            seen = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
            own = round(seen * plan["Actual Loops"])
        return own + sum(map(count, plan.get("Plans", ())))

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        (found,) = cursor.fetchone()
    return count((found if isinstance(found, list) else json.loads(found))[0]["Plan"])


def test_no_list_reads_or_counts_a_whole_table(desk):
    make.make_position()
    models = [Entry, Statement, Round, Position, Source, Citation, Evidence]
    few = {model: len(asked(desk, model)) for model in models}
    fill()
    for model in models:
        queries = asked(desk, model)
        assert len(queries) <= few[model] + 1, model  # a second page is there now
        for sql in queries:
            if "negotiations_" not in sql or not sql.startswith("SELECT"):
                continue
            assert "DISTINCT" not in sql, sql
            assert not re.search(r"COUNT\(\*\)", sql) or "LIMIT" in sql, sql
            assert rows_read(sql) <= READ_AT_MOST, (model, rows_read(sql), sql)
    for query in ({"p": "3"}, {"state__exact": "published"}, {"earliest__year": "1990"}, {"q": "many-7"}):
        assert len(asked(desk, Statement, **query)) <= few[Statement] + 1


def test_a_long_list_says_that_there_is_more(desk, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 3)
    for _ in range(3):
        make.make_round()
    assert "More than" not in desk.get(url(Round)).content.decode()
    make.make_round()
    page = desk.get(url(Round))
    assert "More than 3 rows" in page.content.decode()
    assert page.context["cl"].result_count == 3


def test_no_action_is_done_to_more_than_can_be_counted(desk, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 2)
    rounds = [make.make_round() for _ in range(3)]
    sent = {"action": "return_to_draft", "_selected_action": [rounds[0].pk], "select_across": "1", "index": 0}
    page = desk.post(url(Round), sent, follow=True)
    assert "too many rows at once" in " ".join(map(str, get_messages(page.wsgi_request)))
    assert set(Round.objects.values_list("state", flat=True)) == {"published"}


def test_dates_lead_from_years_to_days(desk):
    first = make.make_round(date="2007-09-12")
    make.make_round(date="2009-02")
    html = desk.get(url(Round)).content.decode()
    assert [year for year in ("2006", "2007", "2008", "2009", "2010") if f">{year}</a>" in html] == [
        "2007",
        "2008",
        "2009",
    ]
    html = desk.get(url(Round), {"earliest__year": "2007"}).content.decode()
    assert "earliest__month=9" in html
    html = desk.get(url(Round), {"earliest__year": "2007", "earliest__month": "9"}).content.decode()
    assert "earliest__day=30" in html
    assert "earliest__day=31" not in html
    page = desk.get(url(Round), {"earliest__year": "2007", "earliest__month": "9", "earliest__day": "12"})
    assert list(page.context["cl"].result_list) == [first]
    assert (
        "earliest__day=31" in desk.get(url(Round), {"earliest__year": "2007", "earliest__month": "12"}).content.decode()
    )


def test_how_often_a_source_is_cited_is_counted_and_sorted_by(desk):
    often, never = make.make_source(), make.make_source()
    for _ in range(2):
        make.make_statement(sources=[often])
    make.make_round(sources=[])
    column = list(desk.get(url(Source)).context["cl"].list_display).index("cited")
    found = list(desk.get(url(Source), {"o": f"-{column}"}).context["cl"].result_list)
    assert found[0] == often
    assert {source.pk: source.cited_ for source in found}[never.pk] == 0
    assert found[0].cited_ == 2


def test_sources_are_told_apart_by_language(desk):
    wanted = {language: make.make_source(language=language) for language in ("en", "ru", "fr")}
    for chosen, language in (("en", "en"), ("ru", "ru"), ("other", "fr")):
        assert list(desk.get(url(Source), {"in": chosen}).context["cl"].result_list) == [wanted[language]]
    assert desk.get(url(Source), {"in": "banana"}).status_code == 200
