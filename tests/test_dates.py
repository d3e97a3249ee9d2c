"""Dates are as precise as their source and no more."""

from datetime import date

import pytest
from django.utils import translation
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from negotiations import dates


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2007-09-12", date(2007, 9, 12), date(2007, 9, 12)),
        ("2009-02", date(2009, 2, 1), date(2009, 2, 28)),
        ("1972", date(1972, 1, 1), date(1972, 12, 31)),
        ("2009-05-19/2009-05-20", date(2009, 5, 19), date(2009, 5, 20)),
        ("1969-11-17/1969-12", date(1969, 11, 17), date(1969, 12, 31)),
        ("1983~", date(1983, 1, 1), date(1983, 12, 31)),
        ("2007-09-12?", date(2007, 9, 12), date(2007, 9, 12)),
        ("1969-11-17/..", date(1969, 11, 17), date.max),
        ("../1979-06-18", date.min, date(1979, 6, 18)),
        ("198X", date(1980, 1, 1), date(1989, 12, 31)),
        ("2001-21", date(2001, 3, 1), date(2001, 5, 31)),
    ],
)
def test_a_date_stands_for_all_the_days_it_allows(text, earliest, latest):
    assert dates.parse(text) == (earliest, latest)


@pytest.mark.parametrize(
    "text",
    [
        "", "banana", "2007-13", "2007-02-30", "0000", "12 September 2007", "2007-9-12", "20070912", "../..", "/",
        "2009-05-20/2009-05-19", "2007-09-12T10:00", "\x00", "２００７", "9" * 10_000, "2007-09-12/banana", "٢٠٠٧",
        "2007-00", "2007-00-00", "2007-09-00", "2007-00?", "2007-09-00/2007-10",
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_words(text):
    with pytest.raises(dates.InvalidDate) as refusal:
        dates.parse(text)
    assert str(refusal.value)


days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
texts = st.one_of(
    days.map(str),
    days.map(lambda day: str(day)[:7]),
    days.map(lambda day: str(day)[:4]),
    days.map(lambda day: f"{day}~"),
)


@given(texts)
def test_the_short_path_agrees_with_the_edtf_library(text):
    oracle = parse_edtf(text)
    expected = [date(*bound[:3]) for bound in (oracle.lower_strict(), oracle.upper_strict())]
    assert list(dates.parse(text)) == expected


@given(st.text(max_size=80))
def test_no_text_is_too_strange_to_be_refused(text):
    try:
        span = dates.parse(text)
    except dates.InvalidDate:
        return
    assert span.earliest <= span.latest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2007-09-12", "12 September 2007"),
        ("2009-05", "May 2009"),
        ("2009", "2009"),
        ("2009-05-19/2009-05-20", "19–20 May 2009"),
        ("2009-05-28/2009-06-03", "28 May – 3 June 2009"),
        ("1969-11-17/1969-12", "17 November – December 1969"),
        ("1983-11/1983-12", "November – December 1983"),
        ("1969-11-17/1970-01-05", "17 November 1969 – 5 January 1970"),
        ("2009-05-19/2009-05-19", "19 May 2009"),
        ("1983~", "about 1983"),
        ("1983?", "1983 (uncertain)"),
        ("1969-11-17/..", "from 17 November 1969"),
    ],
)
def test_a_date_is_spelled_no_more_precisely_than_it_is_known(text, words):
    assert dates.spell(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2009-05-19/2009-05", "19 May 2009 – May 2009"),
        ("2009-05/2009-05-20", "May 2009 – 20 May 2009"),
        ("2009/2009-05", "2009 – May 2009"),
        ("2009-05/2009", "May 2009 – 2009"),
        ("2009-05/2009-05", "May 2009"),
        ("2009-05-19~/2009-05-20", "about 19 May 2009 – 20 May 2009"),
        ("../2009-05", "until May 2009"),
    ],
)
def test_ends_that_are_known_unequally_well_are_spelled_out_each(text, words):
    assert dates.spell(text) == words


def test_russian_puts_a_month_in_another_case_after_from_and_until():
    def spell(text, **how):
        return dates.spell(text, **how).replace("\xa0", " ")

    with translation.override("ru"):
        assert spell("2009-05") == "май 2009"
        assert spell("2009-05", inflected=True) == "мая 2009"
        assert spell("2009-05/..") == "с мая 2009"
        assert spell("../2009-05") == "до мая 2009"
        assert spell("../2009") == "до 2009 года"


def test_where_there_is_little_room_a_day_is_cut_short_and_what_is_vaguer_is_not():
    assert dates.shorten("2007-09-12") == "12 Sep 2007"
    assert dates.shorten("2009-05") == "May 2009"
    assert dates.short_month(date(2007, 9, 12)) == "Sep"


def test_things_happen_on_a_day_and_in_anything_longer():
    assert dates.happened("2007-09-12") == "on 12 September 2007"
    assert dates.happened("2009-05") == "in May 2009"


@pytest.mark.parametrize("text", ["2007-09-12", "2007-09", "2007-12", "2007-01", "2007"])
def test_a_year_a_month_and_a_day_are_plain(text):
    assert dates.is_plain(text)


@pytest.mark.parametrize("text", ["2007~", "2007-09?", "2007-13", "2001-21", "198X", "2007/2008", "1969-11-17/.."])
def test_what_not_every_calendar_understands_is_not_plain(text):
    assert not dates.is_plain(text)


def test_only_a_certain_day_is_exact():
    assert dates.is_exact("2007-09-12")
    assert not any(map(dates.is_exact, ["2007-09-12~", "2007-09", "2007", "198X", "2007-09-12/2007-09-13"]))


@pytest.mark.parametrize(
    ("text", "days"), [("2007-09-12", 1), ("2009-02", 28), ("1972", 366), ("2009-05-19/2009-05-20", 2)]
)
def test_a_date_means_as_many_days_as_it_allows(text, days):
    assert dates.days_meant(text) == days


def test_of_dates_that_mean_the_same_day_the_vaguest_claims_least():
    assert dates.vaguest(["2009-05-19", "2009-05"]) == "2009-05"
    assert dates.vaguest(["2009-05-19", "2009-05-19~"]) == "2009-05-19~"
    assert dates.vaguest([]) == ""


def test_the_days_before_and_after_are_known_only_of_a_certain_day():
    assert (dates.eve("2010-01-01"), dates.morrow("2009-12-31")) == ("2009-12-31", "2010-01-01")
    assert (dates.eve("2010-01"), dates.morrow("2009~")) == ("2010-01", "2009~")


def test_the_first_day_of_the_calendar_is_its_own_eve():
    assert dates.day_before(date.min) == date.min
    assert dates.day_before(date(2010, 1, 1)) == date(2009, 12, 31)


def test_the_last_day_of_the_calendar_is_its_own_morrow():
    assert dates.day_after(date.max) == date.max
    assert dates.day_after(date(2009, 12, 31)) == date(2010, 1, 1)


def test_an_interval_ends_with_its_last_part():
    assert dates.last_part("2009-05-19/2009-05-20") == "2009-05-20"
    assert dates.last_part("2009-05") == "2009-05"


@pytest.mark.parametrize("text", ["2009-05/..", "2009-05/"])
def test_of_an_interval_without_an_end_only_its_beginning_is_known(text):
    assert dates.last_part(text) == "2009-05"


@pytest.mark.parametrize(
    ("text", "begins"),
    [("2007-09-12", "2007-09-12"), ("2009-05~", "2009-05"), ("2009-05-19/2009-05-20", "2009-05-19"), ("198X", "1980"),
     ("2001-21", "2001"), ("../2009", "0001")],
)  # fmt: skip
def test_machines_read_where_a_date_begins(text, begins):
    assert dates.machine(text) == begins


@pytest.mark.parametrize(("text", "why"), [("9" * 65, "too long"), ("9" * 64, "is not a date")])
def test_a_long_text_is_refused_for_its_length(text, why):
    with pytest.raises(dates.InvalidDate, match=why):
        dates.parse(text)


def test_an_interval_may_begin_and_end_on_one_day():
    assert dates.days_meant("2009-05-19/2009-05-19") == 1
