"""The desk: where editors keep the record. One module for each family of models, on the common ground of base.py."""

from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin

from . import actors, followers, issues, links, loads, positions, record, reports, sources, talks, treaties

__all__ = [
    "actors",
    "followers",
    "issues",
    "links",
    "loads",
    "positions",
    "record",
    "reports",
    "sources",
    "talks",
    "treaties",
]

# Nobody writes them: who signs in from where is not kept.
admin.site.unregister([AccessLog, AccessFailureLog])
