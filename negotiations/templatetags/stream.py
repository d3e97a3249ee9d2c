"""The cards of a stream: drawn once for each state of the record, since drawing fifty costs more than finding them."""

from django import template
from django.utils.translation import get_language

from negotiations.cards import Card

register = template.Library()

TEMPLATE = "negotiations/_card.html"
MOST = 5000  # cards of 3 KB each

_drawn: dict[tuple, str] = {}


@register.simple_tag(takes_context=True)
def draw_card(context, card: Card) -> str:
    """One entry in a stream, from what is kept where the page's state of the record is known."""
    key = key_of(context, card)
    if key in _drawn:
        return _drawn[key]
    with context.push(card=card):
        drawn = context.template.engine.get_template(TEMPLATE).render(context)
    if key:
        if len(_drawn) >= MOST:
            _drawn.clear()
        _drawn[key] = drawn
    return drawn


def key_of(context, card: Card) -> tuple:
    """Everything that a card depends on; empty where it may not be kept: for staff, and with found words marked."""
    state = getattr(context.get("request"), "record_state", "")
    if not state or hasattr(card.entry, "marked_summary"):
        return ()
    nested = tuple(other.entry.pk for other in card.nested)
    return (state, get_language(), card.entry.pk, nested, bool(context.get("with_year")), card.day_aside)
