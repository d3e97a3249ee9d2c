"""The record: rounds, statements, milestones, and the list of all entries."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from negotiations.models import Delegation, Entry, Milestone, Round, Statement

from .base import (
    DeskAdmin,
    FoldedFilter,
    PartOfAnother,
    TabularInline,
    TaskFilter,
    first_day,
    surname_first,
)
from .entries import CitationInline, EntryForm, EntryKindAdmin, EntrySearch, ReadableEntries
from .intake import TakesArticles
from .tables import Tables

DATE: tuple[Any, Any] = (
    _("When"),
    {
        "fields": [("date", "date_basis"), "note"],
        "description": _("Never more precise than the source. The note is shown to readers beside the date."),
    },
)

BY_ISSUE, BY_NEGOTIATION = ("issues", FoldedFilter), ("negotiation", FoldedFilter)


@admin.register(Entry)
class EntryAdmin(EntrySearch, PartOfAnother, DeskAdmin):
    """The whole record in one list; each entry is edited on the page of its kind."""

    list_display = ["day", "kind", "what", "party", "negotiation", "shown"]
    list_display_links = None
    list_filter = [TaskFilter, "kind", "state", "date_basis", "party", BY_ISSUE, BY_NEGOTIATION]
    list_select_related = ["party", "negotiation"]

    @admin.display(description=_("title"), ordering="title")
    def what(self, obj: Entry) -> str:
        return format_html('<a href="{}">{}</a>', self.url_of_child(obj), obj.title)

    def url_of_child(self, obj: Entry) -> str:
        return reverse(f"admin:negotiations_{obj.kind}_change", args=[obj.pk])

    def has_module_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_module_permission(self, request)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # A source's page leads to the entries that cite it.
        return lookup == "citations__source__id__exact" or super().lookup_allowed(lookup, value, request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            away: HttpResponse = self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]  # it has it
                request, self.opts, object_id
            )
            return away
        return HttpResponseRedirect(self.url_of_child(obj))


class DelegationInline(TabularInline):
    model = Delegation
    autocomplete_fields = ["party", "head"]
    fields = ["party", "head", "title", "order"]


class RoundForm(EntryForm):
    required = ["negotiation"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "title" in self.fields:
            self.fields["title"].label = _("Label")

    def slug_words(self, cleaned: dict[str, Any]) -> Iterable[object]:
        negotiation = cleaned.get("negotiation")
        return [negotiation and negotiation.slug, cleaned.get("title")]


@admin.register(Round)
class RoundAdmin(Tables, EntryKindAdmin):
    form = RoundForm
    list_display = ["day", "title", "negotiation", "city", "held", "shown"]
    list_display_links = ["title"]
    list_filter = [TaskFilter, "state", "form", "held", "date_basis", BY_NEGOTIATION, BY_ISSUE]
    list_select_related = ["negotiation"]
    autocomplete_fields = ["negotiation", "issues"]
    derived = ["concerns", "created_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["negotiation", "title", ("form", "number"), ("city", "country"), "held"]}),
        DATE,
        (_("What happened"), {"fields": ["summary", "issues"]}),
    ]
    inlines = [DelegationInline, CitationInline]


class StatementForm(EntryForm):
    required = ["party"]
    help = {"party": _("For whom it was said.")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        # What was said in a round was said in its negotiation.
        if cleaned.get("round") and not cleaned.get("negotiation"):
            cleaned["negotiation"] = cleaned["round"].negotiation
        return cleaned

    def slug_words(self, cleaned: dict[str, Any]) -> Iterable[object]:
        speaker, party, issues = (cleaned.get(name) for name in ("speaker", "party", "issues"))
        who = surname_first(speaker).split()[0] if speaker else party and party.slug
        about = cleaned.get("city") or (issues[0].slug if issues else "")
        return [who, about, first_day(cleaned.get("date"))]


@admin.register(Statement)
class StatementAdmin(TakesArticles, Tables, EntryKindAdmin):
    form = StatementForm
    list_display = ["day", "who", "occasion", "party", "negotiation", "shown"]
    list_display_links = ["day", "who"]
    list_filter = [
        TaskFilter,
        "state",
        "party",
        "form",
        "reported",
        "date_basis",
        BY_ISSUE,
        BY_NEGOTIATION,
    ]
    list_select_related = ["speaker", "party", "negotiation"]
    autocomplete_fields = ["party", "speaker", "negotiation", "round", "issues", "joint_parties", "joint_speakers"]
    derived = ["title", "concerns", "bears_out", "created_at", "updated_at"]
    fieldsets = [
        (
            None,
            {
                "fields": [("party", "speaker"), "office", ("form", "occasion"), ("city", "country")],
                "description": _("Who spoke for whom, in what capacity and where. Leave the speaker empty for a body."),
            },
        ),
        DATE,
        (
            _("What was said"),
            {
                "fields": [
                    "summary",
                    "quote",
                    ("quote_language", "original_language"),
                    "key_phrase",
                    "translation",
                    "translator",
                    "reported",
                ],
                "description": _("A summary in our own words, and a quotation only letter by letter from the source."),
            },
        ),
        (
            _("What it belongs to"),
            {
                "fields": ["issues", "negotiation", "round"],
                "description": _("A statement made in a round belongs to the round’s negotiation."),
            },
        ),
        (
            _("Joint text"),
            {"classes": ["collapse"], "fields": ["joint_parties", "joint_speakers"]},
        ),
    ]

    @admin.display(description=_("speaker"), ordering="speaker__name")
    def who(self, obj: Statement) -> object:
        return obj.speaker or obj.office or obj.party


class MilestoneForm(EntryForm):
    def slug_words(self, cleaned: dict[str, Any]) -> Iterable[object]:
        treaty, party = cleaned.get("treaty"), cleaned.get("party")
        return [treaty and treaty.slug, cleaned.get("type"), party and party.slug, first_day(cleaned.get("date"))]


@admin.register(Milestone)
class MilestoneAdmin(EntryKindAdmin):
    form = MilestoneForm
    list_display = ["day", "treaty", "type", "party", "city", "shown"]
    list_display_links = ["day", "treaty"]
    list_filter = ["state", "type", "party", "date_basis", ("treaty", FoldedFilter)]
    list_select_related = ["treaty", "party"]
    autocomplete_fields = ["treaty", "party", "negotiation", "issues"]
    derived = ["title", "concerns", "bears_out", "created_at", "updated_at"]
    fieldsets = [
        (
            None,
            {
                "fields": ["treaty", "type", "party", ("city", "country")],
                "description": _("A step of one party, who must be a party to the treaty, or of all of them together."),
            },
        ),
        DATE,
        (_("What happened"), {"fields": ["summary", "negotiation", "issues"]}),
    ]


@admin.register(Delegation)
class DelegationAdmin(ReadableEntries, PartOfAnother, DeskAdmin):
    entry_path = "round"
    ordering = ["-pk"]
    list_display = ["round", "party", "head", "title"]
    list_filter = ["party"]
    list_select_related = ["round", "party", "head"]
    search_fields = ["round__title", "head__name", "title"]
    view_on_site = False  # type: ignore[assignment]  # as Django has it: a method, or whether
