"""Addresses of pages. A page of fifty entries links to some three hundred others, so each is worked out once."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=16384)
def link(name: str, *parts: str) -> str:
    return reverse(name, args=parts)
