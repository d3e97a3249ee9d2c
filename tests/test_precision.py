"""What is worked out from dates is no more precise than they are."""

import html
import re
from datetime import date, timedelta

import pytest
from django.utils import translation

from negotiations import dates
from negotiations.models import Citation, DataExchange, Entry, Issue, Limit, Negotiation, Position, Treaty
from negotiations.queries.state_of_play import ROUND_YEARS
from tests import make

NEXT = timedelta(days=1)


def words(client, path: str, between: str = " ") -> str:
    """What a reader reads, in text, titles and labels."""
    response = client.get(path)
    assert response.status_code == 200, path
    page = response.content.decode()
    named = re.findall(r'(?:aria-label|title|alt|content)="([^"]*)"', page)
    return " ".join(html.unescape(" ".join([re.sub(r"<[^>]+>", between, page), *named])).split())


@pytest.fixture
def powers(db):
    us = make.make_party(code="US", short_name="United States", rank=10)
    return us, make.make_party(code="RU", short_name="Russia", rank=20)


@pytest.fixture
def apart(powers):
    """A question on which the two are apart since a month, and then one of them falls silent in another month."""
    us, russia = powers
    issue = make.make_issue()
    one, other = issue.options.all()
    make.make_position(party=us, option=one, date="2001-02-03")
    make.make_position(party=russia, option=other, date="2006-09", end="2009-04")
    return issue


# In whatever is recorded


def claimed_by_nothing() -> set[date]:
    """Days on which vague dates begin or end, and that no date in the record names."""
    texts = set()
    for model, names in (
        (Entry, ("date",)), (Position, ("end",)), (Negotiation, ("start", "end")), (Limit, ("applies_from",)),
        (DataExchange, ("as_of",)),
        (Citation, ("source__date", "source__accessed")),
    ):  # fmt: skip
        for name in names:
            texts |= set(model.objects.values_list(name, flat=True))
    parts = {part for text in texts if text for part in str(text).split("/") if part not in dates.OPEN}
    exact = {date.fromisoformat(part) for part in parts if dates.is_exact(part)}
    # The front page keeps round anniversaries.
    kept = set()
    for day in exact:
        last = 28 if day.month == 2 else day.day
        kept |= {date(day.year + years, day.month, min(day.day, last)) for years in ROUND_YEARS}
    near = set()
    for part in parts:
        span = dates.parse(part)
        if not dates.is_exact(part):
            near |= {span.earliest, span.latest, dates.day_before(span.earliest), span.latest + NEXT}
    return near - {day + shift for day in exact for shift in (-NEXT, 0 * NEXT, NEXT)} - kept


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_page_names_a_day_that_no_source_names(client, record, language):
    asked = ["1979-06-18", "1986-10-12", "1992-10-06", "2001-12-13", "2013-06-22", "2026-11-22"]
    paths = ["/timeline/", "/treaties/", "/positions/", "/positions/?view=moves", "/positions/?view=waits"]
    paths += [f"/positions/?on={day}&since=1967" for day in asked] + [f"/?on={day}" for day in asked]
    paths += [thing.get_absolute_url() for model in (Issue, Treaty) for thing in model.objects.all()]
    with translation.override(language):
        unknown = {spell(day) for day in claimed_by_nothing() for spell in (dates.long_day, dates.short_day)}
    assert len(unknown) > 100
    assert all(day[0].isdigit() for day in unknown)
    lengths = {len(day) for day in unknown}
    prefix = "" if language == "en" else f"/{language}"
    found = {}
    for path in paths:
        # A number before a date, each in an element of its own, is no day.
        page = words(client, prefix + path, between=" | ")
        numbers = [one.start() for one in re.finditer(r"(?<!\d)\d", page)]
        found[path] = {
            page[max(0, at - 60) : at + 40]
            for at in numbers
            if any(page[at : at + length] in unknown for length in lengths)
        }
    assert {path: some for path, some in found.items() if some} == {}


# In what might be


def test_an_issue_is_apart_since_the_month_of_the_position_and_the_story_says_the_same(client, apart):
    page = words(client, f"{apart.get_absolute_url()}?on=2008-05-05")
    assert "Apart since September 2006" in page
    assert "they have been apart since September 2006" in page
    assert "1 September 2006" not in page


def test_a_stand_ends_with_the_month_that_its_source_gives(client, apart):
    page = words(client, f"{apart.get_absolute_url()}?on=2010-05-05")
    assert "Unknown since April 2009" in page
    assert "1 May 2009" not in page
    assert "30 April 2009" not in page


def test_an_exact_end_is_told_to_the_day(client, powers):
    us, russia = powers
    issue = make.make_issue()
    one, other = issue.options.all()
    make.make_position(party=us, option=one, date="2001-02-03", end="2005-03-03")
    make.make_position(party=russia, option=other, date="2001-02-03")
    assert "Unknown since 4 March 2005" in words(client, f"{issue.get_absolute_url()}?on=2010-05-05")


def test_a_position_that_a_vague_one_follows_ends_as_vaguely(client, apart, powers):
    make.make_position(party=powers[0], option=apart.options.last(), date="2007-11")
    page = words(client, apart.get_absolute_url())
    assert "31 October 2007" not in page
    assert "3 February 2001 November 2007" in page
    assert "Agreed since November 2007" in words(client, f"/embed{apart.get_absolute_url()}?on=2008-05-05")


def test_moves_of_an_unknown_day_are_named_by_their_month(client, apart):
    page = words(client, "/positions/?on=2005-01-01")
    assert "Next move, September 2006" in page
    assert "September 2006: 1 move" in page
    assert "1 September 2006" not in page


@pytest.mark.parametrize(
    ("said", "on", "age"),
    [
        ("2006-09", "2006-09-22", "Last attested that month"),
        ("2006-09", "2006-10-02", "Last attested 1 month before"),
        ("2006-09", "2010-10-02", "Last attested 4 years before"),
        ("2006", "2006-09-22", "Last attested that year"),
        ("2006", "2007-01-02", "Last attested 1 year before"),
        ("2006-09-20", "2006-09-22", "Last attested 2 days before"),
        ("2006-09-20", "2006-09-20", "Last attested that day"),
        ("2006-09-03/2006-09-20", "2006-09-22", "Last attested 2 days before"),
    ],
)
def test_the_age_of_evidence_is_no_more_precise_than_its_date(client, powers, said, on, age):
    make.make_position(party=powers[0], issue=make.make_issue(), date=said)
    assert age in words(client, f"/positions/?on={on}")


@pytest.fixture
def vague_treaty(powers):
    treaty = make.make_treaty(parties=powers, short_name="Treaty of Zenda")
    make.make_limit(treaty, applies_from="1996-07", unit="warheads")
    make.make_milestone(treaty=treaty, type="signed", date="1994-03")
    make.make_milestone(treaty=treaty, type="entered-into-force", date="1995-06")
    make.make_milestone(treaty=treaty, type="expired", date="2005")
    return treaty


def test_a_treatys_life_is_told_as_exactly_as_its_milestones(client, vague_treaty):
    for path in ("/", "/treaties/", vague_treaty.get_absolute_url(), f"/embed{vague_treaty.get_absolute_url()}"):
        for on in ("1999-05-05", "2010-05-05"):
            page = words(client, f"{path}?on={on}", between=" | ")
            assert "June 1995" in page, path
            assert not re.search(r"\b(1|30|31) (January|Jan|March|June|Jun|July) (1994|1995|1996|2005)", page), path
    assert "ended in 2005" in words(client, "/?on=2010-05-05")
    assert "July 1996" in words(client, vague_treaty.get_absolute_url())


def test_days_that_cannot_be_counted_exactly_are_said_to_be_the_most(client, vague_treaty):
    assert "Days with a limit in force at most 1,434" in words(client, "/?on=1999-05-05")
    assert "Days with no limit in force at most 1,950" in words(client, "/?on=2010-05-05")
    make.make_milestone(treaty=vague_treaty, type="expired", date="2004-05-05")
    assert "Days with no limit in force 2,191" in words(client, "/?on=2010-05-05")


def test_what_lies_ahead_is_dated_as_exactly_as_it_is_known(client, powers, vague_treaty):
    _us, russia = powers
    make.make_position(party=russia, date="2020-01-01", end="2027-02")
    page = words(client, "/?on=2026-12-01")
    assert "February 2027 Next." in page
    assert "28 February 2027" not in page
    assert "March 2034" in page  # forty years after it was signed
    assert "1 March 2034" not in page
    ahead = client.get("/api/v1/state-of-play?on=2026-12-01").json()["coming"]
    assert [one["date"] for one in ahead] == ["2027-02", "2030", "2034-03"]
    periods = client.get(f"/api/v1/treaties/{vague_treaty.slug}").json()["periods"]
    assert [(one["start"], one["end"]) for one in periods][-2:] == [("1995-06", "2005"), ("2005", None)]


def test_a_clock_that_began_on_an_unknown_day_says_so(client, powers):
    talks = make.make_negotiation(powers, start="1999-04", outcome="ongoing")
    assert talks
    assert "at most 25 months" in words(client, "/?on=2001-05-05")


def test_what_happened_about_a_day_did_not_happen_on_it(client, db):
    make.make_statement(date="2001-11-13~", occasion="Perhaps that day")
    assert "Perhaps that day" not in words(client, "/?on=2010-11-13").partition("On this day")[2]
    make.make_statement(date="2001-11-13", occasion="That very day")
    page = words(client, "/?on=2010-11-13").partition("On this day")[2]
    assert "That very day" in page
    assert "Perhaps that day" not in page


def test_the_rule_for_machines_gives_no_more_than_a_date_says():
    cases = {"2006-09": "2006-09", "2006~": "2006", "198X": "1980", "2001-21": "2001", "2006-09-03/..": "2006-09-03"}
    assert {text: dates.machine(text) for text in cases} == cases


@pytest.mark.parametrize("text", ["../1972", "1969-11-17/..", "1969/"])
def test_every_page_can_be_read_where_a_date_has_no_beginning_or_no_end(client, powers, text):
    us, russia = powers
    talks = make.make_negotiation(parties=powers, start=text, end=text)
    treaty = make.make_treaty(parties=powers, negotiation=talks)
    make.make_limit(treaty, applies_from=text)
    make.make_data_exchange(treaty, us, as_of=text)
    office = make.make_office(party=us, start=text, end=text)
    round_ = make.make_round(negotiation=talks, date=text)
    steps = [make.make_milestone(treaty=treaty, date=text, type=type_) for type_ in ("signed", "entered-into-force")]
    said = make.make_statement(party=us, speaker=office.person, date=text, round=round_)
    issue = make.make_issue()
    one, other = issue.options.all()
    held = make.make_position(party=us, option=one, date=text, end=text, evidence=[said], negotiation=talks)
    make.make_position(party=russia, option=other, date="1975")
    things = [talks, treaty, office.person, us, round_, *steps, said, issue, held]
    paths = ["/", "/timeline/", "/treaties/", "/negotiations/", "/issues/", "/positions/", "/positions/?view=moves"]
    paths += [f"{path}?on=1980" for path in ("/", "/positions/", "/positions.json", issue.get_absolute_url())]
    paths += [f"/positions/?{name}={round_.slug}" for name in ("on_round", "since_round")]
    paths += [f"{one.get_absolute_url()}picture.png" for one in (treaty, issue)]
    paths += [f"/embed{one.get_absolute_url()}" for one in (treaty, issue, said)]
    paths += [f"{round_.get_absolute_url()}{page}" for page in ("brief/", "brief.pdf", "debate.xml")]
    for path in (*paths, *(thing.get_absolute_url() for thing in things)):
        assert client.get(path).status_code == 200, path
    assert b"".join(client.get("/timeline.ics").streaming_content).endswith(b"END:VCALENDAR\r\n")


def test_what_has_no_known_end_was_last_attested_when_it_began(client, powers):
    us, _russia = powers
    make.make_position(party=us, date="1969-11-17/..")
    assert "Last attested 10 years before" in words(client, "/positions/?on=1980-01-01")
