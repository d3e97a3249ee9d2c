"""Positions and the evidence for them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from negotiations.models import Evidence, Option, Position

from .base import (
    DeskAdmin,
    FoldedFilter,
    PartOfAnother,
    TabularInline,
    TaskFilter,
    first_day,
)
from .entries import CitationInline, EntryForm, EntryKindAdmin, ReadableEntries
from .record import BY_NEGOTIATION, DATE
from .tables import Tables


class OptionIterator(ModelChoiceIterator):
    """Options under the question they answer."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield "", self.field.empty_label
        groups: dict = {}
        for option in self.queryset.select_related("issue").order_by("issue__rank", "issue__slug", "order", "pk"):
            groups.setdefault(option.issue.question, []).append(self.choice(option))
        yield from groups.items()


class OptionField(forms.ModelChoiceField):
    iterator = OptionIterator


class PositionForm(EntryForm):
    required: Sequence[str] = ["party"]
    help = {"party": _("Whose position it is.")}
    option = OptionField(
        queryset=Option.objects.all(), help_text=_("The answer it gives. The issue follows from it, if left empty.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("option") and not cleaned.get("issue") and "issue" not in self.errors:
            cleaned["issue"] = cleaned["option"].issue
        return cleaned

    def slug_words(self, cleaned: dict[str, Any]) -> Iterable[object]:
        party, option = cleaned.get("party"), cleaned.get("option")
        answer = (option.issue.slug, option.slug) if option else ()
        return [party and party.slug, *answer, first_day(cleaned.get("date"))]


class EvidenceInline(TabularInline):
    model = Evidence
    fk_name = "position"
    autocomplete_fields = ["entry"]
    readonly_fields = ["whose"]
    verbose_name = _("piece of evidence")
    verbose_name_plural = _("evidence")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super().get_queryset(request).select_related("entry", "position__party").prefetch_related("entry__parties")
        )

    @admin.display(description=_("whose account"))
    def whose(self, obj: Evidence) -> str:
        if not obj.pk:
            return "–"
        return str(_("the party’s own") if obj.is_own else _("another’s"))


@admin.register(Position)
class PositionAdmin(Tables, EntryKindAdmin):
    form = PositionForm
    list_display = ["day", "party", "stance", "option", "issue", "until", "shown"]
    list_display_links = ["day", "party"]
    list_filter = [
        TaskFilter,
        "state",
        "party",
        ("issue", FoldedFilter),
        "stance",
        "basis",
        "end_basis",
        "date_basis",
        BY_NEGOTIATION,
    ]
    list_select_related = ["party", "issue", "option"]
    autocomplete_fields = ["party", "issue", "negotiation", "waits_for"]
    derived = ["title", "concerns", "created_at", "updated_at"]
    fieldsets = [
        (
            None,
            {
                "fields": ["party", "option", "issue", "stance", "condition", "waits_for", "summary"],
                "description": _("What one party wanted on one issue: “Russia demands a legally binding agreement”."),
            },
        ),
        DATE,
        (
            _("Until when"),
            {
                "fields": [("end", "end_basis")],
                "description": _(
                    "A position holds until the end given here, or else until the party’s next on the same issue."
                ),
            },
        ),
        (
            _("How we know, and what it concerns"),
            {
                "fields": ["basis", "negotiation", ("scope", "concurrent")],
                "description": _("A published position needs evidence or a source of its own, below."),
            },
        ),
    ]
    inlines = [EvidenceInline, CitationInline]

    @admin.display(description=_("until"), ordering="end_latest")
    def until(self, obj: Position) -> str:
        return obj.end or "–"


@admin.register(Evidence)
class EvidenceAdmin(ReadableEntries, PartOfAnother, DeskAdmin):
    entry_path = "position"
    ordering = ["-pk"]
    list_display = ["position", "entry"]
    list_select_related = ["position", "entry"]
    search_fields = ["position__title", "entry__title"]
    view_on_site = False  # type: ignore[assignment]  # as Django has it: a method, or whether
