"""Sources and citations."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from negotiations import dates
from negotiations.models import Citation, Entry, Source, workflow

from .base import DeskAdmin, DeskForm, TaskFilter, change_link, first_day, list_link
from .entries import ReadableEntries
from .lists import count_of
from .tables import Tables


class LanguageFilter(admin.SimpleListFilter):
    """The usual languages, without asking the whole table which there are."""

    title = _("language")
    parameter_name = "in"
    USUAL = {"en": _("English"), "ru": _("Russian")}

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Any:
        return [*self.USUAL.items(), ("other", _("another"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "other":
            return queryset.exclude(language__in=self.USUAL)
        return queryset.filter(language=self.value()) if self.value() in self.USUAL else queryset


class SourceForm(DeskForm):
    def slug_words(self, cleaned: dict[str, Any]) -> Iterable[object]:
        return [cleaned.get("publisher", "").split("(")[0], first_day(cleaned.get("date"))]


@admin.register(Source)
class SourceAdmin(Tables, DeskAdmin):
    form = SourceForm
    list_display = ["title", "publisher", "day", "kind", "language", "is_archived", "cited"]
    list_filter = [TaskFilter, "kind", LanguageFilter, "date_basis", ("archived_url", admin.EmptyFieldListFilter)]
    date_hierarchy = "earliest"
    search_fields = ["title", "publisher", "author", "slug", "url"]
    readonly_fields = ["text_sha256", "record"]
    fieldsets = [
        (None, {"fields": ["publisher", "title", "author", ("date", "date_basis"), "language", "kind", "slug"]}),
        (_("Where it is"), {"fields": ["url", "archived_url", "accessed", "note"]}),
        (
            _("Its words"),
            {
                "classes": ["collapse"],
                "fields": ["text", "text_sha256"],
                "description": _("Kept for staff, to check quotations against. Readers never see it."),
            },
        ),
        (_("In the record"), {"fields": ["record"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows: QuerySet = (
            super().get_queryset(request).annotate(cited_=count_of(Citation, "source")).defer("text", "note")
        )
        return rows.defer("text", "note")

    @admin.display(description=_("date"), ordering="earliest")
    def day(self, obj: Source) -> str:
        return dates.spell(obj.date) if obj.date else "–"

    @admin.display(description=_("archived"), boolean=True)
    def is_archived(self, obj: Source) -> bool:
        return bool(obj.archived_url)

    @admin.display(description=_("cited"), ordering="cited_")
    def cited(self, obj: Any) -> int:
        return int(obj.cited_)

    @admin.display(description=_("in the record"))
    def record(self, obj: Source) -> str:
        return list_link(Entry, _("Entries that cite it"), citations__source__id__exact=obj.pk) if obj.pk else "–"


@admin.register(Citation)
class CitationAdmin(ReadableEntries, DeskAdmin):
    entry_path = "entry"
    ordering = ["-pk"]
    list_display = ["entry", "source", "locator", "checked_on"]
    list_filter = [("checked_on", admin.EmptyFieldListFilter), "entry__kind", "entry__state"]
    list_select_related = ["entry", "source"]
    search_fields = ["entry__title", "entry__slug", "source__title", "source__publisher", "exact"]
    autocomplete_fields = ["entry", "source"]
    readonly_fields = ["start", "end", "checked_on", "checked_sha256", "edit_entry"]
    view_on_site = False  # type: ignore[assignment]  # as Django has it: a method, or whether

    def has_change_permission(self, request: HttpRequest, obj: Citation | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (workflow.may_edit(request.user, obj.entry) if obj else workflow.is_editor(request.user))

    def has_delete_permission(self, request: HttpRequest, obj: Citation | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (not obj or workflow.may_edit(request.user, obj.entry))

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Others cite within the form of their draft.
        return super().has_add_permission(request) and workflow.is_editor(request.user)

    @admin.display(description=_("its entry"))
    def edit_entry(self, obj: Citation) -> str:
        return change_link(obj.entry.child) if obj.pk else "–"
