"""Parties and people: who they are, where they stand, what they said."""

import pytest

from negotiations.models import Delegation, Party, Person
from tests.make import (
    make_issue,
    make_office,
    make_party,
    make_person,
    make_position,
    make_round,
    make_source,
    make_statement,
)


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


# Lists


def test_every_party_and_every_person_can_be_found(client, record):
    parties = page(client, "/parties/")
    for party in Party.objects.all():
        assert f'href="{party.get_absolute_url()}"' in parties
    people = page(client, "/people/")
    for person in Person.objects.all():
        assert f'href="{person.get_absolute_url()}"' in people


def test_the_lists_take_a_constant_number_of_queries(client, record, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        page(client, "/parties/")
    with django_assert_max_num_queries(6):
        page(client, "/people/")


def test_people_are_counted_by_what_readers_may_see(client, db):
    person = make_person(name="Rupert of Hentzau")
    make_statement(speaker=person)
    make_statement(speaker=person, state="draft")
    make_statement(speaker=None, joint_speakers=[person])
    html = page(client, "/people/")
    assert 'data-p="Statements">2</td><td class="r" data-p="Rounds led">—</td>' in html


# One party


def test_a_party_says_how_much_of_each_kind_it_has_on_record(client, db):
    make_statement(party=make_party(slug="ruritania"))
    assert 'Statements: <span class="num">1</span>' in page(client, "/parties/ruritania/")


def test_a_party_leads_to_its_answers_beside_those_of_another(client, record):
    address = "/positions/?on=2013-06-22&amp;party=china"
    assert f'href="{address}"' in page(client, "/parties/china/?on=2013-06-22")
    compared = page(client, "/positions/?on=2013-06-22&party=china&party=united-states")
    assert "United States and China:" in compared
    assert 'class="gapcell"' in compared


def test_a_party_shows_where_it_stands_on_each_issue_on_the_day(client, db):
    ruritania, issue = make_party(), make_issue(question="Who must be at the table?")
    make_position(party=ruritania, issue=issue, date="2007-09-12", end="2010-01-01")
    html = page(client, f"{ruritania.get_absolute_url()}?on=2008")
    assert "Who must be at the table?" in html
    assert "A legally binding agreement" in html
    assert "No stand of this party is on record for that day." in page(
        client, f"{ruritania.get_absolute_url()}?on=2005"
    )
    later = page(client, f"{ruritania.get_absolute_url()}?on=2012")
    assert "1 earlier stand has ended, with none recorded since" in later


def test_russia_and_the_soviet_union_lead_to_each_other(client, record):
    assert 'href="/parties/soviet-union/"' in page(client, "/parties/russia/")
    assert 'href="/parties/russia/"' in page(client, "/parties/soviet-union/")
    assert "predecessor=no" in page(client, "/parties/russia/")


def test_a_group_names_its_members_and_they_name_it(client, record):
    html = page(client, "/parties/p5/")
    for code in ("china", "france", "russia", "united-kingdom", "united-states"):
        assert f'href="/parties/{code}/"' in html
    assert 'href="/parties/p5/"' in page(client, "/parties/france/")


def test_a_party_lists_its_offices_and_leads_to_its_entries(client, db):
    office = make_office(title="Chancellor", start="", end="", attested="2007-05-22")
    html = page(client, office.party.get_absolute_url())
    assert "Chancellor" in html
    assert "attested" in html
    assert f"/timeline/?party={office.party.slug}" in html


def test_what_was_said_after_the_day_is_not_among_the_latest(client, db):
    party = make_party()
    make_statement(party=party, occasion="Early words", date="2001-01-01")
    make_statement(party=party, occasion="Late words", date="2011-01-01")
    html = page(client, f"{party.get_absolute_url()}?on=2005-01-01")
    assert "Early words" in html
    assert "Late words" not in html


def test_every_party_has_a_page_in_a_bounded_number_of_queries(client, record, django_assert_max_num_queries):
    for slug in Party.objects.values_list("slug", flat=True):
        with django_assert_max_num_queries(12):
            page(client, f"/parties/{slug}/")


# One person


def test_a_person_shows_native_name_offices_statements_and_rounds_led(client, db):
    person = make_person(name="Anatoly Antonov", native_name="Анатолий Антонов")
    make_office(person=person, title="Director", start="2004").sources.add(make_source(publisher="Court Circular"))
    make_statement(speaker=person, occasion="Interview", quote="We want a treaty")
    met = make_round(title="Rome consultations")
    Delegation.objects.create(round=met, party=make_party(), head=person)
    html = page(client, person.get_absolute_url())
    assert 'lang="ru"' in html
    for words in ("Анатолий Антонов", "Director", "We want a treaty", "Rome consultations", "Court Circular"):
        assert words in html
    assert f"/timeline/?person={person.slug}" in html


def test_newest_words_come_first_and_joint_ones_are_marked(client, db):
    person = make_person()
    make_statement(speaker=person, occasion="Older", date="2001-01-01")
    make_statement(speaker=None, joint_speakers=[person], occasion="Newer", date="2011-01-01")
    html = page(client, person.get_absolute_url())
    assert html.index("Newer") < html.index("Older")
    assert html.count("joint") == 1


def test_an_attested_office_is_marked_as_such(client, db):
    office = make_office(start="", attested="2023-02-01")
    html = page(client, office.person.get_absolute_url())
    assert "attested" in html
    assert "1 February 2023" in html


def test_a_year_in_which_an_office_began_and_ended_is_told_once(client, db):
    make_office(start="1991", end="1991")
    assert "1991</time> – " not in client.get("/people/").content.decode()


def test_a_person_of_whom_nothing_else_is_recorded_has_a_page(client, db):
    html = page(client, make_person().get_absolute_url())
    assert "No statement is recorded." in html
    assert "No office is recorded." in html


def test_a_persons_page_takes_a_constant_number_of_queries(client, record, django_assert_max_num_queries):
    for slug in Person.objects.values_list("slug", flat=True)[::20]:
        with django_assert_max_num_queries(10):
            page(client, f"/people/{slug}/")


@pytest.mark.parametrize("path", ["/parties/", "/people/", "/parties/russia/", "/sources/"])
@pytest.mark.parametrize("query", ["x=banana", "on=%00%00", "=".join(("z" * 10_000, "1"))])
def test_what_is_not_understood_is_told(client, record, path, query):
    assert "Not everything in this address was understood" in page(client, f"{path}?{query}")
