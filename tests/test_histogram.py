"""The chart of entries per year, and the scale it shares with the ruler."""

from datetime import date

from negotiations.charts.histogram import HEIGHT, histogram
from negotiations.charts.scales import FIRST_YEAR, YearScale, decades, percent, ticks


def share(text: str) -> float:
    return float(text.removesuffix("%")) / 100


def test_a_day_lies_where_the_calendar_puts_it():
    scale = YearScale(2001, 2010)
    assert scale.x(2001) == "0%"
    assert scale.x(date(2006, 1, 1)) == "50%"
    assert scale.x(date(2003, 7, 2)) == percent((2 + 182 / 365) / 10)
    assert scale.width(date(2001, 1, 1), date(2002, 1, 1)) == "10%"


def test_what_lies_outside_the_scale_stays_at_its_edge():
    scale = YearScale(2001, 2010)
    assert scale.x(date(1967, 6, 23)) == "0%"
    assert scale.x(date(2090, 1, 1)) == "100%"


def test_a_short_span_keeps_the_width_it_needs_to_be_seen():
    assert YearScale(2001, 2010).width(date(2001, 1, 1), date(2001, 1, 2), least=0.01) == "1%"


def test_every_year_of_the_record_has_a_bar_even_an_empty_one():
    bars = histogram({1972: 8, 2010: 4}, {}, 2026).bars
    assert [bar.year for bar in bars] == list(range(FIRST_YEAR, 2027))
    assert all(bar.height == 0 for bar in bars if not bar.total)


def test_the_chart_reaches_to_entries_older_or_newer_than_expected():
    chart = histogram({1963: 1, 2031: 1}, {}, 2026)
    assert (chart.bars[0].year, chart.bars[-1].year) == (1963, 2031)


def test_bars_stand_on_the_axis_and_the_matching_part_within_the_whole():
    for bar in histogram({1972: 8, 1973: 400, 2010: 4}, {1972: 3, 1973: 400}, 2026).bars:
        assert 0 <= bar.y <= HEIGHT
        assert bar.y + bar.height == HEIGHT
        assert bar.matching_y >= bar.y
        assert bool(bar.matching_height) == bool(bar.matching)


def test_a_single_entry_in_a_full_record_can_be_seen():
    bars = {bar.year: bar for bar in histogram({1972: 1, 2009: 5000}, {1972: 1}, 2026).bars}
    assert bars[1972].height >= 1
    assert bars[1972].matching_height >= 1


def test_bars_are_side_by_side_and_fill_the_width():
    bars = histogram({1972: 1}, {}, 2026).bars
    ends = [share(bar.x) + share(bar.width) for bar in bars]
    assert all(end <= share(later.x) for end, later in zip(ends, bars[1:], strict=False))
    assert abs(sum(share(bar.hit_width) for bar in bars) - 1) < 0.01


def test_an_empty_record_still_has_a_chart():
    assert all(bar.height == 0 for bar in histogram({}, {}, 2026).bars)


def test_decades_cover_the_scale_without_gaps():
    found = decades(YearScale(1967, 2026))
    assert [decade.first for decade in found] == [1960, 1970, 1980, 1990, 2000, 2010, 2020]
    assert abs(sum(share(decade.width) for decade in found) - 1) < 0.01
    assert [decade.has_room for decade in found] == [False, True, True, True, True, True, True]


def test_each_year_has_one_tick_and_each_decade_a_long_one():
    short, long = ticks(YearScale(1967, 2026))
    assert short.count("M") + long.count("M") == 60
    assert long.count("M") == 6
