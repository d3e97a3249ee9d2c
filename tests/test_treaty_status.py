"""A treaty's standing in law follows from its milestones, on any day."""

from datetime import date

import pytest

from negotiations.models import Treaty
from tests import make

pytestmark = pytest.mark.usefixtures("record")


def status(slug: str, day: str) -> str | None:
    standing = Treaty.objects.get(slug=slug).status_on(date.fromisoformat(day))
    return standing and standing.status.value


@pytest.mark.parametrize(
    ("slug", "day", "expected"),
    [
        ("new-start", "2010-04-07", None),
        ("new-start", "2010-04-08", "signed"),
        ("new-start", "2011-02-04", "signed"),
        ("new-start", "2011-02-05", "in-force"),
        ("new-start", "2021-02-03", "in-force"),
        ("new-start", "2023-02-27", "in-force"),
        ("new-start", "2023-02-28", "suspended"),
        ("new-start", "2026-02-04", "suspended"),
        ("new-start", "2026-02-05", "expired"),
        ("salt-ii", "1985-12-30", "signed"),
        ("salt-ii", "1985-12-31", "never-in-force"),
        ("start-ii", "2002-06-13", "signed"),
        ("start-ii", "2002-06-14", "never-in-force"),
        ("abm-treaty", "2001-12-13", "in-force"),
        ("abm-treaty", "2002-06-13", "terminated"),
        ("inf-treaty", "2018-10-20", "in-force"),
        ("inf-treaty", "2019-02-02", "suspended"),
        ("inf-treaty", "2019-08-02", "terminated"),
        ("sort", "2011-02-05", "superseded"),
        ("budapest-memorandum", "2026-11-22", "agreed"),
        ("npt", "2026-11-22", "in-force"),
    ],
)
def test_the_record_knows_where_each_treaty_stood(slug, day, expected):
    assert status(slug, day) == expected


def test_a_suspension_names_who_suspended():
    new_start = Treaty.objects.get(slug="new-start").status_on(date(2024, 1, 1))
    inf = Treaty.objects.get(slug="inf-treaty").status_on(date(2019, 3, 1))
    assert [party.slug for party in new_start.suspended_by] == ["russia"]
    assert {party.slug for party in inf.suspended_by} == {"russia", "united-states"}


@pytest.mark.parametrize(
    ("slug", "day", "expected"),
    [
        ("abm-protocol-1974", "2002-06-12", "in-force"),
        ("abm-protocol-1974", "2002-06-13", "terminated"),
        ("lisbon-protocol", "2009-12-05", "expired"),
        ("start-ii-extension-protocol", "2003-01-01", "never-in-force"),
    ],
)
def test_a_protocol_ends_with_the_treaty_it_belongs_to(slug, day, expected):
    assert status(slug, day) == expected


def test_what_comes_after_the_end_changes_nothing():
    treaty = make.make_treaty()
    for day, type_ in (("2001-01-01", "signed"), ("2001-02-01", "entered-into-force"), ("2002-01-01", "expired")):
        make.make_milestone(treaty=treaty, date=day, type=type_)
    make.make_milestone(treaty=treaty, date="2003-01-01", type="extended")
    assert treaty.status_on(date(2004, 1, 1)).status == "expired"


def test_a_milestone_dated_by_its_year_counts_from_the_first_day_of_it():
    treaty = make.make_treaty()
    make.make_milestone(treaty=treaty, date="2001", type="signed")
    assert treaty.status_on(date(2000, 12, 31)) is None
    assert treaty.status_on(date(2001, 1, 1)).status == "signed"


def test_a_draft_milestone_does_not_count():
    treaty = make.make_treaty()
    make.make_milestone(treaty=treaty, date="2001-01-01", type="signed", state="draft")
    assert treaty.status_on(date(2002, 1, 1)) is None
