"""What most of the timeline consists of: its cards, drawn once for each state of the record, since drawing fifty costs
more than finding them; and its bars and long lists to choose from, which cost a template as much again."""

from collections.abc import Hashable, Iterable

from django import template
from django.http import HttpRequest
from django.template import Context, Engine
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from negotiations.cards import Card
from negotiations.charts.histogram import Bar
from negotiations.models.permalinks import Permalinked
from negotiations.queries.generation import once_here
from negotiations.queries.timeline import Slot

register = template.Library()

TEMPLATE = "negotiations/_card.html"
MOST = 5000  # cards of 3 KB each

_drawn: dict[tuple[Hashable, ...], str] = {}


def drawn_before(request: HttpRequest | None, slot: Slot) -> str:
    """The card of a slot, if it was drawn for the same state of the record."""
    return _drawn.get(key_of(request, slot), "")


@register.simple_tag(takes_context=True)
def draw_card(context: Context, card: Card | Slot) -> str:
    """One entry in a stream, from what is kept where the page's state of the record is known."""
    if isinstance(card, Slot):
        return card.drawn
    key = key_of(context.get("request"), card, bool(context.get("with_year")))
    if key in _drawn:
        return _drawn[key]
    with context.push(card=card):
        drawn = Engine.get_default().get_template(TEMPLATE).render(context)
    if key:
        if len(_drawn) >= MOST:
            _drawn.clear()
        _drawn[key] = drawn
    return drawn


@register.simple_tag
def choices(name: str, things: Iterable[Permalinked], chosen: Permalinked | None = None) -> str:
    """Things of the record to choose from, of which one may be chosen. `name` tells these from other things."""
    options = once_here(f"choices-{name}-{get_language()}", lambda: {thing.slug: option(thing) for thing in things})
    selected = chosen.slug if chosen else None
    return mark_safe("".join(html % (" selected" if slug == selected else "") for slug, html in options.items()))  # noqa: S308


def option(thing: Permalinked) -> str:
    text = format_html('<option value="{}">{}</option>', thing.slug, thing)
    return text.replace("%", "%%").replace(">", "%s>", 1)


@register.simple_tag
def draw_bars(bars: Iterable[tuple[Bar, str]]) -> str:
    """The bars of the histogram, each with the address of its year."""
    title = _("%(year)s: %(matching)s of %(total)s entries match")
    return mark_safe("".join(_bar(bar, url, title) for bar, url in bars))  # noqa: S308


def _bar(bar: Bar, url: str, title: str) -> str:
    # Of numbers, and of what is escaped here alone.
    parts = [f'\n      <a href="{escape(url)}"><title>', escape(title % bar._asdict()), "</title>"]
    parts.append(f'<rect class="f-hit" x="{bar.hit_x}" width="{bar.hit_width}" height="64"/>')
    across = f'x="{bar.x}" width="{bar.width}"'
    if bar.total:
        parts.append(f'<rect class="bar" {across} y="{bar.y}" height="{bar.height}"/>')
    if bar.matching:
        parts.append(f'<rect class="bar bar--in" {across} y="{bar.matching_y}" height="{bar.matching_height}"/>')
    return "".join([*parts, "</a>"])


def state_of(request: HttpRequest | None) -> str:
    """The state of the record that a page shows; empty where nothing of it may be kept."""
    return getattr(request, "record_state", "")


def key_of(request: HttpRequest | None, card: Card | Slot, with_year: bool = False) -> tuple[Hashable, ...]:
    """Everything that a card depends on; empty where it may not be kept: for staff, and with found words marked."""
    state = state_of(request)
    if not state or hasattr(card.entry, "marked_summary"):
        return ()
    nested = tuple(other.entry.pk for other in card.nested)
    return (state, get_language(), card.entry.pk, nested, with_year, card.day_aside)
