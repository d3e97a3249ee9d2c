"""What the loader, the permalinks and the record's history remember: to look at, never to edit."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from negotiations.models import FormerSlug, LoadedRow, Revision

from .base import DeskAdmin, ReadOnly


@admin.register(LoadedRow)
class LoadedRowAdmin(ReadOnly, DeskAdmin):
    list_display = ["key", "kind", "sha256"]
    list_filter = ["kind"]
    search_fields = ["key"]
    view_on_site = False  # type: ignore[assignment]  # as Django has it: a method, or whether


@admin.register(FormerSlug)
class FormerSlugAdmin(ReadOnly, DeskAdmin):
    list_display = ["slug", "kind", "object_id"]
    list_filter = ["kind"]
    search_fields = ["slug"]
    view_on_site = False  # type: ignore[assignment]  # as Django has it: a method, or whether


@admin.register(Revision)
class RevisionAdmin(ReadOnly, DeskAdmin):
    list_display = ["at", "kind", "slug", "number", "action", "by", "why"]
    list_filter = ["action", "kind", "public", "corrects", "by"]
    list_select_related = ["by"]
    search_fields = ["slug", "why"]
    date_hierarchy = "at"
    view_on_site = False  # type: ignore[assignment]  # as Django has it: a method, or whether
    fields = ["kind", "slug", "number", "action", "at", "by", "why", "public", "corrects"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("row", "kept")
