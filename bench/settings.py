"""The site's own settings, with the floors beside its pages, and nobody limited. BENCH_DRAWN=1 keeps no whole pages."""

import os

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE

ROOT_URLCONF = "bench.urls"
LIMITS = False
if os.environ.get("BENCH_DRAWN"):
    kept = MIDDLEWARE.index("negotiations.page_cache.PageCache")
    MIDDLEWARE = [*MIDDLEWARE[:kept], "bench.pieces.Pieces", *MIDDLEWARE[kept + 1 :]]
