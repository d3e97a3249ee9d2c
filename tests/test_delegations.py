"""Delegations over time: who led which side's, from when to when, as a chart and as its table."""

import html
import re
from collections import Counter
from itertools import pairwise

import pytest
import yaml
from django.conf import settings

from negotiations.cards import cards
from negotiations.charts.labels import NARROW, room
from negotiations.charts.rounds import strip
from negotiations.delegations import delegations
from negotiations.models import Delegation, Negotiation, Person
from negotiations.queries.talks import read_talks
from negotiations.views.talks import bout
from tests.make import make_negotiation, make_party, make_person, make_round


def read(talks):
    return delegations(cards(read_talks(talks).rounds), bout)


def meet(talks, led_by, **values):
    """A meeting to which some sides sent a delegation with a head who is known."""
    round_ = make_round(negotiation=talks, **values)
    for party, head, title in led_by:
        Delegation.objects.filter(round=round_, party=party).update(head=head, title=title)


@pytest.fixture
def sides(db):
    return make_party(short_name="Ruritania", rank=10), make_party(short_name="Graustark", rank=20)


@pytest.fixture
def talks(sides):
    """Two rounds led by Rassendyll for Ruritania, and one by Sapt after him."""
    talks = make_negotiation(parties=sides)
    first, second = make_person(name="Rudolf Rassendyll"), make_person(name="Colonel Sapt")
    for date, head, title in [
        ("2007-01-10/2007-01-20", first, "Ambassador"),
        ("2007-06-01/2007-06-05", first, "Minister"),
        ("2008-03-01/2008-03-02", second, "Ambassador"),
    ]:
        meet(talks, [(sides[0], head, title)], date=date)
    return talks


def test_each_head_has_a_lane_from_the_first_meeting_to_the_last(talks):
    led = {tenure.name: tenure for tenure in read(talks).tenures if tenure.name}
    first = led["Rudolf Rassendyll"]
    assert [meeting.date for meeting in (first.first, first.last)] == ["2007-01-10/2007-01-20", "2007-06-01/2007-06-05"]
    assert first.titles == ["Ambassador", "Minister"]
    assert len(first.lane.bars) == 2
    assert first.lane.x == first.lane.bars[0].x
    end = float(first.lane.bars[1].x[:-1]) + float(first.lane.bars[1].width[:-1])
    assert float(first.lane.x[:-1]) + float(first.lane.width[:-1]) == pytest.approx(end, abs=0.02)


def test_sides_stand_in_the_order_of_lists_and_the_unknown_last(talks, sides):
    make_round(negotiation=talks, date="2009-01-01")
    found = [(str(tenure.party), tenure.name) for tenure in read(talks).tenures]
    assert found == [
        ("Ruritania", "Rudolf Rassendyll"),
        ("Ruritania", "Colonel Sapt"),
        ("Ruritania", ""),
        ("Graustark", ""),
    ]


def test_nothing_is_drawn_where_no_source_names_anyone(sides):
    talks = make_negotiation(parties=sides)
    make_round(negotiation=talks)
    assert read(talks) is None


def test_a_meeting_that_was_called_off_is_hollow(talks, sides):
    meet(talks, [(sides[1], make_person(), "")], date="2009-02-01", held=False)
    (tenure,) = [tenure for tenure in read(talks).tenures if tenure.party == sides[1] and tenure.name]
    assert [bar.held for bar in tenure.lane.bars] == [False]


def test_every_head_in_the_files_stands_in_the_table_with_as_many_meetings(record, client):
    rounds = yaml.safe_load((settings.BASE_DIR / "fixtures/rounds.yaml").read_text())
    names = dict(Person.objects.values_list("slug", "name"))
    for talks in Negotiation.objects.filter(slug__in=["new-start-negotiation", "salt-ii", "nuclear-and-space-talks"]):
        heads = [head for row in rounds if row["negotiation"] == talks.slug for head in row.get("heads", [])]
        expected = Counter(names[head["person"]] for head in heads if head.get("person"))
        page = client.get(talks.get_absolute_url()).content.decode()
        table = page[page.index("Show the delegations as a table") :]
        rows = re.findall(r'<th scope="row"><a [^>]*>(.*?)</a></th>.*?<td class="r">(\d+)</td>', table, re.DOTALL)
        assert {html.unescape(name): int(count) for name, count in rows} == expected


def test_names_stand_beside_the_chart_and_not_on_it(record, client):
    page = client.get("/negotiations/new-start-negotiation/").content.decode()
    chart = page[page.index("Who led the delegations") : page.index("Show the delegations as a table")]
    words = re.findall(r"<text [^>]*>(.*?)</text>", chart)
    assert words
    assert all(re.fullmatch(r"\d{4}", word) for word in words)


def test_no_label_of_any_talks_touches_another_or_the_edge_at_any_width(record):
    drawn = 0
    for talks in Negotiation.objects.all():
        met = [bout(row.entry) for row in read_talks(talks).rounds]
        for chart in filter(None, (strip(met), read(talks))):
            labels = [float(year.x[:-1]) / 100 * NARROW for year in chart.years if year.labelled]
            assert all(right - left >= room("2000", 13) + 4 for left, right in pairwise(labels)), talks
            assert all(left + room("2000", 13) <= NARROW for left in labels), talks
            drawn += bool(labels)
    assert drawn > 40
