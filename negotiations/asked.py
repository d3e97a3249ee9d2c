"""The day a reader asks about, read from `?on=`, and what of the address was not understood."""

from datetime import date
from typing import NamedTuple

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from negotiations import dates
from negotiations.forms import MOST_PROBLEMS, shown


class Asked(NamedTuple):
    """The day a page speaks of: today, unless the reader named another."""

    day: date
    today: date
    problems: list[str]

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def lies_ahead(self) -> bool:
        return self.day > self.today

    @property
    def on(self) -> str:
        """The day as the address has it; empty for today."""
        return "" if self.is_today else self.day.isoformat()

    @property
    def query(self) -> str:
        """What links to other pages add, so that they speak of the same day."""
        return f"?on={self.on}" if self.on else ""


def read_day(data: QueryDict, *others: str) -> Asked:
    """The day of a page that knows `on` and the `others` among its parameters; whatever else stands there is told.

    A month, a year or any other span means its last day: “where did they stand in 2013” asks how the year left things.
    """
    today = timezone.localdate()
    day, problems = today, unknown(data, "on", *others)
    if text := data.get("on", "").strip():
        try:
            day = _one_day(text, today)
        except dates.InvalidDate as error:
            problems.insert(0, str(error))
    return Asked(day, today, problems)


def _one_day(text: str, today: date) -> date:
    refusal = _("“%s” is not a day, so this shows today. Write a day, a month or a year: 2007-09-12, 2007-09, 2007.")
    try:
        earliest, latest = dates.parse(text)
    except dates.InvalidDate as error:
        raise dates.InvalidDate(refusal % shown(text)) from error
    if latest.year not in dates.YEARS:
        raise dates.InvalidDate(refusal % shown(text))
    # Of a span that still runs, the present day is the last one known.
    return today if earliest < today < latest else latest


def unknown(data: QueryDict, *known: str) -> list[str]:
    """One sentence for each parameter that the page has no use for."""
    problems = [_("There is no filter “%s”.") % shown(name) for name in data if name not in known]
    if len(problems) > MOST_PROBLEMS:
        more = len(problems) - MOST_PROBLEMS
        problems[MOST_PROBLEMS:] = [_("%d more filters were not understood.") % more]
    return problems
