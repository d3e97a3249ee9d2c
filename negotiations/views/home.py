"""The state of play: what is in force, what is in dispute, what is new."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from negotiations import dates
from negotiations.asked import read_day
from negotiations.charts.lifelines import coverage
from negotiations.charts.scales import FIRST_YEAR, YearScale
from negotiations.queries.stalemate import STILL, clocks
from negotiations.queries.state_of_play import rounds_of, state_of_play
from negotiations.treaty_charts import overview


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    asked = read_day(request.GET)
    state = state_of_play(asked.day, asked.today)
    rounds, others = rounds_of(state.lives, state.rounds)
    drawn = overview(state.lives, rounds, others, asked.day)
    years = asked.day.year - FIRST_YEAR
    talks = clocks(asked.day)
    context = {
        "chart": {"overview": drawn, "first": FIRST_YEAR, "rounds": True, "table": True, "lives": state.lives}
        if drawn
        else None,
        "chart_title": ngettext("%d year at the table", "%d years at the table", years) % years,
        "coverage": coverage(
            state.spans, YearScale(FIRST_YEAR, max(asked.day.year, FIRST_YEAR)), asked.day, dates.shorten
        ),
        "asked": asked,
        "problems": asked.problems,
        "state": state,
        "gaps": Counter(str(row.gap) for row in state.open),
        "still": [clock for clock in talks if clock.is_still],
        "talks": len(talks),
        "threshold": STILL,
        "out_of_force": state.pending + state.never,
        "ruler_from": asked.day,
    }
    return render(request, "negotiations/home.html", context)
