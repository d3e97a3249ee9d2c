"""What moved, page by page: newest first, every move once, and each day whole on one page."""

import html
import re
from datetime import date
from itertools import pairwise

import pytest

from negotiations.models import Position
from negotiations.queries.positions import Move, PositionsFilter, stretch
from tests import make
from tests.by_hand import POSITIONS, first_day


def move(pk: int, day: int) -> Move:
    when = date(2000, 1, day)
    return Move(pk=pk, party_id=1, issue_id=1, line="", day=when, when=when.isoformat(), is_first=False)


def pages(client, address: str) -> list[str]:
    found = []
    while address:
        found.append(client.get(address).content.decode())
        further = re.search(r'href="([^"]+)" rel="next">Earlier moves', found[-1])
        address = html.unescape(further[1]) if further else ""
    return found


def shown_on(page: str) -> list[str]:
    return re.findall(r'<li class="entry[^>]*id="e-([^"]+)"', page)


def test_every_move_of_the_record_stands_on_one_page_and_newest_comes_first(client, record):
    told = [shown_on(page) for page in pages(client, "/positions/?view=moves&since=1960")]
    assert len(told) > 1
    slugs = [slug for page in told for slug in page]
    days = [first_day(POSITIONS[slug]["from"]) for slug in slugs]
    assert days == sorted(days, reverse=True)
    total = client.get("/positions.json?view=moves&since=1960").json()["cells"]
    assert sorted(slugs) == sorted({cell["id"] for cell in total})
    for before, after in pairwise(told):
        assert first_day(POSITIONS[before[-1]]["from"]) > first_day(POSITIONS[after[0]]["from"])


@pytest.mark.parametrize(
    ("days", "shown", "older"),
    [
        ([1, 2, 3], [3, 2, 1], None),
        ([1, 2, 3, 4], [4, 3, 2], 1),
        ([1, 2, 2, 2, 3], [5], 2),  # by their keys: the second day would not fit
        ([1, 1, 1, 1], [4, 3, 2, 1], None),  # one day alone is longer than a page
        ([1, 2, 2, 2, 2], [5, 4, 3, 2], 1),
        ([], [], None),
    ],
)
def test_a_page_of_moves_ends_between_two_days(days, shown, older):
    moves = [move(number, day) for number, day in enumerate(days, 1)]
    found = stretch(PositionsFilter(today=date(2020, 1, 1)), moves, most=3)
    assert [one.pk for one in found.moves] == shown
    assert found.older == (date(2000, 1, older) if older else None)
    assert found.total == len(days)


def test_moves_outside_the_days_asked_about_are_not_counted():
    asked = PositionsFilter(today=date(2020, 1, 1), on="2000-01-03", since="2000-01-01")
    found = stretch(asked, [move(day, day) for day in (1, 2, 3, 4)])
    assert [one.pk for one in found.moves] == [3, 2]


def test_the_day_on_which_most_changed_is_told(client, db):
    us = make.make_party(slug="united-states", short_name="United States", code="US", rank=1)
    make.make_party(slug="russia", short_name="Russia", code="RU", rank=3)
    for number, day in enumerate(("2001-03-01", "2002-04-02", "2002-04-02", "2003-05-03")):
        issue = make.make_issue(slug=f"question-{number}")
        make.make_position(party=us, issue=issue, option=issue.options.first(), date=day)
    page = client.get("/positions/?on=2004&since=2000").content.decode()
    assert "4 positions have changed" in page
    assert '2 of them on one day: <span class="nw">2 April 2002</span>' in page
    Position.objects.filter(date="2002-04-02").last().delete()
    assert "of them on one day" not in client.get("/positions/?on=2004&since=2000").content.decode()
