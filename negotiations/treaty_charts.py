"""The charts of treaties: their lives under one scale, the life of one, its ceilings, and what was declared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from negotiations import dates
from negotiations.charts import ceilings, lifelines
from negotiations.charts.scales import FIRST_YEAR, YearScale
from negotiations.models import DataExchange, Limit, Round, Status
from negotiations.queries.treaties import Dossier, Life
from negotiations.queries.treaty_limits import totals_of
from negotiations.templatetags.stands import allowed, counted, status_words

PHASES = {Status.SIGNED: "pending", Status.IN_FORCE: "force", Status.SUSPENDED: "suspended"}
FAMILIES = {
    "warheads": {"warheads"},
    "vehicles": {"delivery vehicles", "launchers and bombers"},
}
# The figure that parties declare under each unit of a limit.
FIGURES = {
    DataExchange.Figure.DEPLOYED_WARHEADS: "warheads",
    DataExchange.Figure.DEPLOYED_DELIVERY_VEHICLES: "delivery vehicles",
    DataExchange.Figure.TOTAL_LAUNCHERS: "launchers and bombers",
}
COLOURS = {"US": "us", "RU": "ru", "SU": "ru"}


# Lives


def overview(
    lives: Iterable[Life], rounds: dict[int, list[Round]], others: Sequence[Round], day: date
) -> lifelines.Overview | None:
    """Treaties in the order in which they were agreed, then the talks that led to none of them."""
    rows = [_row(life, rounds.get(life.treaty.pk, []), day) for life in lives if life.agreed]
    rows = [row for row in rows if row.signed and row.signed <= day]
    if others:
        rows.append(lifelines.Row(_("Talks that led to none of these"), "", "", None, (), None, _spans(others, day)))
    return lifelines.overview(rows, YearScale(FIRST_YEAR, max(day.year, FIRST_YEAR)), day) if rows else None


def _row(life: Life, rounds: Sequence[Round], day: date) -> lifelines.Row:
    ended = life.ended if life.ended and life.ended.start <= day else None
    return lifelines.Row(
        name=short_name(life),
        remark=_remark(life, day),
        target=life.treaty.get_absolute_url(),
        signed=life.agreed.earliest if life.agreed else None,
        phases=_phases(life, day),
        ended=ended.start if ended else None,
        rounds=_spans(rounds, day),
    )


def _remark(life: Life, day: date) -> str:
    standing = life.on(day)
    words = status_words(standing)
    if life.in_law and life.in_law.start <= day:
        start, end = life.in_law.start, life.in_law.end
        if end and end <= day:
            return f"{start.year}–{end.year}, {words}"
        return _("since %(year)s, %(status)s") % {"year": start.year, "status": words}
    year = life.agreed.earliest.year if life.agreed else ""
    if standing and standing.status == Status.SIGNED:
        return _("signed %(year)s, not in force") % {"year": year}
    return _("signed %(year)s, %(status)s") % {"year": year, "status": words}


def _phases(life: Life, day: date) -> list[lifelines.Phase]:
    return [
        lifelines.Phase(PHASES[period.status], period.start, min(period.end or day, day))
        for period in life.periods
        if period.status in PHASES and period.start < day
    ]


def _spans(rounds: Iterable[Round], day: date) -> list[tuple[date, date]]:
    return [(one.earliest, min(one.latest, day)) for one in rounds if one.earliest <= day]


def course(life: Life, today: date) -> lifelines.Course | None:
    """The life of one treaty with its numbered steps; nothing where only one step is recorded."""
    if len(life.milestones) < 2:
        return None
    last = max(life.ended.start if life.ended else today, life.milestones[-1].earliest)
    scale = YearScale(life.milestones[0].earliest.year, last.year)
    steps = []
    for number, milestone in enumerate(life.milestones, 1):
        words, party = milestone.get_type_display(), milestone.party
        full = f"{party}: {words}" if party else capfirst(words)
        steps.append(lifelines.Step(number, milestone.earliest, full, capfirst(words), dates.shorten(milestone.date)))
    return lifelines.course(_phases(life, last), steps, scale)


def short_name(life: Life) -> str:
    """A treaty's name without what stands in brackets, for places with little room."""
    return str(life.treaty).partition(" (")[0]


# Ceilings


@dataclass(frozen=True)
class Family:
    """One chart of ceilings that can be compared, with the treaties that set them."""

    name: str
    chart: ceilings.Chart
    limits: list[ceilings.Limit]
    since: str
    """Since when none of them has been in force, in EDTF; empty while one is."""

    @property
    def has_range(self) -> bool:
        return any(limit.lowest is not None for limit in self.limits)


def families(dossier: Dossier, today: date) -> list[Family]:
    """Ceilings on warheads and on what delivers them, where this treaty sets any, beside those of the others."""
    found = []
    for name, units in FAMILIES.items():
        limits = [limit for life in _comparable(dossier, today) for limit in _steps(life, units, dossier, today)]
        if any(limit.own for limit in limits):
            first = min(limit.first for limit in limits)
            last = max(limits, key=lambda limit: limit.last)
            chart = ceilings.ceilings(
                limits, ceilings.scale(first.year, today.year), today, list(_lacking(units, dossier, today))
            )
            found.append(
                Family(
                    name,
                    chart,
                    sorted(limits, key=lambda limit: limit.first),
                    last.until,
                )
            )
    return found


def _comparable(dossier: Dossier, today: date) -> list[Life]:
    """Treaties that were in force at some time, and the one in question once it was signed."""
    here = dossier.life
    known = [life for life in dossier.lives.values() if life.is_principal and (life.in_law or life is here)]
    return [life for life in known if life.agreed and life.agreed.earliest < today]


def _lacking(units: set[str], dossier: Dossier, today: date) -> Iterable[ceilings.Lack]:
    """Treaties that were in force and set ceilings of the other kind alone."""
    others = set().union(*FAMILIES.values()) - units
    for life in _comparable(dossier, today):
        if life.in_law and totals_of(life, others) and not totals_of(life, units):
            words = _("%s: no limit") % short_name(life)
            yield ceilings.Lack(words, min(life.in_law.end or today, today))


def _steps(life: Life, units: set[str], dossier: Dossier, today: date) -> Iterable[ceilings.Limit]:
    for limit in totals_of(life, units):
        if life.in_law and life.in_law.start < today:
            first, since = life.in_law.start, life.in_law.since
        elif life.agreed:
            first, since = life.agreed.earliest, life.agreed.date
        else:
            continue
        ended = (life.ended.start, life.ended.since) if life.ended else (None, "")
        last, until = (life.in_law.end, life.in_law.until) if life.in_law else ended
        yield ceilings.Limit(
            name=short_name(life),
            words=allowed(limit),
            value=limit.ceiling,
            lowest=limit.lowest,
            counted=counted(limit),
            first=first,
            due=limit.applies_earliest,
            last=min(last or today, today),
            since=since,
            due_on=limit.applies_from,
            until=until if last and last <= today else "",
            own=life is dossier.life,
            binding=bool(life.in_law),
        )


# Declared figures


class Cell(NamedTuple):
    value: int | None
    derived: bool
    from_chart: bool


@dataclass(frozen=True)
class Declared:
    """One figure over time, each side's against the ceiling."""

    figure: str
    title: str
    limit: Limit | None
    chart: ceilings.Holdings


def cells(exchange: DataExchange) -> list[Cell]:
    return [
        Cell(getattr(exchange, figure), figure in exchange.derived, figure in exchange.from_chart)
        for figure in DataExchange.Figure.values
    ]


def declared(dossier: Dossier, today: date) -> list[Declared]:
    exchanges, life = dossier.exchanges, dossier.life
    if not exchanges:
        return []
    end = life.in_law.end if life.in_law and life.in_law.end else today
    scale = ceilings.scale(exchanges[0].earliest.year, max(min(end, today).year, exchanges[-1].earliest.year))
    found = []
    for figure, unit in FIGURES.items():
        limits = [limit for limit in dossier.limits if limit.unit == unit]
        limit = max(limits, key=lambda limit: limit.ceiling, default=None)
        counts: dict[str, tuple[str, list[ceilings.Count]]] = {}
        for exchange in exchanges:
            value = getattr(exchange, figure)
            colour = COLOURS.get(exchange.party.code, "other")
            if value is not None:
                counts.setdefault(colour, (exchange.party.code, []))[1].append(_count(exchange, figure, value))
        if counts:
            ceiling, due = (limit.ceiling, limit.applies_earliest) if limit else (None, None)
            chart = ceilings.holdings(counts, ceiling, due, scale)
            found.append(Declared(figure, capfirst(str(figure.label)), limit, chart))
    return found


def _count(exchange: DataExchange, figure: str, value: int) -> ceilings.Count:
    worked_out = figure in exchange.derived or figure in exchange.from_chart
    title = f"{exchange.party}, {dates.spell(exchange.as_of)}: {_thousands(value)}"
    return ceilings.Count(exchange.earliest, value, _thousands(value), worked_out, title)


def _thousands(value: int) -> str:
    return number_format(value, force_grouping=True)
