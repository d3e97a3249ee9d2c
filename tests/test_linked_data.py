"""What pages say to programs: what they are about, their one address, their picture, and where all of them are."""

import html
import json
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree
from pyld import jsonld

from negotiations.models import Entry, Issue, Party, Person, Statement, Treaty
from tests.make import (
    make_issue,
    make_milestone,
    make_party,
    make_person,
    make_position,
    make_round,
    make_source,
    make_statement,
    make_treaty,
)

SITEMAP = etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas/sitemap.xsd"))
XML = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
SCHEMA = {"@vocab": "https://schema.org/", "id": "@id", "type": "@type"} | {
    name: {"@type": "@id"} for name in ("url", "sameAs", "license", "image", "eventStatus", "legislationLegalForce")
}
PAGES = {
    "/statements/antonov-rome-2007/": "Quotation",
    "/milestones/new-start-signed-2010-04-08/": "Event",
    "/positions/united-states-legal-form-political-commitment-2006-09/": "Claim",
    "/negotiations/post-start-consultations/rome-consultations/": "Event",
    "/negotiations/new-start-negotiation/": "EventSeries",
    "/issues/legal-form/": "Question",
    "/treaties/new-start/": "Legislation",
    "/parties/russia/": "Country",
    "/parties/nato/": "Organization",
    "/people/lavrov-sergey/": "Person",
    "/about/": "Dataset",
}


def get(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def about(client, address: str) -> dict:
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', get(client, address), re.DOTALL)
    return json.loads(block)


def head(client, address: str) -> dict[str, str]:
    """The page's canonical address and what it says to sites that link to it."""
    page = get(client, address).split("</head>")[0]
    found = re.findall(r'<(?:meta (?:property|name)|link rel)="([^"]+)" (?:content|href)="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


# What a page is about


@pytest.mark.parametrize(("address", "type_"), PAGES.items())
@pytest.mark.parametrize("prefix", ["", "/ru"])
def test_a_page_says_what_it_is_about(client, record, prefix, address, type_):
    data = about(client, prefix + address)
    assert (data["@context"], data["@type"]) == ("https://schema.org", type_)
    assert data["name"]
    address = "/" if type_ == "Dataset" else address
    assert data["url"] == data["@id"] == f"http://testserver{prefix}{address}"


@pytest.mark.parametrize("address", PAGES)
def test_a_processor_expands_it_and_loses_nothing(client, record, address):
    data = about(client, address)
    (expanded,) = jsonld.expand(data | {"@context": SCHEMA})
    names = {name for name in data if not name.startswith("@")}
    assert {name.removeprefix("https://schema.org/") for name in expanded if not name.startswith("@")} == names
    assert expanded["@type"] == [f"https://schema.org/{data['@type']}"]


def test_a_quotation_names_who_said_it_and_where_it_is_written_down(client, db):
    said = make_statement(
        speaker=make_person(name="Rudolf Rassendyll", wikidata="Q42"), quote="Nothing less", city="Strelsau",
        country="Ruritania", issues=[make_issue(question="Must it bind?")],
        sources=[make_source(publisher="Gazette", title="Talks resume", url="https://example.org/g", date="2007-09")],
    )  # fmt: skip
    data = about(client, f"/statements/{said.slug}/")
    assert (data["@type"], data["text"], data["dateCreated"]) == ("Quotation", "Nothing less", "2007-09-12")
    (creator,) = data["creator"]
    assert (creator["@type"], creator["name"]) == ("Person", "Rudolf Rassendyll")
    assert creator["sameAs"] == "https://www.wikidata.org/entity/Q42"
    (source,) = data["isBasedOn"]
    assert (source["name"], source["url"], source["datePublished"]) == (
        "Talks resume", "https://example.org/g", "2007-09",
    )  # fmt: skip
    assert data["locationCreated"]["address"]["addressLocality"] == "Strelsau"
    assert [one["name"] for one in data["about"]] == ["Must it bind?"]


def test_a_summary_is_not_called_a_quotation(client, db):
    said = make_statement(quote="", quote_language="")
    data = about(client, f"/statements/{said.slug}/")
    assert (data["@type"], data["abstract"]) == ("CreativeWork", said.summary)
    assert "text" not in data


def test_a_meeting_is_scheduled_or_was_called_off(client, db):
    held, called_off = make_round(date="2009-05-19/2009-05-20"), make_round(held=False, date="2022-11-29/2022-12-06")
    data = about(client, held.get_absolute_url())
    assert (data["startDate"], data["endDate"]) == ("2009-05-19", "2009-05-20")
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert "previousStartDate" not in data
    assert {one["@type"] for one in data["attendee"]} == {"Country"}
    data = about(client, called_off.get_absolute_url())
    assert data["eventStatus"] == "https://schema.org/EventCancelled"
    assert data["previousStartDate"] == "2022-11-29"


@pytest.mark.parametrize(
    ("date", "known"),
    [("2009-05", "2009-05"), ("2009", "2009"), ("2009~", None), ("1969-11/..", None)],
)
def test_a_date_is_no_more_precise_than_it_is(client, db, date, known):
    meeting = make_round(date=date)
    assert about(client, meeting.get_absolute_url()).get("endDate") == known


def test_a_treaty_says_when_it_was_signed_and_whether_it_is_law(client, db):
    treaty = make_treaty()
    make_milestone(treaty=treaty, type="signed", date="2010-04-08")
    make_milestone(treaty=treaty, type="entered-into-force", date="2011-02-05")
    data = about(client, f"/treaties/{treaty.slug}/")
    assert (data["legislationDate"], data["legislationLegalForce"]) == ("2010-04-08", "https://schema.org/InForce")
    make_milestone(treaty=treaty, type="expired", date="2021-02-05")
    assert about(client, f"/treaties/{treaty.slug}/")["legislationLegalForce"] == "https://schema.org/NotInForce"
    assert len(data["legislationPassedBy"]) == 2


def test_a_position_says_whose_it_is_and_where_it_appears(client, db):
    said = make_statement()
    stand = make_position(evidence=[said], date="2007-09-12", end="2009")
    data = about(client, f"/positions/{stand.slug}/")
    assert data["temporalCoverage"] == "2007-09-12/2009"
    assert [one["@id"] for one in data["appearance"]] == [f"http://testserver/statements/{said.slug}/"]
    assert data["author"]["name"] == "Ruritania"


def test_the_data_set_says_in_which_forms_it_can_be_had(client, record):
    data = about(client, "/about/")
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert data["temporalCoverage"].startswith("1967")
    for one in data["distribution"]:
        assert client.get(one["contentUrl"].removeprefix("http://testserver")).status_code == 200


def test_nothing_an_editor_writes_can_end_the_block(client, db):
    evil = "</script><script>alert(1)</script><!--"
    said = make_statement(quote=evil, summary=evil, occasion=evil, party=make_party(name=evil, short_name=evil))
    page = get(client, f"/statements/{said.slug}/")
    assert "<script>alert" not in page
    assert about(client, f"/statements/{said.slug}/")["text"] == evil


# Addresses


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/issues/legal-form/?utm_source=letter", "/issues/legal-form/"),
        ("/issues/legal-form/?on=2013-06-22", "/issues/legal-form/?on=2013-06-22"),
        ("/timeline/?to=&issue=format&party=russia&x=1", "/timeline/?party=russia&issue=format"),
        ("/positions/?since=2009&on=2013-06-22", "/positions/?on=2013-06-22&since=2009"),
        ("/ru/statements/antonov-rome-2007/", "/ru/statements/antonov-rome-2007/"),
        ("/about/", "/about/"),
    ],
)
def test_a_page_has_one_address(client, record, address, canonical):
    found = head(client, address)
    assert found["canonical"] == f"http://testserver{canonical}"
    page = get(client, address)
    assert page.count('rel="canonical"') == 1
    assert page.count("hreflang=") >= 2


# Pictures


@pytest.mark.parametrize("address", ["/issues/legal-form/", "/treaties/new-start/", "/ru/issues/format/"])
def test_a_link_to_an_issue_or_a_treaty_is_shown_with_its_picture(client, record, address):
    found = head(client, address)
    assert found["og:image"] == f"http://testserver{address}picture.png"
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert found["og:title"]
    assert found["og:url"] == found["canonical"]
    picture = client.get(f"{address}picture.png")
    assert picture["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert (int.from_bytes(picture.content[16:20]), int.from_bytes(picture.content[20:24])) == (1200, 630)


def test_issues_and_treaties_of_every_sort_have_a_picture(client, record):
    for thing in (*Issue.objects.all()[::6], *Treaty.objects.all()[::6]):
        assert client.get(f"{thing.get_absolute_url()}picture.png").status_code == 200


def test_what_has_nothing_on_record_has_a_picture_too(client, db):
    evil = "A very long question <b>with</b> & tags that goes on and on, far beyond the room there is for any title?"
    for thing in (make_issue(question=evil), make_treaty(short_name="</text>&")):
        assert client.get(f"{thing.get_absolute_url()}picture.png").status_code == 200


def test_a_picture_moves_with_its_issue(client, db):
    issue = make_issue(slug="before")
    issue.slug = "after"
    issue.save()
    assert client.get("/issues/before/picture.png")["Location"] == "/issues/after/picture.png"


# All pages


def sitemap(client, address: str) -> list[str]:
    root = etree.fromstring(client.get(address).content)
    assert SITEMAP.validate(root), SITEMAP.error_log
    return [one.text for one in root.findall(".//s:loc", XML)]


def test_the_sitemap_leads_to_every_page_in_every_language(client, record):
    listed = []
    for address in sitemap(client, "/sitemap.xml"):
        listed += sitemap(client, address.removeprefix("http://testserver"))
    assert len(listed) == len(set(listed))
    for prefix in ("", "/ru"):
        for thing in (Statement.objects.first(), Treaty.objects.first(), Person.objects.first(), Party.objects.first()):
            assert f"http://testserver{prefix}{thing.get_absolute_url()}" in listed
    assert sum("/statements/" in one for one in listed) == 2 * Statement.objects.count()
    for one in listed[:: len(listed) // 12]:
        assert client.get(one.removeprefix("http://testserver")).status_code == 200


def test_a_long_map_is_split_and_each_part_says_when_it_changed(client, record, monkeypatch):
    monkeypatch.setattr("negotiations.sitemaps.InLanguage.limit", 500)
    parts = [one for one in sitemap(client, "/sitemap.xml") if "sitemap-entries-en" in one]
    assert len(parts) == 3
    listed = [one for part in parts for one in sitemap(client, part.removeprefix("http://testserver"))]
    assert len(listed) == len(set(listed)) == Entry.objects.count()
    root = etree.fromstring(client.get("/sitemap-entries-en.xml").content)
    newest = Entry.objects.first().updated_at.date().isoformat()
    assert newest in {one.text for one in root.findall(".//s:lastmod", XML)}


def test_a_longer_map_needs_no_more_queries(client, record):
    with CaptureQueriesContext(connection) as captured:
        client.get("/sitemap-entries-en.xml")
    assert len(captured) <= 4


@pytest.mark.parametrize("state", ["draft", "in-review", "withdrawn"])
def test_what_readers_may_not_see_is_on_no_map(client, db, state):
    more = {"withdrawn_on": "2026-01-02", "withdrawn_reason": "A hoax."} if state == "withdrawn" else {}
    hidden, shown = make_statement(state=state, **more), make_statement()
    listed = sitemap(client, "/sitemap-entries-en.xml")
    assert listed == [f"http://testserver{shown.get_absolute_url()}"]
    assert hidden.slug not in client.get("/sitemap-entries-ru.xml").content.decode()


def test_crawlers_are_told_where_the_map_is_and_where_they_would_go_round_in_circles(client, db):
    robots = get(client, "/robots.txt")
    assert "Sitemap: http://testserver/sitemap.xml" in robots
    assert "Disallow: /ru/timeline/?" in robots
    assert "admin" not in robots


@pytest.mark.parametrize("language", ["", "/ru"])
@pytest.mark.parametrize(
    ("address", "open_"),
    [
        ("/positions/", True),
        ("/positions/?on=2013-06-22", True),
        ("/positions/?on=2013-06-22&since=2012-01-01", True),
        ("/positions/?on=2013-06-22&party=russia", False),
        ("/positions/?on=2013-06-22&since=2012&show=apart", False),
        ("/positions/?view=moves&on=2013", False),
        ("/timeline/", True),
        ("/timeline/?party=russia", False),
    ],
)
def test_crawlers_may_read_the_matrix_of_any_day(client, db, language, address, open_):
    assert crawlers_may_read(get(client, "/robots.txt"), language + address) is open_


def crawlers_may_read(robots: str, address: str) -> bool:
    """As RFC 9309 has it: of the rules that fit, the longest counts, and a star stands for anything."""
    rules = re.findall(r"^(Allow|Disallow): (\S+)$", robots, re.MULTILINE)
    fits = [rule for rule in rules if re.match(re.escape(rule[1]).replace(r"\*", ".*"), address)]
    return not fits or max(fits, key=lambda rule: (len(rule[1]), rule[0] == "Allow"))[0] == "Allow"
