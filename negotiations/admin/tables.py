"""Lists that leave the desk as tables and come back: filtered export, and import that shows first what it would do."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from negotiations import sheets, unsaved
from negotiations.files import tables
from negotiations.files.kinds import KIND_OF, Kind
from negotiations.models import workflow
from negotiations.requests import editor
from negotiations.uploads import UploadField

MOST_EXPORTED = 10_000
# In this time somebody has read what an import would do, and says yes.
CONFIRMED_WITHIN = 3600
SHOWN = 200
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ImportForm(forms.Form):
    table = UploadField(kinds=(".csv", ".xlsx"), label=gettext_lazy("Table"))
    why = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("Stands in the history of everything that the import changes; readers see it too."),
    )


class Tables(ModelAdmin):
    """For the lists of what is also a table."""

    @property
    def kind(self) -> Kind:
        return KIND_OF[self.model]

    def get_urls(self) -> list[URLPattern]:
        site, name = self.admin_site, f"{self.opts.app_label}_{self.opts.model_name}"
        export, import_ = site.admin_view(self.export_view), site.admin_view(self.import_view)
        return [
            path("export.<str:form>", export, name=f"{name}_export"),
            path("import/", import_, name=f"{name}_import"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        shown = {"has_tables": True, "may_import": self.has_import_permission(request)}
        return super().changelist_view(request, shown | (extra_context or {}))

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Only for editors: what somebody may not read, a table that names it would show them."""
        may = self.has_add_permission(request) and self.has_change_permission(request)
        return may and workflow.is_editor(request.user)

    def export_view(self, request: HttpRequest, form: str) -> HttpResponse:
        if not self.has_view_permission(request) or form not in CONTENT_TYPES:
            raise PermissionDenied
        # What the list shows under the same filters, all pages of it.
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        try:
            keys = self.get_changelist_instance(request).get_queryset(request).order_by().values("pk")
            rows = list(self.kind.objects().filter(pk__in=keys)[: MOST_EXPORTED + 1])
        except (IncorrectLookupParameters, DataError):
            # The list itself then shows all, and so would its table.
            return HttpResponseRedirect(f"{back}?e=1")
        refusal = ""
        if len(rows) > MOST_EXPORTED:
            refusal = _("A table of more than %d rows is too long. Filter the list first.") % MOST_EXPORTED
        else:
            header, lines = tables.header(self.kind), tables.lines(self.kind, rows)
            write = sheets.write_csv if form == "csv" else sheets.write_xlsx
            try:
                made = write(header, lines)
            except sheets.Unreadable as error:
                refusal = str(error)
        if refusal:
            self.message_user(request, refusal, messages.ERROR)
            return HttpResponseRedirect(f"{back}?{request.GET.urlencode()}")
        headers = {"Content-Disposition": f'attachment; filename="{self.kind.name}.{form}"'}
        return HttpResponse(made, content_type=CONTENT_TYPES[form], headers=headers)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        if typed := unsaved.taken(request):
            return self._again(request, typed)
        if "confirmed" in request.POST:
            return self._confirm(request)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form, plan, confirmed = ImportForm(*sent), None, ""
        if form.is_valid():
            try:
                table = sheets.read(form.cleaned_data["table"], tables.MOST_ROWS + 1)
            except sheets.Unreadable as error:
                form.add_error("table", _("The file cannot be read: %s.") % error)
            else:
                why = form.cleaned_data["why"]
                plan = self._import(request, table, why, dry=True)
                # What was shown, signed, so that it is this and nothing else that is then written.
                confirmed = signing.dumps([table, why], salt=self._salt(request), compress=True)
                if len(confirmed) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2:
                    form.add_error("table", _("This is too much at once. Send it in parts."))
                    plan = None
        return self._draw(request, form=form, plan=plan, confirmed=confirmed)

    def _again(self, request: HttpRequest, typed: QueryDict) -> HttpResponse:
        """After signing in again: the reason that was typed, or once more what the table that was sent would do."""
        if "confirmed" not in typed:
            self.message_user(request, f"{unsaved.TOLD} {unsaved.CHOOSE_FILE}", messages.WARNING)
            return self._draw(request, form=ImportForm(initial=typed.dict()), plan=None, confirmed="")
        try:
            table, why = self._confirmed(request, typed.get("confirmed", ""))
        except signing.BadSignature:
            return self._too_late(request)
        self.message_user(request, unsaved.TOLD, messages.WARNING)
        plan = self._import(request, table, why, dry=True)
        return self._draw(request, form=ImportForm(), plan=plan, confirmed=typed.get("confirmed", ""))

    def _confirmed(self, request: HttpRequest, confirmed: str) -> list:
        table_and_why: list[Any] = signing.loads(confirmed, salt=self._salt(request), max_age=CONFIRMED_WITHIN)
        return table_and_why

    def _too_late(self, request: HttpRequest) -> HttpResponse:
        self.message_user(request, _("This was too long ago. Send the table once more."), messages.ERROR)
        return HttpResponseRedirect(request.path)

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        try:
            table, why = self._confirmed(request, request.POST["confirmed"])
        except signing.BadSignature:
            return self._too_late(request)
        plan = self._import(request, table, why)
        if plan.problems:
            return self._draw(request, form=ImportForm(), plan=plan, confirmed="")
        count = len(plan.changes)
        done = ngettext("%d row was written.", "%d rows were written.", count) % count
        self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def _import(self, request: HttpRequest, table: list[list[str]], why: str, *, dry: bool = False) -> tables.Plan:
        return tables.import_table(self.kind, table, by=editor(request), why=why, dry=dry)

    def _salt(self, request: HttpRequest) -> str:
        return f"import {self.kind.name} {request.user.pk}"

    def _draw(self, request: HttpRequest, **context: object) -> HttpResponse:
        context |= self.admin_site.each_context(request) | {
            "title": _("Import a table"),
            "opts": self.opts,
            "media": self.media,
            "columns": tables.header(self.kind),
            "shown": SHOWN,
            "most_rows": tables.MOST_ROWS,
        }
        return render(request, "admin/import.html", context)
