"""The desk as a whole: its front page, and who gets in."""

import time
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, auth
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from negotiations.requests import Request

from . import second_factor, unsaved
from .models import LinkCheck
from .queries import desk
from .views.second_factor import second_factor_page

Context = dict[str, Any] | None
SEEN = "seen_at"
# Not every click has to be written down to know who has been away for hours.
NOTED_EVERY = 60


class DeskSite(admin.AdminSite):
    """Django's admin with the editors' work on its front page, and a second lock on its door."""

    site_header = site_title = _("Parley desk")
    index_title = _("The record")
    index_template = "admin/desk.html"
    # What libraries bring along, in words that say what it is for.
    names = {
        "axes": _("Lock-outs"),
        "otp_static": _("Second factor: recovery codes"),
        "otp_totp": _("Second factor: telephones"),
    }

    # Who gets in

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not second_factor.is_missing(cast(Request, request))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        @wraps(view)
        def attended(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            end_session_if_idle(request)
            signed_out = not request.user.is_authenticated and unsaved.is_form_of_the_record(request)
            if signed_out and (typed := unsaved.sent_by(request)):
                return unsaved.login_page(self, request, typed)
            answer: HttpResponse = inner(request, *args, **kwargs)
            return answer

        return attended

    def login(self, request: HttpRequest, extra_context: Context = None) -> HttpResponse:
        if (
            request.method == "GET"
            and super().has_permission(request)
            and second_factor.is_missing(cast(Request, request))
        ):
            wanted = request.GET.get("next") or reverse("admin:index")
            return HttpResponseRedirect(reverse("admin:second-factor", query={"next": wanted}))
        typed = {"typed": request.POST[unsaved.FIELD]} if unsaved.FIELD in request.POST else {}
        response = super().login(request, typed | (extra_context or {}))
        if request.method == "POST" and request.user.is_authenticated:
            unsaved.keep(request)
            # A day and hour, and not so long after the last change: however busy, everybody signs in again by then.
            request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
        return response

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [path("second-factor/", self.second_factor, name="second-factor"), *super().get_urls()]

    def second_factor(self, request: HttpRequest) -> HttpResponse:
        end_session_if_idle(request)
        if not super().has_permission(request):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        return never_cache(second_factor_page)(request, self)

    # Its front page

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        found = super().get_app_list(request, app_label)
        for app in found:
            app["name"] = self.names.get(app["app_label"], app["name"])
        return found

    def index(self, request: HttpRequest, extra_context: Context = None) -> TemplateResponse:
        return super().index(request, {"tasks": self.tasks(request)} | (extra_context or {}))

    def tasks(self, request: HttpRequest) -> list[dict[str, object]]:
        """What there is to do on the lists that this user may see, with the way to each."""
        seen = [task for task in desk.TASKS if self._registry[task.model].has_view_permission(request)]
        counts = desk.count(seen, request.user, timezone.localdate())
        checked = LinkCheck.objects.exists()
        shown = []
        for task in seen:
            url = reverse(f"admin:negotiations_{task.model._meta.model_name}_changelist", query={"task": task.key})
            rows = counts.get(task.key, 0)
            shown.append(
                {
                    "task": task,
                    "url": url,
                    "rows": min(rows, desk.COUNTED),
                    "more": rows > desk.COUNTED,
                    "unknown": task.key == "dead-links" and not checked,
                }
            )
        return shown


@receiver(user_logged_in)
def note_arrival(request: HttpRequest, **_signal: object) -> None:
    request.session[SEEN] = int(time.time())


def end_session_if_idle(request: HttpRequest) -> None:
    """Sign out whoever has done nothing for long: the screen may be somebody else's by now."""
    if not request.user.is_authenticated:
        return
    now, seen = int(time.time()), request.session.get(SEEN)
    if seen is not None and now - seen > settings.SESSION_IDLE:
        auth.logout(request)
    elif seen is None or now - seen >= NOTED_EVERY:
        request.session[SEEN] = now
