"""Treaties, their limits, and the figures that parties declared under them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from negotiations import dates
from negotiations.models import DataExchange, Limit, Milestone, Treaty, workflow

from .base import DeskAdmin, DeskForm, FoldedFilter, StackedInline, add_link, change_link, first_day, lines, list_link


class LimitForm(DeskForm):
    def slug_words(self, cleaned: dict[str, Any]) -> Iterable[object]:
        treaty = cleaned.get("treaty") or (self.instance.treaty_id and self.instance.treaty)
        return [treaty and treaty.slug, cleaned.get("item")]


class LimitInline(StackedInline):
    model = Limit
    form = LimitForm
    autocomplete_fields = ["sources"]
    fields = ["item", ("ceiling", "unit"), "applies_from", "note", "sources", ("slug", "order")]


class TreatyForm(DeskForm):
    def slug_words(self, cleaned: dict[str, Any]) -> Iterable[object]:
        return [cleaned.get("short_name")]


@admin.register(Treaty)
class TreatyAdmin(DeskAdmin):
    form = TreatyForm
    list_display = ["short_name", "kind", "legally_binding", "negotiation", "follows", "milestone_count"]
    list_filter = ["kind", "legally_binding", "parties"]
    list_select_related = ["negotiation", "follows"]
    search_fields = ["short_name", "full_name", "slug"]
    autocomplete_fields = ["parties", "follows", "negotiation"]
    readonly_fields = ["standing", "life", "figures"]
    fieldsets = [
        (None, {"fields": ["short_name", "full_name", "slug", "kind", "legally_binding", "parties", "summary"]}),
        (_("Where it comes from"), {"fields": ["negotiation", "follows"]}),
        (
            _("Its life"),
            {
                "fields": ["standing", "life", "figures"],
                "description": _("A treaty’s status is never typed in: it follows from its published milestones."),
            },
        ),
    ]
    inlines = [LimitInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows: QuerySet = super().get_queryset(request).annotate(milestones_=Count("milestones"))
        return rows

    @admin.display(description=_("milestones"), ordering="milestones_")
    def milestone_count(self, obj: Any) -> int:
        return int(obj.milestones_)

    @admin.display(description=_("status today"))
    def standing(self, obj: Treaty) -> str:
        standing = obj.status_on(timezone.localdate()) if obj.pk else None
        if not standing:
            return "–"
        return format_html(_now("{}, since {}"), standing.status.label, change_link(standing.since))

    @admin.display(description=_("milestones"))
    def life(self, obj: Any) -> str:
        if not obj.pk:
            return str(_("Save the treaty first."))
        steps = sorted(
            obj.milestones.filter(workflow.readable(obj.viewer)).select_related("party"),
            key=lambda step: step.life_order,
        )
        shown = [
            format_html(
                "{}: {}{}",
                dates.spell(step.date),
                change_link(step, step.get_type_display() + (f" ({step.party})" if step.party else "")),
                "" if step.is_published else f" – {step.get_state_display()}",
            )
            for step in steps
        ]
        return lines([*shown, add_link(Milestone, treaty=obj.pk)])

    @admin.display(description=_("declared figures"))
    def figures(self, obj: Treaty) -> str:
        return list_link(DataExchange, _("Data exchanges"), treaty__id__exact=obj.pk) if obj.pk else "–"


@admin.register(Limit)
class LimitAdmin(DeskAdmin):
    form = LimitForm
    list_display = ["item", "ceiling", "unit", "treaty", "applies_from"]
    list_filter = [("treaty", FoldedFilter)]
    list_select_related = ["treaty"]
    search_fields = ["item", "slug", "treaty__short_name"]
    autocomplete_fields = ["treaty", "sources"]
    view_on_site = False  # type: ignore[assignment]  # as Django has it: a method, or whether


class DataExchangeForm(DeskForm):
    derived = forms.MultipleChoiceField(
        choices=DataExchange.Figure,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=DataExchange._meta.get_field("derived").help_text,
    )
    from_chart = forms.MultipleChoiceField(
        choices=DataExchange.Figure,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=DataExchange._meta.get_field("from_chart").help_text,
    )

    def slug_words(self, cleaned: dict[str, Any]) -> Iterable[object]:
        treaty, party = cleaned.get("treaty"), cleaned.get("party")
        return [treaty and treaty.slug, first_day(cleaned.get("as_of")), party and party.slug]


@admin.register(DataExchange)
class DataExchangeAdmin(DeskAdmin):
    form = DataExchangeForm
    list_display = [
        "day",
        "party",
        "treaty",
        "deployed_delivery_vehicles",
        "deployed_warheads",
        "total_launchers",
        "derived",
    ]
    list_filter = ["party", ("treaty", FoldedFilter)]
    list_select_related = ["treaty", "party"]
    date_hierarchy = "earliest"
    search_fields = ["slug", "treaty__short_name", "party__short_name", "as_of"]
    autocomplete_fields = ["treaty", "party", "sources"]
    view_on_site = False  # type: ignore[assignment]  # as Django has it: a method, or whether
    fieldsets = [
        (None, {"fields": ["treaty", "party", "as_of", "slug"]}),
        (
            _("Figures"),
            {"fields": ["deployed_delivery_vehicles", "deployed_warheads", "total_launchers", "derived", "from_chart"]},
        ),
        (_("How we know"), {"fields": ["note", "sources"]}),
    ]

    @admin.display(description=_("as of"), ordering="earliest")
    def day(self, obj: DataExchange) -> str:
        return dates.spell(obj.as_of)
