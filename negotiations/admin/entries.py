"""What the pages of all kinds of entry have in common: their sources, their lists, and that what was public stays."""

import re
from typing import Any

from django.contrib import admin
from django.contrib.admin.actions import delete_selected
from django.contrib.postgres.search import SearchQuery
from django.db import connection, models
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negotiations.models import Citation, Entry, Revision, workflow

from .base import DeskAdmin, DeskForm, StackedInline, change_link, lines
from .moves import MoveForm, MovesEntries, report


class CitationInline(StackedInline):
    model = Citation
    fk_name = "entry"
    autocomplete_fields = ["source"]
    # Set where the words are found in the text of the source, never by hand.
    readonly_fields = ["checked_on", "checked_sha256"]
    verbose_name_plural = gettext_lazy("sources")
    fieldsets = [
        (None, {"fields": ["source", ("locator", "order")]}),
        (
            gettext_lazy("The passage"),
            {
                "classes": ["collapse"],
                "fields": ["exact", "prefix", "suffix", ("checked_on", "checked_sha256")],
                "description": gettext_lazy(
                    "Which words of the source the entry rests on, and when they were checked."
                ),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("source")


class EntryForm(MoveForm, DeskForm):
    """The form of an entry of any kind."""


class ReadableEntries(admin.ModelAdmin):
    """Lists that show an entry, or what belongs to one, to whoever may read it."""

    entry_path = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        found = super().get_queryset(request)
        if workflow.is_editor(request.user):
            return found
        readable = Entry.objects.filter(workflow.readable(request.user))
        return found.filter(**{f"{self.entry_path or 'pk'}__in": readable.values("pk")})


class EntrySearch(ReadableEntries):
    """Lists of entries: searched as readers search, and counted no more than needed."""

    date_hierarchy = "earliest"
    search_fields = ["search"]
    search_help_text = gettext_lazy("Beginnings of words in the title, the text, the place or the address.")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("search")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Every word must begin a word of the entry, or all of it stand in the address."""
        words = re.findall(r"\w+", search_term)
        if not words:
            return queryset, False
        beginnings = SearchQuery(" & ".join(f"{word}:*" for word in words), config="russian", search_type="raw")
        return queryset.filter(models.Q(search=beginnings) | models.Q(slug__icontains="-".join(words))), False

    @admin.display(description=gettext_lazy("date"), ordering="earliest")
    def day(self, obj: Entry) -> str:
        return format_html_join("/", '<span class="day">{}</span>', ((end,) for end in obj.date.split("/")))

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown(self, obj: Entry) -> str:
        """The state; where there is a page of the entry to see, the way to it."""
        state = obj.get_state_display()
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), state) if obj.is_published else state


class EntryKindAdmin(EntrySearch, MovesEntries, DeskAdmin):
    """The page of one kind of entry."""

    form = EntryForm
    inlines = [CitationInline]
    actions = ["submit", "publish", "return_to_draft", "delete_selected"]
    save_on_top = True
    derived = ["title", "concerns", "created_at", "updated_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Entry | None = None) -> list[str]:
        return [*self.derived, "state", "withdrawn_on"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = [*super().get_fieldsets(request, obj), self.publication(request, obj)]
        if obj:
            told = gettext_lazy("Written by Parley itself, each time the entry is saved.")
            follows = {"fields": self.derived, "description": told}
            fieldsets.append((gettext_lazy("What follows from the rest"), follows))
        return fieldsets

    def view_on_site(self, obj: Any) -> str:
        return str(obj.get_absolute_url())

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[BaseModelFormSet], change: bool
    ) -> None:
        # Whom an entry concerns follows from relations that are only now saved.
        admin.ModelAdmin.save_related(self, request, form, formsets, change)
        form.instance.link()
        self.keep_version(request, form)
        connection.check_constraints()

    @admin.display(description=gettext_lazy("concerns"))
    def concerns(self, obj: Entry) -> str:
        return lines([", ".join(map(str, obj.parties.all())), *map(str, obj.issues.all())])

    @admin.display(description=gettext_lazy("evidence for"))
    def bears_out(self, obj: Any) -> str:
        return lines(change_link(position) for position in obj.evidence_for.filter(workflow.readable(obj.viewer)))

    # Who may do what with which entry

    def has_view_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return super().has_view_permission(request, obj) and (obj is None or workflow.may_read(request.user, obj))

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or workflow.may_edit(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or workflow.may_edit(request.user, obj))

    # What was public stays

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context["show_delete"] = not (obj and self.why_keep(obj))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def why_keep(self, obj: Any) -> str:
        if was_public(obj):
            return str(
                _(
                    "“%s” is or was public, and others may have cited it. Withdraw it instead: publish it, if it is "
                    "a draft now, give the reason and press “Withdraw”."
                )
                % obj
            )
        return ""

    @admin.action(description=gettext_lazy("Delete selected drafts"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        public = [entry for entry in queryset if was_public(entry)]
        if public:
            report(self, request, [(entry, _("It is or was public. Withdraw it instead.")) for entry in public])
            return None
        return delete_selected(self, request, queryset)


def was_public(entry: Entry) -> bool:
    return entry.state in workflow.PUBLIC or Revision.objects.of(entry).public().exists()
