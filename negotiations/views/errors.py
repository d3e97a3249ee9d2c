"""Pages for what went wrong. None of them asks the database, which may be what is failing."""

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.shortcuts import render
from django.template import TemplateDoesNotExist, TemplateSyntaxError, loader

# A search for the words of a mistyped address; longer ones are no words.
LONGEST = 80
# Seconds; a database that was restarted is back by then.
RETRY_AFTER = 10


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A missing page offers to search for the words of its address."""
    last = request.path.rstrip("/").rpartition("/")[2]
    words = "".join(letter if letter.isalnum() else " " for letter in last[:LONGEST])
    return render(request, "404.html", {"words": " ".join(words.split())}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Drawn without the request, whose host may be what is wrong with it."""
    return HttpResponseBadRequest(loader.get_template("400.html").render())


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort, drawn without the request; if even that fails, in plain words."""
    if is_away(sys.exception()):
        return unavailable()
    try:
        return HttpResponseServerError(loader.get_template("500.html").render())
    except (TemplateDoesNotExist, TemplateSyntaxError, ValueError):
        # ValueError: the list of static files is missing, or does not name the stylesheet.
        return HttpResponseServerError("Something went wrong on our side.", content_type="text/plain")


def is_away(problem: BaseException | None) -> bool:
    """Whether the database did not answer, was too slow, or may only be read at the moment; or a disk is full."""
    read_only = getattr(problem and problem.__cause__, "sqlstate", "") == "25006"
    no_room = isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT)
    return read_only or no_room or isinstance(problem, (OperationalError, InterfaceError))


def unavailable() -> HttpResponse:
    """Nobody's mistake, and soon over: says when to come back."""
    try:
        page = HttpResponse(loader.get_template("503.html").render(), status=503)
    except (TemplateDoesNotExist, TemplateSyntaxError, ValueError):
        page = HttpResponse("The record cannot be read at the moment.", content_type="text/plain", status=503)
    page["Retry-After"] = RETRY_AFTER
    page["Cache-Control"] = "no-store"
    return page
