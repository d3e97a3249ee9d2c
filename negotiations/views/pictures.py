"""The pictures of issues and treaties that other sites show beside a link."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from negotiations.issue_chart import chart
from negotiations.models import Issue, Treaty
from negotiations.pictures import SIDES, picture
from negotiations.queries.issues import history
from negotiations.queries.treaties import dossier
from negotiations.templatetags.stands import status_words
from negotiations.treaty_charts import course

from .lookup import page_of

COLOURS = {"us": "#1c5796", "ru": "#ae3a1c", "cn": "#7d5800"}


@page_of(Issue.objects.all())
def issue(request: HttpRequest, issue: Issue) -> HttpResponse:
    today = timezone.localdate()
    drawn = chart(history(issue), today, today)
    shown = [track for track in drawn.tracks if not track.scope][:SIDES] if drawn else []
    first = 556 - 52 * len(shown)
    tracks = [(one, first + 52 * row, COLOURS.get(one.colour, "#5d6863")) for row, one in enumerate(shown)]
    return as_response(
        picture(
            "picture_issue.svg", title=str(issue), kicker=_("Where each side stood; each shade is an answer"),
            chart=drawn, tracks=tracks, last=today.year,
        )
    )  # fmt: skip


@page_of(Treaty.objects.all())
def treaty(request: HttpRequest, treaty: Treaty) -> HttpResponse:
    today = timezone.localdate()
    life = dossier(treaty).life
    standing = life.on(today)
    steps = life.milestones
    return as_response(
        picture(
            "picture_treaty.svg", title=str(treaty), kicker=capfirst(treaty.get_kind_display()),
            status=capfirst(status_words(standing)) if standing else "", lifeline=course(life, today),
            first=steps[0].earliest.year if steps else "",
            last=max(life.ended.start if life.ended else today, steps[-1].earliest).year if steps else "",
        )
    )  # fmt: skip


def as_response(png: bytes) -> HttpResponse:
    return HttpResponse(png, content_type="image/png")
