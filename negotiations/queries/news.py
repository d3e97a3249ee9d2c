"""What is new in a view of the record between two moments, and why: entered, corrected or withdrawn."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from negotiations.files.compare import Names, changes, said_of
from negotiations.files.versions import KIND_NAMED
from negotiations.models import Entry, Revision
from negotiations.models.history import RevisionQuerySet
from negotiations.models.record import EntryQuerySet

from .directory import Directory
from .entries import Row, read
from .timeline import TimelineFilter, matching

# So many are told one by one; the rest are counted, and the view itself shows them.
TOLD = 100
VERSIONS = Revision.objects.filter(kind__in=Entry.Kind.values)
# A first version kept of what was in the record already is no news.
FOUND = Revision.Action.FOUND


class What(models.TextChoices):
    NEW = "new", _("New in the record")
    CORRECTED = "corrected", _("Corrected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@dataclass
class Item:
    """One entry that readers of a view should hear of."""

    what: What
    row: Row
    why: list[str] = field(default_factory=list)
    """Reasons that editors gave."""
    changed: str = ""
    """Of a correction: what in the entry says something else now."""


@dataclass
class News:
    items: list[Item]
    total: int

    def of(self, what: str) -> list[Item]:
        return [item for item in self.items if item.what == what]


def read_news(asked: TimelineFilter, since: datetime, until: datetime, directory: Directory) -> News:
    """Entries of a view that were published, corrected or withdrawn from one moment until just before another."""
    within = VERSIONS.filter(at__gte=since, at__lt=until).exclude(action=FOUND)
    shown = _touched(matching(asked), within.public())
    gone = _touched(_withdrawn(asked), within.filter(corrects=True))
    total = shown.count() + gone.count()
    rows = _rows(shown, directory) + _rows(gone, directory)
    ids = [row.entry.pk for row in rows]
    before = _said(VERSIONS.filter(Q(at__lt=since) | Q(action=FOUND), object_id__in=ids))
    now = _said(within.filter(object_id__in=ids))
    reasons: dict[int, list[str]] = {}
    for pk, why in within.filter(object_id__in=ids).order_by("number").values_list("object_id", "why"):
        if why and why not in reasons.setdefault(pk, []):
            reasons[pk].append(why)
    items = [Item(_what(row.entry, before), row, reasons.get(row.entry.pk, [])) for row in rows][:TOLD]
    _compare([item for item in items if item.what == What.CORRECTED], before, now)
    return News(items, total)


def _touched(entries: EntryQuerySet[Entry], revisions: RevisionQuerySet) -> EntryQuerySet[Entry]:
    return entries.filter(pk__in=revisions.values("object_id"))


def _withdrawn(asked: TimelineFilter) -> EntryQuerySet[Entry]:
    """The withdrawn entries of a view. A search does not look into them: that would tell what they said."""
    kinds = (Entry.Kind.POSITION,) if asked.moves else asked.kinds
    return matching(asked.but(q="", moves=False, kinds=kinds), Entry.objects.filter(state=Entry.State.WITHDRAWN))


def _rows(entries: EntryQuerySet[Entry], directory: Directory) -> list[Row]:
    ids = list(entries.newest_first().values_list("pk", flat=True)[:TOLD])
    return read(Entry.objects.filter(pk__in=ids).newest_first(), directory) if ids else []


def _said(versions: RevisionQuerySet) -> dict[int, dict[str, Any]]:
    """What each entry said in the last of these versions that readers saw."""
    last = versions.public().order_by("object_id", "-number").distinct("object_id")
    return dict(last.values_list("object_id", "row"))


def _compare(items: list[Item], before: dict[int, dict[str, Any]], now: dict[int, dict[str, Any]]) -> None:
    """Say of each correction what it changed."""
    pairs = [(item, KIND_NAMED[item.row.entry.kind], item.row.entry.pk) for item in items]
    names = Names([(kind, rows[pk]) for _item, kind, pk in pairs for rows in (before, now)], public=True)
    for item, kind, pk in pairs:
        item.changed = said_of(changes(kind.fields, kind.model, before[pk], now[pk], names))


def _what(entry: Entry, before: dict[int, dict[str, Any]]) -> What:
    if not entry.is_published:
        return What.WITHDRAWN
    return What.CORRECTED if entry.pk in before else What.NEW
