"""A view of the record as an Atom feed (RFC 4287), with withdrawals as tombstones (RFC 6721) and pages (RFC 5005)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from negotiations import dates
from negotiations.cards import CARDS, Card
from negotiations.models import Entry
from negotiations.queries import titles
from negotiations.queries.feed import Feed, Tombstone
from negotiations.queries.stream import Item

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
# The year in which the names below were first given; by the rules of tag URIs it never changes.
TAGGED = 2026
# What XML has no way to write, and no text needs.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# A feed must say when it changed; of a record that never held anything nobody can.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def authority() -> str:
    """The name by which this site signs what it publishes: its first host, at whatever address it is asked."""
    host = settings.ALLOWED_HOSTS[0].removeprefix(".") if settings.ALLOWED_HOSTS else ""
    return host.strip("*[]").replace(":", "-") or "parley"


def tag(*parts: str) -> str:
    """An id that stays the same when an address changes (RFC 4151)."""
    return f"tag:{authority()},{TAGGED}:{'/'.join(parts)}"


class RecordFeed(Atom1Feed):
    """Django's Atom feed, with the whole text of each entry in it, and the entries that are no more."""

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:at": "http://purl.org/atompub/tombstones/1.0"}

    def latest_post_date(self) -> datetime:
        return self.feed["updated"] or NEVER

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if self.feed["next"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["next"]})
        for tombstone in self.feed["tombstones"]:
            self.add_tombstone(handler, tombstone)

    def add_tombstone(self, handler: SimplerXMLGenerator, tombstone: Tombstone) -> None:
        entry = tombstone.entry
        ref = tag("entry", tombstone.first_slug)
        # The moment and not the day: a reader program keeps an entry that was updated after its tombstone.
        when = rfc3339_date(entry.updated_at)
        handler.startElement("at:deleted-entry", AttributesImpl({"ref": ref, "when": when}))
        handler.addQuickElement("at:comment", writable(entry.withdrawn_reason))
        handler.endElement("at:deleted-entry")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def as_atom(feed: Feed, absolute: Callable[[str], str], **about: str) -> str:
    """`about`: the view's `title`, `subtitle`, `link`, `self`, `next` and `id`."""
    document = RecordFeed(
        title=writable(about["title"]),
        link=about["link"],
        description="",
        subtitle=writable(about["subtitle"]),
        language=get_language(),
        author_name="Parley",
        feed_url=about["self"],
        feed_guid=about["id"],
        feed_copyright="CC BY 4.0",
        next=about["next"],
        updated=feed.updated,
        tombstones=feed.tombstones,
    )
    for item in feed.items:
        entry = item.row.entry
        card = CARDS[entry.kind](item.row)
        document.add_item(
            title=f"{plain_title(entry)}, {dates.spell(entry.date)}",
            link=absolute(card.url),
            description=None,  # type: ignore[arg-type]  # the element is left out: the whole text follows
            unique_id=tag("entry", item.first_slug),
            pubdate=entry.created_at,
            updateddate=entry.updated_at,
            categories=[str(card.kind_name), *map(str, item.row.issues)],
            content=content(item, card, absolute),
        )
    return document.writeString("utf-8")


def content(item: Item, card: Card, absolute: Callable[[str], str]) -> str:
    """The entry in full, with its words and its sources: HTML that needs nothing from around it."""
    context = {"card": card, "entry": card.entry, "child": card.child, "row": item.row, "site": absolute("/")[:-1]}
    return writable(render_to_string("negotiations/feed_entry.html", context))


def plain_title(entry: Entry) -> str:
    """The title as text, in the language of the feed where it has one."""
    return writable(titles.plain(entry.title))


def view_title(tokens: list[str], moves: bool = False) -> str:
    """What a view is called outside the site."""
    what = _("Changes of position") if moves else _("Timeline")
    return " · ".join(["Parley", what, *(capfirst(token) for token in tokens)])


def writable(text: str) -> str:
    return UNWRITABLE.sub("", str(text))
