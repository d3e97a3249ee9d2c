"""Parties, people and their offices."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from negotiations import dates
from negotiations.models import Office, Party, Person, Position, Statement

from .base import DeskAdmin, DeskForm, StackedInline, lines, list_link, surname_first


class PartyForm(DeskForm):
    def slug_words(self, cleaned: dict[str, Any]) -> Iterable[object]:
        return [cleaned.get("short_name")]


@admin.register(Party)
class PartyAdmin(DeskAdmin):
    form = PartyForm
    list_display = ["short_name", "name", "kind", "code", "predecessor", "active_from", "active_until", "rank"]
    list_filter = ["kind"]
    list_select_related = ["predecessor"]
    search_fields = ["short_name", "name", "code", "slug"]
    autocomplete_fields = ["predecessor", "members"]
    readonly_fields = ["record"]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "kind", "code", "slug", "wikidata", "rank"]}),
        (
            _("Before, after and together"),
            {
                "fields": ["predecessor", "active_from", "active_until", "members"],
                "description": _("A party counts among those at the table only between its first and last day."),
            },
        ),
        (_("In the record"), {"fields": ["record"]}),
    ]

    @admin.display(description=_("in the record"))
    def record(self, obj: Party) -> str:
        if not obj.pk:
            return "–"
        return lines(
            [
                list_link(Statement, _("Statements"), party__id__exact=obj.pk),
                list_link(Position, _("Positions"), party__id__exact=obj.pk),
            ]
        )


class OfficeInline(StackedInline):
    model = Office
    autocomplete_fields = ["party", "sources"]
    fields = ["title", "party", ("start", "end"), "attested", "sources", "order"]


class PersonForm(DeskForm):
    def slug_words(self, cleaned: dict[str, Any]) -> Iterable[object]:
        return [surname_first(self.instance.__class__(name=cleaned.get("name", "")))]


@admin.register(Person)
class PersonAdmin(DeskAdmin):
    form = PersonForm
    list_display = ["name", "native_name", "posts", "wikidata"]
    list_filter = ["offices__party"]
    search_fields = ["name", "native_name", "slug", "wikidata"]
    readonly_fields = ["record"]
    fieldsets = [
        (None, {"fields": ["name", "native_name", "slug", "wikidata"]}),
        (_("In the record"), {"fields": ["record"]}),
    ]
    inlines = [OfficeInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("offices")

    @admin.display(description=_("offices"))
    def posts(self, obj: Person) -> str:
        return "; ".join(office.title for office in obj.offices.all()) or "–"

    @admin.display(description=_("in the record"))
    def record(self, obj: Person) -> str:
        return list_link(Statement, _("Statements"), speaker__id__exact=obj.pk) if obj.pk else "–"


@admin.register(Office)
class OfficeAdmin(DeskAdmin):
    list_display = ["title", "person", "party", "since", "until"]
    list_filter = ["party"]
    list_select_related = ["person", "party"]
    search_fields = ["title", "person__name", "person__native_name"]
    autocomplete_fields = ["person", "party", "sources"]
    date_hierarchy = "start_earliest"
    view_on_site = False  # type: ignore[assignment]  # as Django has it: a method, or whether

    @admin.display(description=_("from"), ordering="start_earliest")
    def since(self, obj: Office) -> str:
        return dates.spell(obj.start) if obj.start else "–"

    @admin.display(description=_("to"), ordering="end_latest")
    def until(self, obj: Office) -> str:
        return dates.spell(obj.end) if obj.end else "–"
