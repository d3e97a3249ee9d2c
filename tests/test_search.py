"""Search: one box that finds names in spite of a misspelling, and entries by their words."""

import re

import pytest
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from django.utils.html import escape

from negotiations.models import Person
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
        ("Россия", "party", "russia"),
        ("Россией", "party", "russia"),
        ("Росия", "party", "russia"),
        ("США", "party", "united-states"),
        ("Соединённые Штаты", "party", "united-states"),
        ("Соединенных Штатов", "party", "united-states"),
        ("СССР", "party", "soviet-union"),
        ("Советского Союза", "party", "soviet-union"),
        ("Китай", "party", "china"),
        ("СНВ", "treaty", "new-start"),
        ("СНВ-3", "treaty", "new-start"),
        ("ДСНВ", "treaty", "new-start"),
        ("РСМД", "treaty", "inf-treaty"),
        ("Московский договор", "treaty", "sort"),
        ("Консультации по СНВ-III", "negotiation", "start-iii-abm-consultations"),
        ("Лаврв", "person", "lavrov-sergey"),
        ("Лавровым", "person", "lavrov-sergey"),
        ("Горбачев", "person", "gorbachev-mikhail"),
        ("Горбачёв", "person", "gorbachev-mikhail"),
        ("верификация", "issue", "verification"),
        ("Antonov telemetry", "person", "antonov-anatoly"),
        ("Lavrov OR Antonov", "person", "lavrov-sergey"),
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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Reykjavk", "Reykjavik"),
        ("gorbchov reykjavk", "Gorbachev Reykjavik"),
        ("Antonof Rome", "Antonov Rome"),
        ("telemtry", "telemetry"),
    ],
)
def test_a_search_without_entries_asks_back_with_each_word_put_right(client, typed, meant):
    page = client.get("/search/", {"q": typed}).content.decode()
    assert "Did you mean" in page
    assert f">{meant}</a>?" in page
    assert search(meant).total


@pytest.mark.parametrize("q", ["Россия", "СНВ", "zxqvw", "!!", "12345"])
def test_nothing_is_asked_back_where_nothing_better_is_known(client, q):
    assert "Did you mean" not in client.get("/search/", {"q": q}).content.decode()


def test_the_kind_that_is_most_like_the_words_comes_first_and_leads_to_its_entries(client):
    page = client.get("/search/", {"q": "Россия"}).content.decode()
    assert page.index("<h2>Parties</h2>") < page.index("<h2>Treaties</h2>")
    assert 'href="/timeline/?party=russia"' in page


def test_a_name_with_an_operator_is_taken_at_its_word():
    assert "inf-treaty" in found("INF treaty")["treaty"]
    assert "inf-treaty" not in found("treaty -INF").get("treaty", [])
    assert set(found('"New START"')["treaty"]) <= {"new-start", "new-start-extension-2021", "bcc-agreements-2012"}


def test_a_name_is_found_as_soon_as_an_editor_has_changed_it():
    person = make.make_person(name="Rudolf Rassendyll", native_name="Рудольф Расендилл")
    assert person.slug in found("расендил")["person"]
    person.native_name = "Рупрехт Генцау"
    person.save()
    assert person.slug in found("Генцау")["person"]
    assert person.slug not in found("расендил").get("person", [])


def test_the_entries_of_somebody_with_two_dots_over_the_e_are_found_without_them():
    assert search("Горбачев").total == search("Горбачёв").total > 0


@pytest.mark.parametrize(
    "wanted",
    [
        Q(called__iregex=r"\mLavr"),
        Q(vector=SearchQuery("Лавров", search_type="websearch", config="russian")),
    ],
    ids=["beginning", "words"],
)
def test_names_are_found_by_indexes_where_there_are_many(wanted):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")  # of the keys
    people = Person.objects.annotate(vector=SearchVector("called", config="russian")).filter(wanted)
    assert re.search("person_like|person_called", people.order_by().explain())


def test_a_release_that_calls_things_otherwise_writes_their_names_anew():
    people = Person.objects.filter(slug="lavrov-sergey")
    before = people.get().called
    people.update(called="somebody else")
    call_command("migrate", verbosity=0)
    assert people.get().called == before


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
    for q in ("Rome", "START", "xyzzyq", "Antonof", "Antonof Romme"):
        with django_assert_max_num_queries(12):
            client.get("/search/", {"q": q})


def test_a_search_in_vain_leads_on_to_the_lists_that_can_be_read_through(client, db):
    page = client.get("/search/?q=qqqqqq").content.decode().partition('id="found"')[2]
    for path in ("/timeline/", "/issues/", "/people/"):
        assert f'href="{path}"' in page
