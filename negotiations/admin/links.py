"""What the addresses of sources answered when `check_links` asked them: to look at, never to edit."""

from django.contrib import admin

from negotiations.models import LinkCheck

from .base import DeskAdmin, ReadOnly


@admin.register(LinkCheck)
class LinkCheckAdmin(ReadOnly, DeskAdmin):
    ordering = ["-pk"]
    list_display = ["url", "source", "checked_at", "problem"]
    list_filter = [("problem", admin.EmptyFieldListFilter)]
    list_select_related = ["source"]
    search_fields = ["url", "source__title", "source__publisher"]
    view_on_site = False  # type: ignore[assignment]  # as Django has it: a method, or whether
