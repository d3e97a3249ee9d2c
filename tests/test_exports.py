"""A view of the timeline leaves the site in the form that other programs read: the same entries, whole and valid."""

import csv
import html
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar
from lxml import etree

from negotiations.models import Entry, Position, Round
from tests.make import (
    make_citation,
    make_issue,
    make_milestone,
    make_negotiation,
    make_party,
    make_position,
    make_round,
    make_source,
    make_statement,
    unique,
)
from tests.test_timeline import everything

ATOM = etree.RelaxNG(etree.parse(Path(__file__).parent / "schemas/atom.rng"))
FORMS = ("atom", "ics", "csv", "json", "ndjson")
DATA = ("csv", "json", "ndjson")


def get(client, address, status=200, headers=None, **asked) -> str:
    response = client.get(address + ("?" + urlencode(asked, doseq=True) if asked else ""), headers=headers)
    assert response.status_code == status
    return (response.getvalue() if response.streaming else response.content).decode()


def feed(client, address="/timeline.atom", **asked):
    document = get(client, address, **asked)
    assert ATOM.validate(etree.fromstring(document.encode())), ATOM.error_log
    parsed = feedparser.parse(document)
    assert parsed.bozo == 0
    return parsed


def feed_pages(client, address="/timeline.atom", **asked):
    page = feed(client, address, **asked)
    yield page
    while following := [link.href for link in page.feed.links if link.rel == "next"]:
        page = feed(client, following[0])
        yield page


def slug_in(tag: str) -> str:
    return tag.rpartition("/")[2]


def tombstones(client, **asked) -> dict[str, str]:
    root = etree.fromstring(get(client, "/timeline.atom", **asked).encode())
    at = "{http://purl.org/atompub/tombstones/1.0}"
    return {slug_in(one.get("ref")): one.findtext(f"{at}comment") for one in root.iter(f"{at}deleted-entry")}


def calendar(client, **asked) -> Calendar:
    text = get(client, "/timeline.ics", **asked)
    parsed = Calendar.from_ical(text)
    assert Calendar.from_ical(parsed.to_ical()) == parsed
    assert not parsed.errors
    return parsed


def events(client, **asked) -> dict:
    return {str(event["uid"]).partition("@")[0]: event for event in calendar(client, **asked).walk("VEVENT")}


def table(client, **asked) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(get(client, "/timeline.csv", **asked), newline="")))


def document(client, **asked) -> dict:
    return json.loads(get(client, "/timeline.json", **asked))


def lines(client, **asked) -> list[dict]:
    return [json.loads(line) for line in get(client, "/timeline.ndjson", **asked).splitlines()]


# What no form may hold


@pytest.mark.parametrize("form", FORMS)
def test_no_form_shows_a_draft_or_what_was_withdrawn(client, db, form):
    hidden = {"summary": "Unheard-of secret", "note": "Unheard-of secret"}
    withdrawn = {"state": "withdrawn", "withdrawn_on": "2026-01-02", "withdrawn_reason": "A hoax."}
    for state in ({"state": "draft"}, {"state": "in-review"}, withdrawn):
        issue = make_issue(question="Unheard-of secret?")
        said = make_statement(quote="Unheard-of secret", issues=[issue], **hidden, **state)
        for thing in (
            said,
            make_round(title="Unheard-of secret", **hidden, **state),
            make_milestone(**hidden, **state),
        ):
            assert not thing.is_published
        make_position(issue=make_issue(), condition="Unheard-of secret", stance="conditional", **hidden, **state)
    shown = make_statement(date="2013-06-22")
    body = get(client, f"/timeline.{form}")
    assert "secret" not in body
    assert form == "ics" or shown.slug in body


# Feeds


@pytest.mark.parametrize(
    "address",
    [
        "/timeline.atom", "/timeline.atom?party=russia&issue=format", "/ru/timeline.atom?kind=position", "/moves.atom",
        "/ru/moves.atom?party=china", "/timeline.atom?q=ABM", "/timeline.atom?from=1900&to=1901", "/timeline.atom?x=1",
    ],
)  # fmt: skip
def test_a_feed_is_atom(client, record, address):
    parsed = feed(client, address)
    assert parsed.version == "atom10"
    assert all(entry.content[0].value and entry.title and entry.link for entry in parsed.entries)


def test_a_feed_of_an_empty_record_is_atom_too(client, db):
    assert feed(client).entries == []


def test_an_entry_in_a_feed_has_its_words_and_its_source(client, db):
    source = make_source(publisher="Strelsau Gazette", title="Talks resume", url="https://example.org/gazette")
    said = make_statement(quote="Nothing less than a treaty", sources=[source], note="By the weekday.")
    (entry,) = feed(client).entries
    content = entry.content[0].value
    for words in (said.quote, said.summary, said.note, "Rudolf Rassendyll", "Strelsau Gazette", "Talks resume"):
        assert words in content
    assert 'href="https://example.org/gazette"' in content
    assert entry.link == f"http://testserver{said.get_absolute_url()}"
    assert 'href="/' not in content


def test_a_feed_begins_with_what_changed_last_however_old_it_is(client, db):
    old, new = make_statement(date="1972-05-26"), make_statement(date="2013-06-22")
    days = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    for entry, day in zip((old, new), days, strict=True):
        Entry.objects.filter(pk=entry.pk).update(updated_at=day)
    parsed = feed(client)
    assert [slug_in(entry.id) for entry in parsed.entries] == [old.slug, new.slug]
    assert [entry.updated for entry in parsed.entries] == ["2026-03-01T00:00:00+00:00", "2026-02-01T00:00:00+00:00"]
    assert parsed.feed.updated == "2026-03-01T00:00:00+00:00"


def test_what_changed_on_one_day_stands_in_the_order_of_the_timeline(client, record):
    Entry.objects.update(updated_at=datetime(2026, 3, 1, tzinfo=UTC))
    fed = [slug_in(entry.id) for page in feed_pages(client, party="china") for entry in page.entries]
    assert fed == [entry["id"] for entry in document(client, party="china")["entries"]]


def test_an_entry_keeps_its_id_when_its_address_changes(client, db):
    meeting = make_round(date="2007-09-12")
    first = meeting.slug
    before = feed(client).entries[0].id
    meeting.slug = f"{meeting.negotiation.slug}-{unique('renamed')}"
    meeting.save()
    (entry,) = feed(client).entries
    assert entry.id == before
    assert entry.link.endswith(meeting.get_absolute_url())
    assert list(events(client)) == [first]


def test_ids_do_not_depend_on_how_the_site_is_asked(client, db, settings):
    make_statement()
    settings.ALLOWED_HOSTS = ["parley.example", "www.parley.example"]
    one, other = (get(client, "/timeline.atom", headers={"host": host}) for host in settings.ALLOWED_HOSTS)
    assert re.findall("<id>(.*?)</id>", one) == re.findall("<id>(.*?)</id>", other)
    assert "<id>tag:parley.example,2026:entry/" in one


def test_a_withdrawn_entry_leaves_a_tombstone_with_its_reason(client, db):
    party = make_party()
    gone = make_statement(
        party=party, state="withdrawn", withdrawn_on="2026-01-02", withdrawn_reason="The source took it back."
    )
    assert tombstones(client, party=party.slug) == {gone.slug: "The source took it back."}
    assert tombstones(client, kind="round") == {}
    assert feed(client).entries == []


def test_a_tombstone_is_younger_than_what_the_feed_said_of_the_entry_on_the_same_day(client, db):
    statement = make_statement()
    last_told = datetime.fromisoformat(feed(client).entries[0].updated)
    statement.state, statement.withdrawn_on, statement.withdrawn_reason = "withdrawn", timezone.localdate(), "A hoax."
    statement.save()
    root = etree.fromstring(get(client, "/timeline.atom").encode())
    (tombstone,) = root.iter("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    assert datetime.fromisoformat(tombstone.get("when")) > last_told


def test_a_search_cannot_find_out_what_a_withdrawn_entry_said(client, db):
    make_statement(
        summary="Unheard-of secret", state="withdrawn", withdrawn_on="2026-01-02", withdrawn_reason="A hoax."
    )
    assert tombstones(client, q="secret") == tombstones(client, q="anything else")


def test_a_feed_that_has_not_changed_is_not_sent_again(client, record):
    first = client.get("/timeline.atom")
    assert client.get("/timeline.atom", headers={"if-none-match": first["ETag"]}).status_code == 304
    make_statement()
    assert client.get("/timeline.atom", headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("address", ["/moves.atom", "/timeline.atom?moves=only"])
def test_a_feed_of_moves_holds_the_positions_that_differ_from_the_one_before(client, record, address):
    moved = set(Position.objects.published().moves().values_list("slug", flat=True))
    fed = [slug_in(entry.id) for page in feed_pages(client, address) for entry in page.entries]
    assert set(fed) == moved
    assert 0 < len(moved) < Position.objects.published().count()


def test_a_longer_feed_needs_no_more_queries(client, record):
    def queries(**asked):
        with CaptureQueriesContext(connection) as captured:
            feed(client, **asked)
        return len(captured)

    assert queries() <= 16
    assert queries(party="united-states", to="1970") == queries(party="united-states")


def test_text_that_xml_cannot_hold_does_not_break_a_feed(client, db):
    make_statement(summary="A bell\x07 and <b>tags</b> & \x0b]]>")
    assert "A bell and" in feed(client).entries[0].content[0].value


# Calendars


def test_a_meeting_is_an_event_of_whole_days(client, db):
    meeting = make_round(date="2009-05-19/2009-05-20", title="Moscow round", city="Moscow", country="Russia")
    event = events(client)[meeting.slug]
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2009, 5, 19), date(2009, 5, 21))
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert (str(event["summary"]), str(event["location"])) == ("Moscow round", "Moscow, Russia")
    assert str(event["status"]) == "CONFIRMED"
    assert str(event["url"]) == f"http://testserver{meeting.get_absolute_url()}"


def test_a_meeting_that_was_called_off_is_cancelled(client, db):
    meeting = make_round(held=False, date="2022-11-29/2022-12-06", title="Cairo session")
    event = events(client)[meeting.slug]
    assert str(event["status"]) == "CANCELLED"
    assert str(event["summary"]) == "Not held: Cairo session"


@pytest.mark.parametrize("vague", ["2009-05", "2009", "2007-09-12?", "2009-05-19/2009-06", "2009-05-19/..", "2009-21"])
def test_what_is_not_dated_to_the_day_is_left_out_and_the_calendar_says_so(client, db, vague):
    make_round(date=vague)
    found = calendar(client)
    assert not found.walk("VEVENT")
    for name in ("x-wr-caldesc", "description"):
        assert "not known to the day: 1 meeting or treaty milestone." in str(found[name])


def test_a_calendar_says_how_many_statements_and_positions_it_leaves_out(client, db):
    make_position()  # and the statement that bears it out
    assert "no treaty dates: 2 statements and positions." in str(calendar(client)["x-wr-caldesc"])


def test_an_event_is_stamped_with_its_last_change_and_numbered_by_it(client, db):
    meeting = make_round()
    before = events(client)[meeting.slug]
    assert get(client, "/timeline.ics") == get(client, "/timeline.ics")
    meeting = Round.objects.get(pk=meeting.pk)
    changed = meeting.created_at + timedelta(hours=3)
    Entry.objects.filter(pk=meeting.pk).update(updated_at=changed)
    after = events(client)[meeting.slug]
    assert after["sequence"] > before["sequence"]
    assert after["dtstamp"].dt == changed.replace(microsecond=0)


def test_a_withdrawn_meeting_is_cancelled_without_a_word_of_what_it_was(client, db):
    gone = make_round(
        title="Unheard-of", city="Atlantis", summary="Unheard-of", state="withdrawn", withdrawn_on="2026-01-02",
        withdrawn_reason="It never took place.",
    )  # fmt: skip
    event = events(client)[gone.slug]
    assert (str(event["status"]), str(event["description"])) == ("CANCELLED", "It never took place.")
    assert "Unheard-of" not in get(client, "/timeline.ics")
    assert "Atlantis" not in get(client, "/timeline.ics")


def test_no_line_of_a_calendar_is_longer_than_the_format_allows(client, record):
    text = get(client, "/ru/timeline.ics")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")


# Tables and data


def test_a_table_is_read_back_whatever_stands_in_its_cells(client, db):
    words = 'He said "no",\nthen\r\n“yes”; Москва 🕊'
    make_statement(summary=words, slug="odd")
    (line,) = table(client)
    assert line["summary"] == words
    assert get(client, "/timeline.csv").count("\r\n") == 3  # header, entry, and the one in the cell


def test_nothing_in_a_table_is_run_as_a_formula(client, db):
    make_statement(summary='=HYPERLINK("http://evil.example")', occasion="@SUM(A1)", quote="-2+3", office="+1")
    (line,) = table(client)
    for name in ("summary", "occasion", "quote", "office"):
        assert line[name].startswith("'")


def test_the_columns_and_fields_are_those_that_the_page_documents(client, record):
    page = get(client, "/feeds/")
    documented = re.findall(r'<th scope="row"><code lang="en">(\w+)</code>', page)
    assert [name for name in documented if name != "delegations"] + ["source_urls"] == list(table(client)[0])
    assert all(list(one) == documented for one in lines(client))


def test_the_page_of_feeds_leads_to_that_of_corrections(client, db):
    assert 'href="/corrections.atom"' in get(client, "/feeds/")


def test_an_entry_as_data_says_what_the_record_says(client, db):
    issue, ruritania = make_issue(slug="form"), make_party(slug="ruritania")
    talks = make_negotiation(slug="talks")
    source = make_source(slug="gazette", url="https://example.org/gazette")
    said = make_statement(
        slug="said", party=ruritania, issues=[issue], negotiation=talks, date="2007-09-12", sources=[]
    )
    make_citation(said, source, checked_on="2026-01-01", checked_sha256="a" * 64, locator="p. 3")
    first, second = issue.options.all()
    make_position(slug="was", party=ruritania, option=first, evidence=[said], date="2007")
    make_position(slug="is", party=ruritania, option=second, evidence=[said], date="2008-04-06", stance="accepts")
    found = {one["id"]: one for one in document(client)["entries"]}
    said = found["said"]
    assert said["url"] == "http://testserver/statements/said/"
    assert (said["date"], said["earliest"], said["latest"]) == ("2007-09-12",) * 3
    assert (said["party"], said["parties"], said["issues"], said["negotiation"]) == (
        "ruritania", ["ruritania"], ["form"], "talks",
    )  # fmt: skip
    assert said["quote"] == "We want a treaty and nothing less"
    assert said["stance"] is said["held"] is said["type"] is None
    (cited,) = said["sources"]
    assert (cited["id"], cited["url"], cited["locator"], cited["verified"]) == (
        "gazette", "https://example.org/gazette", "p. 3", True,
    )  # fmt: skip
    assert (found["was"]["previous"], found["was"]["moved"]) == (None, False)
    assert (found["is"]["previous"], found["is"]["moved"], found["is"]["evidence"]) == ("was", True, ["said"])


def test_a_document_says_how_many_entries_match_and_where_it_goes_on(client, record, monkeypatch):
    monkeypatch.setattr("negotiations.views.exports.DOCUMENT", 40)
    monkeypatch.setattr("negotiations.queries.stream.STRETCH", 15)
    whole = [one["id"] for one in lines(client, party="china")]
    found, address = [], "/timeline.json?party=china"
    while address:
        part = json.loads(get(client, address))
        assert part["count"] == len(whole)
        found += [one["id"] for one in part["entries"]]
        address = part["next"]
    assert found == whole
    assert len(whole) > 40


def test_a_long_table_is_read_in_stretches(client, record, monkeypatch):
    monkeypatch.setattr("negotiations.queries.stream.STRETCH", 100)
    response = client.get("/timeline.csv")
    parts = iter(response.streaming_content)
    assert next(parts).startswith(b"id,kind,url")
    with CaptureQueriesContext(connection) as captured:
        next(parts)
    first = len(captured)
    with CaptureQueriesContext(connection) as captured:
        rest = b"".join(parts)
    assert first < 12
    assert len(captured) > 5 * first
    assert rest.count(b"http://testserver/") > 1000


@pytest.mark.parametrize("form", ["ics", *DATA])
def test_who_asks_for_the_head_gets_no_body(client, record, form):
    response = client.head(f"/timeline.{form}")
    assert response.status_code == 200
    assert response.getvalue() == b""


# Addresses that cannot be understood


@pytest.mark.parametrize("form", DATA)
def test_data_is_refused_where_the_address_is_not_understood(client, record, form):
    response = client.get(f"/timeline.{form}?party=atlantis&kind=round")
    assert response.status_code == 400
    assert json.loads(response.content) == {"problems": ["There is no party “atlantis” in the record."]}


@pytest.mark.parametrize("form", ["atom", "ics"])
def test_a_subscription_goes_on_and_says_what_was_not_understood(client, record, form):
    address = f"/timeline.{form}?party=atlantis&kind=round&utm_source=letter"
    response = client.get(address)
    assert response.status_code == 200
    told = ["There is no party “atlantis” in the record.", "There is no filter “utm_source”."]
    assert json.loads(response["Parley-Problems"]) == told
    within = feed(client, address).feed.subtitle if form == "atom" else str(calendar_at(client, address)["description"])
    assert all(problem in within for problem in told)


def calendar_at(client, address) -> Calendar:
    return Calendar.from_ical(get(client, address))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a" * 10_000, "q=%FF%FE", "q=%00", "q=:*", "party=" + "a" * 10_000, "from=../..", "from=20XX",
        "to=9999-12-31", "cursor=9999-12-31.999999999999999999", "cursor=2013-06-22.1", "cursor=%00",
        "cursor=0000-00-00.0000-00-00.1", "cursor=2026-01-01.2013-06-22.1", "moves=perhaps", "order=sideways",
        "&".join(f"{number}=1" for number in range(300)),
    ],
)  # fmt: skip
def test_no_address_breaks_a_form(client, db, form, query):
    make_statement()
    response = client.get(f"/timeline.{form}?{query}")
    assert response.status_code in (200, 400)
    assert response.status_code == 200 or form in DATA


@pytest.mark.parametrize("form", FORMS)
def test_only_reading_is_answered_and_pages_of_other_sites_may_read(client, db, form):
    assert client.post(f"/timeline.{form}").status_code == 405
    assert client.get(f"/timeline.{form}")["Access-Control-Allow-Origin"] == "*"


# Where readers find them


def test_the_timeline_offers_the_view_as_it_is_filtered_in_every_form(client, record):
    page = get(client, "/timeline/", party="russia", issue="format", order="oldest")
    head, body = page.split("</head>")
    for form in FORMS:
        address = html.escape(f"/timeline.{form}?party=russia&issue=format")
        assert re.search(rf'<link rel="alternate" type="[^"]+" title="[^"]+" href="{re.escape(address)}">', head)
        assert f'<a href="{address}"' in body


def test_a_changed_filter_changes_the_offered_addresses_too(client, record):
    fragment = get(client, "/timeline/", headers={"hx-request": "true"}, party="china")
    results = fragment.split('id="results"')[1]
    assert 'href="/timeline.csv?party=china"' in results


def test_a_page_explains_the_forms_with_the_addresses_of_the_view(client, record):
    page = get(client, "/feeds/", party="china")
    for form in FORMS:
        assert f"http://testserver/timeline.{form}?party=china" in page
    assert "http://testserver/moves.atom?party=china" in page


def test_every_page_leads_to_the_explanation(client, record):
    assert '<a href="/feeds/">' in get(client, "/about/")
    assert '<a href="/ru/feeds/">' in get(client, "/ru/about/")


def test_moves_alone_can_be_asked_for_on_the_timeline(client, sample):
    assert "Remove filter: </span>Changes of position only" in get(client, "/timeline/", moves="only")
    moved = Position.objects.published().moves().values_list("slug", flat=True)
    assert set(everything(client, moves="only")) == set(moved)
