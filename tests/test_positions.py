"""Where everyone stood on a day, checked against a plain reading of the files."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from negotiations.models import Position
from tests import make
from tests.by_hand import PAIRS, ROWS, first_day, last_day, line_of, read_by_hand


def asked(queryset, day: date) -> dict[str, tuple[str, bool]]:
    return {p.line: (p.slug, p.held) for p in queryset.as_of(day)}


many = hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(pair=st.sampled_from(PAIRS), day=st.dates(date(1966, 1, 1), date(2027, 1, 1)))
def test_where_a_party_stood_on_any_day_is_what_the_files_say(record, pair, day):
    party, issue = pair
    stood = asked(Position.objects.filter(party__slug=party, issue__slug=issue), day)
    assert stood == read_by_hand(party, issue, day)


@pytest.mark.parametrize("row", ROWS[::7], ids=lambda row: row["slug"])
def test_the_days_around_a_change_of_position_are_read_right(record, row):
    queryset = Position.objects.filter(party__slug=row["party"], issue__slug=row["issue"])
    bounds = [first_day(row["from"])]
    bounds += [last_day(row["to"])] if "to" in row else []
    for bound in bounds:
        for ordinal in (bound.toordinal() - 1, bound.toordinal(), bound.toordinal() + 1):
            day = date.fromordinal(ordinal)
            assert asked(queryset, day) == read_by_hand(row["party"], row["issue"], day), day


def test_all_cells_of_a_day_come_in_one_query(record, django_assert_num_queries):
    with django_assert_num_queries(1):
        cells = list(Position.objects.as_of(date(2013, 6, 22)).select_related("party", "issue", "option"))
        assert {(cell.party.slug, cell.issue.slug) for cell in cells} >= {("russia", "format")}
    by_hand = [read_by_hand(party, issue, date(2013, 6, 22)) for party, issue in PAIRS]
    assert len(cells) == sum(len(lines) for lines in by_hand)


def test_a_negotiation_can_be_asked_alone(record):
    queryset = Position.objects.filter(
        party__slug="united-states", issue__slug="legal-form", negotiation__slug="post-start-consultations"
    )
    day = date(2012, 1, 1)
    expected = read_by_hand("united-states", "legal-form", day, "post-start-consultations")
    assert asked(queryset, day) == expected
    assert expected[""] == ("united-states-legal-form-binding-treaty-2008-04-06", False)


def test_moves_are_the_positions_that_differ_from_the_one_before(record):
    by_hand = set()
    lines: dict = {}
    for row in sorted(ROWS, key=lambda row: first_day(row["from"])):
        line = (row["party"], row["issue"], line_of(row))
        before = lines.get(line)
        if before and (before["option"], before["stance"]) != (row["option"], row["stance"]):
            by_hand.add(row["slug"])
        lines[line] = row
    assert set(Position.objects.published().moves().values_list("slug", flat=True)) == by_hand
    assert len(by_hand) > 100


def test_a_draft_is_no_answer(db):
    position = make.make_position(date="2001-01-01", state="draft")
    same = Position.objects.filter(party=position.party, issue=position.issue)
    assert not same.as_of(date(2001, 1, 1)).exists()
    Position.objects.filter(pk=position.pk).update(state="published")
    assert same.as_of(date(2001, 1, 1)).exists()


def test_an_imprecise_start_counts_from_its_earliest_day_and_an_imprecise_end_to_its_latest(db):
    position = make.make_position(date="2001-03", end="2002")
    same = Position.objects.filter(party=position.party, issue=position.issue)
    assert not same.as_of(date(2001, 2, 28)).exists()
    assert same.as_of(date(2001, 3, 1)).get().held
    assert same.as_of(date(2002, 12, 31)).get().held
    assert not same.as_of(date(2003, 1, 1)).get().held


def test_a_party_takes_one_position_per_issue_scope_and_day(db):
    first = make.make_position(date="2001-03-01")
    with pytest.raises(IntegrityError, match="one_position_per_party_issue_scope_and_day"), transaction.atomic():
        make.make_position(party=first.party, issue=first.issue, option=first.option, date="2001-03-01")


def test_a_position_cannot_take_an_option_of_another_issue(db):
    position = make.make_position()
    stranger = make.make_issue().options.first()
    Position.objects.filter(pk=position.pk).update(option=stranger)
    with pytest.raises(IntegrityError, match="does not belong to the issue"), transaction.atomic():
        connection.check_constraints()
    Position.objects.filter(pk=position.pk).update(option=position.option)
