"""Dates are as precise as their source and no more."""

from datetime import date

import pytest
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
