"""The API: the public record for programs, with the filters of the pages, and nothing that readers may not see."""

import json
import os
import random
import re
import subprocess
import sys

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations import limits
from negotiations.models import Entry, FormerSlug
from negotiations.queries.directory import Directory
from tests import make

ROOT = "/api/v1"
LISTS = [
    "entries", "positions/moves", "positions/waits", "issues", "negotiations", "treaties", "data-exchanges", "parties",
    "people", "sources", "popolo/persons", "popolo/organizations", "popolo/events", "popolo/speeches",
]  # fmt: skip


def get(client, address, status=200, **headers):
    response = client.get(address if address.startswith("http") else f"{ROOT}/{address}", headers=headers)
    assert response.status_code == status, response.content[:500]
    return response


def ask(client, address, status=200):
    return get(client, address, status).json()


def follow(client, address, key):
    """All things of a list, page by page."""
    while address:
        page = ask(client, address)
        yield from page[key]
        address = page["next"]


# What it answers


def test_entries_are_those_of_the_timeline_with_the_same_filters(record, client):
    chosen = random.Random(5)
    directory = Directory.read()
    for _ in range(4):
        query = "&".join(
            chosen.sample(
                [
                    f"party={chosen.choice(list(directory.parties.values())).slug}",
                    f"issue={chosen.choice(list(directory.issues.values())).slug}",
                    f"kind={chosen.choice(Entry.Kind.values)}",
                    f"from={chosen.choice(range(1967, 2010))}",
                    "order=oldest",
                    "q=treaty",
                ],
                2,
            )
        )
        page = ask(client, f"entries?{query}&limit=100")
        told = [entry["id"] for entry in follow(client, f"entries?{query}&limit=37", "entries")]
        assert len(told) == page["count"]
        assert len(set(told)) == len(told)
        document = json.loads(client.get(f"/timeline.json?{query}").getvalue())
        assert told == [entry["id"] for entry in document["entries"]]


def test_an_entry_says_what_its_page_says(record, client):
    said = ask(client, "entries/antonov-rome-2007")
    assert said["kind"] == "statement"
    assert said["speaker"] == "antonov-anatoly"
    assert said["url"] == "http://testserver/statements/antonov-rome-2007/"
    assert said["sources"][0]["url"].startswith("http")


def test_a_withdrawn_entry_is_gone_with_its_reason_and_a_draft_was_never_there(db, client):
    gone = make.make_statement(state="withdrawn", withdrawn_on="2026-01-02", withdrawn_reason="Said by his deputy.")
    draft = make.make_statement(state="draft")
    problem = ask(client, f"entries/{gone.slug}", 410)
    assert "2026-01-02" in problem["detail"]
    assert "Said by his deputy." in problem["detail"]
    assert ask(client, f"entries/{draft.slug}", 404)["status"] == 404


def test_no_answer_shows_what_is_not_published(db, client):
    """Marked words in every text of unpublished entries, tied to published ones wherever the record allows."""
    party, issue = make.make_party(), make.make_issue()
    talks = make.make_negotiation(parties=[party])
    treaty = make.make_treaty(parties=[party], negotiation=talks)
    secret = {"summary": "zzsecret", "note": "zzsecret", "city": "zzsecret"}
    for state in (
        {"state": "draft"},
        {"state": "in-review"},
        {"state": "withdrawn", "withdrawn_on": "2026-01-02", "withdrawn_reason": "zzreason"},
    ):
        word = make.unique("zzsecret")
        round_ = make.make_round(
            negotiation=talks, slug=f"{word}-r", title="zzsecret", issues=[issue], **secret, **state
        )
        hidden = make.make_statement(
            party=party, slug=f"{word}-s", quote="zzsecret", office="zzsecret", issues=[issue], **secret, **state
        )
        make.make_milestone(treaty=treaty, slug=f"{word}-m", date="2010-04-08", **secret, **state)
        make.make_position(party=party, issue=issue, slug=f"{word}-p", evidence=[hidden], **secret, **state)
        shown = make.make_statement(party=party, issues=[issue], negotiation=talks, round=round_)
        make.make_position(party=party, issue=issue, evidence=[shown, hidden], date=f"20{len(word)}-01-01")
        party = make.make_party()
        treaty.parties.add(party)
    for address in [*LISTS, "positions?party=" + party.slug, "state-of-play", f"treaties/{treaty.slug}"]:
        assert "zz" not in get(client, address).content.decode(), address


def test_positions_as_of_a_day_are_the_cells_of_the_matrix(record, client):
    for query in ("on=2013-06-22", "on=2013-06-22&since=2009", "on=2012&party=russia&party=united-states&show=apart"):
        told = ask(client, f"positions?{query}")
        assert told["cells"] == client.get(f"/positions.json?{query}").json()["cells"]
        assert told["cells"]
    assert ask(client, "positions/moves?since=2009&on=2013-06-22")["cells"]
    assert ask(client, "positions/waits?on=2013-06-22")["cells"]


def test_a_treaty_says_where_it_stood_in_law_on_any_day(record, client):
    assert ask(client, "treaties/new-start/status?on=2010-06-01")["status"] == "signed"
    assert ask(client, "treaties/new-start/status?on=2013-06-22")["status"] == "in-force"
    assert ask(client, "treaties/new-start/status?on=2009")["status"] is None
    assert ask(client, "treaties/new-start?on=2013-06-22")["limits"][0]["ceiling"] > 0
    assert [period["status"] for period in ask(client, "treaties/salt-ii")["periods"]][-1] == "never-in-force"


def test_the_state_of_play_tells_what_the_front_page_does(record, client):
    then = ask(client, "state-of-play?on=2013-06-22")
    assert then["is_limited"]
    assert "new-start" in [standing["treaty"] for standing in then["in_force"]]
    assert then["disputes"]


@pytest.mark.parametrize("name", LISTS)
def test_every_list_has_all_of_it_on_its_pages(record, client, name):
    key = "cells" if name.startswith("positions") else name.rpartition("/")[2].replace("-", "_")
    page = ask(client, name)
    if key == "cells":
        return
    told = list(follow(client, f"{name}?limit=100", key))
    assert len(told) == page["count"] > 0
    assert len({one["id"] for one in told}) == len(told)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_queries_however_long_it_is(record, client, name):
    def queries(limit):
        address = name if name.startswith("positions") else f"{name}?limit={limit}"
        get(client, address)
        with CaptureQueriesContext(connection) as seen:
            get(client, address)
        return len(seen)

    assert queries(100) <= max(queries(2), 12)
    assert queries(100) <= 24


# How it answers


def test_an_answer_that_has_not_changed_is_not_sent_again(record, client):
    first = get(client, "issues")
    again = get(client, "issues", 304, **{"If-None-Match": first["ETag"]})
    assert not again.content
    make.make_issue()
    get(client, "issues", 200, **{"If-None-Match": first["ETag"]})


def test_any_site_may_read_it_and_nobody_may_write(record, client):
    assert get(client, "issues")["Access-Control-Allow-Origin"] == "*"
    preflight = client.options(f"{ROOT}/issues")
    assert preflight.status_code == 204
    assert "GET" in preflight["Access-Control-Allow-Methods"]
    head = client.head(f"{ROOT}/issues")
    assert head.status_code == 200
    assert not head.content
    for method in (client.post, client.put, client.patch, client.delete):
        refused = method(f"{ROOT}/issues")
        assert refused.status_code == 405
        assert refused["Allow"] == "GET, HEAD, OPTIONS"
        assert refused["Content-Type"] == "application/problem+json"
    assert not client.cookies


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("entries?from=yesterday", 422, "yesterday"),
        ("entries?limit=0", 422, "limit"),
        ("entries?limit=101", 422, "limit"),
        ("entries?kind=poem", 422, "kind"),
        ("entries?partie=russia", 422, "partie"),
        ("entries?q=%00", 422, "q"),
        ("entries?party=ruritania", 404, "ruritania"),
        ("entries?person=nobody", 404, "nobody"),
        ("entries?cursor=nonsense", 404, "cursor"),
        ("issues?cursor=AAAA", 404, "cursor"),
        ("positions?on=2013-02-30", 422, "2013-02-30"),
        ("positions?on=1492", 422, "on"),
        ("positions?on_round=no-such-round", 404, "no-such-round"),
        ("treaties/ruritania", 404, "ruritania"),
        ("nowhere", 404, "docs"),
        ("", 404, "docs"),
    ],
)
def test_what_cannot_be_answered_says_why(record, client, address, status, words):
    response = get(client, address, status)
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert words in json.dumps(problem, ensure_ascii=False)


def test_what_contradicts_itself_is_answered_with_a_remark(record, client):
    assert "end before they begin" in ask(client, "entries?from=2010&to=2009")["notices"][0]
    assert ask(client, "positions?on=2009&since=2010")["notices"]
    assert ask(client, "entries?party=russia")["notices"] == []


def test_a_former_id_leads_to_the_present_one(db, client):
    issue = make.make_issue()
    FormerSlug.objects.create(kind="issue", slug="old-name", object_id=issue.pk)
    moved = client.get(f"{ROOT}/issues/old-name")
    assert moved.status_code == 301
    assert moved["Location"] == f"{ROOT}/issues/{issue.slug}"


def test_whoever_asks_too_fast_is_told_how_long_to_wait(db, client, settings, monkeypatch):
    settings.LIMITS = True
    monkeypatch.setattr(limits, "PROGRAMS", ("programs", 3))
    codes = [client.get(f"{ROOT}/issues?limit={number}").status_code for number in range(1, 6)]
    assert codes == [200] * 3 + [429] * 2
    refused = get(client, "parties", 429)
    assert int(refused["Retry-After"]) > 0
    assert refused["Content-Type"] == "application/problem+json"
    assert refused["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("problem", "status"), [(OperationalError("away"), 503), (ArithmeticError("ours"), 500)])
def test_a_failure_is_a_problem_too_and_says_when_to_come_back(db, client, monkeypatch, problem, status):
    def fail(*_):
        raise problem

    monkeypatch.setattr(Directory, "read", fail)
    failed = get(client, "entries", status)
    assert failed["Content-Type"] == "application/problem+json"
    assert ("Retry-After" in failed) == (status == 503)
    assert str(problem) not in failed.content.decode()


# What it says of itself


def test_every_answer_keeps_to_its_openapi_document(site, tmp_path):
    """Sensible and senseless questions, and every check.

    A small sample, always the same, of what `make fuzz` asks by the thousand and anew each time; it also asks the
    examples and all boundaries of the document, and goes from answer to answer.
    """
    questions = os.environ.get("PARLEY_QUESTIONS")
    asked = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "run", f"{site.url}{ROOT}/openapi.json", "--checks=all",
            "--continue-on-failure", f"--max-examples={questions or 2}", "--suppress-health-check=all", "--no-color",
            *([] if questions else ["--seed=5", "--phases=fuzzing"]),
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    print(asked.stdout)
    assert asked.returncode == 0, asked.stdout + asked.stderr
    operations = sum(len(path) for path in ask(Client(), "openapi.json")["paths"].values())
    assert re.search(rf"Tested: {operations}$", asked.stdout, re.MULTILINE)
