"""Limits to what one visitor may ask for in a minute, where answers are costly or write something.

Finished pages that are kept cost nothing and count for nothing.
"""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from negotiations import visitors
from negotiations.api import problems
from negotiations.api.web import open_to_all
from negotiations.queries import allowances, generation

# The names of views, by what they have in common, and how many requests a minute.
LIMITS = {
    "search": ({"search"}, 120),
    "exports": ({"positions-csv", "positions-json"}, 30),
    "reports": ({"csp-report"}, 30),
}
ENDINGS = {"exports": ("-csv", "-json", "-ndjson", "-atom", "-ics", "-pdf")}
PROGRAMS = ("programs", 240)
"""The API, whatever is asked of it."""
FORMS = ("forms", 12)
"""Whatever readers send: reports of errors, subscriptions, sign-ins."""


class Limits:
    """Middleware. Within, everything is asked of the database; it counts there, for all processes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        what, allowed = limit_of(request)
        if not what or not settings.LIMITS or is_staff(request):
            return None
        try:
            generation.current()  # which knows at once where the primary is away, so that nobody waits for it here
            wait = allowances.spend(visitors.digest(request), what, allowed)
        except (DatabaseError, InterfaceError):
            if request.method not in ("GET", "HEAD"):
                raise
            return None  # a replica may still answer; where there is none, the view says what is the matter
        if not wait:
            return None
        if what == PROGRAMS[0]:
            response = open_to_all(problems.response(429, f"Please wait {wait} seconds."))
        else:
            response = render(request, "429.html", {"wait": wait}, status=429)
        response["Retry-After"] = wait
        response["Cache-Control"] = "no-store"
        return response


def limit_of(request: HttpRequest) -> tuple[str, int]:
    """What a request counts as, and how many of it a minute allows; nothing for pages that anybody may have."""
    match = request.resolver_match
    if match and match.namespace == "api":
        return PROGRAMS
    name = (match and match.url_name) or ""
    for what, (names, allowed) in LIMITS.items():
        if name in names or name.endswith(ENDINGS.get(what, "\0")):
            return what, allowed
    if request.GET.get("q"):
        return "search", LIMITS["search"][1]
    return FORMS if request.method == "POST" else ("", 0)


def is_staff(request: HttpRequest) -> bool:
    # Readers have no session; only where there is one is it worth asking whose.
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_staff
