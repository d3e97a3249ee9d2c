"""The data generation: which state of the record this is. What was worked out from one is good until the next.

Each process asks the database at most once in `FRESH` seconds. A page whose state was the latest `BOUND` seconds ago
may still be shown while it is drawn anew; one of an older state never. While the database does not answer, it is asked
once in `BOUND` seconds: readers must not queue for a failure.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections

log = logging.getLogger(__name__)

FRESH = 0.3
BOUND = 1.0
# Counts outlive no generation; this only clears away what nobody asks for any more.
KEPT = 24 * 3600


class Known(NamedTuple):
    """What the database last said, or how it failed, and when it was asked."""

    token: str
    failure: Exception | None
    asked_at: float
    in_doubt: bool = False
    """Whether it is to be asked again however short a time ago that was."""

    @property
    def holds(self) -> bool:
        return not self.in_doubt and time.monotonic() - self.asked_at < (max(FRESH, BOUND) if self.failure else FRESH)


_known = Known("", None, float("-inf"))
# Generations that are over, and when the database last said that they were not; only of the last `BOUND` seconds.
_over: dict[str, float] = {}
_asking = threading.Lock()
_here: dict[str, tuple[str, Any]] = {}
# For a request that a replica answers: the generation that the replica has at least. The primary may be beyond it.
reached: ContextVar[str | None] = ContextVar("reached", default=None)


def read(using: str = DEFAULT_DB_ALIAS) -> str:
    """The generation as a database has it. The moment tells a restored database from the one before."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT number || '.' || (extract(epoch FROM changed_at) * 1000000)::bigint FROM negotiations_generation"
        )
        row = cursor.fetchone()
    return row[0] if row else "0"


def current() -> str:
    """The generation, at most `FRESH` seconds old. Raises what the database raised where it does not answer."""
    if not _known.holds:
        with _asking:
            if not _known.holds:
                _ask()
    if _known.failure:
        raise OperationalError(str(_known.failure)) from _known.failure
    return _known.token


def _ask() -> None:
    global _known, _over
    before, asked_at = _known, time.monotonic()
    try:
        _known = Known(read(), None, asked_at)
    except (DatabaseError, InterfaceError) as failure:
        _known = Known(before.token, failure, time.monotonic())
        return
    over = {token: at for token, at in _over.items() if asked_at - at < BOUND and token != _known.token}
    if before.token not in ("", _known.token) and not before.failure:
        over[before.token] = before.asked_at
    _over = over


def only_just_over() -> list[str]:
    """Generations that are over, each of which was the latest at most `BOUND` seconds ago."""
    now = time.monotonic()
    return [token for token, at in _over.items() if now - at < BOUND]


def last_known() -> str:
    """What the primary last said, however long ago; nothing asked if it said nothing yet."""
    return _known.token


def forget() -> None:
    """Ask the database anew next time: an editor sees at once what they have saved."""
    global _known
    _known = _known._replace(in_doubt=True)


def _at_least() -> str:
    """The generation that whatever is read now has at least; empty where nothing may be kept."""
    if not settings.CACHING:
        return ""
    known = reached.get()
    if known is not None:
        return known
    try:
        return current()
    except OperationalError:
        return ""


def once(name: str, compute: Callable[[], Any]) -> Any:
    """What `compute` gives, worked out once a generation. `name` tells it from everything else so kept."""
    token = _at_least()
    if not token:
        return compute()
    kept = fetch(name)
    if kept and kept[0] == token:
        return kept[1]
    value = compute()
    store(name, (token, value), KEPT)
    return value


def once_here(name: str, compute: Callable[[], Any]) -> Any:
    """The same for what almost every page needs: kept in this process as it is, so nobody may change what they get."""
    token = _at_least()
    if not token:
        return compute()
    kept = _here.get(name)
    if not kept or kept[0] != token:
        kept = _here[name] = token, compute()
    return kept[1]


def fetch(key: str) -> Any:
    """What the cache has, if it answers: without one, pages are only slower."""
    try:
        return cache.get(key)
    except Exception as problem:  # each cache has errors of its own kind
        log.warning("The cache does not answer: %s", problem)
        return None


def store(key: str, value: Any, seconds: int) -> None:
    try:
        cache.set(key, value, seconds)
    except Exception as problem:
        log.warning("The cache does not answer: %s", problem)
