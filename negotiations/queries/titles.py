"""Titles that the record composes, in the language of the page: who said something where, who wants what, which step.

They are stored in English, for whoever searches. What a page puts before the colon it knows in other languages too.
"""

from django.conf import settings
from django.utils.html import format_html

from negotiations import names
from negotiations.models import Person

from . import generation


def titled(text: str) -> str:
    """The title of an entry in the language of the page; what there is in English alone is marked so."""
    if names.is_english():
        return text
    who, said = _spoken(text)
    return names.title(text) or (format_html("{}: {}", who, names.english(said)) if who else names.english(text))


def plain(text: str) -> str:
    """The same where no markup can stand."""
    if names.is_english():
        return text
    who, said = _spoken(text)
    return names.title(text) or (f"{who}: {said}" if who else text)


def _spoken(text: str) -> tuple[str, str]:
    """Of the title of a statement: by whom, in the language of the page, and on what occasion; else nothing."""
    who, _colon, occasion = text.partition(": ")
    if not occasion:
        return "", ""
    called = names.named(who) if who in names.NAMES else names.person(who, _natives(who).get(who, ""))
    return (called, occasion) if called != who else ("", "")


def _natives(who: str) -> dict[str, str]:
    """How people are written in their own script, by their names in English."""
    people = Person.objects.exclude(native_name="").values_list("name", "native_name")
    if not settings.CACHING:
        return dict(people.filter(name=who))
    return generation.once("natives", lambda: dict(people))
