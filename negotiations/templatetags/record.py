"""The small signs that every page of the record is made of: marks of parties, icons, dates, stances, evidence."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django import template
from django.conf import settings
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse, translate_url
from django.utils import formats, timezone
from django.utils.dateformat import format as format_day
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from negotiations import dates, names
from negotiations.charts.scales import FIRST_YEAR, YearScale, decades, ticks
from negotiations.models import Citation, Party, Position
from negotiations.models.history import kind_of
from negotiations.models.permalinks import Permalinked
from negotiations.queries import titles

register = template.Library()

# Parties with a shape of their own; all others get a grey disc.
SHAPES = {"US": "us", "RU": "ru", "SU": "su", "CN": "cn", "GB": "gb", "FR": "fr"}
BASES = {
    Position.Basis.STATED: ("i-own", gettext_lazy("Own statement")),
    Position.Basis.ATTRIBUTED: ("i-attr", gettext_lazy("Attributed by others")),
    Position.Basis.DOCUMENTED: ("i-doc", gettext_lazy("Documented")),
}
# The main navigation: the pages of a section share its entry.
SECTIONS = [
    ("home", pgettext_lazy("navigation", "State of play"), {"home"}),
    ("timeline", gettext_lazy("Timeline"), {"timeline", "statement", "milestone"}),
    ("negotiations", gettext_lazy("Negotiations"), {"negotiations", "negotiation", "round", "round-brief"}),
    ("issues", gettext_lazy("Issues"), {"issues", "issue", "position"}),
    ("positions", gettext_lazy("Positions"), {"positions"}),
    ("treaties", gettext_lazy("Treaties"), {"treaties", "treaty"}),
    ("sources", gettext_lazy("Sources"), {"sources", "source"}),
]
LANGUAGES = {
    "be": gettext_lazy("Belarusian"),
    "en": gettext_lazy("English"),
    "fr": gettext_lazy("French"),
    "kk": gettext_lazy("Kazakh"),
    "ru": gettext_lazy("Russian"),
    "uk": gettext_lazy("Ukrainian"),
    "zh": gettext_lazy("Chinese"),
}
# Which language a native name is in, by letters that only that language has; the first that fits.
SCRIPTS = [
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("kk", re.compile(r"[әғқңөұүһ]", re.IGNORECASE)),
    ("uk", re.compile(r"[ґєї]", re.IGNORECASE)),
    ("be", re.compile(r"ў", re.IGNORECASE)),
    ("und-Cyrl", re.compile(r"і", re.IGNORECASE)),  # Ukrainian or Belarusian
    ("ru", re.compile(r"[\u0400-\u04ff]")),
]


@lru_cache
def _icon(sprite: str, name: str, css: str) -> str:
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', css, sprite, name
    )


@register.simple_tag
def icon(name: str, css: str = "ico") -> str:
    """A sign from static/img/sprite.svg: {% icon "k-round" %}, or with its own class {% icon "g-apart" "" %}."""
    return _icon(static("img/sprite.svg"), name, css)


@lru_cache
def _mark(letters: str, size: str) -> str:
    css = f"mark mark--{SHAPES[letters]}" if letters in SHAPES else "mark"
    return format_html(
        '<span class="{}{}" aria-hidden="true">{}</span>', css, f" mark--{size}" if size else "", letters
    )


@register.simple_tag
def mark(party: Party | None, size: str = "") -> str:
    """The sign of a party, beside its name: colour, shape and letters. Sizes: "" and "lg"."""
    if not party:
        return ""
    # Those without a country code: P3 and P5 by name, NATO by its initial, states that speak jointly by an ampersand.
    short = party.short_name if len(party.short_name) < 4 else "&" if party.kind == party.Kind.GROUP else ""
    return _mark(party.code or short or party.short_name[:1], size)


@register.simple_tag
def party(party: Party | None, linked: bool = True) -> str:
    """Mark and name of a party, linked to its page: {% party entry.party %}."""
    if not party:
        return ""
    name = (
        format_html('<a href="{}">{}</a>', party.get_absolute_url(), party)
        if linked
        else conditional_escape(str(party))
    )
    return format_html('<span class="party">{}{}</span>', mark(party), name)


@register.filter
def named(name: str) -> str:
    """A name of the record in the language of the page: {{ entry.city|named }}."""
    return names.named(name)


@register.filter
def titled(title: str) -> str:
    """The title of an entry in the language of the page, what is English alone marked so: {{ entry.title|titled }}."""
    return titles.titled(title)


@register.filter
def plain(title: str) -> str:
    """The same where no markup can stand: <title>{{ entry.title|plain }}</title>."""
    return titles.plain(title)


@register.simple_tag
def history_of(thing: Permalinked) -> str:
    """The address of the history of what a page shows: {% history_of treaty %}."""
    return reverse("history", args=[kind_of(thing), thing.slug])


@register.filter
def english(text: str) -> str:
    """Words of the record, marked as English on pages in other languages: {{ head.title|english }}."""
    return names.english(text)


@register.simple_tag
def in_english() -> str:
    """The same as an attribute of what holds the words: <p{% in_english %}>{{ entry.summary }}</p>."""
    return "" if names.is_english() else mark_safe(' lang="en"')


@register.simple_tag
def written_in(code: str) -> str:
    """The language of a quotation as an attribute, where it is another than the page's: <q{% written_in "ru" %}>."""
    return format_html(' lang="{}"', code) if code and code != get_language() else ""


@register.filter
def edtf(text: str) -> str:
    """A date in words, as precise as it is: {{ entry.date|edtf }}."""
    return dates.spell(text) if text else ""


@register.filter
def edtf_inflected(text: str) -> str:
    """The same as it reads after “since”, “from” and “until”."""
    return dates.spell(text, inflected=True) if text else ""


@register.filter
def machine(text: str) -> str:
    """A date as <time datetime> wants it: {{ entry.date|machine }}."""
    return dates.machine(text)


@register.simple_tag
def when(text: str, missing: str = "", inflected: bool = False) -> str:
    """The same in a <time> element that machines can read; `missing` is said where there is no date."""
    if not text:
        return missing
    words = dates.spell(text, inflected)
    if " – " in words:  # a line ends at the dash between two days, never within one of them
        words = " – ".join(day.replace(" ", "\u00a0") for day in words.split(" – "))
    return format_html('<time datetime="{}">{}</time>', machine(text), words)


@register.simple_tag
def tie() -> str:
    """The space between a preposition and its date: in Russian, where it may be of one letter, no line ends there."""
    return " " if names.is_english() else "\u00a0"


@register.filter
def happened(text: str) -> str:
    """The same after a verb: {{ treaty }} ended {{ life.ended.since|happened }}."""
    return dates.happened(text)


@register.simple_tag
def when_short(text: str) -> str:
    """The same where there is little room: a day with its month cut short, which no line breaks."""
    words = dates.shorten(text)
    return format_html(
        '<time datetime="{}">{}</time>', machine(text), words.replace(" ", "\u00a0") if dates.is_exact(text) else words
    )


@register.filter
def weekday(text: str) -> str:
    """The day of the week of a date that is known to the day: {{ entry.date|weekday }}."""
    return format_day(date.fromisoformat(text), "l") if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else ""


@register.filter
def language(code: str) -> str:
    """The name of a language: {{ source.language|language }}."""
    return str(LANGUAGES.get(code, code))


@register.filter
def script(name: str) -> str:
    """The language tag of a native name: <span lang="{{ person.native_name|script }}">."""
    return next((code for code, letters in SCRIPTS if letters.search(name)), "und")


@register.simple_tag
def stance(value: str) -> str:
    """How firmly a side holds an answer, as sign and word: {% stance position.stance %}."""
    return format_html('<span class="stance">{}{}</span>', icon(f"s-{value}"), capfirst(Position.Stance(value).label))


@register.simple_tag
def basis(value: str, by: str = "") -> str:
    """How we know a position: the side's own words, another's account of it (`by` whom), or a text."""
    sign, words = BASES[Position.Basis(value)]
    if value == Position.Basis.ATTRIBUTED:
        told = _("Attributed by %s") % by if by else words
        return format_html('<span class="basis basis--attributed">{}{}</span>', icon(sign), told)
    return format_html('<span class="basis">{}{}</span>', icon(sign), words)


@register.simple_tag
def verified() -> str:
    """Says that the quotation was found, word for word, in the text of its source."""
    return format_html('<span class="tag tag--ok">{}{}</span>', icon("i-ok"), _("Verbatim, checked against source"))


@register.filter
def is_verified(citations: Iterable[Citation]) -> bool:
    """Whether the text of any of these sources was found to hold the quotation."""
    return any(citation.is_verified for citation in citations)


@register.inclusion_tag("negotiations/_source_line.html")
def source_line(citations: Iterable[Citation], more: str = "") -> dict[str, object]:
    """Where it is written down: the first source in full, how many more there are, and the address that lists them."""
    citations = list(citations)
    return {
        "first": citations[0] if citations else None,
        "verified": is_verified(citations),
        "others": len(citations) - 1,
        "more": more,
    }


@register.inclusion_tag("negotiations/_ruler.html")
def ruler(start: date | None = None, end: date | None = None) -> dict[str, object]:
    """The years of the record; a needle marks the page's day, a bar its span: {% ruler entry.earliest %}."""
    scale = YearScale(FIRST_YEAR, timezone.localdate().year)
    short, long = ticks(scale)
    return {
        "years": scale.years,
        "short": short,
        "long": long,
        "decades": decades(scale),
        "x": scale.x(start) if start else "",
        "width": scale.width(start, end) if start and end and end != start else "",
    }


@register.inclusion_tag("negotiations/_nav.html", takes_context=True)
def nav(context: Context, alternatives: "Iterable[Language]" = ()) -> dict[str, object]:
    """The main navigation, with this page in the other languages at its end."""
    match = getattr(context.get("request"), "resolver_match", None)
    here = match.url_name if match else ""
    items = [(reverse(name), label, here in pages) for name, label, pages in SECTIONS]
    return {"items": items, "others": [other for other in alternatives if not other.here]}


@register.filter
def number(count: int) -> str:
    """A count, its thousands set apart."""
    return formats.number_format(count, force_grouping=True)


@register.filter
def web(address: str) -> str:
    """An address that is safe to link to, or nothing."""
    return address if address.startswith(("https://", "http://")) else ""


@register.filter
def lines(text: str) -> str:
    """Text of several paragraphs as paragraphs."""
    return mark_safe("".join(format_html("<p>{}</p>", part) for part in text.split("\n") if part.strip()))  # noqa: S308


class Language(NamedTuple):
    """This page in one of the site's languages."""

    code: str
    name: str
    address: str
    here: bool


@register.simple_tag(takes_context=True)
def languages(context: Context) -> list[Language]:
    """The same page, with the same filters, in every language of the interface."""
    request, present = context.get("request"), get_language()
    if not request:
        return []
    return [
        Language(code, name, request.build_absolute_uri(translate_url(request.get_full_path(), code)), code == present)
        for code, name in settings.LANGUAGES
    ]
