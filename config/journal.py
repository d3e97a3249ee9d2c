"""The journal: a line for each request, with an id that every other line about it bears, and for each slow query.

Neither addresses nor names of people, nor what they searched for, are written down: a path, a view and a time are
enough to run the site by.
"""

import contextvars
import json
import logging
import re
import secrets
import time
from datetime import UTC, datetime

from django.conf import settings
from django.db import connections

requests = logging.getLogger("parley.requests")
queries = logging.getLogger("parley.queries")

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")
GIVEN_ID = re.compile(r"[\w-]{8,64}", re.ASCII)
FACTS = ("method", "path", "view", "status", "ms", "bytes", "kept")
LONGEST_QUERY = 2000


class Journal:
    """Middleware, outermost: what it measures is what the reader waits for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # A proxy's id joins its journal to ours; anybody's is as good, for nothing depends on it.
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8))
        began = time.perf_counter()
        try:
            with connections["default"].execute_wrapper(note_slow):
                response = self.get_response(request)
            response.headers.setdefault("X-Request-ID", request_id.get())
            match = getattr(request, "resolver_match", None)
            path = request.path
            if match and (key := match.kwargs.get("token")):
                path = path.replace(key, "…")  # with it, whoever reads the journal could stop what somebody follows
            facts = {
                "method": request.method,
                "path": path[:300],
                "view": match.view_name if match else "",
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000, 1),
                "bytes": None if response.streaming else len(response.content),
                "kept": getattr(request, "answered_from_kept_page", False),
            }
            requests.info("%s %s %s", request.method, facts["path"], response.status_code, extra=facts)
            return response
        finally:
            request_id.reset(token)


def note_slow(execute, sql, params, many, context):
    """Log a query that took longer than SLOW_QUERY milliseconds, without its values, which may be a reader's words."""
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = (time.perf_counter() - began) * 1000
        if took >= settings.SLOW_QUERY:
            queries.warning("slow query: %.0f ms: %s", took, str(sql)[:LONGEST_QUERY])


class WithRequest(logging.Filter):
    """Puts the id of the request at hand into every line."""

    def filter(self, record):
        record.request_id = request_id.get()
        return True


class Json(logging.Formatter):
    """One object a line, for whatever collects logs."""

    def format(self, record):
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FACTS if hasattr(record, name)}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
