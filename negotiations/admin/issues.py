"""Issues in dispute and the rival answers to them."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from negotiations.models import Issue, Option, Position

from .base import DeskAdmin, DeskForm, FoldedFilter, PartOfAnother, TabularInline, list_link


class OptionForm(DeskForm):
    def slug_words(self, cleaned: dict[str, Any]) -> Iterable[object]:
        return [cleaned.get("label")]


class OptionInline(TabularInline):
    model = Option
    form = OptionForm
    fields = ["label", "slug", "description", "order"]


class IssueForm(DeskForm):
    def slug_words(self, cleaned: dict[str, Any]) -> Iterable[object]:
        return str(cleaned.get("question", "")).split()[:6]


@admin.register(Issue)
class IssueAdmin(DeskAdmin):
    form = IssueForm
    list_display = ["question", "slug", "option_count", "rank"]
    search_fields = ["question", "slug", "keywords_en", "keywords_ru"]
    readonly_fields = ["record"]
    fieldsets = [
        (None, {"fields": ["question", "description", "slug", "rank"]}),
        (
            _("Keywords"),
            {"fields": ["keywords_en", "keywords_ru"], "description": _("By these a wire story is matched to issues.")},
        ),
        (_("In the record"), {"fields": ["record"]}),
    ]
    inlines = [OptionInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows: QuerySet = super().get_queryset(request).annotate(options_=Count("options"))
        return rows

    @admin.display(description=_("options"), ordering="options_")
    def option_count(self, obj: Any) -> int:
        return int(obj.options_)

    @admin.display(description=_("in the record"))
    def record(self, obj: Issue) -> str:
        return list_link(Position, _("Positions"), issue__id__exact=obj.pk) if obj.pk else "–"


@admin.register(Option)
class OptionAdmin(PartOfAnother, DeskAdmin):
    list_display = ["label", "issue", "slug"]
    list_filter = [("issue", FoldedFilter)]
    list_select_related = ["issue"]
    search_fields = ["label", "slug", "issue__question"]
    view_on_site = False  # type: ignore[assignment]  # as Django has it: a method, or whether
