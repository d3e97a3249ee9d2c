"""The timeline: the record in one stream, as a page or as the part of it that a changed filter replaces."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from negotiations import dates
from negotiations.cards import Card, cards, laid_out
from negotiations.charts.histogram import Bar, histogram
from negotiations.charts.scales import decades
from negotiations.citations import Reference
from negotiations.forms import TimelineForm
from negotiations.models import Entry
from negotiations.queries.directory import Directory
from negotiations.queries.timeline import (
    Slot,
    Tally,
    TimelineFilter,
    find_page,
    read_page,
    read_slots,
    tally,
)
from negotiations.requests import Request
from negotiations.templatetags.stream import drawn_before, state_of

from .citing import cite, file, page_reference

KINDS = {
    Entry.Kind.ROUND: gettext_lazy("Rounds"),
    Entry.Kind.STATEMENT: gettext_lazy("Statements"),
    Entry.Kind.MILESTONE: gettext_lazy("Treaty milestones"),
    Entry.Kind.POSITION: gettext_lazy("Positions"),
}

# Stands in an address for each of sixty years.
YEAR = "0000"
DECADE = re.compile(r"(\d{3})0/(?:\1)9", re.ASCII)


# The forms in which other programs can have a view: what it is called, how its address ends, what it is.
FORMS = (
    (gettext_lazy("Atom feed"), "atom", "application/atom+xml"),
    (gettext_lazy("Calendar"), "ics", "text/calendar"),
    ("CSV", "csv", "text/csv"),
    ("JSON", "json", "application/json"),
    ("NDJSON", "ndjson", "application/x-ndjson"),
)


class Form(NamedTuple):
    """One of the forms that a view can be had in."""

    name: str | Promise
    url: str
    type: str


class Token(NamedTuple):
    """A filter that is on, and the address of the same view without it."""

    text: str
    url: str


class Year(NamedTuple):
    """A heading in the stream and what stands under it on this page."""

    year: int
    count: int  # type: ignore[assignment]  # nobody counts values in a heading
    cards: list[Card | Slot]
    continued: bool


class KindChoice(NamedTuple):
    value: str
    name: str | Promise
    count: int  # type: ignore[assignment]  # nor in a choice
    chosen: bool

    @property
    def glyph(self) -> str:
        return f"k-{self.value}"


@require_safe
@vary_on_headers("HX-Request", "HX-History-Restore-Request")
def timeline(request: Request) -> HttpResponse:
    directory = Directory.read()
    form = TimelineForm(request.GET, directory)
    asked = form.read()
    counted = tally(asked)
    stream: Sequence[Card | Slot]
    everything = counted if asked.is_everything else tally(TimelineFilter())
    if asked.q or not state_of(request):
        # With found words marked, or for somebody at the desk: no card that was drawn before will do.
        read = read_page(asked, directory, counted)
        stream, following = cards(read.entries), read.next
    else:
        found = find_page(asked, counted)
        stream, following = with_cards(request, found.entries, asked, directory), found.next
    chart = histogram(everything.by_year, counted.by_year, timezone.localdate().year)
    tokens = list(active(asked))
    context = {
        "form": form,
        "asked": asked,
        "problems": form.problems,
        "directory": directory,
        "kinds": [
            KindChoice(kind, name, counted.by_kind[kind], not asked.kinds or kind in asked.kinds)
            for kind, name in KINDS.items()
        ],
        "tokens": tokens,
        "filters_on": len(tokens),
        "total": everything.total,
        "count": counted.total,
        "years": years(stream, asked, counted),
        # The moment is taken after reading: what is published later cannot be on this page.
        "arrivals": address(asked.but(oldest_first=False), "timeline-arrivals", since=timezone.now().isoformat()),
        "next": address(asked.but(cursor=following)) if following else "",
        "first": address(asked.but()) if asked.cursor else "",
        "turned": address(asked.but(oldest_first=not asked.oldest_first)),
        "clear": address(TimelineFilter()),
        "follow": address(asked.but(oldest_first=False), "follow"),
        "forms": forms(asked),
        "cite": cite(reference(request, asked), "timeline", query=asked.but().query_string),
        "about_forms": address(asked.but(oldest_first=False), "feeds"),
        "other_kinds": elsewhere(asked, counted),
        "chart": chart,
        "bars": with_urls(chart.bars, asked),
        "decades": [
            (decade, address(asked.but(start=str(decade.first), end=str(decade.last))))
            for decade in decades(chart.scale)
        ],
    }
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "negotiations/timeline.html#fragment", context)
        return response if asked.cursor else push_url(response, address(asked))
    return render(request, "negotiations/timeline.html", context)


def with_cards(
    request: HttpRequest, slots: list[Slot], asked: TimelineFilter, directory: Directory
) -> list[Card | Slot]:
    """The stream of a page: slots whose cards were drawn before, and cards of which everything is read."""
    placed = laid_out(slots)
    for slot in placed:
        slot.drawn = drawn_before(request, slot)
    missing = [slot for slot in placed if not slot.drawn]
    if not missing:
        return placed
    wanted = [*missing, *(nested for slot in missing for nested in slot.nested)]
    made = {card.entry.pk: card for card in cards(read_slots(wanted, asked, directory))}
    return [made.get(slot.pk, slot) for slot in placed]


@require_safe
def citation(request: HttpRequest, ending: str) -> HttpResponse:
    """The view as reference managers read it."""
    return file(reference(request, TimelineForm(request.GET, Directory.read()).read()), ending)


def reference(request: HttpRequest, asked: TimelineFilter) -> Reference:
    asked = asked.but()
    with translation.override("en"):
        title = " · ".join(["Timeline", *(token.text for token in active(asked))])
    return page_reference(request, "timeline", title, address(asked))


def address(asked: TimelineFilter, name: str = "timeline", **more: str) -> str:
    query = "&".join(filter(None, [asked.query_string, urlencode(more)]))
    return reverse(name) + (f"?{query}" if query else "")


def forms(asked: TimelineFilter) -> list[Form]:
    """The same view for other programs."""
    view = asked.but(oldest_first=False)
    return [Form(name, address(view, f"timeline-{ending}"), type_) for name, ending, type_ in FORMS]


def years(stream: Sequence[Card | Slot], asked: TimelineFilter, counted: Tally) -> list[Year]:
    """The cards of a page under the years in which they begin."""
    begun = asked.cursor.earliest.year if asked.cursor else None
    return [
        Year(year, counted.by_year[year], list(some), continued=year == begun)
        for year, some in groupby(stream, key=lambda card: card.entry.earliest.year)
    ]


def with_urls(bars: list[Bar], asked: TimelineFilter) -> list[tuple[Bar, str]]:
    """Each bar with the address of its year in the view."""
    before, after = address(asked.but(start=YEAR, end=YEAR)).split(f"from={YEAR}&to={YEAR}")
    return [(bar, f"{before}from={bar.year}&to={bar.year}{after}") for bar in bars]


def elsewhere(asked: TimelineFilter, counted: Tally) -> list[Token]:
    """Where nothing matches, the kinds of entry that would."""
    if counted.total or not asked.kinds:
        return []
    return [
        Token(f"{name}: {counted.by_kind[kind]}", address(asked.but(kinds=(kind,))))
        for kind, name in KINDS.items()
        if counted.by_kind[kind]
    ]


def in_words(asked: TimelineFilter) -> str:
    """A view named by its filters."""
    return "; ".join(token.text for token in active(asked)) or _("the whole record")


def active(asked: TimelineFilter) -> Iterator[Token]:
    """The filters that are on, each with the way back."""

    def token(text: str, **without: object) -> Token:
        return Token(text, address(asked.but(**without)))

    if asked.q:
        yield token(_("Text: %s") % asked.q, q="")
    before = {party.pk: party for party in asked.predecessors}
    for party in asked.parties:
        others = tuple(other for other in asked.parties if other != party)
        included = before.get(party.predecessor_id or 0)
        text = _("%(party)s, with the %(predecessor)s before it") if included else "%(party)s"
        yield token(text % {"party": party, "predecessor": included}, parties=others)
    if asked.alone and any(party.predecessor_id for party in asked.parties):
        yield token(_("Without predecessors"), alone=False)
    for kind in asked.kinds:
        yield token(str(KINDS[Entry.Kind(kind)]), kinds=tuple(other for other in asked.kinds if other != kind))
    if asked.moves:
        yield token(_("Changes of position only"), moves=False)
    for issue in asked.issues:
        yield token(str(issue), issues=tuple(other for other in asked.issues if other != issue))
    for name in ("negotiation", "treaty", "person"):
        if thing := getattr(asked, name):
            yield token(str(thing), **{name: None})
    if decade := DECADE.fullmatch(f"{asked.start}/{asked.end}"):
        yield token(dates.spell(f"{decade[1]}X"), start="", end="")
    elif asked.start and asked.start == asked.end:
        yield token(capfirst(dates.spell(asked.start)), start="", end="")
    else:
        if asked.start:
            yield token(_("From %s") % dates.spell(asked.start), start="")
        if asked.end:
            yield token(_("Up to %s") % dates.spell(asked.end), end="")
