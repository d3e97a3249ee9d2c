"""Treaties: what each limits, what became of it, and the charts of both."""

import re
from datetime import date, timedelta

import pytest
from django.utils import translation

from negotiations.charts import ceilings, lifelines
from negotiations.charts.labels import NARROW, WIDE, extent, room
from negotiations.charts.lifelines import WORDED
from negotiations.charts.scales import YearScale, percent
from negotiations.models import Treaty
from negotiations.queries.treaties import binds_both, dossier, lives, seats, unbroken
from negotiations.treaty_charts import course, declared, families
from tests.make import (
    make_data_exchange,
    make_issue,
    make_limit,
    make_milestone,
    make_negotiation,
    make_party,
    make_round,
    make_treaty,
)

TODAY = date(2026, 11, 22)


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


# Lives


def test_a_life_has_on_every_day_the_status_that_the_treaty_has(record):
    for life in lives().values():
        day = date(1967, 1, 1)
        while day < TODAY:
            period, standing = life.period_on(day), life.treaty.status_on(day)
            assert (period and period.status) == (standing and standing.status), (life.treaty, day)
            day += timedelta(days=97)
        for period in life.periods:
            assert life.treaty.status_on(period.start).status == period.status
            if period.end:
                assert life.treaty.status_on(period.end - timedelta(days=1)).status == period.status


def test_reading_all_lives_takes_as_many_queries_as_reading_one(record, django_assert_num_queries):
    with django_assert_num_queries(4):
        for life in lives().values():
            life.on(TODAY)
            assert life.milestones is not None


def test_stretches_in_force_that_touch_or_overlap_count_as_one(db):
    us, russia = make_party(code="US"), make_party(code="RU")
    for begins, ends in (("1990-01-01", "1995-01-01"), ("1994-01-01", "1996-01-01"), ("2000-01-01", None)):
        treaty = make_treaty(parties=[us, russia])
        make_milestone(treaty=treaty, type="signed", date="1989-01-01")
        make_milestone(treaty=treaty, type="entered-into-force", date=begins)
        if ends:
            make_milestone(treaty=treaty, type="expired", date=ends)
    assert [(span.start, span.end) for span in unbroken(lives().values())] == [
        (date(1990, 1, 1), date(1996, 1, 1)),
        (date(2000, 1, 1), None),
    ]


def test_russia_sits_where_the_soviet_union_sat(db):
    us, ussr = make_party(code="US"), make_party(code="SU")
    russia = make_party(code="RU", predecessor=ussr)
    make_treaty(parties=[us, ussr])
    make_treaty(parties=[us, make_party(code="CN")])
    powers = seats([us, ussr, russia])
    assert sorted(binds_both(life, powers) for life in lives().values()) == [False, True]


# The list


def test_the_list_shows_every_text_with_its_status_on_the_day(client, record):
    html = page(client, "/treaties/?on=2012-01-01")
    assert html.count('<th scope="row">') == Treaty.objects.count()
    for name in Treaty.objects.values_list("short_name", flat=True):
        assert name in html or name.replace("'", "&#x27;") in html
    assert "In force" in html


def test_the_list_takes_a_constant_number_of_queries(client, record, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        page(client, "/treaties/")


@pytest.mark.parametrize("query", ["on=banana", "on=%00", "on=" + "1" * 10_000, "colour=red"])
@pytest.mark.parametrize("path", ["/treaties/", "/treaties/new-start/"])
def test_nonsense_in_the_address_is_told_and_the_rest_is_shown(client, record, path, query):
    assert "Not everything in this address was understood" in page(client, f"{path}?{query}")


# One treaty


def test_the_page_tells_status_and_since_when_on_any_day(client, record):
    assert "in force, suspended by Russia" in page(client, "/treaties/new-start/?on=2024-01-01").replace("In", "in")
    assert "Signed, not in force" in page(client, "/treaties/new-start/?on=2010-06-01")
    assert "Not yet agreed" in page(client, "/treaties/new-start/?on=2000-01-01")
    assert "United States withdrew" in page(client, "/treaties/inf-treaty/")
    never = page(client, "/treaties/start-ii/")
    assert re.sub(r"<[^>]+>", "", never.partition('class="kicker">')[2].partition("</p>")[0]).endswith(
        "Never entered into force"
    )


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/treaties/new-start/", "Expired on 5 February 2026"),
        ("/treaties/new-start/?on=2012-01-01", "In force since 5 February 2011"),
        ("/treaties/abm-treaty/", "United States withdrew on 13 June 2002"),
        ("/ru/treaties/new-start/", "Срок истёк 5 февраля 2026"),
    ],
)
def test_an_end_has_its_day_and_what_lasts_its_beginning(client, record, path, words):
    kicker = page(client, path).partition('class="kicker">')[2].partition("</p>")[0]
    assert words in " ".join(re.sub(r"<[^>]+>", " ", kicker).split())


def test_the_states_that_succeeded_to_a_treaty_stand_with_the_one_before_them(client, record):
    html = page(client, "/treaties/start-i/")
    told = html[html.index("<dt>Succession</dt>") :].partition("</dd>")[0]
    names = re.findall(r'<a href="/parties/([\w-]+)/">', told)
    assert names[0] == "soviet-union"
    assert sorted(names[1:]) == ["belarus", "kazakhstan", "russia", "ukraine"]
    assert "26 December 1991" in told
    assert "<dt>Succession</dt>" not in page(client, "/treaties/new-start/")


def test_every_treaty_has_a_page_in_a_bounded_number_of_queries(client, record, django_assert_max_num_queries):
    for slug in Treaty.objects.values_list("slug", flat=True):
        with django_assert_max_num_queries(14):
            page(client, f"/treaties/{slug}/")


def test_limits_stand_with_unit_day_note_and_sources(client, db):
    limit = make_limit(ceiling=1550, unit="warheads", applies_from="2018-02-05", note="Bombers count as one.")
    html = page(client, limit.treaty.get_absolute_url())
    assert "1,550" in html
    assert "Bombers count as one." in html
    assert "5 February 2018" in html
    assert limit.sources.get().get_absolute_url() in html


def test_milestones_lead_to_their_pages_and_name_who_and_where(client, db):
    russia = make_party(code="RU", short_name="Russia")
    treaty = make_treaty(parties=[russia, make_party(code="US")])
    signed = make_milestone(treaty=treaty, city="Prague", country="Czech Republic")
    ratified = make_milestone(treaty=treaty, type="ratified", party=russia, date="2011-01-28")
    make_milestone(treaty=treaty, type="expired", date="2020", state="draft")
    html = page(client, treaty.get_absolute_url())
    assert signed.get_absolute_url() in html
    assert "Prague, Czech Republic" in html
    assert "Russia: ratified" in html
    assert ratified.get_absolute_url() in html
    assert "Expired" not in html


def test_an_inferred_date_is_marked_with_its_note(client, db):
    milestone = make_milestone(date_basis="inferred", note="The summit ended that day.")
    html = page(client, milestone.treaty.get_absolute_url())
    assert "Date: inferred" in html
    assert "The summit ended that day." in html


def test_lineage_runs_from_forebears_to_heirs(client, record):
    html = page(client, "/treaties/start-i/")
    lineage = html[html.index("Lineage") :]
    assert lineage.index("START I<") < lineage.index("START II<") < lineage.index("New START<")


def test_fought_over_names_the_issues_of_its_rounds(client, db):
    talks, issue = make_negotiation(), make_issue(question="How low should the ceilings go?")
    make_round(negotiation=talks, issues=[issue])
    treaty = make_treaty(negotiation=talks)
    html = page(client, treaty.get_absolute_url())
    assert "How low should the ceilings go?" in html
    assert "Strelsau consultations" in html


def test_declared_figures_are_marked_where_no_text_prints_them(client, db):
    exchange = make_data_exchange(
        deployed_warheads=1499, deployed_delivery_vehicles=491, derived=["deployed_delivery_vehicles"]
    )
    html = page(client, exchange.treaty.get_absolute_url())
    assert "1,499" in html
    assert html.count("worked out") == 1
    assert html.count("not found") == 1


def test_a_treaty_of_which_nothing_is_recorded_has_a_page(client, db):
    html = page(client, make_treaty().get_absolute_url())
    assert "No milestone of this text is recorded yet." in html


def test_a_line_ends_between_two_days_and_not_within_one(record, client):
    html = page(client, "/treaties/new-start/")
    assert "31\u00a0August – 2\u00a0September\u00a02009" in html
    assert "23 September 2009" in html


# The chart of all lives


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "signed 1997, not in force"), ("/ru", "подписан в 1997, не в силе")]
)
def test_that_a_text_is_signed_is_said_once(client, record, prefix, words):
    html = page(client, f"{prefix}/treaties/")
    assert words in html
    assert "1997, signed" not in html


def row(name="Zenda", remark="in force", signed=date(2000, 1, 1), **parts):
    values = {"target": "/", "phases": (), "ended": None, "rounds": ()} | parts
    return lifelines.Row(name, remark, values.pop("target"), signed, **values)


def test_a_name_near_the_right_edge_is_set_from_the_edge():
    scale = YearScale(1967, 2026)
    chart = lifelines.overview([row(signed=date(1972, 1, 1)), row("A treaty with a name", signed=TODAY)], scale, TODAY)
    assert [[(name.anchor, name.css) for name in line.names] for line in chart.lines] == [
        [("start", "")],
        [("end", "")],
    ]


def test_a_name_too_long_to_begin_with_its_life_ends_with_it():
    scale = YearScale(1967, 2026)
    ended = lifelines.Phase("force", date(1996, 1, 1), date(2016, 12, 31))
    line = lifelines.overview(
        [row("A protocol of thirty letters.", "", ended.first, phases=[ended])], scale, TODAY
    ).lines[0]
    first, last = percent(scale.share(ended.first)), percent(scale.share(ended.last))
    assert [tuple(name) for name in line.names] == [(last, "end", "not-wide not-full"), (first, "start", "not-narrow")]


def test_no_name_leaves_the_chart_at_any_width():
    scale = YearScale(1967, 2026)
    rows = [row("SALT I Interim Agreement", "1972–1977, expired", date(year, 6, 1)) for year in range(1967, 2027)]
    for line in lifelines.overview(rows, scale, TODAY).lines:
        name, whole = room(line.name, 13, True), room(line.name, 13, True) + 8 + room(line.remark)
        for css, width, pixels in (("narrow", NARROW, name), ("wide", WIDE, whole), ("full", 1056, whole)):
            (place,) = (place for place in line.names if f"not-{css}" not in place.css)
            left, right = extent(share(place.x), place.anchor, pixels, width)
            assert left >= 0
            assert right <= width + 0.5


# The chart of one life


def boxes(pills, name, width):
    for pill in pills:
        share = float(pill.x.rstrip("%")) / 100
        yield pill, extent(share, "middle", pill.width, width), "pill"
        for label in pill.labels:
            if f"not-{name}" not in label.css:
                pixels = max(room(label.words, 13, True), room(label.date))
                left, right = extent(share, label.anchor, pixels, width)
                yield pill, (left + label.dx, right + label.dx), "words"


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(("name", "width"), WORDED.items())
def test_no_two_steps_of_any_life_overlap(record, language, name, width):
    with translation.override(language):
        charts = [(life, course(life, TODAY)) for life in lives().values()]
    for life, chart in charts:
        if not chart:
            continue
        placed = [(pill.y, reach, kind) for pill, reach, kind in boxes(chart.pills, name, width)]
        for number, (y, one, kind) in enumerate(placed):
            for other_y, other, other_kind in placed[number + 1 :]:
                if y == other_y:
                    assert one[1] <= other[0] or other[1] <= one[0], (life.treaty, one, kind, other, other_kind)
            if kind == "words":
                assert one[0] >= 0
                assert one[1] <= width


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_step_of_new_start_has_its_words_on_a_desk(record, language):
    with translation.override(language):
        pills = course(lives()[Treaty.objects.get(slug="new-start").pk], TODAY).pills
    assert all(any("not-full" not in label.css for label in pill.labels) for pill in pills)


def test_declared_figures_are_written_as_the_reader_writes_them(client, record):
    assert "RU</tspan> 1,474</text>" in page(client, "/treaties/new-start/")
    assert "RU</tspan> 1\xa0474</text>" in page(client, "/ru/treaties/new-start/")


def test_every_step_is_in_one_number_of_the_chart(record):
    for life in lives().values():
        if chart := course(life, TODAY):
            told = []
            for pill in chart.pills:
                first, _dash, last = pill.numbers.partition("–")
                told += range(int(first), int(last or first) + 1)
            assert told == list(range(1, len(life.milestones) + 1)), life.treaty


# Ceilings


def test_the_chart_compares_totals_and_leaves_parts_of_them_out(record):
    found = families(dossier(Treaty.objects.get(slug="new-start")), TODAY)
    assert [family.name for family in found] == ["warheads", "vehicles"]
    warheads, vehicles = ({(limit.name, limit.value) for limit in family.limits} for family in found)
    assert warheads == {("START I", 6000), ("SORT", 2200), ("New START", 1550)}
    assert vehicles == {("START I", 1600), ("New START", 700), ("New START", 800)}
    assert all(family.since == "2026-02-05" for family in found)


def test_a_treaty_without_comparable_limits_has_no_such_chart(record):
    assert families(dossier(Treaty.objects.get(slug="inf-treaty")), TODAY) == []


def limit(**parts):
    values = {
        "name": "START I",
        "words": "6,000",
        "value": 6000,
        "first": date(1994, 12, 5),
        "due": date(2001, 12, 5),
        "last": date(2009, 12, 5),
        "own": True,
        "binding": True,
    }
    return ceilings.Limit(**values | parts)


def test_a_limit_is_dotted_until_it_is_due_and_solid_after():
    scale = YearScale(1990, 2009)
    (step,) = ceilings.ceilings([limit()], scale, date(2009, 6, 1)).steps
    assert (step.dotted_x, step.dotted_to) == (scale.x(date(1994, 12, 5)), scale.x(date(2001, 12, 5)))
    assert (step.solid_x, step.solid_to) == (scale.x(date(2001, 12, 5)), scale.x(date(2009, 12, 5)))


def test_a_limit_never_in_force_or_ended_before_it_was_due_is_dotted_throughout():
    scale = YearScale(1990, 2026)
    for never in (limit(binding=False), limit(due=date(2012, 12, 31))):
        (step,) = ceilings.ceilings([never], scale, TODAY).steps
        assert not step.solid_x
        assert step.dotted_to == scale.x(date(2009, 12, 5))


def test_once_the_last_limit_ended_the_chart_says_that_there_is_none():
    scale = YearScale(1990, 2026)
    assert ceilings.ceilings([limit()], scale, TODAY).void_x == scale.x(date(2009, 12, 5))
    assert not ceilings.ceilings([limit(last=TODAY)], scale, TODAY).void_x


def test_a_range_is_a_band_between_its_ends_and_both_are_told(record):
    warheads, _vehicles = families(dossier(Treaty.objects.get(slug="new-start")), TODAY)
    (sort,) = (step for step in warheads.chart.steps if step.band)
    upper, lower = sort.edges
    assert upper < lower == round(upper + sort.band, 1)
    assert ("SORT", "1,700–2,200") in [(label.name, label.words) for label in warheads.chart.labels]
    assert all(step.edges == [step.y] for step in warheads.chart.steps if step is not sort)


def test_two_lines_of_one_treaty_say_what_they_count_and_a_treaty_without_such_a_limit_says_so(record):
    _warheads, vehicles = families(dossier(Treaty.objects.get(slug="new-start")), TODAY)
    assert {f"{label.name} {label.words}".strip() for label in vehicles.chart.labels} == {
        "START I 1,600 deployed", "New START 800 in all", "700 deployed",
    }  # fmt: skip
    assert [label.words for label in vehicles.chart.lacks] == ["SORT: no limit"]


def beside_each_other(chart, width):
    """The boxes of a chart of that width: of its words, and of lines and hatchings that words must not seem to name."""
    hidden = "not-narrow" if width < 736 else "not-wide"
    words = []
    for label in chart.labels + chart.lacks:
        if hidden not in label.css:
            pixels = room(label.name, 13, True) + 4 * bool(label.name) + room(label.words, 13)
            left, right = extent(share(label.x), label.anchor, pixels, width)
            words.append((left + label.dx, label.y - 11, right + label.dx, label.y + 3))
    marks = [(step.x, step.width, step.y - 2, step.edges[-1] + 2) for step in chart.steps]
    marks += [(chart.void_x, chart.void_width, chart.top, chart.floor)]
    return words, [
        (share(x) * width - 4, top, (share(x) + share(wide)) * width + 4, bottom) for x, wide, top, bottom in marks
    ]


def share(percent):
    return float(percent.rstrip("%")) / 100


def test_no_label_of_any_ceiling_touches_another_or_leans_on_a_line_at_any_width(record):
    for treaty in Treaty.objects.all():
        for family in families(dossier(treaty), TODAY):
            for width in [*range(NARROW, 700, 20), *range(740, 1200, 40)]:
                words, marks = beside_each_other(family.chart, width)
                assert len(words) >= len(family.limits), (treaty, family.name, width)
                for number, box in enumerate(words):
                    assert box[0] >= 0
                    assert box[2] <= width
                    around = words[:number] + marks
                    assert not any(ceilings.touch(box, other) for other in around), (treaty, width, box)


def test_a_wide_chart_of_ceilings_says_what_each_of_them_counts(record):
    (warheads,) = families(dossier(Treaty.objects.get(slug="start-ii")), TODAY)
    wide = [label for label in warheads.chart.labels if "not-wide" not in label.css]
    assert ("New START", "1,550 deployed") in [(label.name, label.words) for label in wide]


def test_declared_figures_are_drawn_for_both_sides_with_the_ceiling(record):
    found = declared(dossier(Treaty.objects.get(slug="new-start")), TODAY)
    assert [one.limit.ceiling for one in found] == [1550, 700, 800]
    for one in found:
        assert [series.colour for series in one.chart.series] == ["us", "ru"]
        first, second = (series.label for series in one.chart.series)
        assert abs(first.y - second.y) >= ceilings.LINE
