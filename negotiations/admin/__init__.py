"""The desk: where editors keep the record. One module for each family of models, on the common ground of base.py."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from . import actors, issues, loads, positions, record, sources, talks, treaties

__all__ = ["actors", "issues", "loads", "positions", "record", "sources", "talks", "treaties"]

admin.site.site_header = admin.site.site_title = _("Parley desk")
admin.site.index_title = _("The record")
admin.site.site_url = "/"
