"""The published record, read in one piece: what readers may see, and of what was withdrawn its tombstone."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

from negotiations.exports import path
from negotiations.files.fields import Column, Ref, Refs, Values
from negotiations.files.kinds import Kind
from negotiations.models import Entry

from .tables import LEFT_OUT, Row

Thing = TypeVar("Thing", bound=Model)
STRETCH = 500


def read(kind: Kind, hidden: set[str]) -> Iterator[Values]:
    """Each thing of a kind as a row of its file, without anything that is hidden from readers."""
    objects = kind.objects()
    if kind.is_entry:
        objects = objects.filter(state=Entry.State.PUBLISHED)
    for stretch in stretches(objects):
        for row in kind.rows(stretch):
            yield without(row, kind.fields, hidden)


def stretches(objects: QuerySet[Thing]) -> Iterator[list[Thing]]:
    """Things in order, some hundred at a time, with what belongs to them."""
    some: list[Thing] = []
    for thing in objects.iterator(chunk_size=STRETCH):
        some.append(thing)
        if len(some) == STRETCH:
            yield some
            some = []
    if some:
        yield some


def unpublished() -> set[str]:
    """Slugs that nothing published may mention."""
    return set(Entry.objects.exclude(state=Entry.State.PUBLISHED).values_list("slug", flat=True))


def without(row: Values, fields: Iterable[Column], hidden: set[str]) -> Values:
    """A row that names none of these entries."""
    kept = {key: value for key, value in row.items() if key not in LEFT_OUT}
    for one in fields:
        value = kept.get(one.key)
        if value is None or getattr(one, "to", "") not in ("rounds", "evidence"):
            continue
        if isinstance(one, Refs):
            kept[one.key] = [slug for slug in value if slug not in hidden]
        elif isinstance(one, Ref) and value in hidden:
            del kept[one.key]
    return kept


def entries() -> Iterator[Row]:
    """The record in one stream, with whom and what each entry concerns."""
    published = Entry.objects.published().order_by("earliest", "pk")
    published = published.select_related("party", "speaker", "negotiation").prefetch_related("parties", "issues")
    for stretch in stretches(published.defer("search", "words")):
        for entry in stretch:
            yield Row(
                "entries",
                [
                    entry.slug, entry.kind, entry.title, entry.date, entry.earliest.isoformat(),
                    entry.latest.isoformat(), *(thing and thing.slug for thing in (entry.party, entry.speaker,
                    entry.negotiation)), entry.summary or None, entry.city or None, entry.country or None, path(entry),
                ],
            )  # fmt: skip
            for party in entry.parties.all():
                yield Row("entries_parties", [entry.slug, party.slug])
            for issue in entry.issues.all():
                yield Row("entries_issues", [entry.slug, issue.slug])


def tombstones() -> Iterator[Row]:
    gone = Entry.objects.filter(state=Entry.State.WITHDRAWN).order_by("withdrawn_on", "slug")
    for slug, kind, day, reason in gone.values_list("slug", "kind", "withdrawn_on", "withdrawn_reason"):
        yield Row("withdrawn", [slug, kind, day and day.isoformat(), reason])
