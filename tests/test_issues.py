"""Issues: where each side stands on a question, on any day, and how far apart that leaves them."""

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest

from negotiations.models import Issue, Party, Position
from negotiations.queries.issues import history, table
from negotiations.queries.stands import Gap, gap
from tests.make import (
    make_issue,
    make_negotiation,
    make_party,
    make_person,
    make_position,
    make_round,
    make_source,
    make_statement,
)


@pytest.fixture
def powers(db):
    us = make_party(code="US", short_name="United States", rank=10)
    ussr = make_party(code="SU", short_name="Soviet Union", rank=20, active_until=date(1991, 12, 26))
    russia = make_party(code="RU", short_name="Russia", rank=30, predecessor=ussr, active_from=date(1991, 12, 27))
    return us, ussr, russia


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


# The gap between two sides


def positions(issue, party, *answers):
    options = list(issue.options.all())
    return [
        Position(party=party, option=options[number], stance=stance, condition="" if stance != "conditional" else "if")
        for number, stance in answers
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, "demands"), (0, "accepts"), Gap.AGREED),
        ((0, "demands"), (1, "prefers"), Gap.APART),
        ((0, "demands"), (0, "opposes"), Gap.APART),
        ((0, "demands"), (0, "conditional"), Gap.PARTLY),
        ((0, "opposes"), (1, "demands"), Gap.AGREED),
        ((0, "opposes"), (0, "opposes"), Gap.AGREED),
    ],
)
def test_two_sides_agree_when_one_answer_suits_both(db, one, other, expected):
    issue, party = make_issue(), make_party()
    first, second = positions(issue, party, one, other)
    assert gap(first, second, {option.pk for option in issue.options.all()}) == expected


def test_ruling_out_the_same_of_three_answers_is_agreement_in_part(db):
    issue, party = make_issue(options=["two", "three", "five"]), make_party()
    first, second = positions(issue, party, (0, "opposes"), (0, "opposes"))
    assert gap(first, second, {option.pk for option in issue.options.all()}) == Gap.PARTLY


def test_silence_of_either_side_leaves_the_gap_unknown(db):
    issue, party = make_issue(), make_party()
    (position,) = positions(issue, party, (0, "demands"))
    options = {option.pk for option in issue.options.all()}
    assert gap(position, None, options) == gap(None, position, options) == gap(None, None, options) == Gap.UNKNOWN


# Any day, on the whole dataset


def test_the_last_word_on_any_day_is_the_one_that_as_of_gives(record):
    days = [date(1967, 6, 1) + timedelta(days=pick) for pick in random.Random(3).sample(range(21_700), 25)]
    days += [date(1991, 12, 26), date(1991, 12, 27), date(2026, 2, 5)]
    for issue in Issue.objects.all()[:12]:
        found = history(issue)
        for day in days:
            expected = {
                position.pk: position.held
                for position in Position.objects.filter(issue=issue).as_of(day).filter(line="")
            }
            words = [lane.word(day) for lane in found.lanes]
            # A lane speaks for the seat: of the Soviet Union and Russia, the one that existed that day.
            got = {word.position.pk: word.held for word in words if word.position}
            assert got == expected, (issue, day)


def test_the_list_and_the_page_of_an_issue_tell_the_same_gap(record):
    for day in (date(1972, 6, 1), date(1986, 10, 12), date(2013, 6, 22), date(2026, 11, 22)):
        for row in table(day).rows:
            found = history(row.issue)
            assert found.gap_on(*found.powers, day) == row.gap, (row.issue, day)


def test_the_stretches_between_two_sides_meet_without_holes_and_change_at_each_border(record):
    until = date(2026, 11, 22)
    for issue in Issue.objects.all():
        found = history(issue)
        stretches = found.between(*found.powers, until)
        for before, after in pairwise(stretches):
            assert before.end == after.start
            assert before.gap != after.gap
        for stretch in stretches:
            for day in (stretch.start, stretch.end - timedelta(days=1)):
                assert found.gap_on(*found.powers, day) == stretch.gap


# The list


def test_the_list_shows_every_question_with_both_sides_answers(client, record):
    html = page(client, "/issues/?on=2013-06-22")
    assert html.count('<th scope="row">') == Issue.objects.count()
    assert "Talks between the two powers alone" in html
    assert 'value="2013-06-22"' in html


def test_before_1992_the_soviet_union_sits_where_russia_does(client, record):
    html = page(client, "/issues/?on=1986-10-12")
    assert 'data-p="Soviet Union"' in html
    assert 'data-p="Russia"' not in html


def test_the_list_takes_as_many_queries_for_a_day_without_a_record(client, record, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page(client, "/issues/")
    with django_assert_max_num_queries(6):
        page(client, "/issues/?on=1960")


@pytest.mark.parametrize(
    "query",
    ["on=banana", "on=%00", "on=2013-06-31", "on=" + "9" * 10_000, "on=1969/..", "on=9999", "on=-1", "x=1&y=<script>"],
)
@pytest.mark.parametrize("path", ["/issues/", "/issues/legal-form/"])
def test_a_day_that_is_none_is_refused_kindly_and_today_is_shown(client, record, path, query):
    html = page(client, f"{path}?{query}")
    assert "Not everything in this address was understood" in html
    assert "<script>" not in html


def test_a_year_means_its_last_day(client, record):
    assert 'value="2013-12-31"' in page(client, "/issues/?on=2013")


# One issue


def test_the_page_tells_where_both_sides_stand_and_what_divides_them(client, record):
    html = page(client, "/issues/legal-form/?on=2007-09-12")
    assert "United States: prefers" in html
    assert "Russia: demands" in html
    assert "gap--apart" in html
    assert "Every recorded position" in html


def test_each_position_names_what_bears_it_out_and_marks_the_other_sides_account(client, record):
    html = page(client, "/issues/legal-form/")
    assert html.count('class="n">') == Position.objects.published().filter(issue__slug="legal-form").count()
    assert "’s account" in html


def test_verbatim_words_stand_on_the_page_with_their_source(client, record):
    html = page(client, "/issues/legal-form/")
    assert "Unfortunately, our differences are very serious" in html
    assert "Verbatim, checked against source" in html


def test_the_soviet_unions_record_stands_with_russias(client, powers):
    _us, ussr, russia = powers
    issue = make_issue()
    make_position(party=ussr, issue=issue, date="1986-01-15")
    make_position(party=russia, issue=issue, date="1999-01-01")
    found = history(issue)
    (lane,) = found.lanes
    assert lane.party == russia
    assert [record.position.party for record in lane.main] == [ussr, russia]
    assert lane.word(date(1990, 1, 1)).party == ussr
    assert not lane.word(date(1992, 1, 1)).held
    assert page(client, issue.get_absolute_url()).count('class="n">') == 2


def test_a_stand_beside_the_main_line_is_marked_with_what_it_concerns(client, powers):
    us, _ussr, _russia = powers
    issue = make_issue()
    make_position(party=us, issue=issue, date="2010-01-01")
    make_position(party=us, issue=issue, date="2011-01-01", concurrent=True, scope="missile defence assurances")
    html = page(client, issue.get_absolute_url())
    assert "Beside the main line; concerns: missile defence assurances" in html
    assert history(issue).lanes[0].word(date(2012, 1, 1)).position.scope == ""


def test_after_a_recorded_end_no_stand_is_recorded(client, powers):
    us, _ussr, _russia = powers
    issue = make_issue()
    make_position(party=us, issue=issue, date="2010-01-01", end="2011-06")
    assert "No stand recorded" in page(client, f"{issue.get_absolute_url()}?on=2012-01-01")
    assert "United States: demands" in page(client, f"{issue.get_absolute_url()}?on=2011-06-30")


def test_an_issue_without_any_record_has_a_page(client, powers):
    issue = make_issue()
    html = page(client, issue.get_absolute_url())
    assert "No position on this question is recorded yet." in html
    assert html.count("Not recorded") >= 2


def test_drafts_are_not_shown(client, powers):
    us, _ussr, _russia = powers
    issue = make_issue()
    make_position(party=us, issue=issue, state="draft")
    assert "No position on this question is recorded yet." in page(client, issue.get_absolute_url())


def test_related_issues_are_those_spoken_of_together(client, powers):
    form, ceilings, space = (make_issue(question=f"{word}?") for word in ("Form", "Ceilings", "Space"))
    make_statement(issues=[form, ceilings])
    make_statement(issues=[space])
    assert history(form).related == [ceilings]


def test_talks_with_rounds_on_the_issue_are_named_with_what_came_of_them(client, powers):
    issue, talks = make_issue(), make_negotiation(name="Zenda talks")
    make_round(negotiation=talks, issues=[issue])
    html = page(client, issue.get_absolute_url())
    assert "Zenda talks" in html
    assert "in 1 round" in html


def test_the_page_takes_as_many_queries_for_one_position_as_for_forty(client, record, django_assert_max_num_queries):
    for slug in ("conversion-accounting", "missile-defence"):
        with django_assert_max_num_queries(12):
            page(client, f"/issues/{slug}/")


def test_a_former_address_leads_to_the_present_one(client, db):
    issue = Issue.objects.get(pk=make_issue(slug="test-old").pk)
    issue.slug = "test-new"
    issue.save()
    response = client.get("/issues/test-old/?on=2013")
    assert (response.status_code, response["Location"]) == (301, "/issues/test-new/?on=2013")


def test_stored_markup_is_printed_as_text(client, powers):
    us, _ussr, _russia = powers
    issue = make_issue(question="<b>Which?</b>", options=["<i>this</i>", "that"], keywords_en=["<u>word</u>"])
    make_position(party=us, issue=issue, sources=[make_source()], summary="<s>said</s>")
    html = page(client, issue.get_absolute_url())
    for tag in ("<b>Which", "<i>this", "<u>word", "<s>said"):
        assert tag not in html


def test_without_the_two_powers_on_record_the_pages_still_stand(client, db):
    issue = make_issue()
    page(client, "/issues/")
    page(client, issue.get_absolute_url())
    assert not Party.objects.filter(code__in=["US", "RU"]).exists()


def test_many_quotations_are_cut_to_the_newest_and_lead_to_the_timeline(client, db):
    issue, party, speaker = make_issue(), make_party(), make_person()
    for year in range(1970, 2012):
        make_statement(issues=[issue], party=party, speaker=speaker, date=str(year), quote=f"Words of {year}.")
    html = client.get(f"/issues/{issue.slug}/").content.decode()
    quotes = html.split('id="h-quotes"')[1]
    assert quotes.count("<blockquote>") == 40
    assert "Words of 1971." not in quotes
    assert quotes.index("Words of 1972.") < quotes.index("Words of 2011.")
    assert f'href="/timeline/?kind=statement&amp;issue={issue.slug}"' in quotes
