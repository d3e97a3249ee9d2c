"""The permanent pages of statements, milestones and positions: what each tells its reader, and how it is marked."""

import re
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from negotiations.models import Citation, Entry

from .make import (
    make_citation,
    make_issue,
    make_milestone,
    make_negotiation,
    make_party,
    make_person,
    make_position,
    make_source,
    make_statement,
    make_treaty,
)

MOST_QUERIES = 12


def read(client: Client, address: str) -> str:
    """The words of a page, as somebody reads them."""
    response = client.get(address)
    assert response.status_code == 200
    main = re.search(r"<main[^>]*>(.*)</main>", response.content.decode(), re.DOTALL)[1]
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())
    return re.sub(r" (?=[.,;:”)])", "", words)


def markup(client: Client, address: str) -> str:
    return client.get(address).content.decode()


# Statements


def test_a_quotation_is_printed_word_for_word_with_its_evidence_underlined(client: Client, record):
    page = markup(client, "/statements/antonov-rome-2007/")
    assert (
        '<blockquote lang="en"><p>Unfortunately, our differences are very serious. They concern the substance of a '
        "future accord. So far, we have been unable to convince the U.S. that a new document "
        "<mark>should be legally binding</mark></p></blockquote>"
    ) in page
    assert '<span lang="ru" class="muted">Анатолий Антонов</span>' in page


def test_a_statement_says_who_spoke_where_when_and_how_sure_the_date_is(client: Client, record):
    words = read(client, "/statements/antonov-rome-2007/")
    assert "Office at the time Director, Department for Security and Disarmament" in words
    assert "On behalf of RU Russia" in words
    assert "Place Rome" in words
    assert "Date Wednesday 12 September 2007 Inferred: how we know The article gives no year." in words
    assert "Language Russian; quoted as the source prints it, in English" in words


def test_a_statement_shows_the_check_of_its_quotation_and_the_other_words_of_the_day(client: Client, record):
    words = read(client, "/statements/antonov-rome-2007/")
    assert re.search(r"Verbatim, checked against source on \d+ \w+ \d{4}", words)
    assert "Also in this interview We will work until the last moment" in words


def test_a_statement_is_evidence_for_its_own_side_and_an_account_of_the_other(client: Client, record):
    words = read(client, "/statements/antonov-rome-2007/")
    ours = words[words.index("RU Russia Demands a legally binding agreement") :]
    theirs = words[words.index("US United States Prefers a political commitment") :]
    assert ours.index("Own statement") < 200
    assert theirs.index("Attributed by Russia") < 200
    assert "Anatoly Antonov is describing the other side here, so this counts as attributed." in words
    assert "United States in its own words: Robert Joseph" in words


def test_without_a_quotation_the_summary_is_marked_as_ours(client: Client, db):
    statement = make_statement(quote="", quote_language="", summary="Wants a treaty.", key_phrase="nothing less")
    page, words = markup(client, statement.get_absolute_url()), read(client, statement.get_absolute_url())
    assert "Summary in our own words, not a quotation Wants a treaty." in words
    assert "In so many words, as reported: nothing less" in words
    assert "<mark>" not in page


def test_a_key_phrase_that_is_not_in_the_quotation_is_given_as_reported(client: Client, db):
    statement = make_statement(quote="We want a treaty", key_phrase="nothing less")
    assert "In so many words, as reported: nothing less" in read(client, statement.get_absolute_url())


def test_what_only_others_report_is_marked(client: Client, db):
    assert "Known only from others’ accounts" in read(client, make_statement(reported=True).get_absolute_url())
    assert "Known only from others’ accounts" not in read(client, make_statement().get_absolute_url())


def test_a_translated_quotation_stands_in_both_languages(client: Client, db):
    statement = make_statement(
        quote="Мы хотим договор", quote_language="ru", original_language="ru",
        translation="We want a treaty", translator="Michael of Strelsau",
    )  # fmt: skip
    page = markup(client, statement.get_absolute_url())
    assert '<blockquote lang="ru"><p>Мы хотим договор</p></blockquote>' in page
    assert "We want a treaty Translated by Michael of Strelsau" in read(client, statement.get_absolute_url())


def test_a_joint_statement_names_all_who_made_it(client: Client, db):
    ruritania, graustark = make_party(), make_party(short_name="Graustark")
    both = make_party(short_name="Ruritania and Graustark", members=[ruritania, graustark])
    statement = make_statement(
        party=both, speaker=None, joint_parties=[ruritania, graustark],
        joint_speakers=[make_person(), make_person(name="Yetive of Graustark")],
    )  # fmt: skip
    words = read(client, statement.get_absolute_url())
    assert "Speakers Rudolf Rassendyll Yetive of Graustark" in words
    assert "Speaking jointly as Ruritania and Graustark" in words


def test_what_is_not_known_is_said(client: Client, db):
    words = read(client, make_statement(city="", occasion="", date="2007-09").get_absolute_url())
    assert "Occasion Not recorded" in words
    assert "Place Not recorded" in words
    assert "Language Not recorded" in words
    assert "September 2007 Day not recorded" in words


def test_every_source_is_listed_with_its_copy_and_its_place(client: Client, db):
    statement = make_statement(sources=[])
    make_citation(statement, make_source(publisher="Strelsau Gazette", language="ru"), locator="p. 3")
    make_citation(statement, make_source(archived_url="https://archive.example/1"), order=1)
    page, words = markup(client, statement.get_absolute_url()), read(client, statement.get_absolute_url())
    assert "Talks on missiles resume”, 22 June 2013, p. 3" in words
    assert "in Russian" in words
    assert '<a class="tag" href="https://archive.example/1" rel="external">' in page
    assert "Verbatim, checked" not in words


def test_an_address_that_is_no_web_address_is_not_linked(client: Client, db):
    statement = make_statement(sources=[])
    make_citation(statement, make_source(url="javascript:alert(1)", archived_url="data:text/html,x"))
    page = markup(client, statement.get_absolute_url())
    assert "javascript:" not in page
    assert "data:text" not in page


def test_nothing_that_was_said_can_become_markup(client: Client, db):
    hostile = "<script>alert(1)</script>"
    statement = make_statement(quote=f"No {hostile} here", key_phrase=hostile, occasion=hostile, office=hostile)
    page = markup(client, statement.get_absolute_url())
    assert hostile not in page
    assert "<mark>&lt;script&gt;alert(1)&lt;/script&gt;</mark>" in page


def test_a_statement_can_be_cited_under_the_address_it_was_read_at(client: Client, record):
    words = read(client, "/statements/antonov-rome-2007/")
    assert (
        "Antonov, Anatoly. Interview with RIA Novosti during the Rome consultations, Rome, September 12, 2007." in words
    )
    assert "http://testserver/statements/antonov-rome-2007/" in words
    assert "@misc{antonov-rome-2007," in words


def test_statements_lead_to_the_ones_before_and_after(client: Client, db):
    first, second, third = (make_statement(date=day) for day in ("2007-09-12", "2007-09-12", "2008"))
    page = markup(client, second.get_absolute_url())
    assert f'href="{first.get_absolute_url()}" rel="prev"' in page
    assert f'href="{third.get_absolute_url()}" rel="next"' in page
    assert 'rel="prev"' not in markup(client, first.get_absolute_url())
    assert 'rel="next"' not in markup(client, third.get_absolute_url())


def test_the_pager_passes_over_what_readers_may_not_see(client: Client, db):
    first = make_statement(date="2007")
    make_statement(date="2008", state=Entry.State.DRAFT)
    last = make_statement(date="2009")
    assert f'href="{last.get_absolute_url()}" rel="next"' in markup(client, first.get_absolute_url())


# Milestones


def test_a_milestone_stands_in_the_life_of_its_treaty(client: Client, record):
    page = markup(client, "/milestones/new-start-suspended-russia-2023-02-28/")
    words = read(client, "/milestones/new-start-suspended-russia-2023-02-28/")
    life = ["Signed 8 April 2010", "Entered into force 5 February 2011", "Suspended 28 February 2023", "Expired"]
    places = [words.index(step) for step in life]
    assert places == sorted(places)
    assert page.count('aria-current="step"') == 1
    assert "Status of the treaty: In force In force, suspended by Russia" in words


def test_a_step_that_changes_nothing_in_law_shows_no_change(client: Client, db):
    treaty = make_treaty()
    make_milestone(treaty=treaty, type="entered-into-force", date="2011-02-05")
    step = make_milestone(treaty=treaty, type="reductions-complete", date="2018-02-05")
    assert "Status of the treaty" not in read(client, step.get_absolute_url())


def test_a_signature_has_no_text_before_it(client: Client, db):
    assert "Status of the treaty: No text before" in read(client, make_milestone().get_absolute_url())


def test_an_undated_place_and_a_step_of_all_are_said(client: Client, db):
    words = read(client, make_milestone().get_absolute_url())
    assert "Taken by All its parties" in words
    assert "Place Not recorded" in words


# Positions


def test_a_position_lists_its_evidence_and_whose_words_those_are(client: Client, record):
    words = read(client, "/positions/united-states-legal-form-political-commitment-2006-09/")
    evidence = words[words.index("What bears it out") : words.index("Where the others stood")]
    before, after = evidence.split("Anatoly Antonov: Interview")
    assert before.count("Own statement") == 3
    assert "Russia’s account 12 September 2007" in before
    assert "Russia’s account" not in after


def test_a_position_says_what_it_was_before_and_after(client: Client, db):
    issue = make_issue(options=["a treaty", "a pledge"])
    treaty, pledge = issue.options.all()
    party = make_party()
    line = {"party": party, "issue": issue}
    make_position(**line, option=treaty, date="2001", end="2003")
    now = make_position(**line, option=pledge, stance="prefers", date="2006-06-27", end="2008-04-06")
    make_position(**line, option=treaty, stance="accepts", date="2009-04-01")

    words = read(client, now.get_absolute_url())

    assert (
        "Demands a treaty from 2001 No stand recorded after 2003 Prefers a pledge 27 June 2006 to 6 April 2008" in words
    )
    assert "No stand recorded after 6 April 2008 until 1 April 2009 Accepts a treaty from 1 April 2009" in words


@pytest.mark.parametrize(
    ("end", "basis", "words"),
    [
        ("2010", "", "12 September 2007 to 2010"),
        ("2010", "clipped", "to 2010. No end is recorded; it stops where the next begins or the subject closed."),
        ("", "unknown", "since 12 September 2007. No end is recorded; the evidence is old or thin"),
        ("", "", "since 12 September 2007. No end is recorded: it is the last word."),
    ],
)
def test_a_position_says_how_its_end_is_known(client: Client, db, end, basis, words):
    assert words in read(client, make_position(end=end, end_basis=basis).get_absolute_url())


def test_without_an_end_of_its_own_a_position_counts_until_the_next(client: Client, db):
    first = make_position(date="2007-09-12")
    make_position(party=first.party, issue=first.issue, date="2008-04-06", option=first.issue.options.last())
    words = read(client, first.get_absolute_url())
    assert "12 September 2007 to 6 April 2008. No end is recorded; it counts until the party’s next position." in words
    assert "No stand recorded after" not in words


def test_a_month_counts_from_its_first_day_and_the_page_says_so(client: Client, db):
    words = read(client, make_position(date="2006-09").get_absolute_url())
    assert "First attested September 2006 Day not recorded It counts from 1 September 2006" in words


def test_a_condition_is_told_with_the_party_it_waits_for(client: Client, db):
    china = make_party(short_name="China")
    position = make_position(stance="conditional", condition="only if China joins", waits_for=china)
    words = read(client, position.get_absolute_url())
    assert "Would accept a legally binding agreement" in words
    assert "Condition: only if China joins. It waits for China." in words


def test_a_position_beside_the_main_line_says_what_it_concerns(client: Client, db):
    words = read(client, make_position(concurrent=True, scope="missile-defence assurances").get_absolute_url())
    assert "Concerns Missile-defence assurances It runs beside the party’s main line" in words


def test_a_position_shows_where_the_others_stood_that_day(client: Client, db):
    issue = make_issue()
    graustark, silent = make_party(short_name="Graustark"), make_party(short_name="Axphain")
    make_position(party=graustark, issue=issue, date="2005", option=issue.options.last())
    make_position(party=silent, issue=issue, date="2004", end="2006")
    make_position(party=make_party(short_name="Dawsbergen"), issue=issue, date="2008")
    words = read(client, make_position(issue=issue, date="2007-09-12").get_absolute_url())
    others = words[words.index("Where the others stood that day") : words.index("Before and after")]
    assert "Graustark Demands a political commitment" in others
    assert "No stand recorded since 2006; this was the last." in others
    assert "Dawsbergen" not in others


def test_a_stand_taken_from_other_talks_says_so(client: Client, db):
    issue = make_issue()
    other_talks = make_negotiation(name="Zenda talks")
    make_position(party=make_party(short_name="Graustark"), issue=issue, date="2005", negotiation=other_talks)
    own = make_position(issue=issue, date="2007", negotiation=make_negotiation())
    assert "From the talks Zenda talks" in read(client, own.get_absolute_url())


# All of them


@pytest.mark.parametrize("make", [make_statement, make_milestone, make_position])
@pytest.mark.parametrize("day", ["../1972", "1969-11-17/..", "1969/", "1972~", "2001-21", "1969-11/1970", "19XX"])
def test_any_date_that_editors_may_write_can_be_read(client: Client, db, make, day):
    assert client.get(make(date=day).get_absolute_url()).status_code == 200


@pytest.mark.parametrize("kind", Entry.Kind.values)
def test_the_entries_of_the_dataset_are_at_their_addresses(client: Client, record, kind):
    # All of them take minutes; every fourth meets each form, type, basis and kind of date.
    entries = Entry.objects.published().filter(kind=kind).select_related("negotiation").order_by("pk")[::4]
    unreadable = [entry.slug for entry in entries if client.get(entry.get_absolute_url()).status_code != 200]
    assert not unreadable


def count_queries(client: Client, address: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> int:
    with django_assert_max_num_queries(MOST_QUERIES) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_a_statement_costs_as_many_queries_with_much_around_it_as_with_little(
    client: Client, db, django_assert_max_num_queries: DjangoAssertNumQueries
):
    def world(size: int) -> str:
        source, day = make_source(), f"20{size:02}-01-01"
        statement = make_statement(date=day, sources=[source, *(make_source() for _ in range(size))])
        for _ in range(size):
            make_statement(date=day, sources=[source], speaker=statement.speaker)
            make_position(evidence=[statement, make_statement()])
        return statement.get_absolute_url()

    few, many = world(1), world(5)
    counts = {count_queries(client, address, django_assert_max_num_queries) for address in (few, many)}
    assert len(counts) == 1


def test_a_milestone_costs_as_many_queries_late_in_a_long_life_as_early_in_a_short_one(
    client: Client, db, django_assert_max_num_queries: DjangoAssertNumQueries
):
    def world(size: int) -> str:
        treaty = make_treaty()
        steps = [make_milestone(treaty=treaty, date=f"20{year:02}") for year in range(size)]
        for _ in range(size):
            make_position(evidence=[steps[0], make_statement()])
        return steps[0].get_absolute_url()

    few, many = world(1), world(5)
    counts = {count_queries(client, address, django_assert_max_num_queries) for address in (few, many)}
    assert len(counts) == 1


def test_a_position_costs_as_many_queries_with_much_evidence_as_with_little(
    client: Client, db, django_assert_max_num_queries: DjangoAssertNumQueries
):
    def world(size: int) -> str:
        issue, party = make_issue(), make_party()
        evidence = [make_statement(sources=[make_source(), make_source()]) for _ in range(size)]
        line = [make_position(issue=issue, party=party, date=f"20{year:02}", evidence=evidence) for year in (1, 5, 9)]
        for _ in range(size):
            make_position(issue=issue, date="2003")
        return line[1].get_absolute_url()

    few, many = world(1), world(5)
    counts = {count_queries(client, address, django_assert_max_num_queries) for address in (few, many)}
    assert len(counts) == 1


def test_stored_texts_of_sources_are_never_read_for_a_page(client: Client, db, django_assert_num_queries):
    statement = make_statement(sources=[make_source(text="The whole text of the page, for staff only.")])
    Citation.objects.filter(entry=statement).update(checked_on="2024-01-01", checked_sha256="0" * 64)
    assert "for staff only" not in markup(client, statement.get_absolute_url())
