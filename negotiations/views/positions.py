"""Who stood where on a day: the matrix of sides and questions, what moved, and who waits for whom."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from negotiations import dates
from negotiations.cards import Card, Link, cards
from negotiations.cells import AnswerFace, RowFace, row_faces, summary
from negotiations.charts.moves import Tick, strip
from negotiations.citations import Reference
from negotiations.models import Entry, Negotiation, Party, Round
from negotiations.positions_form import PositionsForm
from negotiations.queries import titles
from negotiations.queries.directory import Directory
from negotiations.queries.entries import read
from negotiations.queries.positions import (
    Answer,
    Column,
    Matrix,
    Move,
    PositionsFilter,
    Show,
    View,
    busiest_date,
    columns,
    neighbours,
    read_answers,
    read_matrix,
    read_moves,
    stretch,
)
from negotiations.queries.stands import Gap
from negotiations.requests import Request
from negotiations.spreadsheet import csv_response

from .citing import cite, file, page_reference

# In the order in which a reader looks for them: the disputes first.
GAPS = (Gap.APART, Gap.PARTLY, Gap.AGREED, Gap.UNKNOWN)
COLUMNS = (
    "id", "party", "issue", "negotiation", "option", "stance", "condition", "basis", "first_attested", "last_attested",
    "moved", "was", "evidence", "url", "answer", "scope", "waits_for", "held", "end",
)  # fmt: skip


class Tab(NamedTuple):
    """One of several views of the same thing, and whether it is the one shown."""

    name: str | Promise
    url: str
    here: bool
    count: int | None = None  # type: ignore[assignment]  # nobody counts values in a tab


class Choice(NamedTuple):
    """A party that a reader may choose; its mark and name are those of who sat in its seat on the day."""

    slug: str
    party: Party
    chosen: bool


class Waiting(NamedTuple):
    """Conditional stands under one heading."""

    name: str
    answers: list[AnswerFace]


class Talks(NamedTuple):
    """A negotiation and its rounds, to choose from."""

    negotiation: Negotiation
    rounds: list[Round]


class Year(NamedTuple):
    year: int
    cards: list[Card]


# The page


@require_safe
@vary_on_headers("HX-Request", "HX-History-Restore-Request")
def positions(request: Request) -> HttpResponse:
    directory = Directory.read()
    form = PositionsForm(request.GET, directory, timezone.localdate())
    asked = form.read()
    moves = read_moves(asked, directory)
    sides = columns(asked, directory)
    context = controls(asked, directory, moves, sides) | {
        "on": dates.spell(asked.day.isoformat()),
        "since": since_words(asked),
        "problems": form.problems,
        "notices": form.notices,
        "sides": sides,
        "cite": cite(reference(request, asked), "positions", query=asked.query_string),
        "csv": address(asked, "positions-csv"),
        "json": address(asked, "positions-json"),
        "pdf": "" if asked.view else address(asked, "positions-pdf"),
    }
    if asked.view == View.MOVES:
        context |= moves_context(asked, directory, moves)
    else:
        matrix = read_matrix(asked, directory, moves)
        context |= waits_context(asked, matrix) if asked.view == View.WAITS else matrix_context(asked, matrix)
    if request.htmx and not request.htmx.history_restore_request:
        return push_url(render(request, "negotiations/positions.html#fragment", context), address(asked))
    return render(request, "negotiations/positions.html", context)


def controls(asked: PositionsFilter, directory: Directory, moves: list[Move], sides: list[Column]) -> dict[str, object]:
    """What the dial needs: the views, the day and its neighbours, the ticks of all moves, the sides to choose from."""
    chart = strip((move.day for move in moves), asked.day, asked.baseline, asked.today.year)
    words = move_days(moves)
    return {
        "asked": asked,
        "directory": directory,
        "tabs": [Tab(view.label, address(asked.but(view=view, show="")), view == asked.view) for view in View],
        "steps": [day and step(asked, day, words[day]) for day in neighbours(moves, asked.day)],
        "chart": chart,
        "ticks": list(tick_links(asked, chart.ticks, words)),
        "today": "" if asked.is_today else address(asked.but(on="")),
        **choices(asked, directory, sides),
    }


@require_safe
def citation(request: HttpRequest, ending: str) -> HttpResponse:
    """The view as reference managers read it."""
    form = PositionsForm(request.GET, Directory.read(), timezone.localdate())
    return file(reference(request, form.read()), ending)


def reference(request: HttpRequest, asked: PositionsFilter) -> Reference:
    # Today will be another day when somebody follows the citation.
    fixed = asked.but(on=asked.day.isoformat()) if asked.is_today else asked
    with translation.override("en"):
        title = f"Positions on {dates.spell(asked.day.isoformat())}"
    return page_reference(request, f"positions-{asked.day.isoformat()}", title, address(fixed))


def address(asked: PositionsFilter, name: str = "positions") -> str:
    query = asked.query_string
    return reverse(name) + (f"?{query}" if query else "")


def on_day(asked: PositionsFilter, day: date) -> PositionsFilter:
    """The same view on another day; nothing to compare with where that would come after it."""
    other = asked.but(on=day.isoformat())
    return other.but(since="") if other.baseline and other.baseline >= day else other


def move_days(moves: list[Move]) -> dict[date, str]:
    """The days on which somebody moved, each as exactly as it is known, in EDTF."""
    found = defaultdict(set)
    for move in moves:
        found[move.day].add(move.when)
    return {day: dates.vaguest(texts) if len(texts) > 1 else min(texts) for day, texts in found.items()}


def step(asked: PositionsFilter, day: date, text: str) -> Link:
    """The way to a neighbouring day on which somebody moved."""
    return Link(dates.shorten(text), address(on_day(asked, day)))


def since_words(asked: PositionsFilter) -> str:
    if asked.since_round:
        return _("the end of %s") % titles.plain(asked.since_round.title)
    return dates.spell(asked.since, inflected=True) if asked.since else ""


def tick_links(asked: PositionsFilter, ticks: list[Tick], texts: dict[date, str]) -> Iterator[tuple[Tick, str, str]]:
    """Each tick with its words and its address. There are hundreds, so the address is worked out once."""
    day = "0000-00-00"
    later, earlier = address(asked.but(on=day)), address(asked.but(on=day, since=""))
    for tick in ticks:
        compared = asked.baseline and asked.baseline < tick.day
        words = tick_words(texts[tick.day], tick.count, get_language())
        yield tick, words, (later if compared else earlier).replace(day, tick.day.isoformat(), 1)


@lru_cache(maxsize=4096)
def tick_words(text: str, count: int, language: str) -> str:
    words = ngettext("%(day)s: %(count)d move", "%(day)s: %(count)d moves", count)
    return words % {"day": dates.spell(text), "count": count}


def choices(asked: PositionsFilter, directory: Directory, sides: list[Column]) -> dict[str, object]:
    """Parties to choose from. Russia and the Soviet Union sat in one seat, so they are one choice."""
    everyone = asked.view == View.WAITS and not asked.parties
    shown = set() if everyone else {side.party for side in sides}
    chief: dict[int, Choice] = {}
    other: dict[int, Choice] = {}
    for party in directory.parties.values():
        sitting = next((side.party for side in sides if party in side), party)
        if not sitting.existed_on(asked.day):
            continue
        holder = directory.continued_by.get(party.pk, party)
        choice = Choice(holder.slug, sitting, sitting in shown)
        (chief if party in directory.chief_parties else other).setdefault(sitting.pk, choice)
    pair = [side.asked for side in sides]
    return {
        "everyone": everyone,
        "chief_parties": list(chief.values()),
        "other_parties": list(other.values()),
        "more_open": any(choice.chosen for choice in other.values()),
        "pairable": pair if len(pair) > 2 and not asked.view else [],
    }


def matrix_context(asked: PositionsFilter, matrix: Matrix) -> dict[str, object]:
    counts = {gap.value: matrix.count(gap) for gap in GAPS} if matrix.pair else {}
    return {
        "matrix": matrix,
        "groups": groups(asked, row_faces(matrix.shown(asked.show), asked.today)),
        "span": len(matrix.columns) + (2 if matrix.pair else 1),
        "gaps": [(gap, counts[gap]) for gap in GAPS if counts.get(gap) or gap == Gap.APART] if matrix.pair else [],
        "is_powers": {side.party.code for side in matrix.pair} <= {"US", "RU", "SU"},
        "phrases": summary(counts) if counts else [],
        "unknown": counts.get(Gap.UNKNOWN, 0),
        "changes": len(matrix.changes),
        "busiest": busiest(matrix.changes),
        "shows": list(shows(asked, matrix)),
        "moves_url": address(asked.but(view=View.MOVES, show="")) if asked.baseline else "",
    }


def groups(asked: PositionsFilter, rows: list[RowFace]) -> list[tuple[str, list[RowFace]]]:
    """The questions under headings: where something changed, where nothing did, where nobody holds a stand any more."""
    changed = [row for row in rows if row.changed]
    standing = [row for row in rows if row.held and not row.changed]
    silent = [row for row in rows if not row.held and not row.changed]
    headed = [
        (_("Changed since %s") % since_words(asked), changed),
        (_("Unchanged") if asked.baseline else "", standing),
        (_("No stand on record any more"), silent),
    ]
    return [(heading, some) for heading, some in headed if some]


def busiest(changes: list[Answer]) -> dict[str, object] | None:
    found = busiest_date(changes)
    return {"date": found[0], "count": found[1]} if found and len(changes) > found[1] else None


def shows(asked: PositionsFilter, matrix: Matrix) -> Iterator[Tab]:
    """The questions that a reader may keep to, where there is something to tell them by."""
    names = {Show.ALL: _("All"), Show.APART: _("Apart"), Show.MOVED: _("Changed")}
    offered = [Show.ALL] + [Show.APART] * bool(matrix.pair) + [Show.MOVED] * bool(asked.baseline)
    for show in offered if len(offered) > 1 else ():
        yield Tab(names[show], address(asked.but(show=show)), show == asked.show, len(matrix.shown(show)))


def waits_context(asked: PositionsFilter, matrix: Matrix) -> dict[str, object]:
    answers = matrix.waiting
    on_one = [answer for answer in answers if answer.position.waits_for_id]
    on_more = [answer for answer in answers if not answer.position.waits_for_id]
    groups = [(_("Waiting for one party"), on_one), (_("Waiting for several, or for events"), on_more)]
    return {
        "matrix": matrix,
        "waits": [Waiting(name, [AnswerFace(answer, asked.today) for answer in some]) for name, some in groups if some],
        "waiting": len(answers),
        "for_someone": sum(answer.position.waits_for_id is not None for answer in answers),
    }


def moves_context(asked: PositionsFilter, directory: Directory, moves: list[Move]) -> dict[str, object]:
    found = stretch(asked, moves)
    entries = Entry.objects.filter(pk__in=[move.pk for move in found.moves]).newest_first()
    stream = cards(read(entries, directory)) if found.moves else []
    return {
        "found": found,
        "moved": found.total - found.firsts,
        "years": [Year(year, list(some)) for year, some in groupby(stream, key=lambda card: card.entry.earliest.year)],
        "older": address(asked.but(on=found.older.isoformat())) if found.older else "",
        "talks": rounds(directory),
    }


def rounds(directory: Directory) -> list[Talks]:
    """Every round in the record, under its talks."""
    found = Round.objects.published().filter(held=True).order_by("earliest", "pk")
    by_talks: dict[int | None, list[Round]] = {}
    for one in found.only("slug", "title", "date", "negotiation", "earliest", "latest"):
        by_talks.setdefault(one.negotiation_id, []).append(one)
    return [Talks(talks, by_talks[pk]) for pk, talks in directory.negotiations.items() if pk in by_talks]


# The same view for machines


@require_safe
def positions_json(request: HttpRequest) -> HttpResponse:
    asked, answers, problems = machine_view(request)
    if problems:
        return JsonResponse({"problems": problems}, status=400)
    cells = [as_cell(answer, asked, request) for answer in answers]
    since = asked.baseline.isoformat() if asked.baseline else None
    return JsonResponse({"on": asked.day.isoformat(), "since": since, "cells": cells})


@require_safe
def positions_csv(request: HttpRequest) -> HttpResponse:
    asked, answers, problems = machine_view(request)
    if problems:
        return HttpResponse("\n".join(problems), status=400, content_type="text/plain; charset=utf-8")
    rows = []
    for answer in answers:
        cell = as_cell(answer, asked, request)
        cell["was"] = answer.was.title if answer.was else ""
        cell["evidence"] = " ".join(ground["id"] for ground in cell["evidence"])
        for name in ("moved", "held"):
            cell[name] = {True: "yes", False: "no", None: ""}[cell[name]]
        rows.append([cell[name] for name in COLUMNS])
    return csv_response(f"parley-positions-{asked.day.isoformat()}.csv", COLUMNS, rows)


def machine_view(request: HttpRequest) -> tuple[PositionsFilter, list[Answer], list[str]]:
    """The answers of a view in the order of the page. What was not understood is refused: a file cannot say so."""
    directory = Directory.read()
    form = PositionsForm(request.GET, directory, timezone.localdate())
    asked = form.read()
    return asked, [] if form.problems else answers(asked, directory), form.problems


def answers(asked: PositionsFilter, directory: Directory) -> list[Answer]:
    """The answers of a view in the order of the page."""
    moves = read_moves(asked, directory)
    if asked.view == View.MOVES:
        return read_answers(stretch(asked, moves, most=None), asked.day)
    matrix = read_matrix(asked, directory, moves)
    if asked.view == View.WAITS:
        return matrix.waiting
    return [answer for row in matrix.shown(asked.show) for answer in row.answers]


def as_cell(answer: Answer, asked: PositionsFilter, request: HttpRequest) -> dict[str, Any]:
    """One answer in the shape that data users rely on; dates are EDTF."""
    position, was = answer.position, answer.was
    compared = asked.baseline or asked.view == View.MOVES
    return {
        "id": position.slug,
        "party": position.party.slug,
        "issue": position.issue.slug,
        "negotiation": position.negotiation.slug if position.negotiation else None,
        "option": position.option.slug,
        "stance": position.stance,
        "condition": position.condition,
        "basis": position.basis,
        "first_attested": position.date,
        "last_attested": answer.last_attested,
        "moved": bool(answer.change) if compared else None,
        "was": {"id": was.slug, "option": was.option.slug, "stance": was.stance} if was else None,
        "evidence": [
            {
                "id": ground.entry.slug,
                "kind": ground.entry.kind,
                "date": ground.entry.date,
                "own": ground.own,
                "url": request.build_absolute_uri(ground.entry.get_absolute_url()),
            }
            for ground in answer.grounds
        ],
        "url": request.build_absolute_uri(position.get_absolute_url()),
        "answer": position.title,
        "scope": position.scope,
        "waits_for": position.waits_for.slug if position.waits_for else None,
        "held": answer.held,
        "end": position.end or None,
    }
