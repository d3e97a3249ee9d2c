"""Rows that were chosen on a list, and the page that asks, before something is done with them, why or whether."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.db import DataError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from negotiations import unsaved

from .lists import BoundedPaginator
from .refusals import REFUSED, explain

NAMED_AT_MOST = 20


def is_key(text: str) -> bool:
    """Whether a part of an address can be the key of a row."""
    return text.isascii() and text.isdecimal() and len(text) < 19


def are_keys(sent: QueryDict) -> bool:
    return all(map(is_key, sent.getlist(ACTION_CHECKBOX_NAME)))


def ask(
    model_admin: ModelAdmin,
    request: HttpRequest,
    queryset: QuerySet,
    sent: QueryDict,
    *,
    asks_why: bool,
    refused: bool = False,
) -> TemplateResponse:
    """Show what was chosen and what is to be done with it; sent again, `sent` does it."""
    action = sent.get("action", "")
    label = (model_admin.get_actions(request)[action] or (None, "", ""))[2]
    rows = queryset.count()
    context = model_admin.admin_site.each_context(request) | {
        "title": label,
        "opts": model_admin.opts,
        "action": action,
        "keys": sent.getlist(ACTION_CHECKBOX_NAME),
        "checkbox": ACTION_CHECKBOX_NAME,
        "across": sent.get("select_across", "0"),
        "chosen": queryset[:NAMED_AT_MOST],
        "rows": rows,
        "more": max(rows - NAMED_AT_MOST, 0),
        "asks_why": asks_why,
        "refused": refused,
        "why": sent.get("why", ""),
    }
    return TemplateResponse(request, "admin/selected.html", context, status=422 if refused else 200)


class ChosenRows(ModelAdmin):
    """For lists: nothing is done to rows that were not shown or counted, and a refusal is told above the list."""

    def response_action(  # type: ignore[override]  # Django 5.2 asks nothing more, the types' Django does
        self, request: HttpRequest, queryset: QuerySet
    ) -> HttpResponse | None:
        across = request.POST.get("select_across", "0") not in ("", "0")
        paginator = self.get_paginator(request, queryset, self.list_per_page)
        if across and isinstance(paginator, BoundedPaginator) and paginator.is_cut_off:
            self.message_user(request, _("These are too many rows at once. Filter the list first."), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset)

    def _ask_again(self, request: HttpRequest, typed: QueryDict) -> HttpResponse | None:
        """After signing in again: whether what was chosen on the list is still to be done, for it has not been."""
        may = self.has_view_or_change_permission(request)
        if not may or typed.get("action") not in self.get_actions(request) or not are_keys(typed):
            return None
        try:
            chosen = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return None
        if typed.get("select_across", "0") in ("", "0"):
            chosen = chosen.filter(pk__in=typed.getlist(ACTION_CHECKBOX_NAME))
        self.message_user(
            request, _("Your session had ended, and nothing was done. Here is what you had chosen."), messages.WARNING
        )
        return ask(self, request, chosen, typed, asks_why="why" in typed)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method != "POST":
            try:
                if (typed := unsaved.taken(request)) and (asked := self._ask_again(request, typed)):
                    return asked
                return super().changelist_view(request, extra_context)
            except (DataError, OverflowError):
                # An address by hand, with values no column can hold: to the list as Django sends other such ones.
                return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        if not are_keys(request.POST):
            return HttpResponseRedirect(request.get_full_path())
        try:
            with transaction.atomic():
                return super().changelist_view(request, extra_context)
        except REFUSED as error:
            self.message_user(request, explain(error).message, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
