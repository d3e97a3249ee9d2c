"""From the record to what somebody would cite: whose words or act it is, of what sort, when and where it is found.

What is cited is named in English, as the styles are, whatever the language of the page.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils import translation

from negotiations.citations import SITE, Author, Reference, Type
from negotiations.models import (
    Citation,
    Entry,
    Issue,
    Milestone,
    Negotiation,
    Person,
    Position,
    Round,
    Statement,
    Treaty,
)
from negotiations.templatetags.record import script

# What sort of thing a statement is, by its form.
FORMS = {
    Statement.Form.SPEECH: Type.SPEECH,
    Statement.Form.INTERVIEW: Type.INTERVIEW,
    Statement.Form.PRESS_CONFERENCE: Type.SPEECH,
    Statement.Form.JOINT_STATEMENT: Type.REPORT,
    Statement.Form.DOCUMENT: Type.REPORT,
    Statement.Form.TESTIMONY: Type.TESTIMONY,
    Statement.Form.LETTER: Type.LETTER,
    Statement.Form.BROADCAST: Type.BROADCAST,
}
RECORD = "Parley: the record of Soviet, Russian and American negotiations on strategic arms"
PARLEY = (Author(SITE, is_body=True),)


def of_entry(entry: Entry, url: str, accessed: date, citations: Iterable[Citation] | None = None) -> Reference:
    """An entry of the record, of whatever kind; `citations` where they have been read apart from it."""
    first = next(iter(entry.citations.all() if citations is None else citations), None)
    with translation.override("en"):
        what = OF_KIND[entry.kind](entry)
    return Reference(
        key=entry.slug,
        date=entry.date,
        place=entry.city,
        source_title=first.source.title if first else "",
        publisher=first.source.publisher if first else "",
        abstract=entry.summary,
        url=url,
        accessed=accessed,
        **what,
    )


def of_statement(statement: Statement) -> dict[str, Any]:
    speakers = [statement.speaker] if statement.speaker else list(statement.joint_speakers.all())
    if speakers:
        authors = tuple(map(author, speakers))
    else:
        authors = (Author(statement.office or statement.party.name, is_body=True),)
    kind = str(statement.get_form_display())
    return {
        "type": FORMS[Statement.Form(statement.form)],
        "kind": kind,
        "authors": authors,
        "title": statement.occasion or kind,
        "language": statement.original_language or statement.quote_language or "en",
    }


def of_milestone(milestone: Milestone) -> dict[str, Any]:
    authors = (Author(milestone.party.name, is_body=True),) if milestone.party else ()
    return {"kind": "milestone", "authors": authors, "title": milestone.title}


def of_position(position: Position) -> dict[str, Any]:
    return {"kind": "position", "authors": (Author(position.party.name, is_body=True),), "title": position.title}


def of_round(round_: Round) -> dict[str, Any]:
    title = f"{round_.title}, {round_.negotiation.name}"
    return {"type": Type.MEETING, "kind": str(round_.get_form_display()), "authors": (), "title": title}


OF_KIND: dict[str, Callable[[Any], dict[str, Any]]] = {
    "statement": of_statement,
    "milestone": of_milestone,
    "position": of_position,
    "round": of_round,
}


def of_treaty(treaty: Treaty, url: str, accessed: date) -> Reference:
    """The text itself, dated and placed by its signature; its milestones must have been read."""
    steps = sorted((step for step in treaty.milestones.all() if step.is_published), key=lambda step: step.life_order)
    agreed = next((step for step in steps if step.type in ("signed", "issued", "announced")), None)
    with translation.override("en"):
        kind = str(treaty.get_kind_display())
    name = treaty.full_name
    return Reference(
        key=treaty.slug,
        type=Type.TREATY,
        kind=kind,
        authors=(),
        title=name if treaty.short_name in name else f"{name} ({treaty.short_name})",
        date=agreed.date if agreed else "",
        place=agreed.city if agreed else "",
        abstract=treaty.summary,
        url=url,
        accessed=accessed,
    )


def of_issue(issue: Issue, url: str, accessed: date) -> Reference:
    return of_page(issue.slug, issue.question, url, accessed)


def of_negotiation(negotiation: Negotiation, url: str, accessed: date) -> Reference:
    return of_page(negotiation.slug, negotiation.name, url, accessed)


def of_page(key: str, title: str, url: str, accessed: date) -> Reference:
    """A page or a view of the site, whose words are Parley's own."""
    return Reference(
        key=f"parley-{key}", type=Type.PAGE, kind="", authors=PARLEY, title=title, date="", url=url, accessed=accessed
    )


def of_dataset(url: str, accessed: date, version: str = "") -> Reference:
    """The record as a whole; `version` is the EDTF date of the copy that is cited, where it is a certain one."""
    return Reference(
        key="parley", type=Type.DATASET, kind="data set", authors=PARLEY, title=RECORD, date=version, url=url,
        accessed=accessed,
    )  # fmt: skip


def author(person: Person) -> Author:
    # Chinese names stand family name first in English too.
    return Author(person.name, family_first=script(person.native_name) == "zh")
