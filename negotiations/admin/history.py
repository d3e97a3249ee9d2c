"""The desk's memory: every change leaves a version; two of them can be compared, and any brought back."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from negotiations import unsaved
from negotiations.files import revert, versions
from negotiations.files.compare import Names, changes
from negotiations.files.kinds import KIND_OF
from negotiations.models import Revision, workflow
from negotiations.requests import Request, editor

from .refusals import REFUSED, explain

SHOWN = 100


class KeepsVersions(ModelAdmin):
    """For pages of the desk: whatever is saved, moved or deleted on them leaves a version in the record's history."""

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        owners = cast(Request, request).owners = self._owners(obj)
        versions.keep_before(*owners)
        super().save_model(request, obj, form, change)

    def keep_version(self, request: HttpRequest, form: ModelForm) -> None:
        """Call once what belongs to the thing is saved too."""
        why, token = (form.cleaned_data.get(name, "") for name in ("why", "token"))
        if versions.is_kept(type(form.instance)):
            versions.keep(form.instance, *cast(Request, request).owners, by=editor(request), why=why, token=token)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self._delete(request, [obj], lambda: super(KeepsVersions, self).delete_model(request, obj))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._delete(request, list(queryset), lambda: super(KeepsVersions, self).delete_queryset(request, queryset))

    def _owners(self, obj: models.Model) -> list[models.Model]:
        """What versions are kept of when a thing is saved: what it belongs to, and what it belonged to before."""
        if not versions.is_kept(type(obj)):
            return []
        stored = [versions.owner(before) for before in type(obj)._default_manager.filter(pk=obj.pk)]
        return stored if type(obj) in KIND_OF else [*stored, versions.owner(obj)]

    def _delete(self, request: HttpRequest, objects: list[models.Model], delete: Callable[[], None]) -> None:
        gone = [(obj, obj.pk) for obj in objects if type(obj) in KIND_OF]
        changed = [owner for obj in objects for owner in self._owners(obj) if owner not in objects]
        changed += [other for obj in objects for other in versions.referring(obj)]
        versions.keep_before(*changed, *(obj for obj, _pk in gone))
        delete()
        for obj, pk in gone:
            obj.pk = pk  # which Django takes away
            versions.keep_deleted(obj, by=editor(request))
        versions.keep(*changed, by=editor(request))


class ShowsVersions(KeepsVersions):
    """The history page of a thing: its versions, what changed between any two, and the way back to each."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        thing = self.get_object(request, unquote(object_id))
        if thing is None or not (type(thing) in KIND_OF or type(thing) in versions.OWNERS):
            return super().history_view(request, object_id, extra_context)
        if not self.has_view_or_change_permission(request, thing):
            raise PermissionDenied
        if type(thing) in versions.OWNERS:
            return HttpResponseRedirect(self._history_url(versions.owner(thing)))
        if request.method == "POST":
            return self._bring_back(request, thing)
        typed = unsaved.taken(request)
        if typed:
            self.message_user(request, unsaved.TOLD, messages.WARNING)
        kept = Revision.objects.of(thing).select_related("by").defer("row", "kept")
        context = self.admin_site.each_context(request) | {
            "title": _("Versions of “%s”") % thing,
            "object": thing,
            "opts": self.opts,
            "typed": typed,
            "versions": list(kept[:SHOWN]),
            "may_go_back": self.has_change_permission(request, thing),
            "is_public": getattr(thing, "state", None) in workflow.PUBLIC,
            **self._compared(request, thing),
        }
        return TemplateResponse(request, "admin/versions.html", context | (extra_context or {}))

    def _compared(self, request: HttpRequest, thing: Model) -> dict:
        """The two versions that were asked for, the latest two if none were, and what changed between them."""
        last = Revision.objects.of(thing).first()
        if not last:
            return {"changes": []}
        later = self._asked(request, thing, "to") or last
        earlier = self._asked(request, thing, "from")
        if not earlier:
            earlier = Revision.objects.of(thing).filter(number__lt=later.number).first()
        kind = KIND_OF[type(thing)]
        names = Names(
            [(kind, version.row) for version in (earlier, later) if version],
            public=not workflow.is_editor(request.user),
        )
        found = changes(kind.fields, kind.model, earlier.row if earlier else None, later.row, names)
        found += changes(kind.staff, kind.model, earlier.kept if earlier else None, later.kept, names)
        return {"earlier": earlier, "later": later, "changes": found}

    def _asked(self, request: HttpRequest, thing: Model, name: str) -> Revision | None:
        return version_asked(thing, request.GET.get(name, ""))

    def _bring_back(self, request: HttpRequest, thing: Model) -> HttpResponse:
        if not self.has_change_permission(request, thing):
            raise PermissionDenied
        version, why = version_asked(thing, request.POST.get("number", "")), request.POST.get("why", "").strip()
        if not version:
            problem = _("There is no such version.")
        elif getattr(thing, "state", None) in workflow.PUBLIC and not why:
            problem = _("Say why you go back: it is public, and readers see it was changed.")
        else:
            problem = self._try_to_go_back(request, thing, version, why)
        if problem:
            self.message_user(request, problem, messages.ERROR)
        else:
            said = _("It says again what version %d said.") % (version.number if version else 0)
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self._history_url(thing))

    def _try_to_go_back(self, request: HttpRequest, thing: Model, version: Revision, why: str) -> str:
        """Bring the version back; returns what stands in the way, if anything does."""
        try:
            with transaction.atomic():
                type(thing)._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)
                versions.keep_before(thing)
                revert.bring_back(thing, version, by=editor(request), why=why)
                self.log_change(request, thing, [{"changed": {"fields": [str(_("version %d") % version.number)]}}])
        except revert.Gone as gone:
            return _("That version names “%s”, which is no longer in the record.") % gone.what
        except REFUSED as error:
            return explain(error).message
        return ""

    def _history_url(self, thing: Model) -> str:
        return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_history", args=[thing.pk])


def version_asked(thing: Model, number: str) -> Revision | None:
    is_number = number.isascii() and number.isdecimal() and len(number) < 9
    return Revision.objects.of(thing).filter(number=int(number)).first() if is_number else None
