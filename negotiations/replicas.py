"""Readers on streaming replicas, editors on the primary.

A replica answers only while it has the state of the record that this process knows of (`queries/generation.py`), so
that nobody is taken back behind a change that they have seen; a second of difference between two processes remains.
One that lags, or is away, is passed over for a while, and the primary answers instead. While the primary is away, a
replica that has all we know of goes on answering readers.
"""

import itertools
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from negotiations.queries import generation

FRESH = 1.0  # seconds for which a replica's state is believed
AWAY = 5.0  # seconds in which one that failed is not asked

_reading: ContextVar[str] = ContextVar("reading", default=DEFAULT_DB_ALIAS)


class Router:
    """Django's database router: what a reader's request reads comes from where the middleware says."""

    def db_for_read(self, model: Any, **_hints: Any) -> str:
        return _reading.get()

    def db_for_write(self, model: Any, **_hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **_hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


class State(NamedTuple):
    """Which state of the record a replica had, and until when that is believed; -1 where it did not answer."""

    number: int
    until: float


class Replicas:
    """Middleware, inside the page cache: what is kept asks no database at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.aliases = [alias for alias in settings.DATABASES if alias != DEFAULT_DB_ALIAS]
        self.turns = itertools.count()
        self.states: dict[str, State] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        known = generation.last_known()
        alias = self.choose(request, known)
        if not alias:
            return self.get_response(request)
        tokens = _reading.set(alias), generation.reached.set(known)
        try:
            response = self.get_response(request)
        finally:
            _reading.reset(tokens[0])
            generation.reached.reset(tokens[1])
        if response.status_code != 503:
            return response
        self.states[alias] = State(-1, time.monotonic() + AWAY)
        return self.get_response(request)

    def choose(self, request: HttpRequest, known: str) -> str:
        """The next replica in turn that has what is known; none for whoever writes or is signed in."""
        if not self.aliases or request.method not in ("GET", "HEAD") or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return ""
        first = next(self.turns)
        for step in range(len(self.aliases)):
            alias = self.aliases[(first + step) % len(self.aliases)]
            if self.state(alias) >= number(known):
                return alias
        return ""

    def state(self, alias: str) -> int:
        state = self.states.get(alias)
        if not state or time.monotonic() >= state.until:
            try:
                state = State(number(generation.read(alias)), time.monotonic() + FRESH)
            except (DatabaseError, InterfaceError):
                state = State(-1, time.monotonic() + AWAY)
            self.states[alias] = state
        return state.number


def number(token: str) -> int:
    return int(token.partition(".")[0] or 0)
