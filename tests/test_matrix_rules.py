"""Rules of the matrix, each on a record of a few rows: what counts as moved, who comes first, what an address keeps."""

import re
from dataclasses import replace
from datetime import date

import pytest

from negotiations.models import Position
from negotiations.queries.positions import PositionsFilter, View
from tests import make
from tests.test_matrix import cell_of, page_of, sides, words

TODAY = date(2026, 11, 21)

__all__ = ["sides"]  # the fixture


def test_the_address_of_a_view_keeps_all_that_was_asked_in_one_order(db):
    us, russia = make.make_party(slug="united-states"), make.make_party(slug="russia")
    talks, rome = make.make_negotiation(slug="post-start"), make.make_round(slug="rome")
    asked = PositionsFilter(
        today=TODAY, on="2013-06", since="2009", parties=(us, russia), pair=(russia, us), negotiation=talks,
        show="apart", view=View.WAITS,
    )  # fmt: skip
    told = "view=waits&on=2013-06&since=2009&party=united-states&party=russia&a=russia&b=united-states"
    assert asked.query_string == f"{told}&negotiation=post-start&show=apart"
    assert PositionsFilter(today=TODAY).query_string == ""
    # A round takes the place of the day, until another day is asked for.
    by_rounds = replace(asked, on_round=rome, since_round=rome)
    assert "on_round=rome&since_round=rome" in by_rounds.query_string
    assert not re.search("(^|&)(on|since)=", by_rounds.query_string)
    assert by_rounds.but(on="2010", since="2008").query_string.startswith("view=waits&on=2010&since=2008&party=")
    assert by_rounds.but(show="").on_round == by_rounds.but(show="").since_round == rome


def test_a_question_on_which_one_side_moved_stands_among_the_changed(client, sides):
    us, russia, issue = sides
    same = make.make_issue(slug="same")
    for party in (us, russia):
        make.make_position(party=party, issue=same, date="2001-01-01")
        make.make_position(party=party, issue=issue, date="2001-01-01")
    make.make_position(party=us, issue=issue, date="2005-01-01", option=issue.options.last())
    page = page_of(client, on="2006", since="2004")
    assert page.index("Changed since") < page.index('href="/issues/form/"') < page.index(">Unchanged")
    assert page.index(">Unchanged") < page.index('href="/issues/same/"')
    moved = page_of(client, on="2006", since="2004", show="moved")
    assert 'href="/issues/form/"' in moved
    assert "/issues/same/" not in moved.split("<table")[1]


@pytest.mark.parametrize(
    ("before", "after", "option", "told"),
    [
        ("accepts", "demands", "first", "Firmer"),
        ("demands", "prefers", "first", "Softer"),
        ("demands", "opposes", "first", "Changed"),
        ("opposes", "accepts", "first", "Changed"),
        ("demands", "demands", "last", "Changed"),
        ("prefers", "demands", "last", "Changed"),
    ],
)
def test_a_move_is_firmer_or_softer_only_on_the_same_answer(client, sides, before, after, option, told):
    us, _, issue = sides
    make.make_position(party=us, issue=issue, date="2001-01-01", stance=before)
    make.make_position(party=us, issue=issue, date="2005-01-01", stance=after, option=getattr(issue.options, option)())
    cell = cell_of(page_of(client, on="2006", since="2004"), "form", "United States")
    assert words(re.search(r'<span class="flag">(.*?)(<s>|</span>)', cell)[1]) == told
    cells = client.get("/positions.json?view=moves&on=2006&since=2000").json()["cells"]
    assert len(cells) == 2


def test_what_bore_a_stand_out_on_the_very_day_counts_for_that_day(client, sides):
    us, _, issue = sides
    first, again = (make.make_statement(party=us, date=day) for day in ("2001-03-01", "2013-06-30"))
    make.make_position(party=us, issue=issue, date="2001-03-01", evidence=[first, again])
    assert "Last attested 30 June 2013" in words(cell_of(page_of(client, on="2013-06-30"), "form", "United States"))
    assert "30 June 2013" not in cell_of(page_of(client, on="2013-06-29"), "form", "United States")


def test_evidence_from_before_a_stand_does_not_make_it_older(client, sides):
    us, _, issue = sides
    before = make.make_statement(party=us, date="2001-03-01")
    make.make_position(party=us, issue=issue, date="2007-09-12", evidence=[before])
    cell = words(cell_of(page_of(client, on="2007-12-12"), "form", "United States"))
    assert "Last attested 3 months before" in cell.replace("\u00a0", " ")


def test_those_who_wait_for_a_party_come_before_those_who_wait_for_events(client, sides):
    us, russia, _issue = sides
    wait = {"stance": Position.Stance.CONDITIONAL, "condition": "only if so", "date": "2001-03-01"}
    for slug, party, awaited in (("event", us, None), ("last", russia, us), ("first", us, russia)):
        make.make_position(slug=slug, party=party, issue=make.make_issue(), waits_for=awaited, **wait)
    page = page_of(client, view="waits")
    shown = re.findall(r'href="/positions/(event|last|first)/"', page)
    assert list(dict.fromkeys(shown)) == ["first", "last", "event"]
    cells = client.get("/positions.json?view=waits").json()["cells"]
    assert [cell["id"] for cell in cells] == ["first", "last", "event"]


def test_a_party_that_nobody_sat_for_before_it_existed_has_a_column_all_the_same(client, sides):
    make.make_position(party=sides[0], issue=sides[2], date="1980-01-01")
    make.make_party(slug="ukraine", short_name="Ukraine", active_from=date(1991, 8, 24))
    page = page_of(client, on="1985", party=["united-states", "ukraine"])
    assert words(cell_of(page, "form", "Ukraine")) == "Not recorded"
