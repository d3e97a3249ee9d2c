"""What readers of the matrix get: where each side stood on a day, checked against a plain reading of the files."""

import csv
import html
import io
import re
from datetime import date, timedelta
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from negotiations.cells import AnswerFace
from negotiations.charts.moves import HEIGHT, strip
from negotiations.models import Party, Position
from negotiations.queries.directory import Directory
from negotiations.queries.evidence import read_attested
from negotiations.queries.positions import Answer, PositionsFilter, neighbours, read_moves
from negotiations.spreadsheet import neutral
from tests import make
from tests.by_hand import DAYS, ISSUES, PAIRS, POSITIONS, ROWS, first_day, gap_by_hand, last_day, read_by_hand, seat

EVERYONE = sorted({row["party"] for row in ROWS})


def get(client, address="/positions/", status=200, **asked):
    response = client.get(address + ("?" + urlencode(asked, doseq=True) if asked else ""))
    assert response.status_code == status
    return response


def page_of(client, **asked) -> str:
    return get(client, **asked).content.decode()


def words(page: str) -> str:
    """What a reader reads: the page without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def row_of(page: str, issue: str) -> str:
    """The row of one question, with its markup."""
    return next(row for row in page.split("<tr>")[1:] if f'href="/issues/{issue}/"' in row).split("</tr>")[0]


def cell_of(page: str, issue: str, party: str) -> str:
    found = re.search(rf'<td data-p="{party}"[^>]*>.*?</td>', row_of(page, issue), re.S)
    return found[0]


def problems(page: str) -> str:
    found = re.search(r'<div class="note" role="alert">(.*?)</div>', page, re.S)
    return words(found[1]) if found else ""


def notices(page: str) -> str:
    found = re.search(r'<ul class="note">(.*?)</ul>', page, re.S)
    return words(found[1]) if found else ""


def by_hand(party: str, day: date, negotiation: str | None = None) -> dict[tuple[str, str], tuple[dict, bool]]:
    """The last word of a side on each question and line, and whether it was held."""
    found = {}
    for issue in ISSUES:
        lines = read_by_hand(seat(party, day), issue, day, negotiation)
        found |= {(issue, line): (POSITIONS[slug], held) for line, (slug, held) in lines.items()}
    return found


# Against the files


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_answer_of_a_day_is_what_the_files_say(client, record, day):
    cells = get(client, "/positions.json", on=day, party=EVERYONE).json()["cells"]
    shown = {(cell["party"], cell["issue"], cell["id"]): cell["held"] for cell in cells}
    expected = {}
    for party in EVERYONE:
        for (issue, _), (row, held) in by_hand(party, day).items():
            expected[row["party"], issue, row["slug"]] = held
    assert shown == expected
    for cell in cells:
        row = POSITIONS[cell["id"]]
        assert (cell["option"], cell["stance"], cell["basis"]) == (row["option"], row["stance"], row["basis"])
        assert cell["first_attested"] == row["from"]
        assert (cell["condition"], cell["waits_for"]) == (row.get("condition", ""), row.get("waits_for"))
        assert {ground["id"] for ground in cell["evidence"]} <= set(row.get("evidence", ()))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_gap_on_every_question_is_what_the_files_say(client, record, day):
    page = page_of(client, on=day)
    us, ru = by_hand("united-states", day), by_hand("russia", day)
    counted = {"agreed": 0, "partly": 0, "apart": 0, "unknown": 0}
    for issue in ISSUES:
        if not any(asked == issue for side in (us, ru) for asked, _ in side):
            assert f'href="/issues/{issue}/"' in page.split("Issues with no view of these sides", 1)[1]
            continue
        stands = [row if held else None for row, held in (side.get((issue, ""), (None, False)) for side in (us, ru))]
        expected = gap_by_hand(*stands)
        counted[expected] += 1
        assert f"gap--{expected}" in row_of(page, issue), issue
    tallied = re.findall(r'<li><b>(\d+)</b><span class="gap gap--(\w+)', page)
    assert tallied
    assert counted == dict.fromkeys(counted, 0) | {gap: int(count) for count, gap in tallied}


@pytest.mark.parametrize(("since", "on"), list(zip(DAYS, DAYS[3:], strict=False)), ids=str)
def test_what_differs_from_an_earlier_day_is_marked_with_what_it_was(client, record, since, on):
    sides = ["united-states", "russia", "china"]
    cells = get(client, "/positions.json", on=on, since=since, party=sides).json()
    assert (cells["on"], cells["since"]) == (on.isoformat(), since.isoformat())
    moved = {cell["id"]: cell for cell in cells["cells"]}
    for party in sides:
        before, after = by_hand(party, since), by_hand(party, on)
        for line, (row, held) in after.items():
            cell, (was, was_held) = moved[row["slug"]], before.get(line, (None, False))
            if not held:
                assert cell["moved"] == (last_day(row["to"]) >= since)
            elif not was_held:
                assert cell["moved"]
                assert cell["was"] is None
            elif (was["option"], was["stance"]) != (row["option"], row["stance"]):
                assert cell["moved"]
                assert cell["was"] == {"id": was["slug"], "option": was["option"], "stance": was["stance"]}
            elif was is row:
                assert not cell["moved"]


def moves_by_hand(parties: set[str], since: date, on: date) -> set[str]:
    found, lines = set(), {}
    for row in sorted(ROWS, key=lambda row: first_day(row["from"])):
        line = (row["party"], row["issue"], row["scope"] if row.get("concurrent") else "")
        answer = (row["option"], row["stance"])
        day = first_day(row["from"])
        if lines.get(line) != answer and row["party"] in parties and since < day <= on:
            found.add(row["slug"])
        lines[line] = answer
    return found


@pytest.mark.parametrize(("since", "on"), list(zip(DAYS, DAYS[2:], strict=False)), ids=str)
def test_what_moved_between_two_days_is_what_the_files_say(client, record, since, on):
    expected = moves_by_hand({"united-states", "russia", "soviet-union"}, since, on)
    cells = get(client, "/positions.json", view="moves", on=on, since=since).json()["cells"]
    assert {cell["id"] for cell in cells} == expected
    page = page_of(client, view="moves", on=on, since=since)
    shown = set(re.findall(r'<li class="entry[^>]*id="e-([^"]+)"', page))
    assert shown == expected or (shown < expected and "Earlier moves" in page)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_who_waits_for_whom_is_what_the_files_say(client, record, day):
    expected = {
        row["slug"]: row.get("waits_for")
        for party in EVERYONE
        for row, held in by_hand(party, day).values()
        if held and row["stance"] == "conditional"
    }
    cells = get(client, "/positions.json", view="waits", on=day).json()["cells"]
    assert {cell["id"]: cell["waits_for"] for cell in cells} == expected
    page = page_of(client, view="waits", on=day)
    for slug in expected:
        assert f'href="/positions/{slug}/"' in page
        assert html.escape(POSITIONS[slug]["condition"]) in page


@pytest.mark.parametrize("day", DAYS[1:-1], ids=str)
def test_the_neighbouring_moves_are_the_nearest_in_the_files(record, day):
    ends = date(1900, 1, 1), date(2100, 1, 1)
    asked = PositionsFilter(today=timezone.localdate(), on=day.isoformat())
    found = neighbours(read_moves(asked, Directory.read()), day)
    slugs = moves_by_hand({"united-states", "russia", "soviet-union"}, *ends)
    days = {first_day(POSITIONS[slug]["from"]) for slug in slugs}
    assert found.before == max(other for other in days if other < day)
    assert found.after == min(other for other in days if other > day)


def test_one_negotiation_can_be_asked_alone(client, record):
    day = date(2012, 1, 1)
    talks = "missile-defence-talks-2011"
    cells = get(client, "/positions.json", on=day, negotiation=talks).json()["cells"]
    expected = {row["slug"] for side in ("united-states", "russia") for row, _ in by_hand(side, day, talks).values()}
    assert {cell["id"] for cell in cells} == expected
    assert {cell["negotiation"] for cell in cells} == {talks}


# The founding example


def test_who_stood_where_when_lavrov_spoke_of_a_multilateral_format(client, record):
    page = page_of(client, on="2013-06-30", since="2011-02-05", party=["united-states", "russia", "china"])
    russia = words(cell_of(page, "format", "Russia"))
    assert "Multilateral talks" in russia
    assert "Demands since 19 June 2013" in russia
    assert "Last attested 22 June 2013 (8 days before)" in russia
    assert "Own statement" in russia
    assert "Sergey Lavrov, 22 June 2013" in russia
    assert "gap--apart" in row_of(page, "format")
    summary = words(re.search(r'<p class="lede">(.*?)</p>', page, re.S)[1])
    assert "apart on 7 questions" in summary
    assert "4 of them on one day: 19 June 2013" in summary


@pytest.mark.parametrize(("language", "unit"), [("", "days|months|years"), ("/ru", "дн|меся|год|лет")])
def test_no_line_ends_between_the_number_and_the_unit_of_an_age(client, record, language, unit):
    page = client.get(f"{language}/positions/?on=2013-06-30").content.decode()
    ages = re.findall(rf"\b\d+(\s)(?:{unit})[^<]*(?:before|до этого)", page)
    assert len(ages) > 8
    assert set(ages) == {"\u00a0"}


def test_a_cell_from_other_talks_than_the_newest_word_says_so(client, record):
    page = page_of(client, on="2013-06-30")
    assert "From the talks on New START negotiation" in words(cell_of(page, "counting-rules", "Russia"))
    assert "From the talks" not in words(cell_of(page, "counting-rules", "United States"))


# What a cell says


@pytest.fixture
def sides(db):
    """Two powers and a question with two answers."""
    issue = make.make_issue(slug="form")
    us = make.make_party(
        slug="united-states", name="United States of America", short_name="United States", code="US", rank=1
    )
    ru = make.make_party(slug="russia", name="Russian Federation", short_name="Russia", code="RU", rank=3)
    return us, ru, issue


def test_not_recorded_opposing_and_silent_look_different(client, sides):
    us, ru, issue = sides
    other, third = make.make_issue(slug="other"), make.make_issue(slug="third")
    make.make_position(party=us, issue=issue, date="2001-03-01", end="2002-05", stance="prefers")
    make.make_position(party=us, issue=other, date="2001-03-01", stance="opposes")
    make.make_position(party=ru, issue=third, date="2001-03-01", end_basis="unknown")
    page = page_of(client, on="2013-06-30")
    silent, opposing = cell_of(page, "form", "United States"), cell_of(page, "other", "United States")
    unrecorded, doubtful = cell_of(page, "form", "Russia"), cell_of(page, "third", "Russia")
    assert "No stand recorded since May 2002" in words(silent)
    assert "Last preferred a legally binding agreement, from 1 March 2001" in words(silent)
    assert "Against a legally binding agreement" in words(opposing)
    assert words(unrecorded) == "Not recorded"
    assert "Not known to be still held" in words(doubtful)
    signs = [re.search(r"#(s-\w+)", cell)[1] for cell in (silent, opposing, unrecorded, doubtful)]
    assert signs == ["s-silent", "s-opposes", "s-unknown", "s-demands"]
    assert "cell--old" in doubtful


def test_an_old_stand_looks_old_and_a_renewed_one_does_not(client, sides):
    us, ru, issue = sides
    make.make_position(party=us, issue=issue, date="1999-06-01")
    again = make.make_statement(party=ru, date="2013-06-22")
    later = make.make_statement(party=ru, date="2015-01-01")
    first = make.make_statement(party=ru, date="1999-06-01")
    make.make_position(party=ru, issue=issue, date="1999-06-01", evidence=[first, again, later])
    page = page_of(client, on="2013-06-30")
    old, renewed = cell_of(page, "form", "United States"), cell_of(page, "form", "Russia")
    assert "Last attested 14 years before" in words(old)
    assert "cell--old" in old
    assert "Last attested 22 June 2013 (8 days before)" in words(renewed)
    assert "cell--old" not in renewed


@pytest.mark.parametrize(
    ("said", "on", "expected"),
    [
        ("2013-06-30", "2013-06-30", "that day"),
        ("2013-06-29", "2013-06-30", "1 day before"),
        ("2013-05-15", "2013-06-30", "46 days before"),
        ("2013-04-30", "2013-06-30", "2 months before"),
        ("2011-07", "2013-06-30", "22 months before"),
        ("2011-06-30", "2013-06-30", "2 years before"),
        ("2013", "2013-06-30", "that year"),
        ("1999-07-01", "2013-06-30", "13 years before"),
    ],
)
def test_the_age_of_the_evidence_is_said_in_whole_days_months_or_years(db, said, on, expected):
    make.make_position(date=said)
    day = date.fromisoformat(on)
    answer = Answer(read_attested(Position.objects.as_of(day))[0], day)
    assert words(AnswerFace(answer, date(2026, 11, 21)).age) == expected


def test_a_condition_names_the_party_it_waits_for(client, sides):
    us, ru, issue = sides
    make.make_position(
        party=us, issue=issue, date="2001-03-01", stance="conditional", condition="only if Russia signs", waits_for=ru
    )
    cell = words(cell_of(page_of(client), "form", "United States"))
    assert "A legally binding agreement : only if Russia signs" in cell
    assert "Waits for Russia" in cell


def test_a_line_beside_the_main_one_stands_in_the_same_cell_with_its_scope(client, sides):
    us, _, issue = sides
    make.make_position(party=us, issue=issue, date="2001-03-01")
    make.make_position(
        party=us, issue=issue, option=issue.options.last(), date="2002-03-01", concurrent=True, scope="the test ban"
    )
    cell = words(cell_of(page_of(client), "form", "United States"))
    assert "A legally binding agreement" in cell
    assert "Beside it, on the test ban: A political commitment" in cell


def test_a_side_that_moved_and_moved_back_is_marked(client, sides):
    us, _, issue = sides
    make.make_position(party=us, issue=issue, date="2001-01-01")
    make.make_position(party=us, issue=issue, option=issue.options.last(), date="2003-01-01")
    make.make_position(party=us, issue=issue, option=issue.options.first(), date="2005-01-01")
    page = page_of(client, on="2006", since="2002-01-01")
    assert "Moved and moved back was: a political commitment" in words(cell_of(page, "form", "United States"))
    assert "changed" not in cell_of(page_of(client, on="2006"), "form", "United States")


def test_what_is_not_published_is_no_answer(client, sides):
    us, _, issue = sides
    make.make_position(party=us, issue=issue, date="2001-01-01", state="draft")
    page = page_of(client)
    assert "Nothing is recorded of these sides" in words(page)
    assert get(client, "/positions.json").json()["cells"] == []


def test_an_empty_record_has_a_matrix(client, db):
    for view in ("", "moves", "waits"):
        page_of(client, view=view)
    assert get(client, "/positions.json").json()["cells"] == []


# Sides


def test_before_russia_the_soviet_union_sat_in_its_seat(client, record):
    page = page_of(client, on="1986-10-12")
    assert '<td data-p="Soviet Union"' in page
    assert "Russia did not exist on that day; Soviet Union is shown in its place." in notices(page)
    assert '<td data-p="Russia"' in page_of(client, on="2000", party="soviet-union")


def test_russia_is_compared_with_what_the_soviet_union_wanted(client, record):
    page = page_of(client, on="1992-06-17", since="1991-07-31")
    assert "(Soviet Union)" in words(page)


def test_the_gap_is_measured_between_any_two(client, record):
    page = page_of(client, on="2021", party=["united-states", "russia", "china"], a="china", b="russia")
    assert "China and Russia:" in words(page)
    assert (
        page_of(client, on="2021", a="china", b="france").count('<th scope="col"><span class="party"><span class') == 2
    )


def test_one_side_alone_has_no_gap(client, record):
    page = page_of(client, on="2013-06-30", party="china")
    assert "gapcell" not in page
    assert "China has spoken on" in words(page)


# Narrowing


def test_the_reader_can_keep_to_what_is_apart_and_to_what_changed(client, record):
    asked = {"on": "2013-06-30", "since": "2011-02-05"}
    everything = page_of(client, **asked)
    apart, moved = page_of(client, show="apart", **asked), page_of(client, show="moved", **asked)
    assert apart.count("gapcell") == everything.count("gap--apart") - 1  # one is in the tally
    assert "gap--agreed" not in apart.split("<table", 1)[1]
    assert moved.count("gapcell") == len(re.findall(r'<tr>(?:(?!</tr>).)*class="changed"', everything, re.S))
    assert len(get(client, "/positions.json", show="apart", **asked).json()["cells"]) < len(
        get(client, "/positions.json", **asked).json()["cells"]
    )


def rounds_offered(client) -> list[str]:
    select = page_of(client, view="moves").split('name="since_round"')[1].split("</select>")[0]
    return re.findall(r'<option value="([\w-]+)"', select)


def test_what_moved_between_two_rounds(client, record):
    rome, prague = "post-start-consultations-rome-consultations", "new-start-negotiation-prague-signing"
    assert {rome, prague} <= set(rounds_offered(client))
    page = page_of(client, view="moves", since_round=rome, on_round=prague)
    assert not problems(page)
    assert "What moved from the end of Rome" in words(page)
    assert f'<option value="{rome}" selected>' in page
    between_rounds = get(client, "/positions.json", view="moves", since_round=rome, on_round=prague).json()
    assert between_rounds == get(client, "/positions.json", view="moves", since="2007-09-12", on="2010-04-08").json()
    page = page_of(client, on="2012", on_round=prague)
    assert "A round and a date were given for “on”; the round was used." in problems(page)


# Dates


def test_a_month_or_a_year_counts_as_its_last_day_and_the_page_says_so(client, record):
    assert get(client, "/positions.json", on="2013-06").json()["on"] == "2013-06-30"
    page = page_of(client, on="2013")
    assert "Who stood where on 31 December 2013" in words(page)
    assert "2013 counts as its last day, 31 December 2013." in notices(page)
    assert get(client, "/positions.json", on="2013", since="2011").json()["since"] == "2010-12-31"


def test_the_year_that_still_runs_counts_as_today(client, record):
    today = timezone.localdate()
    asked = get(client, "/positions.json", on=str(today.year)).json()
    assert asked["on"] == (today.isoformat())
    ahead = (today + timedelta(days=400)).isoformat()
    assert "still to come" in notices(page_of(client, on=ahead))


# What is not understood


MISTAKES = [
    ({"on": "banana"}, "“banana” is not a day."),
    ({"on": "0001"}, "“0001” is not a day."),
    ({"on": "2013/.."}, "is not a day."),
    ({"on": "9999-12-31"}, "is not a day."),
    ({"on": "x" * 10_000}, "is not a day."),
    ({"since": "2013-13-01"}, "is not a day."),
    ({"on": "\0"}, "is not a day."),
    ({"party": "atlantis"}, "There is no party “atlantis” in the record."),
    ({"party": "\0"}, "There is no party “�” in the record."),
    ({"a": "nowhere"}, "There is no party “nowhere” in the record."),
    ({"a": "russia", "b": "russia"}, "A party cannot be compared with itself."),
    ({"negotiation": "\0"}, "There is no negotiation “�” in the record."),
    ({"on_round": "\0"}, "There is no round “�” in the record."),
    ({"since_round": "nowhere"}, "There is no round “nowhere” in the record."),
    ({"view": "sideways"}, "“sideways” was not understood as “view”."),
    ({"show": "sideways"}, "“sideways” was not understood as “show”."),
    ({"show": "moved"}, "name a day since which."),
    ({"show": "apart", "party": "china"}, "choose two."),
    ({"show": "apart", "view": "waits"}, "Only the matrix can be narrowed"),
    ({"on": "2010", "since": "2011-06"}, "comes after the day shown"),
    ({"banana": "1"}, "There is no filter “banana”."),
    ({"on": ["2010", "2011"]}, "“on” was given more than once"),
    ({f"filter{n}": "1" for n in range(9)}, "3 more filters were not understood."),
]


@pytest.mark.parametrize(("asked", "told"), MISTAKES)
def test_what_is_not_understood_is_told_and_the_rest_is_shown(client, record, asked, told):
    page = page_of(client, **asked)
    assert told in problems(page)
    assert 'id="positions"' in page
    assert told in words(" ".join(get(client, "/positions.json", status=400, **asked).json()["problems"]))
    assert told in get(client, "/positions.csv", status=400, **asked).content.decode()


def test_nothing_a_reader_sends_comes_back_as_markup(client, record):
    page = page_of(client, **{"on": "<script>alert(1)</script>", "<b>": "1", "party": "<i>"})
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "“<b>”" in problems(page)
    assert "“<b>”" not in page
    assert "“<i>”" not in page


# Representations


def test_the_spreadsheet_holds_the_same_answers_as_the_json(client, record):
    asked = {"on": "2013-06-30", "since": "2011-02-05", "party": ["united-states", "russia", "china"]}
    response = get(client, "/positions.csv", **asked)
    assert response["Content-Type"].startswith("text/csv; charset=utf-8")
    text = response.content.decode()
    assert text.count("\r\n") == text.count("\n")
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    cells = get(client, "/positions.json", **asked).json()["cells"]
    assert [row["id"] for row in found] == [cell["id"] for cell in cells]
    for row, cell in zip(found, cells, strict=True):
        assert row["moved"] == ("yes" if cell["moved"] else "no")
        assert row["evidence"].split() == [ground["id"] for ground in cell["evidence"]]
        assert row["condition"].lstrip("'") == cell["condition"]


def test_the_json_has_the_keys_that_data_users_rely_on(client, record):
    answer = get(client, "/positions.json", on="2013-06-30").json()
    assert set(answer) == {"on", "since", "cells"}
    assert set(answer["cells"][0]) >= {
        "id", "party", "issue", "negotiation", "option", "stance", "condition", "basis", "first_attested",
        "last_attested", "moved", "was", "evidence", "url",
    }  # fmt: skip
    assert answer["since"] is None
    assert answer["cells"][0]["moved"] is None
    assert answer["cells"][0]["url"].startswith("http://testserver/positions/")


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_spreadsheet_runs_no_formula_from_the_record(client, sides, formula):
    us, _, issue = sides
    make.make_position(party=us, issue=issue, date="2001-01-01", stance="conditional", condition=formula)
    text = get(client, "/positions.csv").content.decode()
    row = next(csv.DictReader(io.StringIO(text, newline="")))
    assert row["condition"] == neutral(formula) == f"'{formula}"


def test_one_address_serves_the_page_and_its_part(client, record):
    whole = client.get("/positions/?on=2013-06-30&party=united-states&party=russia&show=")
    part = client.get(
        "/positions/?on=2013-06-30&party=united-states&party=russia&show=", headers={"HX-Request": "true"}
    )
    restored = client.get("/positions/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<!doctype html>" in whole.content.decode()
    assert "<!doctype html>" in restored.content.decode()
    assert "<!doctype html>" not in part.content.decode()
    assert part.content.decode().count('id="positions"') == 1
    assert part["HX-Push-Url"] == "/positions/?on=2013-06-30"
    assert "HX-Request" in whole["Vary"]
    assert "HX-Request" in part["Vary"]


def test_the_page_links_to_the_same_view_for_machines(client, record):
    page = page_of(client, on="2013-06-30", since="2011-02-05", show="apart")
    for name in ("csv", "json"):
        address = html.unescape(re.search(rf'href="(/positions\.{name}[^"]*)"', page)[1])
        assert address == f"/positions.{name}?on=2013-06-30&since=2011-02-05&show=apart"
        assert client.get(address).status_code == 200


# Cost


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as context:
        assert client.get(address).status_code == 200
    return len(context)


@pytest.mark.parametrize(
    "address",
    [
        "/positions/?on=2013-06-30",
        "/positions/?on=2013-06-30&since=2011-02-05&party=united-states&party=russia&party=china",
        "/positions/?view=waits&on=2013-06-30",
        "/positions/?view=moves&on=2013-06-30&since=2000",
        "/positions.json?on=2013-06-30&since=2011-02-05",
        "/positions.csv?on=2013-06-30&since=2011-02-05",
    ],
)
def test_a_page_asks_at_most_twelve_questions_of_the_database(client, record, address):
    asked = queries(client, address)
    assert asked <= 12
    everyone = "".join(f"&party={party}" for party in EVERYONE)
    assert queries(client, address + everyone) <= asked + 1  # the lists of neighbours may have been empty before


def test_rounds_named_as_days_cost_one_question_more(client, record):
    slug = rounds_offered(client)[30]
    assert queries(client, f"/positions/?view=moves&since_round={slug}") <= 12


# The chart


def test_each_day_with_a_move_has_one_tick_as_tall_as_its_moves():
    days = [date(1969, 11, 17), date(2010, 4, 8), date(2010, 4, 8), date(2013, 6, 19)]
    chart = strip(days, date(2013, 6, 30), date(2011, 2, 5), 2026)
    assert [(tick.day, tick.count) for tick in chart.ticks] == [(days[0], 1), (days[1], 2), (days[3], 1)]
    assert chart.ticks[1].y < chart.ticks[0].y == chart.ticks[2].y
    assert chart.span_width


def test_the_strips_of_ticks_do_not_overlap_and_hold_their_tick():
    days = [date(2010, 1, 1) + timedelta(days=17 * n) for n in range(120)]
    ticks = strip(days, date(2013, 1, 1), None, 2026).ticks
    bounds = [(float(tick.hit_x[:-1]), float(tick.hit_x[:-1]) + float(tick.hit_width[:-1])) for tick in ticks]
    for (left, right), tick in zip(bounds, ticks, strict=True):
        assert left <= float(tick.x[:-1]) + 0.01
        assert right >= float(tick.x[:-1]) - 0.01
    for (_, right), (left, _) in pairwise(bounds):
        assert right <= left + 0.02


def test_a_busy_day_stays_within_the_chart():
    chart = strip([date(2010, 4, 8)] * 50, date(2010, 4, 8), None, 2026)
    assert 0 <= chart.ticks[0].y < HEIGHT
    assert strip([], date(2030, 1, 1), None, 2026).needle


def test_all_parties_of_the_files_are_in_the_record(record):
    assert set(EVERYONE) <= set(Party.objects.values_list("slug", flat=True))
    assert len(PAIRS) > 100
