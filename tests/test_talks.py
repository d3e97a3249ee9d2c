"""The pages of talks: who met, where each side stood at the table, whose words say so, what moved and what followed."""

import html
import re
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from negotiations.charts.rounds import Bout, strip
from negotiations.models import Delegation, Entry

from .make import (
    make_issue,
    make_milestone,
    make_negotiation,
    make_party,
    make_person,
    make_position,
    make_round,
    make_source,
    make_statement,
    make_treaty,
)
from .test_entries import markup, read

ROME = "/negotiations/post-start-consultations/rome-consultations/"
MOST_QUERIES = 15


def between(words: str, start: str, end: str) -> str:
    return words[words.index(start) :].partition(end)[0]


# The Rome consultations of September 2007


def test_rome_shows_both_quotations_of_antonov(client: Client, record):
    words = read(client, ROME)
    assert "So far, we have been unable to convince the U.S. that a new document should be legally binding" in words
    assert "We will work until the last moment in an effort to reach an agreement" in words
    assert words.count("Verbatim, checked against source") >= 2


def test_a_round_leads_to_what_moved_since_the_meeting_before(client: Client, record):
    page = markup(client, ROME)
    (address,) = [link for link in re.findall(r'href="([^"]*)"', page) if "view=moves" in link]
    words = read(client, html.unescape(address))
    assert "What moved" in words
    assert "Not everything in this address was understood" not in words
    assert "on_round=post-start-consultations-rome-consultations" in address


def test_rome_says_that_the_year_is_inferred_and_from_what(client: Client, record):
    words = read(client, ROME)
    assert "Wednesday 12 September 2007 Inferred: how we know" in words
    assert "2007 follows from the weekday" in words


def test_rome_faces_antonov_with_a_delegation_whose_head_no_source_names(client: Client, record):
    table = between(read(client, ROME), "Rome consultations", "Said at this meeting")
    assert "United States Head of delegation not recorded" in table
    assert "Anatoly Antonov Director, Department for Security and Disarmament" in table


def test_rome_shows_what_russia_and_america_held_then_and_whose_words_say_so(client: Client, record):
    stood = between(read(client, ROME), "Where each side stood", "The record")
    american, russian = stood.split("RU Russia Demands a legally binding agreement")
    assert "US United States Prefers a political commitment September 2006 to 6 April 2008" in american
    # Washington's own words, and after them Antonov's, which are another's account of it.
    accounts = american.split("RU Russia’s account")
    assert len(accounts) == 2
    assert "Own statement 22 May 2007 Paula DeSutter: Interview with Reuters" in accounts[0]
    assert "12 September 2007 Anatoly Antonov: Interview with RIA Novosti during the Rome consultations" in accounts[1]
    # The same words are Moscow's own where its own position is concerned.
    assert "account" not in russian
    assert "Own statement 12 September 2007 Anatoly Antonov: Interview with RIA Novosti" in russian


def test_evidence_from_after_the_round_is_left_for_the_page_of_the_position(client: Client, record):
    stood = between(read(client, ROME), "Where each side stood", "The record")
    assert "2009" not in stood.replace("5 February 2011", "")
    assert "and 4 later" in stood


def test_whose_words_they_are_follows_from_who_said_them(client: Client, db):
    ruritania, graustark = make_party(rank=1), make_party(short_name="Graustark", rank=2)
    talks, issue = make_negotiation(parties=[ruritania, graustark]), make_issue()
    round_ = make_round(negotiation=talks, issues=[issue])
    said = make_statement(party=graustark, round=round_, issues=[issue])
    make_position(party=ruritania, issue=issue, evidence=[said])
    make_position(party=graustark, issue=issue, evidence=[said])

    stood = between(read(client, round_.get_absolute_url()), "Where each side stood", "The record")

    assert stood.count("Graustark’s account") == 1
    assert "Graustark’s account" in between(stood, "R Ruritania Demands", "G Graustark Demands")


# Where each side stood


@pytest.fixture
def table(db):
    """A round of three days between two parties, with one question on the agenda."""
    ruritania, graustark = make_party(rank=1), make_party(short_name="Graustark", rank=2)
    issue = make_issue()
    talks = make_negotiation(parties=[ruritania, graustark])
    round_ = make_round(negotiation=talks, issues=[issue], date="2007-09-12/2007-09-14")
    return {"round": round_, "issue": issue, "ruritania": ruritania, "graustark": graustark, "talks": talks}


def stood(client: Client, table: dict) -> str:
    return between(read(client, table["round"].get_absolute_url()), "Where each side stood", "The record Negotiation")


def test_a_side_without_a_word_is_there_with_nothing_recorded(client: Client, table):
    make_position(party=table["ruritania"], issue=table["issue"], date="2005")
    assert "Graustark Not recorded" in stood(client, table)


def test_what_was_said_on_the_last_day_counts_and_what_came_later_does_not(client: Client, table):
    pledge = table["issue"].options.last()
    make_position(party=table["ruritania"], issue=table["issue"], date="2005")
    make_position(party=table["ruritania"], option=pledge, stance="accepts", date="2007-09-14")
    make_position(party=table["graustark"], issue=table["issue"], date="2007-09-15")
    words = stood(client, table)
    assert "by 14 September 2007" in words
    assert "Ruritania Accepts a political commitment" in words
    assert "Graustark Not recorded" in words


def test_a_stand_that_had_ended_is_shown_as_the_last_word(client: Client, table):
    make_position(party=table["ruritania"], issue=table["issue"], date="2003", end="2005")
    assert "No stand recorded since 2005; this was the last." in stood(client, table)


def test_a_stand_from_other_talks_names_them(client: Client, table):
    other = make_negotiation(name="Zenda talks")
    make_position(party=table["ruritania"], issue=table["issue"], date="2005", negotiation=other)
    make_position(party=table["graustark"], issue=table["issue"], date="2005", negotiation=table["talks"])
    assert stood(client, table).count("From the talks") == 1
    assert "From the talks Zenda talks" in stood(client, table)


def test_a_stand_of_a_party_that_was_not_there_is_not_shown(client: Client, table):
    make_position(party=make_party(short_name="Axphain"), issue=table["issue"], date="2005")
    assert "Axphain" not in stood(client, table)


def test_without_a_recorded_agenda_the_questions_are_those_of_its_statements(client: Client, db):
    round_, issue = make_round(), make_issue(question="Who must be at the table?")
    make_statement(round=round_, issues=[issue])
    words = read(client, round_.get_absolute_url())
    assert "Agenda Not recorded; the questions here are those that its statements bear on" in words
    assert "Who must be at the table?" in between(words, "Where each side stood", "The record")


def test_a_round_about_which_nothing_is_known_says_so(client: Client, db):
    words = read(client, make_round(city="", country="").get_absolute_url())
    assert "What this round was about is not recorded." in words
    assert "Place Not recorded" in words


# Rounds


def test_a_round_that_was_called_off_says_so(client: Client, db):
    words = read(client, make_round(held=False).get_absolute_url())
    assert "Called off; the dates are those planned" in words
    assert "Held No, called off" in words


def test_nothing_is_told_as_said_at_a_meeting_that_was_called_off(client: Client, record):
    for path in ("", "brief/"):
        words = read(client, f"/negotiations/new-start-implementation/bcc-session-cairo-not-held/{path}")
        assert "Said about it" in words
        assert "Said at this meeting" not in words
    assert "What moved in it" not in words


def test_rounds_lead_to_the_ones_before_and_after_in_the_same_talks(client: Client, db):
    talks = make_negotiation()
    first, second, third = (make_round(negotiation=talks, date=day) for day in ("2006", "2007-01", "2007-09"))
    make_round(date="2007-05")
    page, words = markup(client, second.get_absolute_url()), read(client, second.get_absolute_url())
    assert f'href="{first.get_absolute_url()}" rel="prev"' in page
    assert f'href="{third.get_absolute_url()}" rel="next"' in page
    assert "Meeting 2 of 3 recorded" in words


def test_several_sit_round_the_table(client: Client, db):
    parties = [make_party(short_name=name) for name in ("Ruritania", "Graustark", "Axphain")]
    round_ = make_round(negotiation=make_negotiation(parties=parties), delegations=[])
    for order, party in enumerate(parties):
        Delegation.objects.create(round=round_, party=party, head=make_person(name=f"Envoy {order}"), order=order)
    words = read(client, round_.get_absolute_url())
    assert all(f"Envoy {order}" in words for order in range(3))


def test_what_was_said_at_a_round_stands_on_its_page_once_published(client: Client, db):
    round_ = make_round()
    make_statement(round=round_, quote="We shall sign nothing")
    make_statement(round=round_, quote="Never", state=Entry.State.DRAFT)
    words = read(client, round_.get_absolute_url())
    assert "We shall sign nothing" in words
    assert "Never" not in words


@pytest.mark.parametrize("day", ["../1972", "1969-11-17/..", "1969/", "1972~", "2001-21", "1969-11/1970"])
def test_any_date_that_editors_may_write_can_be_read(client: Client, db, day):
    talks = make_negotiation()
    round_, *_ = (make_round(negotiation=talks, date=day, issues=[make_issue()]) for _ in range(3))
    for address in (talks.get_absolute_url(), round_.get_absolute_url(), round_.get_absolute_url() + "brief/"):
        assert client.get(address).status_code == 200


def test_a_round_of_which_no_end_is_recorded_has_not_outlasted_today(client: Client, db):
    words = read(client, make_round(date="1969-11-17/..").get_absolute_url())
    assert "9999" not in words


# Briefs


def test_the_brief_of_rome_tells_each_sides_last_word_before_it(client: Client, record):
    words = read(client, f"{ROME}brief/")
    before = between(words, "Last recorded word before it", "What moved in it")
    assert "Prefers a political commitment" in before
    assert "Demands a legally binding agreement" in before
    assert "Antonov" not in before
    assert "4 July 2007" in before
    assert "17–18 March 2008: Moscow two-plus-two" in between(words, "What followed", "Sources")


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/negotiations/post-start-consultations/rome-consultations/brief/", "Said at this meeting"),
        ("/negotiations/post-start-consultations/rome-consultations/", "Where each side stood"),
        ("/people/antonov-anatoly/", "Statements"),
        ("/issues/legal-form/", "In their words"),
    ],
)
def test_a_quotation_bears_the_mark_of_its_check_wherever_it_stands(client: Client, record, path, section):
    html = client.get(path).content.decode()
    told = html.partition(f">{section}</h2>")[2]
    said = told[told.index("new document should be") :]
    assert "Verbatim, checked against source" in said.partition("</li>")[0].partition("</figure>")[0]


def test_a_brief_tells_what_moved_at_the_round(client: Client, table):
    pledge = table["issue"].options.last()
    make_position(party=table["ruritania"], issue=table["issue"], date="2005")
    make_position(party=table["ruritania"], option=pledge, stance="accepts", date="2007-09-13")
    words = read(client, table["round"].get_absolute_url() + "brief/")
    assert "Ruritania Demands a legally binding agreement" in between(words, "Last recorded word", "What moved")
    moved = between(words, "What moved in it", "What followed")
    assert "Demands a legally binding agreement Accepts a political commitment" in moved


def test_a_brief_tells_which_older_stands_were_borne_out_there_and_by_whom(client: Client, table):
    said = make_statement(party=table["graustark"], round=table["round"], date="2007-09-13")
    make_position(party=table["ruritania"], issue=table["issue"], date="2005", evidence=[make_statement(), said])
    words = read(client, table["round"].get_absolute_url() + "brief/")
    assert "Demands a legally binding agreement Graustark’s account" in between(words, "Borne out by", "Said at this")


def test_a_brief_tells_what_the_treaty_of_the_talks_went_through_within_a_year(client: Client, db):
    talks = make_negotiation()
    treaty = make_treaty(negotiation=talks)
    make_milestone(treaty=treaty, date="2008-04-08")
    make_milestone(treaty=treaty, type="entered-into-force", date="2011-02-05")
    words = read(client, make_round(negotiation=talks, date="2007-09-12").get_absolute_url() + "brief/")
    followed = between(words, "What followed", "Sources")
    assert "8 April 2008: Treaty of Zenda: signed" in followed
    assert "entered into force" not in followed


def test_a_brief_lists_each_source_once(client: Client, table):
    source = make_source(title="Talks resume")
    for party in (table["ruritania"], table["graustark"]):
        evidence = [make_statement(party=party, date="2005", sources=[source])]
        make_position(party=party, issue=table["issue"], date="2005", evidence=evidence)
    words = read(client, table["round"].get_absolute_url() + "brief/")
    assert between(words, "Sources 2 sources", "zzz").count("Talks resume”") == 1


# Negotiations


def test_the_list_has_all_talks_with_their_rounds_and_outcome(client: Client, record):
    words = read(client, "/negotiations/")
    assert "SALT I 17 November 1969 – 26 May 1972 US United States SU Soviet Union 8 13 Agreement ABM Treaty" in words


def test_a_negotiation_tells_its_rounds_in_order_its_texts_and_where_to_read_on(client: Client, record):
    page, words = markup(client, "/negotiations/salt-i/"), read(client, "/negotiations/salt-i/")
    assert words.index("1969 1 meeting") < words.index("1970 2 meetings") < words.index("1971 3 meetings")
    assert "Texts that came of it ABM Treaty" in words
    assert 'href="/timeline/?kind=statement&amp;negotiation=salt-i"' in page
    assert "Helsinki" in between(words, "Where they met", "1969 1 meeting")


def test_a_negotiation_of_which_no_meeting_is_recorded_says_so(client: Client, db):
    words = read(client, make_negotiation(end="").get_absolute_url())
    assert "No meeting of these talks is recorded." in words
    assert "Ended Not yet" in words
    assert "Text that came of it None" in words or "Texts that came of it None" in words


def test_a_negotiation_lists_the_positions_taken_in_it_by_question(client: Client, db):
    talks, issue = make_negotiation(), make_issue(question="Who must be at the table?")
    make_position(issue=issue, negotiation=talks, stance="conditional", condition="only if China joins")
    make_position(issue=issue, negotiation=make_negotiation(), party=make_party(short_name="Axphain"))
    words = between(read(client, talks.get_absolute_url()), "Positions taken", "The record")
    assert "Who must be at the table? R Ruritania Would accept a legally binding agreement" in words
    assert "Condition: only if China joins" in words
    assert "Axphain" not in words


# What the pages cost


def table_of(size: int) -> dict[str, str]:
    parties = [make_party(), make_party(short_name="Graustark")]
    talks = make_negotiation(parties=parties)
    rounds = [make_round(negotiation=talks, date=f"2007-0{month}") for month in range(1, 4)]
    issues = [make_issue() for _ in range(size)]
    middle = rounds[1]
    middle.issues.set(issues)
    for issue in issues:
        said = make_statement(round=middle, negotiation=talks, date="2007-02", issues=[issue])
        for party in parties:
            make_position(party=party, issue=issue, date="2006", negotiation=talks, evidence=[said, make_statement()])
            make_position(party=party, option=issue.options.last(), date="2007-02-10", evidence=[said])
    address = middle.get_absolute_url()
    return {"negotiation": talks.get_absolute_url(), "round": address, "brief": f"{address}brief/"}


@pytest.mark.parametrize("page", ["negotiation", "round", "brief"])
def test_a_page_costs_as_many_queries_for_long_talks_as_for_short(
    client: Client, db, django_assert_max_num_queries: DjangoAssertNumQueries, page
):
    counts = set()
    for size in (1, 4):
        address = table_of(size)[page]
        with django_assert_max_num_queries(MOST_QUERIES) as asked:
            assert client.get(address).status_code == 200
        counts.add(len(asked))
    assert len(counts) == 1


def test_the_list_of_talks_costs_the_same_for_any_number(
    client: Client, db, django_assert_num_queries: DjangoAssertNumQueries
):
    for _ in range(3):
        make_round()
        with django_assert_num_queries(4):
            client.get("/negotiations/")


# The chart of meetings


def bout(place: str, first: date, last: date) -> Bout:
    return Bout(place, first, last, first, last)


def test_the_chart_has_a_lane_for_each_city_in_the_order_they_were_first_met_in():
    chart = strip(
        [
            bout("Vienna", date(1970, 4, 16), date(1970, 8, 14)),
            bout("Helsinki", date(1969, 11, 17), date(1969, 12, 22)),
            bout("Vienna", date(1971, 3, 15), date(1971, 5, 28)),
        ]
    )
    assert [(lane.key, len(lane.bars)) for lane in chart.lanes] == [("Helsinki", 1), ("Vienna", 2)]
    assert [year.year for year in chart.years] == [1969, 1970, 1971]


def test_a_meeting_of_a_day_can_be_seen_and_stays_within_the_chart():
    first, last = date(2000, 1, 1), date(2010, 12, 31)
    chart = strip([bout("Rome", first, first), bout("Rome", last, last)])
    for bar in chart.lanes[0].bars:
        x, width = (float(value.rstrip("%")) for value in (bar.x, bar.width))
        assert width >= 0.6
        assert 0 <= x <= 100 - width + 0.01


def test_days_that_the_sources_leave_open_are_not_drawn_as_sure():
    spring = Bout("Vienna", date(1971, 3, 1), date(1971, 5, 31), date(1971, 3, 31), date(1971, 5, 1))
    month = Bout("Vienna", date(1971, 9, 1), date(1971, 9, 30), date(1971, 9, 30), date(1971, 9, 1))
    drawn, unsure = strip([spring, month]).lanes[0].bars
    assert float(drawn.sure_width.rstrip("%")) < float(drawn.width.rstrip("%"))
    assert unsure.sure_x == ""


def test_no_more_years_are_named_than_a_phone_has_room_for():
    chart = strip(bout("Geneva", day, day) for day in (date(1969, 1, 1), date(2026, 1, 1)))
    assert sum(year.labelled for year in chart.years) <= 6


def test_no_meetings_no_chart():
    assert strip([]).lanes == []
