"""From files to database: all of it or none, and never over an editor's change without saying so."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Model, prefetch_related_objects

from negotiations.models import Entry, FormerSlug, LoadedRow

from . import derived, rules, text, versions
from .fields import NOTHING, Children, Columns, Refs, Scalar, Values, read_row, write_row
from .kinds import KINDS, Kind
from .text import Row

# Any number does; it only has to be the same for every loader, so that two of them take turns.
LOCK = 19670623

Progress = Callable[[int, int], None]
"""Told how many rows are done, and of how many."""


class BadRecord(Exception):
    """The files cannot be loaded; `problems` says why, a line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass
class Report:
    """What a load did: how many rows it wrote, how many already stood so, and what it left to the editors."""

    written: int = 0
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass
class Work:
    """One row to be written, and the object it goes to, if there is one already, with what that said before."""

    kind: Kind
    row: Row
    obj: Any = None
    before: Values | None = None

    @property
    def plain(self) -> Values:
        return _plain(self.row.data, self.kind)

    @property
    def changed(self) -> set[str]:
        """The columns in which it says something else than before; nothing was derived yet from what is new."""
        before, now = self.before or {}, self.plain
        return {key for key in before.keys() | now if before.get(key) != now.get(key)} if before else set()


def load(folder: Path, *, force: bool = False, why: str = "", progress: Progress = lambda done, total: None) -> Report:
    """Bring the database to what the files say; raises BadRecord, with nothing written, if that cannot be done.

    `why` is the reason kept with each version that this makes.
    """
    files, problems = {}, []
    for kind in KINDS:
        files[kind.name], unreadable = text.read(folder / f"{kind.name}.yaml", kind.name)
        problems += unreadable
    if problems:
        raise BadRecord(problems)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        found = Found()
        problems = rules.problems(files, found.slugs())
        if problems:
            raise BadRecord(problems)
        report, standing = Report(), found.rows()
        work = list(_compare(files, found, standing, force, report))
        versions.keep_found(
            _version(kind, obj, standing[kind.name][slug])
            for kind in KINDS
            for slug, obj in found.by_kind[kind.name].items()
        )
        write(work, found, progress)
        _remember([(item.kind, item.row.key, item.plain) for item in work])
        versions.keep_versions([_version(item.kind, item.obj, item.plain) for item in work], why=why)
        report.written = len(work)
    if report.written:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return report


def digest(row: Values) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def canonical(row: Values, fields: Columns) -> Values:
    """A row as a dump would write it: no empty values, no defaults, lists without an order sorted."""
    plain = {}
    for column in fields:
        value = row.get(column.key)
        if isinstance(column, Refs):
            value = sorted(value or [])
        elif isinstance(column, Children):
            children = [canonical(child, column.fields) for child in column.expand(value)]
            value = [child[column.short] if list(child) == [column.short] else child for child in children]
        elif isinstance(column, Scalar) and column.default is not None and value == column.default:
            value = None
        if value not in NOTHING:
            plain[column.key] = value
    return plain


def _version(kind: Kind, obj: Model, row: Values) -> versions.Version:
    """A version from the row at hand, since reading thousands anew takes longer than loading them."""
    row = {key: value for key, value in row.items() if key != "formerly"}
    return versions.Version(kind, obj, row, read_row(obj, kind.staff))


def _compare(
    files: rules.Files, found: "Found", standing_rows: dict[str, dict[str, Values]], force: bool, report: Report
) -> Iterator[Work]:
    """Tell apart, as a three-way merge does, what the files changed from what editors changed since the last load."""
    loaded = {(row.kind, row.key): row.sha256 for row in LoadedRow.objects.all()}
    conflicts = []
    for kind in KINDS:
        objects = found.by_kind[kind.name]
        present = standing_rows[kind.name]
        for row in files[kind.name]:
            wanted, standing = _plain(row.data, kind), present.get(row.key)
            last = loaded.get((kind.name, row.key))
            if standing == wanted:
                report.unchanged += 1
                if last != digest(wanted):
                    _remember([(kind, row.key, wanted)])
                continue
            moved = standing is None and last and _renamed_to(kind, row.key)
            if moved:
                report.notes.append(f"{row}: left alone; an editor renamed it to {moved}")
            elif force or last == (digest(standing) if standing else None):
                yield Work(kind, row, objects.get(row.key), standing)
            elif last == digest(wanted):
                change = "changed" if standing else "deleted"
                report.notes.append(f"{row}: left as it is; an editor {change} it since the last load")
            else:
                conflicts.append(f"{row}: both the file and an editor changed it since the last load")
        gone = present.keys() - {row.key for row in files[kind.name]}
        report.notes += [
            f"{kind.name}.yaml no longer has {key}: it stays" for key in sorted(gone) if (kind.name, key) in loaded
        ]
    if conflicts:
        raise BadRecord(
            [*conflicts, "Nothing was loaded. dump_record shows the database's side; --force overwrites it."]
        )


def _plain(data: Values, kind: Kind) -> Values:
    """The row as `Kind.rows` would read it back, defaults of the model left out."""
    plain = canonical(data, kind.fields)
    defaults = {c.key: c._default(kind.model) for c in kind.fields if hasattr(c, "_default")}
    return {key: value for key, value in plain.items() if key not in defaults or value != defaults[key]}


def _renamed_to(kind: Kind, slug: str) -> str | None:
    if not hasattr(kind.model, "slug_kind"):
        return None
    former = FormerSlug.objects.filter(kind=kind.model.slug_kind(), slug=slug).first()
    obj: Any = former and kind.model._default_manager.filter(pk=former.object_id).first()
    return str(obj.slug) if obj else None


def _remember(rows: list[tuple[Kind, str, Values]]) -> None:
    LoadedRow.objects.bulk_create(
        [LoadedRow(kind=kind.name, key=key, sha256=digest(row)) for kind, key, row in rows],
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["sha256"],
    )


class Found:
    """Objects by kind and slug: what the database has, and what this load has saved.

    Small rows that nothing else waits for are saved together, unless `one_by_one` is set to learn which of them the
    database refuses. `only` says which slugs of each kind are wanted, where few are.
    """

    def __init__(self, only: dict[str, set[str]] | None = None) -> None:
        self.only = only
        self.by_kind = {kind.name: {obj.slug: obj for obj in self._wanted(kind)} for kind in KINDS}
        self.new: set[tuple[type, int]] = set()
        self.one_by_one = False
        self.waiting: dict[type[Model], list[Model]] = defaultdict(list)

    def _wanted(self, kind: Kind) -> Iterable[Any]:
        if self.only is None:
            return kind.objects()
        slugs = self.only.get(kind.name)
        return kind.objects().filter(slug__in=slugs) if slugs else ()

    def slugs(self) -> dict[str, set[str]]:
        return {name: set(objects) for name, objects in self.by_kind.items()}

    def rows(self) -> dict[str, dict[str, Values]]:
        """Everything as the database has it, by kind and slug."""
        return {kind.name: {row["slug"]: row for row in kind.rows(self.by_kind[kind.name].values())} for kind in KINDS}

    def __call__(self, to: str, key: Any) -> Any:
        if to == "options":
            issue, slug = key
            return next(option for option in self.by_kind["issues"][issue].options.all() if option.slug == slug)
        if to == "evidence":
            return self.by_kind["statements"].get(key) or self.by_kind["milestones"][key]
        return self.by_kind[to][key]

    def add(self, kind: Kind, obj: Any, *, new: bool) -> None:
        self.by_kind[kind.name][obj.slug] = obj
        if new:
            self.new.add((type(obj), obj.pk))

    def is_new(self, obj: Model) -> bool:
        """This load has made the object or its owner, so that nothing is there yet to be replaced."""
        return (type(obj), obj.pk) in self.new

    def save_later(self, obj: Model) -> None:
        if self.one_by_one or obj.pk:
            obj.save()
        else:
            self.waiting[type(obj)].append(obj)

    def relate(self, related: Any, obj: Model, targets: Iterable[Model]) -> None:
        """Fill a relation; of a new object, with nothing to be replaced."""
        if not self.is_new(obj):
            related.set(targets)
            return
        ends = f"{related.source_field_name}_id", f"{related.target_field_name}_id"
        for target in targets:
            self.save_later(related.through(**dict(zip(ends, (obj.pk, target.pk), strict=True))))

    def save_waiting(self) -> None:
        for model, objects in self.waiting.items():
            model._default_manager.bulk_create(objects)
        self.waiting.clear()

    def fetch_relations(self) -> None:
        """Fetch at once what entries will ask of parties, talks, treaties and issues, one by one."""
        self.save_waiting()
        for kind in KINDS:
            if not kind.is_entry:
                objects = list(self.by_kind[kind.name].values())
                for obj in objects:
                    obj._prefetched_objects_cache = {}  # else Django takes an earlier answer for the present one
                prefetch_related_objects(objects, *kind.prefetch)


def write(work: list[Work], found: Found, progress: Progress = lambda done, total: None) -> None:
    """Write rows, or raise BadRecord that says which of them the database refuses."""
    try:
        with transaction.atomic():
            _write_all(work, found, progress)
    except IntegrityError as error:
        raise BadRecord(_refused(work, found.only) or [_explain(error)]) from error


def _refused(work: list[Work], only: dict[str, set[str]] | None) -> list[str]:
    """Write once more, each row behind a savepoint, to name every row that the database refuses."""
    found, problems = Found(only), []
    found.one_by_one = True
    for item in work:
        item.obj = found.by_kind[item.kind.name].get(item.row.key)
        try:
            with transaction.atomic():
                _save(item, found)
                connection.check_constraints()
        except IntegrityError as error:
            problems.append(f"{item.row}: {_explain(error)}")
        except KeyError:
            continue  # it refers to a row that was just refused
    return problems


def _write_all(work: list[Work], found: Found, progress: Progress) -> None:
    for done, item in enumerate(work, 1):
        if item.kind.is_entry and (done == 1 or not work[done - 2].kind.is_entry):
            found.fetch_relations()
        _save(item, found)
        progress(done, len(work))
    for item in work:
        if any(column.stage == "last" for column in item.kind.fields):
            write_row(item.obj, item.row.data, item.kind.fields, found, "last")
            item.obj.save()
    found.fetch_relations()
    for item in work:
        if item.kind.is_entry:
            _link(item.obj, found)
    found.save_waiting()
    for item in work:
        derived.follow(item.obj, item.changed)
    connection.check_constraints()


def _link(entry: Entry, found: Found) -> None:
    """As `Entry.link`, with nothing to be replaced where the entry is new."""
    if not found.is_new(entry):
        entry.link()
        return
    parties, issues = entry.concerned()
    found.relate(entry.parties, entry, parties)
    found.relate(entry.issues, entry, issues or ())


def _save(item: Work, found: Found) -> None:
    new = item.obj is None
    item.obj = item.obj or item.kind.model()
    write_row(item.obj, item.row.data, item.kind.fields, found, "with")
    # Without being told so, Django first tries to update the row of a child it has just made.
    item.obj.save(force_insert=(Entry,) if new and item.kind.is_entry else False)
    found.add(item.kind, item.obj, new=new)
    write_row(item.obj, item.row.data, item.kind.fields, found, "after")


def _explain(error: IntegrityError) -> str:
    """The words for editors of the named constraint that was broken."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = diagnosis.constraint_name if diagnosis else None
    for kind in KINDS:
        for model in (kind.model, *kind.model._meta.all_parents):
            for constraint in model._meta.constraints:
                if constraint.name == name:
                    return str(constraint.get_violation_error_message())
    return diagnosis.message_primary if diagnosis else str(error)
