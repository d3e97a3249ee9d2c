"""Addresses of pages. A page of fifty entries links to some three hundred others, so each is worked out once."""

from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language


def link(name: str, *parts: str) -> str:
    return _link(get_language(), name, *parts)


@lru_cache(maxsize=32768)
def _link(language: str, name: str, *parts: str) -> str:
    """`reverse` reads the language, which stands in the address; here it only keeps the answers apart."""
    return reverse(name, args=parts)
