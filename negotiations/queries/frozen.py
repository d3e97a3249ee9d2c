"""An entry as it stood when somebody cited it, and what has changed in it since."""

from dataclasses import dataclass
from typing import Any

from negotiations.files.compare import Change, Names, changes
from negotiations.files.kinds import KIND_OF
from negotiations.files.versions import Version
from negotiations.models import Entry, Revision

# Of what an entry says these are no part.
ABOUT_THE_ENTRY = {"slug", "state", "withdrawn_on", "withdrawn_reason"}
HOW_FOUND = {"prefix", "suffix", "checked_on", "checked_sha256"}


@dataclass(frozen=True)
class Frozen:
    """One published version of an entry, beside the entry as it stands."""

    revision: Revision
    facts: list[tuple[str, list[str]]]
    """What it said, field by field."""
    changes: list[Change]
    """What it says otherwise now."""
    later: list[Revision]
    """The published versions since, the latest first."""


def published_versions(entry: Entry) -> list[Revision]:
    return list(Revision.objects.of(entry).public().defer("kept"))


def read_frozen(entry: Entry, number: int) -> Frozen | None:
    """The version of that number, if readers could ever see it."""
    versions = published_versions(entry)
    revision = next((one for one in versions if one.number == number), None)
    if not revision:
        return None
    kind = KIND_OF[type(entry.child)]
    fields = tuple(column for column in kind.fields if column.key not in ABOUT_THE_ENTRY)
    current = Version.read(kind, kind.objects().get(pk=entry.pk))
    then, now = map(told, (revision.row, current.row))
    names = Names([(kind, then), (kind, now)], public=True, now=current)
    facts = changes(fields, kind.model, None, then, names)
    return Frozen(
        revision=revision,
        facts=[(str(fact.label), [piece.text for piece in fact.pieces if piece.sign != "del"]) for fact in facts],
        changes=changes(fields, kind.model, then, now, names),
        later=[one for one in versions if one.number > number],
    )


def told(row: dict[str, Any]) -> dict[str, Any]:
    """A row without how a passage was found in its source: that is no part of what the entry says."""
    sources = [
        {name: value for name, value in source.items() if name not in HOW_FOUND} if isinstance(source, dict) else source
        for source in row.get("sources") or ()
    ]
    plain = [source["source"] if isinstance(source, dict) and len(source) == 1 else source for source in sources]
    return row | ({"sources": plain} if plain else {})
