"""Figures for Prometheus at /metrics, only where METRICS_TOKEN is set, and only for who bears it.

gunicorn's processes add theirs up through files in PROMETHEUS_MULTIPROC_DIR, which `gunicorn.conf.py` provides.
"""

import hmac
import os
import time

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client import REGISTRY as OF_THIS_PROCESS

answered = Counter("parley_requests", "Answered requests", ["view", "method", "status"])
waited = Histogram(
    "parley_request_seconds", "Seconds until the answer", ["view"],
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)  # fmt: skip
METHODS = {"GET", "HEAD", "POST"}


class Metrics:
    """Middleware that counts. Answers without a view are finished pages that were kept, static files and redirects."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not settings.METRICS_TOKEN:
            return self.get_response(request)
        began = time.perf_counter()
        response = self.get_response(request)
        match = getattr(request, "resolver_match", None)
        view = match.view_name if match else "-"
        method = request.method if request.method in METHODS else "other"
        answered.labels(view, method, str(response.status_code)).inc()
        waited.labels(view).observe(time.perf_counter() - began)
        return response


@never_cache
def metrics(request):
    """What was counted, for the bearer of the token; to everybody else there is nothing here."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    registry = OF_THIS_PROCESS
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
