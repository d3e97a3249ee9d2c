"""The chart of an issue and its story: what they draw and say of the positions, and that nothing overlaps."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils import translation

from negotiations.charts import lanes
from negotiations.charts.labels import NARROW, extent, is_free, room, step_of
from negotiations.charts.scales import YearScale
from negotiations.issue_chart import chart
from negotiations.models import Issue, Position
from negotiations.queries.issues import history
from negotiations.stories import story
from tests.make import make_issue, make_party, make_position

TODAY = date(2026, 11, 22)
SCALE = YearScale(2000, 2026)


def piece(number=1, first=date(2001, 1, 1), last=date(2005, 1, 1), **parts):
    values = {
        "pattern": 0,
        "against": False,
        "sure_until": None,
        "words": ("Demands: a legally binding agreement", "Demands"),
        "target": "there",
        "title": "Demands",
    }
    return lanes.Piece(number, first, last, **values | parts)


def share(x):
    return float(x.rstrip("%")) / 100


# Lanes


def test_a_bar_runs_from_the_first_day_to_the_last():
    (bar,) = lanes.lane([piece()], [], SCALE).bars
    assert bar.x == SCALE.x(date(2001, 1, 1))
    assert bar.width == SCALE.width(date(2001, 1, 1), date(2005, 1, 1))


def test_a_position_of_a_day_can_still_be_seen():
    (bar,) = lanes.lane([piece(last=date(2001, 1, 1))], [], SCALE).bars
    assert share(bar.width) >= lanes.LEAST


def test_numbers_that_would_touch_stand_in_higher_rows():
    some = [piece(number, date(2001, number, 1), date(2001, number + 1, 1)) for number in (1, 2, 3)]
    badges = lanes.lane(some, [], SCALE).badges
    assert len({badge.y for badge in badges}) == 3
    assert [badge.number for badge in badges] == [1, 2, 3]


def shown(flags, name):
    return [flag for flag in flags if f"not-{name}" not in flag.css]


def test_the_longest_words_that_fit_stand_beneath_a_bar():
    long = lanes.lane([piece(first=date(2013, 1, 1), last=date(2018, 1, 1))], [], SCALE).flags
    assert [flag.text for flag in shown(long, "wide")] == ["Demands: a legally binding agreement"]
    assert [flag.text for flag in shown(long, "narrow")] == ["Demands"]


def test_words_longer_than_their_stretch_stay_short_where_another_begins():
    pieces = [piece(1, last=date(2003, 1, 1)), piece(2, first=date(2003, 1, 1), last=date(2004, 1, 1))]
    flags = shown(lanes.lane(pieces, [], SCALE).flags, "wide")
    assert [(flag.x, flag.text) for flag in sorted(flags, key=lambda flag: share(flag.x))] == [
        (SCALE.x(date(2001, 1, 1)), "Demands"),
        (SCALE.x(date(2003, 1, 1)), "Demands: a legally binding agreement"),
    ]


def test_a_position_too_short_for_words_has_them_on_a_pole():
    days = [date(2001, 1, 1), date(2001, 8, 1), date(2002, 3, 1)]
    pieces = [piece(number, day, day) for number, day in enumerate(days, 1)]
    flags = shown(lanes.lane(pieces, [], SCALE).flags, "wide")
    assert sorted(flag.row for flag in flags) == [0, 1, 2]
    assert {flag.x for flag in flags} == {SCALE.x(day) for day in days}


def test_words_at_the_right_edge_stand_left_of_their_pole():
    (late,) = lanes.lane([piece(first=date(2026, 6, 1), last=TODAY)], [], SCALE).flags
    (early,) = shown(lanes.lane([piece()], [], SCALE).flags, "full")
    assert (late.anchor, early.anchor) == ("end", "start")


def test_what_is_not_known_to_be_still_held_is_faint_after_its_last_evidence():
    (bar,) = lanes.lane([piece(sure_until=date(2002, 1, 1))], [], SCALE).bars
    assert bar.faint_x == SCALE.x(date(2002, 1, 1))
    (sure,) = lanes.lane([piece(sure_until=date(2005, 1, 1))], [], SCALE).bars
    assert not sure.faint_x


def test_anothers_account_stands_in_a_row_of_its_own():
    spots = [lanes.Spot(date(2001, 1, 1), own, "/", "said") for own in (True, False)]
    own, other = lanes.lane([piece()], spots, SCALE).dots
    assert own.y < other.y


def boxes(flags, width):
    """Row, reach and pole of each flag on a chart of that width."""
    for flag in flags:
        pole = share(flag.x) * width
        left, right = extent(share(flag.x), flag.anchor, room(flag.text), width)
        yield flag.row, (left + flag.dx, right + flag.dx), pole


def assert_nothing_touches(flags, width, what):
    placed = list(boxes(flags, width))
    for number, (row, reach, pole) in enumerate(placed):
        assert reach[0] >= -0.5, what
        assert reach[1] <= width + 0.5, what
        for other_row, other, other_pole in placed[number + 1 :]:
            if row == other_row:
                assert is_free(reach, [other]), what
            elif row > other_row:
                assert is_free((pole, pole), [other]), what
            else:
                assert is_free((other_pole, other_pole), [reach]), what


def test_words_over_the_lanes_keep_clear_of_each_other_and_of_every_line():
    events = [(date(2002, 5, 24), "SORT signed"), (date(2002, 6, 13), "ABM Treaty ends"), (date(2010, 4, 8), "Signed")]
    head = lanes.marks(events, SCALE)
    assert len(head.marks) == 3
    for name, width in lanes.WIDTHS.items():
        assert len(shown(head.flags, name)) == 3
        assert_nothing_touches(shown(head.flags, name), width, name)


@pytest.mark.parametrize(("years", "step"), [(5, 1), (12, 2), (26, 5), (60, 10), (120, 20), (2026, 500)])
def test_an_axis_bears_few_years_in_round_steps(years, step):
    assert step_of(years) == step


# All real data


def charts():
    return [(issue, chart(history(issue), TODAY, TODAY)) for issue in Issue.objects.all()]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_overlaps_on_the_chart_of_any_issue(record, language):
    with translation.override(language):
        drawn = charts()
    for issue, found in drawn:
        for track in found.tracks:
            rows = {}
            for badge in track.lane.badges:
                rows.setdefault(badge.y, []).append(badge)
            for row in rows.values():
                for width, visible in ((lanes.LANE, row), (NARROW, [badge for badge in row if badge.narrow])):
                    places = sorted(share(badge.x) * width for badge in visible)
                    gaps = [after - before for before, after in pairwise(places)]
                    assert all(gap >= lanes.BADGE - 0.5 for gap in gaps), (issue, track.title, gaps)
        for name, narrowest in lanes.WIDTHS.items():
            for width in (narrowest, narrowest * 1.2, narrowest * 1.5):
                for track in found.tracks:
                    assert_nothing_touches(shown(track.lane.flags, name), width, (issue, track.title, name))
                assert_nothing_touches(shown(found.head.flags, name), width, (issue, name))
        for width in (lanes.LANE, 900, NARROW):
            reaches = [
                extent(share(label.x), label.anchor, room(label.text), width)
                for label in found.between_labels
                if label.narrow or width >= lanes.LANE
            ]
            for number, reach in enumerate(reaches):
                assert is_free(reach, reaches[:number]), issue


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(("name", "share_named"), [("narrow", 0.65), ("wide", 0.75), ("full", 0.85)])
def test_most_positions_are_named_on_their_chart(record, language, name, share_named):
    with translation.override(language):
        tracks = [track for _issue, found in charts() for track in found.tracks]
    bars = sum(len(track.lane.bars) for track in tracks)
    assert sum(len(shown(track.lane.flags, name)) for track in tracks) >= share_named * bars


def test_every_position_of_the_dataset_has_its_bar_and_its_row_in_the_list(record):
    for issue in Issue.objects.all():
        found = history(issue)
        bars = [bar.number for track in chart(found, TODAY, TODAY).tracks for bar in track.lane.bars]
        assert sorted(bars) == [one.number for one in found.records]
        assert len(bars) == Position.objects.published().filter(issue=issue).count()


def test_bars_of_one_line_follow_each_other_without_overlap(record):
    for issue in Issue.objects.all():
        for lane in history(issue).lanes:
            for before, after in pairwise(lane.main):
                if before.position.party_id == after.position.party_id:
                    assert before.stand.last is not None
                    assert before.stand.last < after.stand.first


# The story


def test_the_story_says_what_both_sides_hold_since_when_and_how_far_apart_they_are(db):
    us = make_party(code="US", short_name="United States")
    russia = make_party(code="RU", short_name="Russia")
    issue = make_issue()
    binding, political = issue.options.all()
    make_position(party=us, option=binding, stance="accepts", date="2002-02-05")
    make_position(party=us, option=political, stance="prefers", date="2006-09")
    make_position(party=russia, option=binding, date="2006-06-27")
    told = story(history(issue), date(2007, 9, 12))
    assert "The United States has preferred a political commitment since September 2006." in told
    assert "Before that it accepted a legally binding agreement, from 5 February 2002." in told
    assert "Russia has demanded a legally binding agreement since 27 June 2006." in told
    assert told.endswith("On this they have been apart since September 2006.")


def test_the_story_tells_silence_as_silence(db):
    make_party(code="US", short_name="United States")
    russia = make_party(code="RU", short_name="Russia")
    issue = make_issue()
    make_position(party=russia, issue=issue, date="2001-01-01", end="2005")
    told = story(history(issue), date(2010, 1, 1))
    assert "The United States has no position on record so far." in told
    assert "Russia has had no stand on record since 2005." in told
    assert "Before that it demanded a legally binding agreement, from 1 January 2001." in told
    assert "apart" not in told


def test_the_story_of_any_day_names_the_stands_that_as_of_gives(record):
    days = [date(1972, 6, 1) + timedelta(days=1000 * step) for step in range(20)]
    for issue in Issue.objects.all()[::3]:
        found = history(issue)
        for day in days:
            told = story(found, day)
            held = Position.objects.filter(issue=issue, party__code__in=["US", "RU", "SU"]).as_of(day)
            for position in held.filter(line="", held=True).select_related("option", "party"):
                assert position.option.label in told, (issue, day)
                if position.condition:
                    assert position.condition in told
