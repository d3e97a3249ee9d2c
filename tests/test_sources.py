"""Sources: the list with its filters and pages, and what rests on one of them."""

import pytest

from negotiations.models import Source
from tests.make import (
    make_citation,
    make_data_exchange,
    make_limit,
    make_negotiation,
    make_office,
    make_source,
    make_statement,
)


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def follow(client, html, rel):
    address = html.split(f' rel="{rel}"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    return page(client, address)


def titles(html):
    return [part.split('"')[0] for part in html.split('<th scope="row"><a href="/sources/')[1:]]


# The list


def test_following_the_pages_meets_every_source_once_forwards_and_back(client, record):
    html, seen = page(client, "/sources/"), []
    while True:
        seen += titles(html)
        if 'rel="next"' not in html:
            break
        html = follow(client, html, "next")
    slugs = [address.strip("/") for address in seen]
    assert slugs == sorted(Source.objects.values_list("slug", flat=True), key=slugs.index)
    assert len(slugs) == len(set(slugs)) == Source.objects.count()
    backwards = titles(html)
    while 'rel="prev"' in html:
        html = follow(client, html, "prev")
        backwards = titles(html) + backwards
    assert len(backwards) == len(set(backwards))
    assert backwards == seen


def test_filters_narrow_the_list_and_pages_keep_them(client, record):
    html = page(client, "/sources/?kind=news&language=en")
    assert 'rel="next"' in html
    assert "kind=news&amp;language=en" in html
    count = Source.objects.filter(kind="news", language="en").count()
    assert f"{count} sources" in html


def test_every_word_must_be_found_somewhere(client, db):
    make_source(publisher="Strelsau Gazette", title="Talks on missiles", author="Anthony Hope")
    make_source(publisher="Strelsau Gazette", title="Weather")
    assert len(titles(page(client, "/sources/?q=strelsau+missiles"))) == 1
    assert len(titles(page(client, "/sources/?q=hope"))) == 1
    assert "No source matches." in page(client, "/sources/?q=hope+weather")


@pytest.mark.parametrize(
    "query", ["q=%00", "kind=rumour", "language=xx", "language=%00", "after=%00", "q=" + "x" * 10_000, "page=3"]
)
def test_wrong_filters_are_told_and_the_rest_is_shown(client, record, query):
    assert "Not everything in this address was understood" in page(client, f"/sources/?{query}")


def test_a_search_is_no_pattern(client, db):
    make_source(title="One hundred percent")
    assert "No source matches." in page(client, "/sources/?q=%25%25")
    assert "No source matches." in page(client, "/sources/?q=_")


def test_the_list_takes_a_constant_number_of_queries(client, record, django_assert_max_num_queries):
    for query in ("", "?q=treaty&kind=official", "?after=m"):
        with django_assert_max_num_queries(4):
            page(client, f"/sources/{query}")


# One source


def test_a_source_tells_publisher_date_basis_language_and_copies(client, db):
    source = make_source(
        author="Anthony Hope",
        date_basis="inferred",
        archived_url="https://archive.example.org/1",
        language="ru",
        note="A translation.",
    )
    html = page(client, source.get_absolute_url())
    for words in ("Anthony Hope", "inferred", "https://archive.example.org/1", "Russian", "A translation.", source.url):
        assert words in html
    assert '<h1 lang="ru">' in html


def test_all_that_rests_on_it_is_named(client, db):
    source = make_source()
    statement = make_statement(sources=[source], occasion="Interview with the Gazette")
    limit = make_limit(sources=[source])
    exchange = make_data_exchange(sources=[source])
    talks = make_negotiation(sources=[source], name="Zenda talks")
    office = make_office(title="Chancellor")
    office.sources.add(source)
    html = page(client, source.get_absolute_url())
    for thing in (statement, limit.treaty, exchange.treaty, talks, office.person):
        assert thing.get_absolute_url() in html
    assert "Chancellor" in html


def test_a_checked_passage_stands_with_its_mark_and_place(client, db):
    source = make_source()
    statement = make_statement()
    make_citation(
        statement,
        source,
        locator="page 4",
        exact="We want a treaty",
        checked_on="2026-01-01",
        checked_sha256="0" * 64,
    )
    html = page(client, source.get_absolute_url())
    assert "page 4" in html
    assert "We want a treaty" in html
    assert "Verbatim, checked against source" in html


def test_drafts_do_not_rest_on_it_in_public(client, db):
    source = make_source()
    make_statement(sources=[source], state="draft")
    assert "Nothing published rests on this source yet." in page(client, source.get_absolute_url())


def test_the_kept_text_is_never_shown(client, db):
    source = make_source(text="The whole article, word for word")
    html = page(client, source.get_absolute_url())
    assert "The whole article" not in html
    assert source.text_sha256 in html


def test_an_address_that_is_no_web_address_is_not_linked(client, db):
    source = make_source()
    Source.objects.filter(pk=source.pk).update(url="javascript:alert(1)")
    assert 'href="javascript' not in page(client, source.get_absolute_url())


def test_the_page_of_a_source_takes_a_constant_number_of_queries(client, record, django_assert_max_num_queries):
    for slug in Source.objects.values_list("slug", flat=True)[::100]:
        with django_assert_max_num_queries(8):
            page(client, f"/sources/{slug}/")


def test_what_rests_on_one_source_goes_on_page_after_page(client, db):
    source = make_source()
    for day in range(1, 103):
        make_statement([source], date=f"{1900 + day}-01-01")
    first = page(client, f"/sources/{source.slug}/")
    assert ">102<" in first
    assert first.count('<a href="/statements/') == 100
    assert 'rel="prev"' not in first
    rest = follow_here(client, source, first, "next")
    assert rest.count('<a href="/statements/') == 2
    assert follow_here(client, source, rest, "prev").count('<a href="/statements/') == 100
    assert page(client, f"/sources/{source.slug}/?page=9").count('<a href="/statements/') == 2
    assert "was not understood" in page(client, f"/sources/{source.slug}/?page=banana")


def follow_here(client, source, html, rel):
    query = html.split(f' rel="{rel}"')[0].rsplit('href="', 1)[1].split('"')[0]
    return page(client, f"/sources/{source.slug}/{query}")
