"""Keep a version of whatever has been changed: the one place that writes `Revision`.

Whoever writes to the record (a form, an action, the loader, an import) calls `keep` afterwards, in the same
transaction. What is unchanged leaves no version.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import ForeignObjectRel, Model
from django.utils import timezone

from negotiations.models import Entry, FormerSlug, Revision
from negotiations.models.history import kind_of

from .fields import Children, Column, Columns, Formerly, Ref, Refs, Values, read_row
from .kinds import KIND_OF, KINDS, Kind

PUBLISHED = Entry.State.PUBLISHED.value
ACTION_OF_STATE = {
    Entry.State.DRAFT.value: Revision.Action.RETURNED,
    Entry.State.IN_REVIEW.value: Revision.Action.SUBMITTED,
    PUBLISHED: Revision.Action.PUBLISHED,
    Entry.State.WITHDRAWN.value: Revision.Action.WITHDRAWN,
}


@dataclass(frozen=True)
class Version:
    """One thing in the record as it stands now."""

    kind: Kind
    obj: Model
    row: Values
    kept: Values

    @classmethod
    def read(cls, kind: Kind, obj: Model) -> "Version":
        return cls(kind, obj, read_row(obj, kind.fields), read_row(obj, kind.staff))

    @property
    def key(self) -> tuple[str, int]:
        return kind_of(self.obj), self.obj.pk


def keep(*objects: Model, by: User | None = None, why: str = "", action: str = "", token: str = "") -> list[Revision]:
    """Keep a version of each thing that differs from its last one. Returns the versions made.

    `token` marks the form that is saved here, so that it is saved once.
    """
    return keep_versions(_read(map(owner, objects)), by=by, why=why, action=action, token=token)


def keep_before(*objects: Model) -> None:
    """Keep how things stood before their first change, if no version of them was ever kept."""
    keep_found(_read(map(owner, objects)))


def keep_found(versions: Iterable[Version]) -> None:
    """Keep a first version of what was in the record before versions were kept."""
    versions = list(versions)
    seen: dict[str, set[int]] = {}
    for kind in {version.key[0] for version in versions}:
        seen[kind] = set(Revision.objects.filter(kind=kind).values_list("object_id", flat=True))
    new = [version for version in versions if version.key[1] not in seen[version.key[0]]]
    keep_versions(new, action=Revision.Action.FOUND)


def keep_versions(
    versions: Iterable[Version], *, by: User | None = None, why: str = "", action: str = "", token: str = ""
) -> list[Revision]:
    versions, now = list(versions), timezone.now()
    last = _last([version.key for version in versions])
    made = []
    for version in versions:
        before, was_public = last.get(version.key, (None, False))
        if before and not action and _same(version, before):
            continue
        made.append(_revision(version, before, was_public, action, by=by, why=why, at=now))
    if made and token:
        made[0].token = token
    return Revision.objects.bulk_create(made, batch_size=500)


def keep_deleted(obj: Model, *, by: User | None = None, why: str = "") -> Revision | None:
    """Keep that a thing has been deleted, with what it last said; `obj` still bears its key."""
    before, _ = _last([(kind_of(obj), obj.pk)]).get((kind_of(obj), obj.pk), (None, False))
    if not before or before.action == Revision.Action.DELETED:
        return None
    return Revision.objects.create(
        kind=before.kind, object_id=before.object_id, number=before.number + 1, slug=before.slug, by=by, why=why,
        action=Revision.Action.DELETED, row=before.row, kept=before.kept, public=False, corrects=_shown(before),
    )  # fmt: skip


def is_kept(model: type[Model]) -> bool:
    """Whether versions are kept of a model, or of what its rows belong to."""
    return model in KIND_OF or model in OWNERS or model is Entry


def owner(obj: Model) -> Model:
    """What a version is kept of: the thing itself, or what a row of its own belongs to."""
    if type(obj) is Entry:
        return obj.child
    if type(obj) in KIND_OF:
        return obj
    belongs_to = getattr(obj, OWNERS[type(obj)])
    return belongs_to.child if type(belongs_to) is Entry else belongs_to


def referring(obj: Model) -> list[Model]:
    """What lists a thing among others, and would silently lose it from the list if it were deleted."""
    found: list[Model] = []
    for kind in KINDS:
        for path, column in _columns(kind.fields):
            if isinstance(column, Refs):
                model: Any = kind.model
                for step in path.split("__"):
                    model = model._meta.get_field(step).related_model
                if isinstance(obj, model) or (model is Entry and isinstance(obj, Entry)):
                    found += kind.model._default_manager.filter(**{path: obj.pk})
    return found


def current_slugs(rows: Iterable[Values]) -> dict[str, dict[str, str]]:
    """What the former addresses that rows speak of are now: by kind of address, from the old to the present one."""
    words = {word for row in rows for word in _words(row)}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    former = list(FormerSlug.objects.filter(slug__in=words)) if words else []
    for kind in KINDS:
        if hasattr(kind.model, "slug_kind"):
            ids = [old.object_id for old in former if old.kind == kind.model.slug_kind()]
            now = dict(kind.model._default_manager.filter(pk__in=ids).values_list("pk", "slug")) if ids else {}
            found[kind.name] |= {
                old.slug: now[old.object_id]
                for old in former
                if old.kind == kind.model.slug_kind() and old.object_id in now
            }
    found["evidence"] = found["statements"] | found["milestones"]
    return found


def with_current_slugs(row: Values, fields: Columns, now: dict[str, dict[str, str]]) -> Values:
    """A row in which everything is called by its present address."""
    row = dict(row)
    for column in fields:
        value = row.get(column.key)
        if value is None:
            continue
        if isinstance(column, Refs):
            row[column.key] = sorted(now[column.to].get(slug, slug) for slug in value)
        elif isinstance(column, Ref):
            row[column.key] = now[column.to].get(value, value)
        elif isinstance(column, Children):
            children = [with_current_slugs(child, column.fields, now) for child in column.expand(value)]
            row[column.key] = [child[column.short] if list(child) == [column.short] else child for child in children]
    return row


def _read(objects: Iterable[Model]) -> list[Version]:
    """Things read anew: what an editor's form holds of their relations may be older than the database."""
    keys: dict[type[Model], set[int]] = defaultdict(set)
    for obj in objects:
        keys[type(obj)].add(obj.pk)
    return [
        Version.read(KIND_OF[model], obj)
        for model, pks in keys.items()
        for obj in KIND_OF[model].objects().filter(pk__in=pks)
    ]


def _last(keys: list[tuple[str, int]]) -> dict[tuple[str, int], tuple[Revision, bool]]:
    """The last version of each thing, and whether readers ever saw one."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for kind, pk in keys:
        by_kind[kind].append(pk)
    found = {}
    for kind, pks in by_kind.items():
        these = Revision.objects.filter(kind=kind, object_id__in=pks)
        ever = set(these.filter(public=True).values_list("object_id", flat=True))
        for revision in these.order_by("object_id", "-number").distinct("object_id"):
            found[kind, revision.object_id] = revision, revision.object_id in ever
    return found


def _revision(version: Version, before: Revision | None, was_public: bool, action: str, **more: Any) -> Revision:
    kind, pk = version.key
    shown, was_shown = _is_shown(version.row, version.kind), before is not None and _shown(before)
    news = not before or before.row != version.row
    public = shown and (news or not was_shown)
    corrects = (was_shown and (public or not shown)) or (public and was_public)
    return Revision(
        kind=kind, object_id=pk, number=before.number + 1 if before else 1, slug=version.row["slug"],
        action=action or _action(version, before), row=version.row, kept=version.kept,
        public=public, corrects=corrects, **more,
    )  # fmt: skip


def _action(version: Version, before: Revision | None) -> str:
    if not before:
        return Revision.Action.CREATED
    state, was = (row.get("state", PUBLISHED) for row in (version.row, before.row))
    return ACTION_OF_STATE[state] if version.kind.is_entry and state != was else Revision.Action.EDITED


def _same(version: Version, before: Revision) -> bool:
    if before.action == Revision.Action.DELETED or version.kept != before.kept:
        return False
    if version.row == before.row:
        return True
    # Something it refers to may have another address now, which is no change of what it says.
    now, fields = current_slugs([before.row, version.row]), version.kind.fields
    return with_current_slugs(before.row, fields, now) == with_current_slugs(version.row, fields, now)


def _is_shown(row: Values, kind: Kind) -> bool:
    return not kind.is_entry or row.get("state", PUBLISHED) == PUBLISHED


def _shown(revision: Revision) -> bool:
    """Whether readers saw the thing as it stood in a version."""
    return revision.action != Revision.Action.DELETED and _is_shown(revision.row, KIND_NAMED[revision.kind])


def _columns(fields: Columns, path: str = "") -> Iterator[tuple[str, Column]]:
    """Every column of a row and of the rows within it, with the path of lookups that leads there."""
    for column in fields:
        if isinstance(column, Formerly):
            continue
        if isinstance(column, Children):
            yield f"{path}{column.related}", column
            yield from _columns(column.fields, f"{path}{column.related}__")
        else:
            yield f"{path}{getattr(column, 'attr', '') or column.key}", column


def _words(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _words(part)


KIND_NAMED = {model._meta.model_name: kind for model, kind in KIND_OF.items()}

# Rows that are written in the row of what they belong to, and what that is called in them.
OWNERS = {
    relation.related_model: relation.field.name
    for kind in KINDS
    for column in kind.fields
    if isinstance(column, Children)
    for relation in [kind.model._meta.get_field(column.related)]
    if isinstance(relation, ForeignObjectRel)
}
