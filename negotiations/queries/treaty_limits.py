"""Limits side by side: what each text allowed of the same kind of arms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from negotiations.models import Limit

from .treaties import Life

# What can be set beside each other: units that count warheads, and those that count what carries them.
WARHEADS = {"warheads"}
VEHICLES = {"delivery vehicles", "launchers and bombers", "launchers", "missiles", "submarines"}
# Of these, the units in which treaties set a total for each side; in the others they limit parts of it, or one side.
IN_ALL = {"warheads", "delivery vehicles", "launchers and bombers"}


@dataclass(frozen=True)
class Limits:
    """The limits of one text by what they count, the highest first: the total, then its parts."""

    life: Life
    warheads: list[Limit]
    vehicles: list[Limit]
    other: list[Limit]


def side_by_side(lives: Iterable[Life], chosen: Iterable[str] = ()) -> list[Limits]:
    """The texts that set limits, in the order in which they were agreed; of them those chosen by slug, if any are."""
    wanted = set(chosen)
    return [_limits(life) for life in lives if life.treaty.limits.all() and (not wanted or life.treaty.slug in wanted)]


def _limits(life: Life) -> Limits:
    limits = sorted(life.treaty.limits.all(), key=lambda limit: -limit.ceiling)
    return Limits(
        life=life,
        warheads=[limit for limit in limits if limit.unit in WARHEADS],
        vehicles=[limit for limit in limits if limit.unit in VEHICLES],
        other=[limit for limit in limits if limit.unit not in WARHEADS | VEHICLES],
    )


def totals_of(life: Life, units: Iterable[str]) -> list[Limit]:
    """Of limits in one unit that apply from the same day, the largest is the total and the rest are parts of it."""
    found: dict[tuple[str, date | None], Limit] = {}
    for limit in life.treaty.limits.all():
        if limit.unit in units:
            known = found.get((limit.unit, limit.applies_earliest))
            if not known or limit.ceiling > known.ceiling:
                found[limit.unit, limit.applies_earliest] = limit
    return sorted(found.values(), key=lambda limit: limit.applies_earliest or date.min)


class Row(NamedTuple):
    """What each treaty of a table allows of one thing; in time one limit may follow another."""

    unit: str
    is_total: bool
    """Else its sublimits, of which the record may lack some. The totals it has of every text with limits."""
    cells: list[list[Limit]]


@dataclass(frozen=True)
class Totals:
    """What each of some treaties allows, of all that any of them limits."""

    columns: list[Life]
    rows: list[Row]
    due: list[Limit]
    """The total of each that has to be kept last."""


def totals(life: Life, lives: Iterable[Life]) -> Totals | None:
    """What a treaty allows beside the others that count in the same units; nothing where none does."""
    setting = [(other, totals_of(other, IN_ALL)) for other in lives if other.is_principal or other is life]
    own = {limit.unit for other, found in setting if other is life for limit in found}
    shown = [(other, found) for other, found in setting if own & {limit.unit for limit in found}]
    if len(shown) < 2:
        return None
    rows = []
    for kind in (WARHEADS, VEHICLES):
        for unit in sorted(kind & IN_ALL):
            rows.append(Row(unit, True, [[limit for limit in found if limit.unit == unit] for _other, found in shown]))
        parts = [sorted(_parts(other, kind, found), key=lambda limit: -limit.ceiling) for other, found in shown]
        rows.append(Row(min(kind), False, parts))
    columns = [other for other, _found in shown]
    return Totals(columns, [row for row in rows if any(row.cells)], [found[-1] for _other, found in shown])


def _parts(life: Life, kind: Iterable[str], totals: Iterable[Limit]) -> list[Limit]:
    known = {limit.pk for limit in totals}
    return [limit for limit in life.treaty.limits.all() if limit.unit in kind and limit.pk not in known]
