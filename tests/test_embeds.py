"""Small pages that other sites may frame, and how programs find them; no other page may be framed."""

import re
from html import unescape
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from tests import make

FRAMES = {
    "/embed/issues/legal-form/": "/issues/legal-form/",
    "/embed/positions/": "/positions/",
    "/embed/treaties/new-start/": "/treaties/new-start/",
    "/embed/statements/antonov-rome-2007/": "/statements/antonov-rome-2007/",
}


def ancestors(response):
    return re.search(r"frame-ancestors ([^;]+)", response["Content-Security-Policy"])[1]


@pytest.mark.parametrize(("frame", "page"), FRAMES.items())
def test_these_pages_may_be_framed_and_lead_to_the_whole(record, client, frame, page):
    response = client.get(frame)
    assert response.status_code == 200
    assert ancestors(response) == "*"
    assert "X-Frame-Options" not in response
    body = response.content.decode()
    assert f'href="{page}"' in body
    assert "<script" not in body
    assert len(body) < 60_000


@pytest.mark.parametrize("page", [*FRAMES.values(), "/", "/timeline/", "/data/", "/follow/", "/api/docs"])
def test_no_other_page_may_be_framed(record, client, page):
    response = client.get(page)
    assert ancestors(response) == "'none'"
    assert response["X-Frame-Options"] == "DENY"


def test_the_address_chooses_colours_and_day(record, client):
    assert 'data-scheme="dark"' in client.get("/embed/treaties/new-start/?theme=dark").content.decode()
    assert "data-scheme" not in client.get('/embed/treaties/new-start/?theme="><b>').content.decode()
    page = client.get("/embed/treaties/new-start/?on=2013-06-22&theme=light").content.decode()
    assert "22 June 2013" in page
    assert 'role="alert"' not in page
    assert 'role="alert"' in client.get("/embed/issues/legal-form/?on=yesterday").content.decode()
    assert client.get("/ru/embed/issues/legal-form/").status_code == 200


@pytest.mark.parametrize(("frame", "page"), FRAMES.items())
def test_a_page_shows_the_code_and_says_where_programs_find_it(record, client, frame, page):
    body = client.get(page).content.decode()
    code = unescape(re.search(r"<pre><code lang=\"en\">(&lt;iframe.*?)</code>", body)[1])
    assert f'src="http://testserver{frame}"' in code
    address = unescape(re.search(r'type="application/json\+oembed" href="([^"]+)"', body)[1])
    answer = client.get(address).json()
    assert answer["version"] == "1.0"
    assert answer["type"] == "rich"
    assert {"html", "width", "height"} <= answer.keys()
    assert f'src="http://testserver{frame}"' in answer["html"]


def test_a_view_keeps_its_day_when_it_is_framed(record, client):
    page = "http://testserver/positions/?on=2013-06-22&party=russia"
    answer = client.get(f"/oembed?url={quote(page, safe='')}&maxwidth=300&maxheight=200").json()
    assert "on=2013-06-22&amp;party=russia" in answer["html"]
    assert (answer["width"], answer["height"]) == (300, 200)


def test_oembed_speaks_xml_too_and_refuses_other_forms(record, client):
    page = quote("http://testserver/ru/issues/legal-form/", safe="")
    answer = ElementTree.fromstring(client.get(f"/oembed?url={page}&format=xml").content)  # noqa: S314
    assert answer.findtext("type") == "rich"
    assert "/ru/embed/issues/legal-form/" in answer.findtext("html")
    assert client.get(f"/oembed?url={page}&format=yaml").status_code == 501  # by its standard
    for nonsense in ("", "json'", "xml\0", "x" * 300, "id"):
        assert client.get("/oembed", {"url": "/", "format": nonsense}).status_code == 400


@pytest.mark.parametrize(
    "page", ["", "http://elsewhere.example/issues/legal-form/", "http://testserver/timeline/",
             "http://testserver/issues/nothing/", "http://testserver/nowhere", "http://[", "http://testserver/admin/"],
)  # fmt: skip
def test_oembed_knows_only_public_pages_that_may_be_framed(record, client, page):
    assert client.get(f"/oembed?url={quote(page, safe='')}").status_code == 404


def test_what_is_not_published_is_not_framed(db, client):
    draft = make.make_statement(state="draft")
    gone = make.make_statement(state="withdrawn", withdrawn_on="2026-01-02", withdrawn_reason="No.", quote="zzsecret")
    assert client.get(f"/embed/statements/{draft.slug}/").status_code == 404
    response = client.get(f"/embed/statements/{gone.slug}/")
    assert response.status_code == 410
    assert "zzsecret" not in response.content.decode()
    for entry in (draft, gone):
        page = quote(f"http://testserver/statements/{entry.slug}/", safe="")
        assert client.get(f"/oembed?url={page}").status_code == 404
