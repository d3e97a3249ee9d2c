"""The pages that say what the record is and how it is made."""

import pytest

from negotiations.models import Entry


@pytest.mark.parametrize("path", ["/about/", "/about/method/", "/accessibility/"])
def test_every_page_leads_to_what_the_record_is_and_how_it_is_made(record, client, path):
    assert client.get(path).status_code == 200
    assert f'href="{path}"' in client.get("/timeline/").content.decode()


def test_the_figures_about_the_record_are_counted_not_written(record, client):
    counted = client.get("/about/").content.decode()
    assert '<a href="/timeline/?kind=statement">607</a>' in counted
    Entry.objects.filter(slug="antonov-rome-2007").update(state="draft")
    assert '<a href="/timeline/?kind=statement">606</a>' in client.get("/about/").content.decode()


@pytest.mark.parametrize("path", ["/about/", "/about/method/", "/accessibility/"])
def test_an_empty_record_has_them_too(db, client, path):
    assert client.get(path).status_code == 200


def test_they_ask_few_questions(record, client, django_assert_max_num_queries):
    for path in ("/about/", "/about/method/"):
        with django_assert_max_num_queries(8):
            client.get(path)
