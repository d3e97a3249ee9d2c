"""Limits side by side: what each text allowed of the same kind of arms."""

from collections.abc import Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Totals:
    """The most that each of some treaties allows, in each unit that they share with one of them."""

    columns: list[Life]
    rows: list[tuple[str, list[Limit | None]]]
    """By unit; None where a treaty sets no limit in it."""


def totals(life: Life, lives: Iterable[Life]) -> Totals | None:
    """What a treaty allows in all beside the others that count in the same units; nothing where none does."""
    highest = {}
    for other in lives:
        if other.is_principal or other is life:
            for limit in (limit for limit in other.treaty.limits.all() if limit.unit in IN_ALL):
                known = highest.setdefault(limit.unit, {}).get(other.treaty.pk)
                if not known or limit.ceiling > known.ceiling:
                    highest[limit.unit][other.treaty.pk] = limit
    shared = {unit: found for unit, found in highest.items() if len(found) > 1 and life.treaty.pk in found}
    columns = [other for other in lives if any(other.treaty.pk in found for found in shared.values())]
    rows = [(unit, [found.get(other.treaty.pk) for other in columns]) for unit, found in shared.items()]
    return (
        Totals(columns, sorted(rows, key=lambda row: -max(limit.ceiling for limit in row[1] if limit)))
        if rows
        else None
    )
