"""Words for positions and what bears them out: the answer given, how long it counts, whose words those are."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from negotiations import cards
from negotiations.models import Party, Position
from negotiations.queries.evidence import Attested, Ground

from .record import basis, icon

register = template.Library()


@register.filter
def answer(position: Position) -> str:
    """A position in one line: “Demands a legally binding agreement”."""
    return cards.answer(position)


@register.filter
def account(party: Party) -> str:
    """Whose account of another side it is: “Russia’s account”."""
    if str(party).endswith("s"):
        return _("%s’ account") % party
    return _("%s’s account") % party


@register.simple_tag
def voice(ground: Ground) -> str:
    """Whether a piece of evidence is the party's own word, its own act, or another's account of it."""
    if ground.teller:
        return format_html('<span class="basis basis--attributed">{}{}</span>', icon("i-attr"), account(ground.teller))
    if not ground.own:
        return basis(Position.Basis.ATTRIBUTED)
    return basis(Position.Basis.STATED if ground.entry.kind == "statement" else Position.Basis.DOCUMENTED)


@register.inclusion_tag("negotiations/_span.html")
def span(stand: Attested, why: bool = False) -> dict[str, object]:
    """From when until when a position counts; with `why`, also how its end is known."""
    return {"start": stand.position.date, "until": stand.until, "why": why}


@register.filter
def underline(quote: str, phrase: str) -> SafeString:
    """A quotation with the words that serve as evidence underlined."""
    safe, words = conditional_escape(quote), conditional_escape(phrase)
    return mark_safe(safe.replace(words, f"<mark>{words}</mark>", 1) if phrase else safe)  # noqa: S308
