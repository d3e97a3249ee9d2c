"""Negotiations."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from negotiations import dates
from negotiations.models import Negotiation, Position, Round, Statement

from .base import DeskAdmin, DeskForm, add_link, lines, list_link
from .lists import count_of


class NegotiationForm(DeskForm):
    def slug_words(self, cleaned: dict[str, Any]) -> Iterable[object]:
        return [cleaned.get("name")]


@admin.register(Negotiation)
class NegotiationAdmin(DeskAdmin):
    form = NegotiationForm
    list_display = ["name", "format", "since", "until", "outcome", "treaty", "round_count"]
    list_filter = ["outcome", "format", "parties"]
    list_select_related = ["treaty"]
    date_hierarchy = "earliest"
    search_fields = ["name", "slug", "summary", "treaty__short_name"]
    autocomplete_fields = ["parties", "treaty", "sources"]
    readonly_fields = ["record"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "format", "parties", "start", "end"]}),
        (_("What came of it"), {"fields": ["outcome", "treaty", "summary", "note", "sources"]}),
        (_("In the record"), {"fields": ["record"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows: QuerySet = super().get_queryset(request).annotate(rounds_=count_of(Round, "negotiation"))
        return rows

    @admin.display(description=_("from"), ordering="earliest")
    def since(self, obj: Negotiation) -> str:
        return dates.spell(obj.start)

    @admin.display(description=_("to"), ordering="end_latest")
    def until(self, obj: Negotiation) -> str:
        return dates.spell(obj.end) if obj.end else "–"

    @admin.display(description=_("rounds"), ordering="rounds_")
    def round_count(self, obj: Any) -> int:
        return int(obj.rounds_)

    @admin.display(description=_("in the record"))
    def record(self, obj: Negotiation) -> str:
        if not obj.pk:
            return "–"
        return lines(
            [
                list_link(Round, _("Rounds"), negotiation__id__exact=obj.pk),
                list_link(Statement, _("Statements"), negotiation__id__exact=obj.pk),
                list_link(Position, _("Positions"), negotiation__id__exact=obj.pk),
                add_link(Round, negotiation=obj.pk),
            ]
        )
