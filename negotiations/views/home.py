"""The state of play: what is in force, what is in dispute, what is new."""

from collections import Counter

from django.shortcuts import render
from django.views.decorators.http import require_safe

from negotiations.asked import read_day
from negotiations.queries.state_of_play import state_of_play


@require_safe
def home(request):
    asked = read_day(request.GET)
    state = state_of_play(asked.day, asked.today)
    context = {
        "asked": asked,
        "problems": asked.problems,
        "state": state,
        "gaps": Counter(str(row.gap) for row in state.open),
        "out_of_force": state.pending + state.never,
        "ruler_from": asked.day,
    }
    return render(request, "negotiations/home.html", context)
