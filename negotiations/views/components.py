"""The parts that pages are composed of, each shown with real things of the record. For those who work on the site."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from negotiations.asked import Asked, read_day
from negotiations.cards import Card, cards
from negotiations.cells import CellFace, RowFace, row_faces
from negotiations.charts.histogram import histogram
from negotiations.charts.lifelines import coverage
from negotiations.charts.rounds import strip
from negotiations.charts.scales import FIRST_YEAR, YearScale, decades
from negotiations.dates import shorten
from negotiations.delegations import delegations
from negotiations.models import Entry, Position, Statement, Status
from negotiations.queries.components import (
    example_entries,
    example_issue,
    example_statement,
    example_talks,
    example_treaty,
)
from negotiations.queries.directory import Directory
from negotiations.queries.issues import history
from negotiations.queries.permalinks import neighbours
from negotiations.queries.positions import PositionsFilter, columns, read_matrix, read_moves
from negotiations.queries.stands import Gap
from negotiations.queries.talks import read_talks
from negotiations.queries.timeline import TimelineFilter, tally
from negotiations.queries.treaties import Life, dossier, lives, unbroken
from negotiations.treaty_charts import overview

from . import issues, positions, treaties
from .citing import CITED, cite_entry, with_version
from .talks import bout
from .timeline import KINDS, KindChoice, active, address, with_urls

# Since so many years ago, something has changed in the matrix of the chief parties.
SINCE_YEARS = 8
COLOURS = ("ink", "us", "ru", "cn", "gb", "fr", "other")
STATES: list[tuple[str | Promise, Callable[[CellFace], bool]]] = [
    (gettext_lazy("Held"), lambda cell: bool(cell.main and not cell.main.looks_old and not cell.main.flag)),
    (
        gettext_lazy("Held on a condition"),
        lambda cell: bool(cell.main and not cell.main.silent_since and cell.main.position.stance == "conditional"),
    ),
    (gettext_lazy("Old evidence"), lambda cell: bool(cell.main and cell.main.is_old)),
    (gettext_lazy("Not known to be still held"), lambda cell: bool(cell.main and cell.main.answer.doubtful)),
    (gettext_lazy("Gone silent"), lambda cell: bool(cell.main and cell.main.silent_since)),
    (gettext_lazy("Not recorded"), lambda cell: not cell.main and not cell.beside),
    (gettext_lazy("Changed since the day compared with"), lambda cell: bool(cell.main and cell.main.was)),
    (gettext_lazy("A second line beside the main one"), lambda cell: bool(cell.main and cell.beside)),
    (gettext_lazy("With the words themselves"), lambda cell: bool(cell.main and cell.main.words)),
]


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    directory = Directory.read()
    asked = read_day(QueryDict())
    parts: list[tuple[str, dict[str, Any]]] = [
        ("signs", {"parties": directory.parties.values(), "stances": Position.Stance, "bases": Position.Basis}),
        ("status", status_part(asked)),
        ("entries", {"groups": in_years(cards(example_entries(directory)))}),
        ("statement", statement_part(request)),
        ("matrix", matrix_part(asked, directory)),
        ("issue", issue_part(asked)),
        ("treaty", treaty_part(asked)),
        ("talks", talks_part()),
        ("years", years_part(asked)),
        ("controls", controls_part(asked, directory)),
        ("empty", {"party": next(iter(directory.parties.values()), None)}),
    ]
    exhibits = [render_to_string(f"negotiations/components/{name}.html", part, request) for name, part in parts]
    return render(request, "negotiations/components.html", {"exhibits": exhibits})


def in_years(stream: Iterable[Card]) -> list[tuple[int, list[Card]]]:
    return [(year, list(some)) for year, some in groupby(stream, key=lambda card: card.entry.earliest.year)]


def status_part(asked: Asked) -> dict[str, Any]:
    """A text in each of the states that the law knows, and all lives under one scale."""
    found = list(lives().values())
    shown: dict[Status, Life] = {}
    for life in found:
        if standing := life.on(asked.day):
            shown.setdefault(standing.status, life)
    binding = [life for life in found if life.is_principal]
    drawn = overview(binding, {}, (), asked.day)
    spans = unbroken(binding)
    first = spans[0] if spans else None
    return {
        "asked": asked,
        "state": asked,
        "colours": COLOURS,
        "in_force": [life for life in found if (now := life.on(asked.day)) and now.status == Status.IN_FORCE],
        "lamps": [shown[status] for status in Status if status in shown],
        "chart": {"overview": drawn, "first": FIRST_YEAR, "rounds": True, "table": True, "lives": binding}
        if drawn
        else None,
        "chart_title": _("Lives of the treaties"),
        "days": ((first.end or asked.day) - first.start).days if first else 0,
        "coverage": coverage(spans, YearScale(FIRST_YEAR, asked.day.year), asked.day, shorten),
    }


def statement_part(request: HttpRequest) -> dict[str, Any]:
    statement = example_statement(with_version(Statement.objects).prefetch_related(CITED))
    if not statement:
        return {}
    before, after = neighbours(statement)
    speakers = [statement.speaker] if statement.speaker else []
    return {
        "statement": statement,
        "speakers": speakers,
        "underlined": True,
        "cite": cite_entry(request, statement),
        "previous": before,
        "next": after,
        "label": _("Statements in the record"),
    }


def matrix_part(asked: Asked, directory: Directory) -> dict[str, Any]:
    """Rows of the matrix, one for each state that a cell can be in."""
    chief = tuple(directory.chief_parties)
    view = PositionsFilter(asked.today, since=str(asked.today.year - SINCE_YEARS), parties=chief)
    matrix = read_matrix(view, directory, read_moves(view, directory)) if chief else None
    rows = row_faces(matrix.rows, asked.today) if matrix else []
    found = ((name, next(showing(rows, is_so), None)) for name, is_so in STATES)
    return {
        "asked": view,
        "matrix": matrix,
        "groups": [(name, [row]) for name, row in found if row],
        "span": len(matrix.columns) + 2 if matrix else 0,
        "is_powers": True,
        "gaps": [(gap, matrix.count(gap)) for gap in Gap] if matrix else [],
    }


def showing(rows: Iterable[RowFace], is_so: Callable[[CellFace], bool]) -> Iterator[RowFace]:
    return (row for row in rows if any(is_so(cell) for cell in row.cells))


def issue_part(asked: Asked) -> dict[str, Any]:
    issue = example_issue()
    return issues.told(history(issue), asked) if issue else {}


def treaty_part(asked: Asked) -> dict[str, Any]:
    treaty = example_treaty()
    return treaties.told(dossier(treaty), asked) if treaty else {}


def talks_part() -> dict[str, Any]:
    negotiation = example_talks()
    if not negotiation:
        return {}
    rounds = cards(read_talks(negotiation).rounds)
    return {
        "negotiation": negotiation,
        "chart": strip(bout(card.entry) for card in rounds),
        "delegations": delegations(rounds, bout),
    }


def years_part(asked: Asked) -> dict[str, Any]:
    """Entries per year, those of one kind picked out."""
    view = TimelineFilter(kinds=(Entry.Kind.ROUND,))
    everything = tally(TimelineFilter())
    chart = histogram(everything.by_year, tally(view).by_year, asked.today.year)
    return {
        "asked": view,
        "total": everything.total,
        "chart": chart,
        "bars": with_urls(chart.bars, view),
        "decades": [
            (decade, address(view.but(start=str(decade.first), end=str(decade.last))))
            for decade in decades(chart.scale)
        ],
    }


def controls_part(asked: Asked, directory: Directory) -> dict[str, Any]:
    """The dial of the matrix and the panel of the timeline, as their pages fill them."""
    dial = PositionsFilter(asked.today)
    panel = TimelineFilter(parties=tuple(directory.chief_parties[:1]), kinds=(Entry.Kind.ROUND,))
    counted = tally(panel)
    moves, sides = read_moves(dial, directory), columns(dial, directory)
    return {
        "day": asked,
        "dial": positions.controls(dial, directory, moves, sides),
        "directory": directory,
        "asked": panel,
        "kinds": [KindChoice(kind, name, counted.by_kind[kind], kind in panel.kinds) for kind, name in KINDS.items()],
        "clear": address(TimelineFilter()),
        "tokens": list(active(panel)),
        "count": counted.total,
        "next": address(panel),
    }
