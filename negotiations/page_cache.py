"""Whole pages, kept for as long as the record behind them stands: the path on which the database is not asked.

A page that readers share is kept until the record changes or the day ends, and its ETag says which state of the record
it shows. Whoever is signed in is never served from here, and nothing made for them is kept. While the database is away,
readers get the last page that was kept.

When the record has changed, every page has to be drawn anew, and costs a hundred times what a kept one does. So that
the readers of a crowd need not wait for one another, one page is drawn at a time while others are shown as they stood,
for a second at most (`generation.BOUND`), and never to an address that was shown a newer state.

What is kept is compressed already. Pages made for one person are sent uncompressed: only where a secret and somebody
else's words share a page does its length tell anything.
"""

import gzip
import hashlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import brotli
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from negotiations import visitors
from negotiations.queries import generation

log = logging.getLogger(__name__)

# What a page may depend on besides its address. One that varies with anything else is not kept.
FRAGMENT = ("HX-Request", "HX-History-Restore-Request")
KNOWN_VARY = {"hx-request", "hx-history-restore-request", "accept-language", "accept-encoding", "cookie"}
# Cookies that say: signed in, or about to be told something.
PERSONAL = {settings.SESSION_COOKIE_NAME, "messages"}
# Browsers and proxies ask every time whether their copy still holds, and may show it while we are down.
PUBLIC = "public, max-age=0, stale-if-error=86400"
PRIVATE = "private, no-store"
LONGEST_ADDRESS = 1500
LARGEST_BODY = 100_000  # compressed; an export of everything is not worth the room
KEPT = 7 * 24 * 3600  # for the days on which the database is away
WORTH_COMPRESSING = 500
PATIENCE = 5  # seconds in which somebody else may be drawing the same page


class Page(NamedTuple):
    """A page as it was sent, and the state of the record that it shows."""

    state: str
    headers: dict[str, str]
    body: bytes


def release() -> str:
    """Tells the pages of one release from another's, whose templates and words may differ."""
    digest = hashlib.sha256()
    for folder in ("config", "negotiations", "templates", "locale", "static"):
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            if path.suffix in {".py", ".html", ".mo", ".css", ".js", ".svg"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class PageCache:
    """Middleware, inside what secures every answer and outside everything that asks the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.release = release()
        # As many as may draw at once without waiting for one another's pages by chance.
        self.drawing = [threading.Lock() for _ in range(64)]
        # Whoever has it draws a page anew that others are shown as it stood.
        self.renewing = threading.Lock()
        self.seen = Seen()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.CACHING:
            return self.get_response(request)
        if PERSONAL & set(request.COOKIES):
            return self.answer_privately(request)
        if request.method not in ("GET", "HEAD") or len(request.get_full_path()) > LONGEST_ADDRESS:
            return self.get_response(request)
        encoding = accepted_encoding(request.headers.get("Accept-Encoding", ""))
        key = self.key(request, encoding)
        kept = kept_page(key)
        try:
            token = generation.current()
        except (DatabaseError, InterfaceError):
            return from_kept(request, kept) if kept else self.get_response(request)
        state = state_of(token)
        etag = f'"{hashlib.sha256(f"{key} {state}".encode()).hexdigest()[:32]}"'
        if kept and kept.state == state:
            self.seen.note(request, token)
            return conditional(request, from_kept(request, kept))
        if etag in request.headers.get("If-None-Match", ""):
            # Only somebody who was sent this very page in this very state has its tag; no need to draw it again.
            self.seen.note(request, token)
            return published(HttpResponseNotModified(), etag)
        renewing = False
        if kept and self.may_still_be_shown(request, kept):
            renewing = self.renewing.acquire(blocking=False)
            if not renewing:
                self.seen.note(request, token_of(kept))
                return conditional(request, from_kept(request, kept))
        try:
            self.seen.note(request, token)
            return self.draw(request, key, state, etag, encoding)
        finally:
            if renewing:
                self.renewing.release()

    def draw(self, request: HttpRequest, key: str, state: str, etag: str, encoding: str) -> HttpResponseBase:
        """The page in this state of the record, drawn by one of those who ask for it."""
        lock = self.drawing[int(key[-8:], 16) % len(self.drawing)]
        mine = lock.acquire(timeout=PATIENCE)
        try:
            kept = kept_page(key)
            if kept and kept.state == state:
                return conditional(request, from_kept(request, kept))
            # Whatever is read from here on is at least of this state: pieces of the page may be kept under it, too.
            setattr(request, "record_state", state)  # noqa: B010
            response = self.get_response(request)
            if response.status_code == 503 and kept:
                log.warning("The database does not answer: %s as it stood before", request.path)
                return from_kept(request, kept)
            if not may_be_kept(response):
                return response
            compress(published(response, etag), encoding)
            if request.method == "GET" and len(response.content) <= LARGEST_BODY:
                page = Page(state, dict(response.items()), response.content)
                generation.store(key, tuple(page), KEPT)
            return conditional(request, response)
        finally:
            if mine:
                lock.release()

    def may_still_be_shown(self, request: HttpRequest, kept: Page) -> bool:
        """Whether a page of a state that has only just ended takes nobody back behind what they have seen."""
        token = token_of(kept)
        return (
            kept.state == state_of(token)
            and token in generation.only_just_over()
            and not self.seen.is_beyond(request, token)
        )

    def answer_privately(self, request: HttpRequest) -> HttpResponse:
        """For whoever is signed in: fresh from the database, and nobody else's business."""
        generation.forget()
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = PRIVATE
        return response

    def key(self, request: HttpRequest, encoding: str) -> str:
        parts = [self.release, str(request.scheme), request.get_host(), request.get_full_path(), encoding]
        parts += [request.headers.get(name) or "" for name in FRAGMENT]
        return "page-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()


class Seen:
    """Which generation each address was shown last, remembered while anybody may still be shown the one before."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.shown: dict[str, str] = {}
        self.tidied_for = ""

    def note(self, request: HttpRequest, token: str) -> None:
        if not generation.only_just_over():
            if self.shown:
                self.shown = {}
            return
        with self.lock:
            newest = generation.last_known()
            if self.tidied_for != newest:  # in a record that changes all the time, too
                kept = [newest, *generation.only_just_over()]
                self.shown = {one: last for one, last in self.shown.items() if last in kept}
                self.tidied_for = newest
            self.shown[visitors.address(request)] = token

    def is_beyond(self, request: HttpRequest, token: str) -> bool:
        return self.shown.get(visitors.address(request), token) != token


def state_of(token: str) -> str:
    """What a page may show: a generation of the record, on a day."""
    return f"{token} {timezone.localdate()}"


def token_of(page: Page) -> str:
    return page.state.partition(" ")[0]


def kept_page(key: str) -> Page | None:
    found = generation.fetch(key)
    return Page(*found) if found else None


def from_kept(request: HttpRequest, page: Page) -> HttpResponse:
    setattr(request, "answered_from_kept_page", True)  # noqa: B010  (for the journal)
    return HttpResponse(page.body, headers=page.headers)


def may_be_kept(response: HttpResponse) -> bool:
    """Whether this is a page that all readers share."""
    vary = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Cache-Control")
        and not response.has_header("Content-Encoding")
        and vary <= KNOWN_VARY
    )


def published(response: HttpResponse, etag: str) -> HttpResponse:
    """A page for everybody, which says to caches on the way what it depends on."""
    # The address says the language; LocaleMiddleware cannot know that nothing else does.
    others = [name for name in response.get("Vary", "").split(", ") if name and name != "Accept-Language"]
    response["Vary"] = ", ".join(others) or "Cookie"
    patch_vary_headers(response, ["Accept-Encoding", "Cookie", *FRAGMENT])
    response["Cache-Control"] = PUBLIC
    response["ETag"] = etag
    return response


def compress(response: HttpResponse, encoding: str) -> None:
    if encoding and len(response.content) >= WORTH_COMPRESSING:
        squeeze = brotli_compress if encoding == "br" else gzip_compress
        response.content = squeeze(response.content)
        response["Content-Encoding"] = encoding
    response["Content-Length"] = str(len(response.content))


def brotli_compress(body: bytes) -> bytes:
    packed: bytes = brotli.compress(body, quality=5)
    return packed


def gzip_compress(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)


def accepted_encoding(header: str) -> str:
    """The best of what the client takes: br, gzip or nothing."""
    offered = {}
    for part in header.lower().split(","):
        name, _, weight = part.strip().partition(";")
        offered[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in ("br", "gzip") if offered.get(name)), "")


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
