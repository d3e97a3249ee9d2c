"""The stalemate clock: which talks were open on a day, and for how many months nothing in them had moved."""

from datetime import date

import pytest
import yaml
from django.conf import settings

from negotiations import dates
from negotiations.queries.stalemate import clocks
from tests.make import (
    make_issue,
    make_milestone,
    make_negotiation,
    make_party,
    make_position,
    make_round,
    make_statement,
    make_treaty,
)

DAY = date(2026, 11, 22)


def clock(talks, day=DAY):
    return next((clock for clock in clocks(day) if clock.negotiation == talks), None)


@pytest.fixture
def talks(db):
    return make_negotiation(start="2020-01-01", name="Talks on talks")


@pytest.fixture
def russia(db):
    return make_party(short_name="Russia")


# When talks are open


def test_talks_are_open_from_their_first_day_to_their_last(db):
    talks = make_negotiation(start="1972-11-21", end="1979-06-18", outcome="agreement")
    days = [date(1972, 11, 20), date(1972, 11, 21), date(1979, 6, 18), date(1979, 6, 19)]
    assert [bool(clock(talks, day)) for day in days] == [False, True, True, False]


def test_talks_of_which_no_end_is_recorded_are_open_until_the_last_entry_about_them(db):
    talks = make_negotiation(start="1985-03-12", end="", outcome="no-agreement")
    make_statement(negotiation=talks, date="1988-01-22")
    assert clock(talks, date(1988, 1, 22))
    assert not clock(talks, date(1988, 1, 23))


# What moves them


def test_months_are_whole_and_count_from_the_opening_where_nothing_has_moved(talks):
    assert clock(talks, date(2020, 7, 31)).months == 6
    assert clock(talks, date(2020, 6, 30)).months == 5


def test_a_meeting_and_a_statement_are_no_movement(talks):
    make_round(negotiation=talks, date="2026-05-01")
    make_statement(negotiation=talks, date="2026-06-01")
    found = clock(talks)
    assert found.since == date(2020, 1, 1)
    assert found.met.day == date(2026, 5, 1)
    assert found.moved is None


def test_a_round_that_was_called_off_is_no_meeting(talks):
    make_round(negotiation=talks, date="2026-05-01", held=False)
    assert clock(talks).met is None


def test_a_first_position_and_another_answer_move_them_but_the_same_answer_again_does_not(talks, russia):
    issue = make_issue()
    demanded, other = issue.options.all()
    stated = {"issue": issue, "party": russia, "negotiation": talks}
    make_position(**stated, option=demanded, stance="demands", date="2021-03-01")
    make_position(**stated, option=demanded, stance="demands", date="2022-03-01")
    assert clock(talks).since == date(2021, 3, 1)
    make_position(**stated, option=demanded, stance="prefers", date="2023-03-01")
    assert clock(talks).since == date(2023, 3, 1)
    make_position(**stated, option=other, stance="prefers", date="2024-03-01")
    assert clock(talks).since == date(2024, 3, 1)


def test_a_step_in_the_life_of_a_text_they_made_moves_them(talks):
    make_milestone(treaty=make_treaty(negotiation=talks), date="2021-02-03", type="extended")
    assert clock(talks).since == date(2021, 2, 3)


def test_what_came_before_the_talks_or_after_the_day_moves_nothing(talks, russia):
    make_position(party=russia, negotiation=talks, date="2019-03-01")
    make_position(party=russia, negotiation=talks, date="2025-03-01")
    assert clock(talks, date(2024, 1, 1)).since == date(2020, 1, 1)


def test_what_is_not_published_moves_nothing(talks, russia):
    make_position(party=russia, negotiation=talks, date="2021-03-01", state="draft")
    assert clock(talks).moved is None


# The whole record


def days_to_try():
    return [date(year, month, 17) for year, month in zip(range(1967, 2027, 3), [1, 4, 7, 10] * 5, strict=True)]


@pytest.fixture(scope="module")
def files():
    names = ("negotiations", "positions", "milestones", "rounds", "statements", "treaties")
    return {name: yaml.safe_load((settings.BASE_DIR / f"fixtures/{name}.yaml").read_text()) for name in names}


def moved_by_reading(talks, day, files):
    """The last movement in talks by a day, read from the files one row after the other."""
    first = dates.parse(talks["start"]).earliest
    texts = {row["slug"] for row in files["treaties"] if row.get("negotiation") == talks["slug"]}
    days = [first]
    days += [
        dates.parse(row["date"]).earliest
        for row in files["milestones"]
        if row["treaty"] in texts | {talks.get("treaty")}
    ]
    last = {}
    for row in sorted(files["positions"], key=lambda row: dates.parse(row["from"]).earliest):
        line = (row["party"], row["issue"], row.get("scope", "") if row.get("concurrent") else "")
        answer = (row["option"], row["stance"])
        if row.get("negotiation") == talks["slug"] and last.get(line) != answer:
            days.append(dates.parse(row["from"]).earliest)
        last[line] = answer
    return max(one for one in days if first <= one <= day)


def test_on_any_day_the_clock_says_what_the_files_say_row_by_row(record, files):
    rows = {row["slug"]: row for row in files["negotiations"]}
    tried = 0
    for day in days_to_try():
        for found in clocks(day):
            assert found.since == moved_by_reading(rows[found.negotiation.slug], day, files), (day, found)
            tried += 1
    assert tried > 30


# For readers


def test_the_state_of_play_shows_the_clock_of_any_day_with_its_rule(record, client):
    page = client.get("/?on=2013-06-22").content.decode()
    section = page[page.index('id="stalemate"') : page.index("How the clock runs")]
    assert "3 of 5 open on that day" in section
    assert section.index("45 months") < section.index("16 months") < section.index("13 months")
    assert "BCC Agreements 1 and 2: signed" in section
    assert "A meeting alone is no movement." in section


def test_the_rule_stands_in_the_method(db, client):
    assert 'id="clock"' in client.get("/about/method/").content.decode()


def test_a_day_without_talks_says_so(record, client):
    assert "No talks were open on that day." in client.get("/?on=1960-01-01").content.decode()


def test_all_clocks_take_one_query(record, django_assert_num_queries):
    with django_assert_num_queries(1):
        clocks(DAY)
