"""For machines: whether the site lives and can serve, whom to tell of a hole in it, and what browsers refused."""

import json
import logging
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from negotiations.queries import generation

log = logging.getLogger(__name__)

VALID_FOR = timedelta(days=180)
LONGEST_REPORT = 16_384
LONGEST_FIELD = 200
TOLD = ("effective-directive", "violated-directive", "effectiveDirective", "blocked-uri", "blockedURL", "document-uri",
        "documentURL", "source-file", "sourceFile", "line-number", "lineNumber")  # fmt: skip


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives. It asks nobody: a database that is away is no reason to start us anew."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether readers can be sent here: the database answers, and its tables are those this release knows."""
    found = {"database": "ok", "migrations": "ok", "generation": None}
    try:
        found["generation"] = generation.read()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            found["migrations"] = "missing"
    except Exception:  # whatever it is, we are not ready
        log.warning("Not ready", exc_info=True)
        found["database"] = "unavailable"
    ready = found["database"] == found["migrations"] == "ok"
    return JsonResponse({"ready": ready} | found, status=200 if ready else 503)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Where crawlers find everything, and where they would only go round in circles: filters have no end.

    The matrix of a day, with what changed since another, is a page that people link to; sides and filters are not.
    """
    names = ("party", "a", "b", "negotiation", "show", "on_round", "since_round")
    choices = [f"/positions/?*&{name}=" for name in names]
    endless = ["/timeline/?", "/positions/?", *choices, "/search/", "/report/", "/reports/"]
    prefixes = ["", *(f"/{code}" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]
    lines = [
        "User-agent: *",
        *(f"Disallow: {prefix}{path}" for prefix in prefixes for path in endless),
        # The longest rule that fits an address counts.
        *(f"Allow: {prefix}/positions/?on=" for prefix in prefixes),
        f"Sitemap: {request.build_absolute_uri(reverse('sitemaps'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116), where SECURITY_CONTACT says."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = datetime.combine(timezone.localdate() + VALID_FOR, datetime.min.time(), UTC)
    lines = [
        *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACT),
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: en, ru",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@csrf_exempt
@never_cache
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """A browser refused something on one of our pages. Logged, and nothing else: anybody can say so."""
    length = request.headers.get("Content-Length", "0")
    if not length.isdecimal() or int(length) > LONGEST_REPORT:
        return HttpResponse(status=413)
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    for report in (said if isinstance(said, list) else [said])[:5]:
        body = report.get("csp-report") or report.get("body") if isinstance(report, dict) else None
        if isinstance(body, dict):
            told = {name: str(body[name])[:LONGEST_FIELD] for name in TOLD if body.get(name)}
            log.warning("Content policy violated: %s", json.dumps(told))
    return HttpResponse(status=204)
