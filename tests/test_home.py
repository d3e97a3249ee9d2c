"""The state of play: what limits hold on a day, for how long none has, what is in dispute, what is new."""

from datetime import date

import pytest

from negotiations import dates
from negotiations.models import Entry, Milestone, Position
from negotiations.queries.state_of_play import state_of_play
from tests.make import (
    make_issue,
    make_limit,
    make_milestone,
    make_party,
    make_position,
    make_round,
    make_statement,
    make_treaty,
)

TODAY = date(2026, 11, 22)


def page(client, path="/"):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def on(day):
    return state_of_play(day, TODAY)


@pytest.fixture
def powers(db):
    us = make_party(code="US", short_name="United States", rank=10)
    ussr = make_party(code="SU", short_name="Soviet Union", rank=20, active_until=date(1991, 12, 26))
    russia = make_party(code="RU", short_name="Russia", rank=30, predecessor=ussr, active_from=date(1991, 12, 27))
    return us, ussr, russia


def treaty_in_force(parties, start, end=None, **values):
    treaty = make_treaty(parties=parties, **values)
    make_limit(treaty)
    make_milestone(treaty=treaty, type="signed", date="1970-01-01")
    make_milestone(treaty=treaty, type="entered-into-force", date=start)
    if end:
        make_milestone(treaty=treaty, type="expired", date=end)
    return treaty


# Days without a limit


@pytest.mark.parametrize(
    ("day", "without", "with_"),
    [
        (date(1970, 1, 1), None, None),
        (date(1972, 10, 2), None, None),
        (date(1972, 10, 3), None, 0),
        (date(1990, 1, 1), None, 6299),
        (date(2010, 6, 1), None, 13_755),  # START I had gone and New START was not there; SORT and INF were
        (date(2026, 2, 4), None, 19_482),
        (date(2026, 2, 5), 0, None),
        (date(2026, 11, 22), 290, None),
        (date(2027, 2, 5), 365, None),
    ],
)
def test_the_days_since_the_last_limit_are_right_on_any_day(record, day, without, with_):
    state = on(day)
    assert (state.days_without, state.days_with) == (without, with_)


def test_a_treaty_of_one_power_or_without_limits_or_without_force_in_law_does_not_end_the_count(powers):
    us, _ussr, russia = powers
    treaty_in_force([us, russia], "1995-01-01", "2000-01-01")
    treaty_in_force([us, make_party(code="CN")], "1998-01-01")
    treaty_in_force([us, russia], "1998-01-01", legally_binding=False)
    unlimited = make_treaty(parties=[us, russia])
    make_milestone(treaty=unlimited, type="entered-into-force", date="1998-01-01")
    assert on(date(2000, 1, 31)).days_without == 30


def test_a_suspended_treaty_is_still_in_force(powers):
    us, _ussr, russia = powers
    treaty = treaty_in_force([us, russia], "1995-01-01")
    make_milestone(treaty=treaty, type="suspended", party=russia, date="2005-01-01")
    state = on(date(2006, 1, 1))
    assert state.is_limited
    assert [life.treaty for life in state.in_force] == [treaty]


def test_the_soviet_unions_treaties_count_as_those_of_the_same_power(powers):
    us, ussr, _russia = powers
    treaty_in_force([us, ussr], "1972-10-03", "1977-10-03")
    assert on(date(1980, 10, 3)).days_without == 1096


def test_a_draft_milestone_changes_nothing(powers):
    us, _ussr, russia = powers
    treaty = treaty_in_force([us, russia], "1995-01-01")
    make_milestone(treaty=treaty, type="expired", date="2000-01-01", state="draft")
    assert on(date(2001, 1, 1)).is_limited


# The page


def test_today_no_treaty_limits_both_powers(client, record):
    html = page(client, "/?on=2026-11-22")
    assert "No treaty now limits the strategic arsenals" in html
    assert "<b>290</b>" in html
    assert "New START ended on" in html


def test_on_a_past_day_the_page_tells_what_was_in_force_then(client, record):
    html = page(client, "/?on=2013-06-22")
    assert "2 treaties limit the arms of both powers" in html
    assert "<strong>New START</strong>" in html
    assert "<strong>INF Treaty</strong>" in html
    assert "Latest by that day" in html
    assert "2026" not in html[html.index("Latest by that day") : html.index("Key dates")]


def test_before_the_record_begins_the_page_still_stands(client, record):
    html = page(client, "/?on=1960")
    assert "No treaty limits strategic arms yet" in html
    assert "Nothing is on record by that day." in html


def test_an_empty_record_has_a_home_page(client, db):
    page(client)


def test_nothing_dated_after_the_day_is_told_as_past(record):
    day = date(1986, 10, 12)
    state = on(day)
    assert all(entry.earliest <= day for entry in state.latest)
    assert all(entry.earliest <= day for entry in state.rounds)
    assert all(milestone.earliest <= day for milestone in state.past_dates)
    assert all(ahead.day > day for ahead in state.coming)
    assert all(row.last is None or row.last.earliest <= day for row in state.disputes.rows)


def test_treaties_are_sorted_into_groups_by_their_status_and_none_is_lost(record):
    for day in (date(1980, 1, 1), date(2000, 1, 1), TODAY):
        state = on(day)
        grouped = [*state.in_force, *state.ended, *state.never, *state.pending]
        known = [life for life in state.lives if life.on(day)]
        assert len(grouped) == len(known)
        assert set(map(id, grouped)) == set(map(id, known))


def test_open_disputes_are_questions_on_which_both_hold_a_stand_those_apart_first(record):
    state = on(date(2013, 6, 22))
    assert state.open
    assert all(word.held for row in state.open for word in row.words)
    held = {}
    for position in Position.objects.as_of(date(2013, 6, 22)).filter(line="", held=True):
        held.setdefault(position.issue_id, set()).add(position.party.code)
    assert {row.issue.pk for row in state.open} == {issue for issue, sides in held.items() if {"US", "RU"} <= sides}
    order = [str(row.gap) for row in state.open]
    assert order == sorted(order, key=["apart", "partly", "agreed"].index)


def test_on_this_day_names_what_fell_on_it_in_earlier_years(client, powers):
    spoken = make_statement(date="2001-11-13", occasion="Washington press conference")
    make_statement(date="2001-11", occasion="Some day that month")
    make_statement(date="2001-11-14", occasion="The day after")
    make_statement(date="2020-11-13", occasion="Later")
    state = on(date(2010, 11, 13))
    assert [entry.pk for entry in state.on_this_day] == [spoken.pk]


def test_if_nothing_fell_on_the_day_what_fell_near_it_is_told_as_such(client, powers):
    make_statement(date="2001-11-14", occasion="The day after")
    assert not on(date(2010, 11, 13)).is_exact
    assert "Around this day" in page(client, "/?on=2010-11-13")


def test_the_29th_of_february_has_its_page(client, record):
    page(client, "/?on=2024-02-29")


def test_coming_dates_hold_milestones_on_record_ends_of_positions_and_anniversaries(powers):
    us, _ussr, russia = powers
    treaty = treaty_in_force([us, russia], "1995-01-01")
    ends = make_position(party=russia, date="2020-01-01", end="2027-02-05")
    planned = make_milestone(treaty=treaty, type="expired", date="2028-01-01")
    told = {ahead.day: ahead.what for ahead in on(TODAY).coming}
    assert told[date(2027, 2, 5)].pk == ends.pk
    assert told[date(2028, 1, 1)].pk == planned.pk
    assert told[date(2030, 1, 1)].years == 60


def test_rounds_stand_with_the_treaty_that_came_of_them(client, powers):
    us, _ussr, russia = powers
    met = make_round(date="1993-01-01/1993-02-01")
    treaty_in_force([us, russia], "1995-01-01", negotiation=met.negotiation)
    make_round(date="1994-01-01")
    html = page(client)
    assert html.count('height="11"/>') >= 3
    assert "Talks that led to none of these" in html


def test_a_question_with_two_held_stands_is_listed_with_its_gap(client, powers):
    us, _ussr, russia = powers
    issue = make_issue(question="Shall it be so?")
    first, second = issue.options.all()
    make_position(party=us, option=first, date="2010-01-01")
    make_position(party=russia, option=second, date="2011-01-01")
    assert "Shall it be so?" not in page(client, "/?on=2010-06-01")
    html = page(client, "/?on=2012-06-01")
    assert "Shall it be so?" in html
    assert "gap--apart" in html


@pytest.mark.parametrize("query", ["on=banana", "on=%00", "on=2013-02-30", "on=" + "x" * 10_000, "off=1", "on=0001"])
def test_a_day_that_is_none_is_refused_kindly(client, record, query):
    html = page(client, f"/?{query}")
    assert "Not everything in this address was understood" in html


def test_the_page_takes_a_constant_number_of_queries(client, record, django_assert_max_num_queries):
    for day in ("2026-11-22", "1986", "1960"):
        with django_assert_max_num_queries(14):
            page(client, f"/?on={day}")
    assert Milestone.objects.count() > 50


def test_a_record_without_the_two_powers_has_a_front_page_too(client, db):
    make_position()
    assert page(client)


@pytest.mark.parametrize(
    "day", [date(1969, 11, 17), date(1972, 5, 26), date(1986, 10, 11), date(2000, 2, 29), date(2013, 6, 22), TODAY]
)
def test_what_is_latest_and_what_fell_on_the_day_agree_with_a_plain_reading_of_the_record(record, day):
    known = [entry for entry in Entry.objects.published() if entry.earliest <= day]
    known.sort(key=lambda entry: (entry.earliest, entry.pk), reverse=True)
    occasions = list(dict.fromkeys((entry.kind, entry.title, entry.date) for entry in known))
    assert [(entry.kind, entry.title, entry.date) for entry in on(day).latest] == occasions[:4]
    same = {
        entry.pk
        for entry in known
        if entry.kind != "position"
        and (entry.earliest.month, entry.earliest.day) == (day.month, day.day)
        and entry.earliest.year < day.year
        and dates.is_exact(entry.date.partition("/")[0])
    }
    state = on(day)
    assert {entry.pk for entry in state.on_this_day} == same if same else not state.is_exact


def test_several_answers_of_one_interview_are_one_of_the_latest(client, powers):
    for _answer in range(5):
        make_statement(date="2013-06-22", occasion="Interview with Vesti", party=powers[0])
    make_statement(date="2013-06-21", occasion="Press conference in Moscow", party=powers[0])
    html = page(client, "/?on=2013-06-23")
    latest = html[html.index("Latest by that day") : html.index('id="h-day"')]
    assert latest.count("Interview with Vesti") == 1
    assert "Press conference in Moscow" in latest
