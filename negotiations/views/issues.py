"""Issues: the questions in dispute, and where each side stood on them over time."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from negotiations import linked_data
from negotiations.asked import Asked, read_day
from negotiations.bibliography import of_issue
from negotiations.issue_chart import chart
from negotiations.models import Issue
from negotiations.queries.issues import History, history, table
from negotiations.queries.stands import Gap
from negotiations.stories import story

from .citing import cite, thing_reference
from .lookup import page_of


@require_safe
def issues(request: HttpRequest) -> HttpResponse:
    asked = read_day(request.GET)
    found = table(asked.day)
    context = {
        "asked": asked,
        "problems": asked.problems,
        "table": found,
        "counts": [(value, found.count(value)) for value in Gap],
        "ruler_from": asked.day,
    }
    return render(request, "negotiations/issues.html", context)


@page_of(Issue.objects.all())
def issue(request: HttpRequest, issue: Issue) -> HttpResponse:
    context = told(history(issue), read_day(request.GET))
    context["cite"] = cite(thing_reference(request, issue, of_issue), "issue", issue.slug)
    absolute = request.build_absolute_uri
    picture = absolute(reverse("issue-picture", args=[issue.slug]))
    context["about"] = linked_data.issue(issue, context["history"].options, absolute, picture)
    return render(request, "negotiations/issue.html", context)


def told(found: History, asked: Asked) -> dict[str, Any]:
    """All that the page of an issue says, as of the day that was asked about."""
    powers = found.powers
    between = found.between(powers[0], powers[1], asked.day) if len(powers) == 2 else []
    first = found.records[0].position if found.records else None
    return {
        "asked": asked,
        "problems": asked.problems,
        "issue": found.issue,
        "history": found,
        "lanes": chart(found, asked.day, asked.today),
        "story": story(found, asked.day),
        "words": [lane.word(asked.day) for lane in powers],
        "quote": next((said for said in found.quotes if said.quote), None),
        "gap": between[-1] if between else None,
        "others": [lane.word(asked.day) for lane in found.lanes if lane not in powers],
        "ruler_from": first.earliest if first else None,
        "ruler_to": asked.today if first else None,
    }
