"""A view of the record as a calendar (RFC 5545): meetings, and the steps in the lives of treaties.

A calendar has days and nothing vaguer, so it holds only what is dated to the day; what it leaves out it says.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Calendar, Event, vText

from negotiations import dates, names
from negotiations.cards import CARDS
from negotiations.feeds import authority, plain_title, writable
from negotiations.models import Entry, Round
from negotiations.models.record import EntryQuerySet
from negotiations.queries.feed import Tombstone
from negotiations.queries.stream import Item

CONTENT_TYPE = "text/calendar; charset=utf-8"
KINDS = (Entry.Kind.ROUND, Entry.Kind.MILESTONE)
TO_THE_DAY = r"^\d{4}-\d\d-\d\d(/\d{4}-\d\d-\d\d)?$"
DATED = Q(kind__in=KINDS, date__regex=TO_THE_DAY)
UNDATED = Q(kind__in=KINDS) & ~Q(date__regex=TO_THE_DAY)


def left_out(entries: EntryQuerySet[Entry]) -> list[str]:
    """What a view holds and a calendar of it does not, in words."""
    undated = entries.filter(UNDATED).count()
    spoken = entries.exclude(kind__in=KINDS).count()
    told = []
    if undated:
        told.append(
            ngettext(
                "Left out, because its date is not known to the day: %d meeting or treaty milestone.",
                "Left out, because their dates are not known to the day: %d meetings and treaty milestones.",
                undated,
            )
            % undated
        )
    if spoken:
        told.append(
            ngettext(
                "Left out, because it is no meeting and no treaty date: %d statement or position.",
                "Left out, because they are no meetings and no treaty dates: %d statements and positions.",
                spoken,
            )
            % spoken
        )
    return told


def as_calendar(
    items: Iterable[Item], tombstones: Iterable[Tombstone], absolute: Callable[[str], str], title: str, words: list[str]
) -> Iterator[bytes]:
    """A calendar event by event, as it is read."""
    calendar = Calendar()
    calendar.add("prodid", "-//Parley//The record//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", writable(title))
    calendar.add("x-wr-calname", vText(writable(title)))
    description = "\n".join(words)
    calendar.add("description", writable(description))
    calendar.add("x-wr-caldesc", vText(writable(description)))
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    beginning, end = calendar.to_ical().split(b"END:VCALENDAR")
    yield beginning
    for item in items:
        yield as_event(item, absolute).to_ical()
    for tombstone in tombstones:
        yield as_cancellation(tombstone).to_ical()
    yield b"END:VCALENDAR" + end


def as_event(item: Item, absolute: Callable[[str], str]) -> Event:
    entry, child = item.row.entry, item.row.entry.child
    called_off = isinstance(child, Round) and not child.held
    title = plain_title(entry)
    card = CARDS[entry.kind](item.row)
    address = absolute(card.url)
    event = signed(entry, item.first_slug)
    event.add("summary", f"{_('Not held')}: {title}" if called_off else title)
    event.add("dtstart", entry.earliest)
    event.add("dtend", dates.day_after(entry.latest))  # the first day that is no longer part of it
    event.add("status", "CANCELLED" if called_off else "CONFIRMED")
    event.add("created", entry.created_at.replace(microsecond=0))
    event.add("last-modified", entry.updated_at.replace(microsecond=0))
    event.add("transp", "TRANSPARENT")
    event.add("categories", [str(card.kind_name)])
    event.add("url", address)
    if place := ", ".join(filter(None, (names.named(entry.city), names.named(entry.country)))):
        event.add("location", writable(place))
    sources = [f"{citation.source.publisher}: {citation.source.url}" for citation in item.row.citations]
    event.add("description", writable("\n\n".join(filter(None, (entry.summary, entry.note, *sources, address)))))
    return event


def as_cancellation(tombstone: Tombstone) -> Event:
    """A withdrawn entry: taken out of calendars that have it, and telling nothing else of what it was."""
    entry = tombstone.entry
    event = signed(entry, tombstone.first_slug)
    event.add("summary", _("Withdrawn from the record"))
    if day := entry.withdrawn_on:
        event.add("dtstart", day)
        event.add("dtend", dates.day_after(day))
    event.add("status", "CANCELLED")
    event.add("transp", "TRANSPARENT")
    event.add("description", writable(entry.withdrawn_reason))
    return event


def signed(entry: Entry, first_slug: str) -> Event:
    """An event that calendars recognise when they meet it again, and know for newer where it changed."""
    event = Event()
    event.add("uid", f"{first_slug}@{authority()}")
    event.add("dtstamp", entry.updated_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", max(int((entry.updated_at - entry.created_at).total_seconds()), 0))
    return event
