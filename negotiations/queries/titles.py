"""Titles that the record composes, in the language of the page: who said something where, who wants what, which step.

They are stored in English, for whoever searches. What a page puts before the colon it knows in other languages too.
"""

from contextvars import ContextVar

from django.core.signals import request_finished, request_started
from django.dispatch import receiver
from django.utils.html import format_html

from negotiations import names
from negotiations.models import Person

from . import generation

# Who is called what, kept for one request: a page has many titles, and asks once.
_natives: ContextVar[dict[str, str] | None] = ContextVar("natives", default=None)


def titled(text: str) -> str:
    """The title of an entry in the language of the page; what there is in English alone is marked so."""
    if names.is_english():
        return text
    if known := names.title(text):
        return known
    who, said = _spoken(text)
    return format_html("{}: {}", who, names.english(said)) if who else names.english(text)


def plain(text: str) -> str:
    """The same where no markup can stand."""
    if names.is_english():
        return text
    if known := names.title(text):
        return known
    who, said = _spoken(text)
    return f"{who}: {said}" if who else text


def _spoken(text: str) -> tuple[str, str]:
    """Of the title of a statement: by whom, in the language of the page, and on what occasion; else nothing."""
    who, _colon, occasion = text.partition(": ")
    if not occasion:
        return "", ""
    called = names.named(who) if who in names.NAMES else names.person(who, natives().get(who, ""))
    return (called, occasion) if called != who else ("", "")


def natives() -> dict[str, str]:
    """How people are written in their own script, by their names in English."""
    known = _natives.get()
    if known is None:
        people = Person.objects.exclude(native_name="").values_list("name", "native_name")
        known = generation.once("natives", lambda: dict(people))
        _natives.set(known)
    return known


@receiver([request_started, request_finished])
def _forget(**_signal: object) -> None:
    _natives.set(None)
