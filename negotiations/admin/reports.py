"""Errors that readers report: read, then answered with a correction or with the reason why there is none."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from negotiations import unsaved
from negotiations.models import ErrorReport, Revision
from negotiations.requests import Request

from .base import TaskFilter, change_link
from .lists import BoundedPaginator
from .refusals import Refusal

# Among so many of the latest corrections an editor finds their own.
OFFERED = 30


class CorrectionField(forms.ModelChoiceField):
    def label_from_instance(self, revision: Revision) -> str:
        return f"{revision.at:%Y-%m-%d %H:%M} {revision.kind} {revision.slug}: {revision.get_action_display()}"


class ErrorReportForm(forms.ModelForm):
    refusal: Refusal | None = None
    correction = CorrectionField(
        queryset=Revision.objects.none(),
        required=False,
        help_text=_("What was changed because of it. Left empty: the latest correction of the entry."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since = Revision.objects.corrections().filter(at__gte=self.instance.reported_at)
        if "correction" in self.fields:
            latest = [revision.pk for revision in self.since.only("pk")[:OFFERED]]
            offered = Revision.objects.filter(pk__in=[*latest, self.instance.correction_id]).order_by("-at", "-pk")
            cast(CorrectionField, self.fields["correction"]).queryset = offered.defer("row", "kept")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        state, entry = cleaned.get("state"), self.instance.entry
        if state == ErrorReport.State.ACCEPTED:
            own = self.since.filter(kind=entry.kind, object_id=entry.pk)
            cleaned["correction"] = cleaned.get("correction") or own.first()
        else:
            cleaned["correction"] = None
        if state == ErrorReport.State.OPEN:
            self.instance.answered_at = None
        else:
            self.instance.answered_at = self.instance.answered_at or timezone.now()
            if not cleaned.get("answer"):
                self.add_error("answer", _("Say in the answer what was done, or why nothing was."))
        if self.refusal:
            self.add_error(None, self.refusal.message)
        return cleaned


@admin.register(ErrorReport)
class ErrorReportAdmin(admin.ModelAdmin):
    form = ErrorReportForm
    list_display = ["reported_at", "gist", "about", "state", "answered_at"]
    list_display_links = ["reported_at", "gist"]
    list_filter = [TaskFilter, "state"]
    list_select_related = ["entry"]
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    search_fields = ["what", "answer", "entry__title", "entry__slug"]
    readonly_fields = ["reported_at", "about", "what", "where"]
    fieldsets = [
        (None, {"fields": ["reported_at", "about", "what", "where"]}),
        (
            _("Our answer"),
            {
                "fields": ["state", "correction", "answer"],
                "description": _(
                    "Correct the record first, then accept the report: the correction is told in the public ledger. "
                    "The reader sees the answer on a page of their own."
                ),
            },
        ),
    ]

    class Media:
        css = {"all": ["css/desk.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ErrorReport | None = None) -> bool:
        return False

    def get_form(
        self, request: HttpRequest, obj: ErrorReport | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return cast(type[ModelForm], form)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        desk = cast(Request, request)
        desk.refusal = Refusal(str(unsaved.TOLD)) if unsaved.restore(desk) else None
        return super().changeform_view(request, object_id, form_url, extra_context)

    @admin.display(description=_("what is wrong"))
    def gist(self, obj: ErrorReport) -> str:
        return Truncator(obj.what).chars(90)

    @admin.display(description=_("entry"))
    def about(self, obj: ErrorReport) -> str:
        return change_link(obj.entry, str(obj.entry))

    @admin.display(description=_("where it says so"))
    def where(self, obj: ErrorReport) -> str:
        return format_html('<a href="{0}" rel="noreferrer">{0}</a>', obj.source) if obj.source else "–"
