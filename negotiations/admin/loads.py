"""What the loader and the permalinks remember: to look at, never to edit."""

from django.contrib import admin

from negotiations.models import FormerSlug, LoadedRow

from .base import DeskAdmin, ReadOnly


@admin.register(LoadedRow)
class LoadedRowAdmin(ReadOnly, DeskAdmin):
    list_display = ["key", "kind", "sha256"]
    list_filter = ["kind"]
    search_fields = ["key"]
    view_on_site = False


@admin.register(FormerSlug)
class FormerSlugAdmin(ReadOnly, DeskAdmin):
    list_display = ["slug", "kind", "object_id"]
    list_filter = ["kind"]
    search_fields = ["slug"]
    view_on_site = False
