"""Signs of the desk's lists."""

from datetime import date, datetime

from django import template
from django.contrib.admin.views.main import ChangeList
from django.db.models import Max, Min, Model
from django.utils.formats import date_format

from negotiations.models import Entry

register = template.Library()


@register.inclusion_tag("admin/date_hierarchy.html")
def days_of(cl: ChangeList) -> dict[str, object]:
    """The way down from years to days. Django looks through the whole table for those that have rows; this does not."""
    name = cl.date_hierarchy
    year, month, day = (cl.params.get(f"{name}__{part}") for part in ("year", "month", "day"))

    def step(title: object, **parts: object) -> dict[str, object]:
        chosen = {f"{name}__{part}": value for part, value in parts.items()}
        return {"link": cl.get_query_string(chosen, [f"{name}__"]), "title": title}

    if year and month and day:
        back = step(_month(int(year), int(month)), year=year, month=month)
        return {"show": True, "back": back, "choices": [{"title": _day(int(year), int(month), int(day))}]}
    if year and month:
        days = [step(_day(*when), year=when[0], month=when[1], day=when[2]) for when in _days(int(year), int(month))]
        return {"show": True, "back": step(year, year=year), "choices": days}
    if year:
        months = [step(_month(int(year), number), year=year, month=number) for number in range(1, 13)]
        return {"show": True, "back": step(None), "choices": months}
    first, last = _ends(cl.model, name)
    years = range(first.year, last.year + 1) if first and last else ()
    return {"show": bool(first), "choices": [step(number, year=number) for number in years]}


def _ends(model: type[Model], name: str) -> tuple[date | datetime | None, date | datetime | None]:
    """The first and the last day, each read off an index that begins with the kind of entry."""
    rows = model._default_manager.all()
    if issubclass(model, Entry):
        rows = Entry.objects.all() if model is Entry else Entry.objects.filter(kind=model._meta.model_name)
    ends = rows.aggregate(first=Min(name), last=Max(name))
    return ends["first"], ends["last"]


def _days(year: int, month: int) -> list[tuple[int, int, int]]:
    after = date(year + month // 12, month % 12 + 1, 1)
    return [(year, month, number) for number in range(1, (after - date(year, month, 1)).days + 1)]


def _month(year: int, month: int) -> str:
    return date_format(date(year, month, 1), "YEAR_MONTH_FORMAT")


def _day(year: int, month: int, day: int) -> str:
    return date_format(date(year, month, day), "MONTH_DAY_FORMAT")
