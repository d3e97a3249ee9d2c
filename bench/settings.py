"""The site's own settings, with the floors beside its pages, and nobody limited."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
LIMITS = False
