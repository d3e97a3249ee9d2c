"""Search: one box that finds names in spite of a misspelling, and entries by their words."""

import pytest
from django.utils.html import escape

from negotiations.queries.search import search
from tests import make

pytestmark = pytest.mark.usefixtures("record")


def found(q: str) -> dict[str, list[str]]:
    answer = search(q)
    return {"issue": [issue.slug for issue in answer.issues]} | {
        kind: [name.slug for name in names] for kind, names in answer.names.items()
    }


@pytest.mark.parametrize(
    ("q", "kind", "slug"),
    [
        ("legally binding", "issue", "legal-form"),
        ("юридически обязывающий", "issue", "legal-form"),
        ("ПРО", "issue", "missile-defence"),
        ("Antonof", "person", "antonov-anatoly"),
        ("gorbchev", "person", "gorbachev-mikhail"),
        ("Лавров", "person", "lavrov-sergey"),
        ("New STAR", "treaty", "new-start"),
        ("US", "party", "united-states"),
        ("Sov", "party", "soviet-union"),
        ("post-START", "negotiation", "post-start-consultations"),
    ],
)
def test_things_are_found_by_name_in_either_language_from_their_beginning_and_in_spite_of_a_typo(q, kind, slug):
    assert slug in found(q)[kind]


def test_a_short_word_is_not_found_in_the_middle_of_others():
    assert "belarus" not in found("US")["party"]


def test_operators_work_as_people_expect():
    both, either = search("Antonov Rome").total, search("Antonov OR Rome").total
    phrase, without = search('"missile defence"').total, search('"missile defence" -space').total
    assert 0 < both < either
    assert 0 < without < phrase


def test_words_are_found_in_other_forms_and_while_they_are_typed():
    assert search("multilaterally negotiating").total
    assert search("multilat").total


def test_the_most_relevant_entries_come_first_with_the_words_marked(client):
    page = client.get("/search/", {"q": "fundamental differences binding Rome OR Antonov"}).content.decode()
    assert "<mark>" in page
    assert "Antonov" in page


def test_entries_out_of_order_say_their_year(client):
    page = client.get("/search/", {"q": "Antonov Rome"}).content.decode()
    assert "<b>12</b> Sep 2007" in page


def test_a_search_without_answer_asks_back(client):
    page = client.get("/search/", {"q": "Reykjavk"}).content.decode()
    assert "Did you mean" in page
    assert "?q=Reykjavik" in page


def test_an_empty_search_shows_what_can_be_asked(client):
    page = client.get("/search/").content.decode()
    assert "For example" in page


@pytest.mark.parametrize(
    "q", ["\0", "'", '"', "-", "OR", "a:*&!", "x" * 10_000, "<script>alert(1)</script>", "\\", "%", "ا"]
)
def test_no_search_is_too_strange(client, q):
    response = client.get("/search/", {"q": q})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_what_was_not_understood_is_said(client):
    page = client.get("/search/", {"q": "x" * 300, "colour": "red"}).content.decode()
    assert "its first 200 characters were used" in page
    assert escape("There is no filter “colour”.") in page


def test_a_draft_is_not_found():
    make.make_statement(summary="Zanzibar conference on heavy bombers", state="draft")
    assert not search("Zanzibar").total
    make.make_statement(summary="Zanzibar conference on heavy bombers")
    assert search("Zanzibar").total == 1


def test_typing_is_answered_with_the_results_alone(client):
    response = client.get("/search/", {"q": "Rome"}, headers={"HX-Request": "true"})
    assert 'id="found"' in response.content.decode()
    assert "<html" not in response.content.decode()
    assert "HX-Request" in response["Vary"]
    whole = client.get("/search/", {"q": "Rome"}, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()


def test_the_number_of_queries_does_not_depend_on_what_is_found(client, django_assert_max_num_queries):
    for q in ("Rome", "START", "xyzzyq", "Antonof"):
        with django_assert_max_num_queries(12):
            client.get("/search/", {"q": q})
