"""Treaties and other agreed texts: what each limits, and what became of it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from negotiations import dates, linked_data
from negotiations.asked import Asked, read_day
from negotiations.bibliography import of_treaty
from negotiations.charts.scales import FIRST_YEAR
from negotiations.forms import MOST_PROBLEMS, shown
from negotiations.models import DataExchange, Status, Treaty
from negotiations.queries.treaties import Dossier, Span, dossier, lives
from negotiations.queries.treaty_limits import side_by_side, totals
from negotiations.treaty_charts import cells, course, declared, families, overview

from .citing import cite, thing_reference
from .lookup import page_of


@require_safe
def treaties(request: HttpRequest) -> HttpResponse:
    asked = read_day(request.GET, "compare")
    found = [(life, life.on(asked.day)) for life in lives().values()]
    limiting = [life.treaty for life, _standing in found if life.treaty.limits.all()]
    wanted = set(request.GET.getlist("compare"))
    compared = [treaty for treaty in limiting if treaty.slug in wanted]
    problems = asked.problems + no_limits(wanted, limiting)
    binding = [life for life, _standing in found if life.treaty.legally_binding]
    drawn = overview(binding, {}, (), asked.day)
    context = {
        "chart": {"overview": drawn, "first": FIRST_YEAR} if drawn else None,
        "chart_title": _("Lives of the treaties"),
        "asked": asked,
        "problems": problems,
        "limits": side_by_side((life for life, _standing in found), {treaty.slug for treaty in compared}),
        "limiting": limiting,
        "compared": compared,
        "groups": [
            ("binding", [pair for pair in found if pair[0].treaty.legally_binding]),
            ("political", [pair for pair in found if not pair[0].treaty.legally_binding]),
        ],
        "count": len(found),
        "ruler_from": asked.day,
    }
    return render(request, "negotiations/treaties.html", context)


def no_limits(wanted: set[str], limiting: list[Treaty]) -> list[str]:
    """Of texts that a reader asked to compare, those that the record has no limits of."""
    known = {treaty.slug for treaty in limiting}
    strange = sorted(slug for slug in wanted if slug and slug not in known)[:MOST_PROBLEMS]
    return [_("No limits of “%s” are in the record.") % shown(slug) for slug in strange]


@page_of(Treaty.objects.all())
def treaty(request: HttpRequest, treaty: Treaty) -> HttpResponse:
    context = told(dossier(treaty), read_day(request.GET))
    context["cite"] = cite(thing_reference(request, context["treaty"], of_treaty), "treaty", treaty.slug)
    absolute, life = request.build_absolute_uri, context["life"]
    picture = absolute(reverse("treaty-picture", args=[treaty.slug]))
    standing = life.on(timezone.localdate())
    context["about"] = linked_data.treaty(
        life.treaty, absolute, standing, life.agreed, picture, life.treaty.parties.all()
    )
    return render(request, "negotiations/treaty.html", context)


def told(found: Dossier, asked: Asked) -> dict[str, Any]:
    """All that the page of a treaty says, as of the day that was asked about."""
    life = found.life
    first = life.agreed
    return {
        "asked": asked,
        "problems": asked.problems,
        "dossier": found,
        "life": life,
        "treaty": life.treaty,
        "standing": life.on(asked.day),
        "lifeline": course(life, asked.today),
        "was_suspended": any(period.status == Status.SUSPENDED for period in life.periods),
        "ceilings": families(found, asked.today),
        "holdings": declared(found, asked.today),
        "figures": DataExchange.Figure.choices,
        "declared": [(exchange, cells(exchange)) for exchange in found.exchanges],
        "lasted": lasted(life.in_law) if life.in_law and life.in_law.end else "",
        "period": life.period_on(asked.day),
        "steps": [
            (number, milestone, found.citations.get(milestone.pk, []))
            for number, milestone in enumerate(life.milestones, 1)
        ],
        "beside": beside(found, asked),
        "totals": compared(found),
        "forebears": [(other, other.on(asked.day)) for other in found.forebears],
        "heirs": [(other, other.on(asked.day)) for other in found.heirs],
        "ruler_from": first.earliest if first else None,
        "ruler_to": (life.ended.start if life.ended else asked.today) if first else None,
    }


def compared(found: Dossier) -> dict[str, object] | None:
    """What a treaty allows beside those that count alike, by when each had to be met, and how long it was in force."""
    table = totals(found.life, found.lives.values())
    if not table:
        return None
    columns = []
    for life, last in zip(table.columns, table.due, strict=True):
        began = life.in_law if life.in_law and last.applies_earliest else None
        columns.append(
            {
                "life": life,
                "due": last.applies_from,
                "time": lasted(began._replace(end=last.applies_earliest, until=last.applies_from)) if began else "",
                "lasted": lasted(life.in_law) if life.in_law and life.in_law.end else "",
            }
        )
    rows = [(row, list(zip(columns, row.cells, strict=True))) for row in table.rows]
    return {"columns": columns, "rows": rows}


def beside(found: Dossier, asked: Asked) -> str:
    """Where the limits of a text stand beside those of its line, or else beside all."""
    line = [other.treaty for other in (*found.forebears, found.life, *found.heirs)]
    query = [("compare", treaty.slug) for treaty in line if treaty.limits.all()]
    query = query * (len(query) > 1) + [("on", asked.on)] * bool(asked.on)
    return reverse("treaties") + ("?" + urlencode(query) if query else "") + "#limits"


def lasted(span: Span) -> str:
    """How long a treaty was in force, in whole years and months; nothing where no day is known to count them from."""
    start, end = span.start, span.end
    if not end or not span.is_exact:
        return ""
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    years, months = divmod(months, 12)
    parts = []
    if years:
        parts.append(dates.counted(ngettext("%d year", "%d years", years) % years))
    if months:
        parts.append(dates.counted(ngettext("%d month", "%d months", months) % months))
    return _(" and ").join(parts) or _("less than a month")
