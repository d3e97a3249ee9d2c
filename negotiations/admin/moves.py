"""From draft to published and back at the desk: the buttons below an entry, and many entries at once.

Who may take which step stands in models/workflow.py.
"""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from negotiations.files import versions
from negotiations.models import Entry, workflow
from negotiations.models.workflow import Move
from negotiations.requests import editor

from .base import change_link, lines
from .refusals import REFUSED, explain
from .selected import ask
from .stale import lock

NAMED_AT_MOST = 8
NO_REASON = gettext_lazy("Say what you change and why: it is public, and readers see it was changed.")


class MoveForm(ModelForm):
    """A form of an entry that saves it and, if one of the buttons for it was pressed, takes it a step further."""

    user: workflow.Visitor = AnonymousUser()
    move: Move | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        withdrawing = self.move == Move.WITHDRAW
        if self.move and (reason := workflow.why_not(self.user, self.instance, self.move)):
            self.add_error(None, reason)
        if self.move == Move.PUBLISH and "withdrawn_reason" in self.fields:
            cleaned["withdrawn_reason"] = ""
        if withdrawing:
            cleaned["why"] = cleaned.get("withdrawn_reason", "")
        elif self.instance.state in workflow.PUBLIC and not cleaned.get("why"):
            self.add_error("why", NO_REASON)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # The button decides these, and no field shows them.
        left_out: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # a hook of Django's that its types leave out
        return left_out - {"state", "withdrawn_on"}

    def _post_clean(self) -> None:
        # The rules are asked about the entry as it will be, but the page shows it as it is.
        before = self.instance.state, self.instance.withdrawn_on
        self.take_move()
        super()._post_clean()  # type: ignore[misc]  # a hook of Django's that its types leave out
        self.instance.state, self.instance.withdrawn_on = before

    def take_move(self) -> None:
        if self.move:
            self.instance.state = self.move.leads_to
            self.instance.withdrawn_on = timezone.localdate() if self.move == Move.WITHDRAW else None


class MovesEntries(admin.ModelAdmin):
    """The page and the list of a kind of entry, with the steps that its state and the user's rights allow."""

    change_form_template = "admin/entry_form.html"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        form.move = next((move for move in Move if f"_{move}" in request.POST), None)
        return cast(type[ModelForm], form)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.take_move()
        super().save_model(request, obj, form, change)

    def publication(self, request: HttpRequest, obj: Any) -> tuple:
        """The part of the page that says whether readers see the entry."""
        fields = ["state", "slug"]
        told = _("Readers see published entries only.")
        if obj and obj.state in workflow.PUBLIC:
            fields += (
                ["withdrawn_on", "withdrawn_reason"] if obj.state == Entry.State.WITHDRAWN else ["withdrawn_reason"]
            )
            told = _(
                "What was once public is withdrawn, never deleted: its page then shows the reason. Give it here and "
                "press “Withdraw”."
            )
        return _("Publication"), {"fields": fields, "description": told}

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        entry = obj or self.model()
        context["moves"] = [] if context.get("is_popup") else workflow.moves_for(request.user, entry)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        self._tell(request, obj)
        return super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        self._tell(request, obj)
        return super().response_post_save_change(request, obj)

    def _tell(self, request: HttpRequest, obj: Any) -> None:
        if any(f"_{move}" in request.POST for move in Move):
            self.message_user(request, _("It is now %s.") % obj.get_state_display(), messages.SUCCESS)

    # Many at once

    def has_move_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return workflow.is_editor(request.user)

    @admin.action(description=gettext_lazy("Submit selected for review"), permissions=["move"])
    def submit(self, request: HttpRequest, queryset: QuerySet) -> None:
        moved = self._move(request, queryset, Move.SUBMIT)
        if moved:
            text = ngettext("%d entry is now in review.", "%d entries are now in review.", moved) % moved
            self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Publish selected"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet) -> None:
        moved = self._move(request, queryset, Move.PUBLISH)
        if moved:
            text = ngettext("%d entry is now public.", "%d entries are now public.", moved) % moved
            self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Return selected to draft"), permissions=["move"])
    def return_to_draft(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        why = request.POST.get("why", "").strip()
        public = queryset.filter(state=Entry.State.PUBLISHED)
        if not why and workflow.is_editor(request.user) and public.exists():
            return ask(self, request, queryset, request.POST, asks_why=True, refused="why" in request.POST)
        moved = self._move(request, queryset, Move.RETURN, why)
        if moved:
            text = ngettext("%d entry is a draft again.", "%d entries are drafts again.", moved) % moved
            self.message_user(request, text, messages.SUCCESS)
        return None

    def _move(self, request: HttpRequest, queryset: QuerySet, move: Move, why: str = "") -> int:
        moved, refused = 0, []
        for entry in queryset.order_by("earliest", "pk"):
            try:
                with transaction.atomic():
                    lock(entry)
                    entry.refresh_from_db(fields=["state"])  # another editor may have moved it since it was read
                    if reason := self._why_not(request.user, entry, move, why):
                        refused.append((entry, reason))
                        continue
                    versions.keep_before(entry)
                    entry.state = move.leads_to
                    entry.full_clean()
                    entry.save(update_fields=["state", "updated_at"])
                    versions.keep(entry, by=editor(request), why=why)
                    connection.check_constraints()
                    self.log_change(request, entry, [{"changed": {"fields": [str(entry.get_state_display())]}}])
            except ValidationError as error:
                refused.append((entry, " ".join(error.messages)))
            except REFUSED as error:
                refused.append((entry, explain(error).message))
            else:
                moved += 1
        if refused:
            report(self, request, refused)
        return moved

    def _why_not(self, user: workflow.Visitor, entry: Entry, move: Move, why: str) -> str:
        if entry.state == move.leads_to:
            return _("It is %s already.") % entry.get_state_display()
        if entry.state == Entry.State.PUBLISHED and not why:
            return str(NO_REASON)
        if entry.state == Entry.State.WITHDRAWN:
            return _("It is withdrawn. Open it, and say why it is to be public again.")
        return workflow.why_not(user, entry, move)


def report(model_admin: ModelAdmin, request: HttpRequest, refused: list[tuple[Entry, str]]) -> None:
    """Tell which entries were left as they are, and why."""
    head = ngettext("%d entry was left as it is:", "%d entries were left as they are:", len(refused))
    named: list[str] = [format_html("{}: {}", change_link(entry), reason) for entry, reason in refused[:NAMED_AT_MOST]]
    if rest := len(refused) - NAMED_AT_MOST > 0 and len(refused) - NAMED_AT_MOST:
        named.append(ngettext("and %d more", "and %d more", rest) % rest)
    model_admin.message_user(request, format_html("{}{}", head % len(refused), lines(named)), messages.WARNING)
