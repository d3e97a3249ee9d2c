"""The interface in English and Russian: the address says which, and every page leads to itself in the other."""

import pytest
from django.utils import translation

from negotiations.models import Milestone
from tests import make


def test_the_address_alone_decides_the_language(db, client):
    english = client.get("/about/", headers={"Accept-Language": "ru"})
    russian = client.get("/ru/about/", headers={"Accept-Language": "en"})
    assert '<html lang="en">' in english.content.decode()
    assert '<html lang="ru">' in russian.content.decode()


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/timeline/?party=russia&issue=format", "/ru/timeline/?party=russia&amp;issue=format"),
        ("/ru/positions/?on=2013-06-22", "/positions/?on=2013-06-22"),
        ("/statements/antonov-rome-2007/", "/ru/statements/antonov-rome-2007/"),
    ],
)
def test_a_page_leads_to_itself_in_the_other_language_with_the_same_filters(record, client, here, there):
    page = client.get(here).content.decode()
    other = "en" if here.startswith("/ru/") else "ru"
    assert f'<link rel="alternate" hreflang="{other}" href="http://testserver{there}">' in page
    assert f'<a href="http://testserver{there}" lang="{other}" hreflang="{other}" data-language>' in page


def test_links_stay_in_the_language_of_the_page(record, client):
    for _ in range(2):  # the second time from what the first has kept
        assert (
            'href="/ru/people/lavrov-sergey/"'
            in client.get("/ru/statements/lavrov-factors-2013-06-22/").content.decode()
        )
        assert 'href="/people/lavrov-sergey/"' in client.get("/statements/lavrov-factors-2013-06-22/").content.decode()


def test_the_record_is_written_in_english_whatever_the_language_of_who_saves_it(db):
    milestone = make.make_milestone(type="entered-into-force")
    with translation.override("ru"):
        milestone.save()
    assert "entered into force" in Milestone.objects.get(pk=milestone.pk).title


def test_the_desk_has_one_address(db, client):
    assert client.get("/admin/login/").status_code == 200
    assert client.get("/ru/admin/login/").status_code == 404
