"""What readers may know of the past of a thing in the record, and of every correction to what was public."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Model, OuterRef, Q, Subquery
from django.db.models.functions import ExtractYear
from django.utils.functional import Promise

from negotiations.files import words
from negotiations.files.compare import Change, Names, changes
from negotiations.files.kinds import KIND_OF, Kind
from negotiations.models import Entry, ErrorReport, Revision
from negotiations.models.annotated import adding
from negotiations.models.history import RevisionQuerySet, kind_of

PAGE = 30
KINDS: dict[str, Kind] = {model._meta.model_name: kind for model, kind in KIND_OF.items()}


@dataclass(frozen=True)
class Step:
    """One version as readers are told of it: what happened, when, why, and what it says that the last did not."""

    revision: Revision
    changes: list[Change]
    thing: Model | None
    """What it is a version of, where readers can see that now."""

    @property
    def kind_name(self) -> str | Promise:
        return words.KINDS[self.revision.kind]

    @property
    def name(self) -> str:
        return str(getattr(self.thing, "title", self.thing)) if self.thing else ""

    @property
    def url(self) -> str:
        address = getattr(self.thing, "get_absolute_url", None)
        return str(address()) if address else ""


@dataclass(frozen=True)
class Past:
    steps: list[Step]
    more: Revision | None
    """The last version shown, where there are earlier ones."""


def past_of(thing: Model, below: int | None = None) -> Past:
    """The versions of a thing that readers saw, the latest first."""
    found = Revision.objects.of(thing).filter(Q(public=True) | Q(corrects=True))
    return _page(found.filter(number__lt=below) if below else found)


def corrections(year: int | None = None, below: int | None = None) -> Past:
    """The changes to what was public already, the latest first; `below` the id of one already shown."""
    found = Revision.objects.corrections()
    if year:
        found = found.filter(at__year=year)
    last = Revision.objects.filter(pk=below).first() if below else None
    if last:
        found = found.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    return _page(found)


def years_of_corrections() -> list[int]:
    years = Revision.objects.filter(corrects=True).order_by().annotate(year=ExtractYear("at")).values("year").distinct()
    return sorted((row["year"] for row in years), reverse=True)


def last_correction() -> datetime | None:
    return Revision.objects.corrections().values_list("at", flat=True).first()


def _page(found: RevisionQuerySet) -> Past:
    seen = Revision.objects.filter(
        kind=OuterRef("kind"), object_id=OuterRef("object_id"), number__lt=OuterRef("number"), public=True
    ).order_by("-number")
    reported = Exists(ErrorReport.objects.filter(correction=OuterRef("pk")))
    found = adding(found.defer("kept"), before_row=Subquery(seen.values("row")[:1]), reported=reported)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    things = _visible(shown)
    compared = [
        (KINDS[revision.kind], row)
        for revision in shown
        if is_told(revision, things)
        for row in (revision.row, revision.before_row)
        if row
    ]
    names = Names(compared, public=True)
    steps = []
    for revision in shown:
        thing = things.get((revision.kind, revision.object_id))
        said = []
        if is_told(revision, things) and revision.before_row:
            kind = KINDS[revision.kind]
            said = changes(kind.fields, kind.model, revision.before_row, revision.row, names)
        steps.append(Step(revision, said, thing))
    return Past(steps, shown[-1] if len(rows) > PAGE else None)


def is_told(revision: Revision, things: dict[tuple[str, int], Model]) -> bool:
    """Whether readers may see what a version said: not once the thing is withdrawn."""
    thing = things.get((revision.kind, revision.object_id))
    return revision.public and thing is not None and getattr(thing, "state", "") != Entry.State.WITHDRAWN


def _visible(revisions: list[Revision]) -> dict[tuple[str, int], Model]:
    """The things whose page readers can still open, by kind and id; a withdrawn entry's says why."""
    wanted: dict[str, set[int]] = {}
    for revision in revisions:
        wanted.setdefault(revision.kind, set()).add(revision.object_id)
    found = {}
    for name, pks in wanted.items():
        things = KINDS[name].model._default_manager.filter(pk__in=pks)
        if KINDS[name].is_entry:
            things = things.filter(state__in=(Entry.State.PUBLISHED, Entry.State.WITHDRAWN))
            things = things.select_related("negotiation").defer("search", "words")
        for thing in things:
            found[kind_of(thing), thing.pk] = thing
    return found
