"""What follows from the record for any day: positions, moves, conditional stands, the state of play."""

from datetime import date
from typing import Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router

from negotiations.models import Milestone, Round
from negotiations.positions_form import PositionsForm
from negotiations.queries.directory import Directory
from negotiations.queries.positions import PositionsFilter, View, last_day
from negotiations.queries.stands import Word
from negotiations.queries.state_of_play import Ahead, Anniversary, StateOfPlay, state_of_play
from negotiations.queries.treaties import Life
from negotiations.views.positions import answers, as_cell

from . import shapes
from .asking import Day, OnDay, Slug, known
from .problems import NAMED
from .shapes import Json

router = Router()


class Asked(OnDay):
    """The day and the sides."""

    since: Day | None = Field(None, description="Mark what changed since this day.", examples=["2012"])
    on_round: Slug | None = Field(None, description="The day on which a round ended, in place of `on`.")
    since_round: Slug | None = Field(None, description="The day on which a round ended, in place of `since`.")
    party: list[Slug] = Field([], description="The two powers if left out.", examples=[["russia", "united-states"]])
    negotiation: Slug | None = Field(None, description="Only positions that belong to these talks.")


class AskedMatrix(Asked):
    a: Slug | None = Field(None, description="One of two parties to compare.")
    b: Slug | None = Field(None, description="The other.")
    show: Literal["apart", "moved"] | None = Field(
        None, description="Keep to issues on which the two are apart, or something changed."
    )


def understood(request: HttpRequest, asked: Asked, view: str) -> tuple[PositionsFilter, Directory, list[str]]:
    """The view that was asked for, read by the form of the page itself."""
    directory = Directory.read()
    known("party", [*asked.party, *(getattr(asked, name, None) for name in "ab")], directory.parties.values())
    known("negotiation", [asked.negotiation], directory.negotiations.values())
    rounds = list(filter(None, (asked.on_round, asked.since_round)))
    if rounds:
        known("round", rounds, Round.objects.published().filter(slug__in=rounds).only("slug"))
    data = request.GET.copy()
    data["view"] = view
    form = PositionsForm(data, directory, timezone.localdate())
    found = form.read()
    return found, directory, form.problems + form.notices


def told(request: HttpRequest, asked: Asked, view: str) -> dict[str, object]:
    found, directory, notices = understood(request, asked, view)
    return {
        "on": found.day,
        "since": found.baseline,
        "notices": notices,
        "cells": [as_cell(answer, found, request) for answer in answers(found, directory)],
    }


@router.get("/positions", response={200: shapes.Positions} | NAMED, summary="Positions as of a day")
def positions(request: HttpRequest, asked: Query[AskedMatrix]) -> Json:
    """Each party’s last word on each issue by the day; cells without a record are left out."""
    return told(request, asked, View.MATRIX)


@router.get("/positions/moves", response={200: shapes.Positions} | NAMED, summary="Moves between two days")
def moves(request: HttpRequest, asked: Query[Asked]) -> Json:
    """Positions that were first taken, or differ from the one before, after `since` and up to `on`; newest first."""
    return told(request, asked, View.MOVES)


@router.get("/positions/waits", response={200: shapes.Positions} | NAMED, summary="Who waits for whom")
def waits(request: HttpRequest, asked: Query[Asked]) -> Json:
    """Conditional stands held on the day, of all parties unless some are named."""
    return told(request, asked, View.WAITS)


def day_of(asked: OnDay) -> date:
    today = timezone.localdate()
    return last_day(asked.on, today) if asked.on else today


@router.get("/state-of-play", response={200: shapes.StateOfPlay} | NAMED, summary="The state of play on a day")
def play(request: HttpRequest, asked: Query[OnDay]) -> Json:
    """What limits hold between the two powers, what has ended, what divides them, what lies ahead."""
    state = state_of_play(day_of(asked), timezone.localdate())
    return {
        "on": state.day,
        "is_limited": state.is_limited,
        "days_with_limit": state.days_with,
        "days_without_limit": state.days_without,
        "in_force": standings(state, state.in_force),
        "signed_only": standings(state, state.pending),
        "ended": standings(state, state.ended),
        "never_in_force": standings(state, state.never),
        "disputes": [
            {"issue": row.issue.slug, "gap": row.gap, "answers": [answered(word) for word in row.words]}
            for row in state.disputes.rows
        ],
        "latest": [entry.slug for entry in state.latest],
        "coming": [coming(ahead) for ahead in state.coming],
    }


def standings(state: StateOfPlay, lives: list[Life]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for life in lives:
        if standing := life.on(state.day):
            found.append({"treaty": life.treaty.slug, "status": standing.status, "since": standing.since.date})
    return found


def answered(word: Word) -> dict[str, object]:
    position = word.position
    return {
        "party": word.party.slug,
        "position": position.slug if position else None,
        "option": position.option.slug if position else None,
        "stance": position.stance if position else None,
        "held": word.held,
    }


def coming(ahead: Ahead) -> dict[str, object]:
    what = ahead.what
    if isinstance(what, Anniversary):
        return {"date": ahead.when, "what": "anniversary", "entry": what.milestone.slug, "years": what.years}
    kind = "milestone" if isinstance(what, Milestone) else "end-of-position"
    return {"date": ahead.when, "what": kind, "entry": what.slug, "years": None}
