"""Entries as data: one shape for JSON, NDJSON and CSV, in the words and codes of the record, whatever the language.

What an entry's kind does not have is null. Parties, issues, people and talks are named by the slugs under which they
stand in addresses and files.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from negotiations.links import link
from negotiations.models import Citation, Entry, Milestone, Position, Round, Statement
from negotiations.models.permalinks import Permalinked
from negotiations.queries.stream import Item
from negotiations.spreadsheet import csv_lines

# Every field, in the order of the columns, and what it says.
FIELDS = {
    "id": _("The entry’s key, the last part of its address."),
    "kind": _("round, statement, milestone or position."),
    "url": _("The entry’s page."),
    "date": _("As precise as the source and no more: EDTF, ISO 8601-2."),
    "earliest": _("The first day that the date allows."),
    "latest": _("The last day that the date allows."),
    "date_basis": _("stated by a source, inferred, or recalled."),
    "title": _("As the timeline prints it."),
    "summary": _("Parley’s own words, never a quotation."),
    "quote": _("Word for word as the source prints it."),
    "quote_language": _("ISO 639-1, of the quotation."),
    "translation": _("Of the quotation, where it is not in English."),
    "translator": _("Who translated it, where that is known."),
    "key_phrase": _("A few words, as reported."),
    "party": _("Who spoke, acted or holds the position."),
    "parties": _("Everybody whom the entry concerns."),
    "speaker": _("Who spoke."),
    "speakers": _("Of a joint text: the people who made it."),
    "office": _("The speaker’s title that day, or the body that spoke."),
    "occasion": _("Where it was said."),
    "form": _("Of a round or statement: summit, consultations, interview, speech and so on."),
    "reported": _("Whether others are the only source for what was said."),
    "original_language": _("ISO 639-1, in which it was said."),
    "round": _("The meeting at which it was said."),
    "number": _("Of a round: its number in the series."),
    "held": _("Of a round: false if it was called off; its dates are then those planned."),
    "delegations": _("Of a round: who sat at the table, and who led them."),
    "treaty": _("Of a milestone: the treaty whose life it is a step in."),
    "type": _("Of a milestone: signed, ratified, expired and so on."),
    "issue": _("Of a position: the question that it answers."),
    "option": _("Of a position: the answer."),
    "stance": _("Of a position: demands, prefers, accepts, conditional or opposes."),
    "condition": _("Of a conditional position: what it depends on."),
    "waits_for": _("Of a conditional position: the party whose act it needs."),
    "basis": _("Of a position: stated by the party, attributed to it, or documented in a text."),
    "scope": _("Of a position: what it concerns, if not the whole issue."),
    "end": _("Of a position: until when, in EDTF, where an end is known."),
    "end_basis": _("Of a position’s end: clipped, unknown, or empty where the sources give it."),
    "previous": _("Of a position: the one before it of the same party on the same issue."),
    "moved": _("Of a position: whether it differs from the one before."),
    "evidence": _("Of a position: the statements and milestones that bear it out."),
    "negotiation": _("The talks it belongs to."),
    "issues": _("The questions it bears on."),
    "city": _("The place."),
    "country": _("The country’s name at the time."),
    "note": _("How a date was inferred, how sources differ."),
    "sources": _("Where it is written down, the best source first."),
    "updated": _("When the entry last changed in the record."),
}
Data = dict[str, Any]
"""An entry in that shape."""
# A table has no lists in its cells, but a source is nothing without its address.
COLUMNS = [name for name in FIELDS if name != "delegations"] + ["source_urls"]


def as_entry(item: Item, absolute: Callable[[str], str]) -> Data:
    """One entry in the shape that data users rely on."""
    row, entry, child = item.row, item.row.entry, item.row.entry.child
    common = {
        "id": entry.slug,
        "kind": entry.kind,
        "url": absolute(path(entry)),
        "date": entry.date,
        "earliest": entry.earliest.isoformat(),
        "latest": entry.latest.isoformat(),
        "date_basis": entry.date_basis,
        "title": entry.title,
        "summary": entry.summary,
        "party": slug(entry.party),
        "parties": [party.slug for party in row.parties],
        "speaker": slug(entry.speaker),
        "negotiation": slug(entry.negotiation),
        "issues": [issue.slug for issue in row.issues],
        "city": entry.city,
        "country": entry.country,
        "note": entry.note,
        "sources": [as_source(citation) for citation in row.citations],
        "updated": entry.updated_at.isoformat(timespec="seconds"),
    }
    return dict.fromkeys(FIELDS) | common | OF_KIND[entry.kind](item, child)


def of_round(item: Item, child: Round) -> Data:
    delegations = [
        {"party": delegation.party.slug, "head": slug(delegation.head), "title": delegation.title}
        for delegation in item.row.delegations
    ]
    return {"form": child.form, "number": child.number, "held": child.held, "delegations": delegations}


def of_statement(item: Item, child: Statement) -> Data:
    alike = (
        "quote", "quote_language", "translation", "translator", "key_phrase", "office", "occasion", "form", "reported",
        "original_language",
    )  # fmt: skip
    said = {name: getattr(child, name) for name in alike}
    return said | {"speakers": [person["slug"] for person in item.row.speakers], "round": item.round_slug or None}


def of_milestone(item: Item, child: Milestone) -> Data:
    return {"treaty": child.treaty.slug, "type": child.type}


def of_position(item: Item, child: Position) -> Data:
    previous = item.row.previous
    alike = ("stance", "condition", "basis", "scope", "end", "end_basis")
    moved = previous and (previous.option_id, previous.stance) != (child.option_id, child.stance)
    return {name: getattr(child, name) for name in alike} | {
        "issue": child.issue.slug,
        "option": child.option.slug,
        "waits_for": slug(item.waits_for),
        "previous": slug(previous),
        "moved": bool(moved),
        "evidence": [tie.entry__slug for tie in item.row.evidence],
    }


OF_KIND: dict[str, Callable[[Item, Any], Data]] = {
    "round": of_round,
    "statement": of_statement,
    "milestone": of_milestone,
    "position": of_position,
}


def as_source(citation: Citation) -> Data:
    source = citation.source
    return {
        "id": source.slug,
        "publisher": source.publisher,
        "title": source.title,
        "date": source.date,
        "url": source.url,
        "archived_url": source.archived_url,
        "language": source.language,
        "locator": citation.locator,
        "verified": citation.is_verified,
    }


def path(entry: Entry) -> str:
    """The address of an entry's page."""
    if entry.kind == entry.Kind.ROUND and entry.negotiation:
        return link("round", entry.negotiation.slug, entry.path)
    return link(entry.kind, entry.slug)


def slug(thing: Permalinked | None) -> str | None:
    return thing.slug if thing else None


# Documents


def as_csv(entries: Iterable[Data]) -> Iterator[str]:
    """RFC 4180: a header and a line an entry."""
    return csv_lines(COLUMNS, map(as_cells, entries))


def as_cells(entry: Data) -> list[str]:
    """An entry in the cells of a table: lists as words, yes and no as such."""
    flat = entry | {
        "sources": [source["id"] for source in entry["sources"]],
        "source_urls": [source["url"] for source in entry["sources"]],
    }
    return [as_cell(flat[name]) for name in COLUMNS]


def as_cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def as_lines(entries: Iterable[Data]) -> Iterator[str]:
    """NDJSON: an entry a line."""
    for entry in entries:
        yield as_json(entry) + "\n"


def as_document(count: int, entries: Iterable[Data], following: Callable[[], str | None]) -> Iterator[str]:
    """One JSON document, written while it is read; where it goes on is known only at its end."""
    yield f'{{"count": {count}, "entries": [\n'
    between = ""
    for entry in entries:
        yield between + as_json(entry)
        between = ",\n"
    yield f'\n], "next": {as_json(following())}}}\n'


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
