"""Bring a thing in the record back to an earlier version, with everything the version refers to."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model, QuerySet

from negotiations.models import Entry, Option, Revision

from .derived import TOLD, follow
from .fields import Formerly, read_row, write_row
from .kinds import KIND_OF, KINDS, STATE
from .versions import current_slugs, keep, with_current_slugs

KIND_NAMED = {kind.name: kind for kind in KINDS}
# Going back changes what a thing says, not whether readers see it; and old addresses go on leading to it.
STAYS = {column.key for column in STATE}


class Gone(Exception):
    """The version refers to something that is no longer in the record: `what`, by its address."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Present:
    """What a version refers to, as the record has it now; asked as the loader asks for what it has found."""

    def __call__(self, to: str, key: Any) -> Any:
        found: QuerySet[Any]
        if to == "options":
            issue, slug = key
            found = Option.objects.filter(issue__slug=issue, slug=slug)
        elif to == "evidence":
            found = Entry.objects.filter(slug=key)
        else:
            found = KIND_NAMED[to].model._default_manager.filter(slug=key)
        thing = found.first()
        if not thing:
            raise Gone(key if isinstance(key, str) else "/".join(key))
        return thing

    def is_new(self, _obj: Model) -> bool:
        return False

    def relate(self, related: Any, _obj: Model, targets: Iterable[Model]) -> None:
        related.set(targets)

    def save_later(self, obj: Model) -> None:
        obj.save()


def bring_back(thing: Any, version: Revision, *, by: User, why: str) -> Revision | None:
    """Make a thing say what it said in a version. Call within a transaction; raises `Gone` and what a save raises."""
    kind, find = KIND_OF[type(thing)], Present()
    fields = tuple(column for column in kind.fields if not isinstance(column, Formerly))
    row = with_current_slugs(version.row, kind.fields, current_slugs([version.row]))
    present = read_row(thing, STATE) if kind.is_entry else {}
    row = {key: value for key, value in row.items() if key not in STAYS} | present
    for stage in ("with", "after", "last"):
        write_row(thing, row, fields, find, stage)
        if stage == "with":
            write_row(thing, version.kept, kind.staff, find, stage)
        thing.save()
    if kind.is_entry:
        thing = type(thing).objects.get(pk=thing.pk)
        thing.link()
    follow(thing, TOLD.get(type(thing), ()))
    connection.check_constraints()
    made = keep(thing, by=by, why=why, action=Revision.Action.REVERTED)
    return made[0] if made else None
