"""The desk as a whole: its front page, and who gets in."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import LinkCheck
from .queries import desk


class DeskSite(admin.AdminSite):
    """Django's admin with the editors' work on its front page."""

    site_header = site_title = _("Parley desk")
    index_title = _("The record")
    index_template = "admin/desk.html"

    def index(self, request, extra_context=None):
        return super().index(request, {"tasks": self.tasks(request)} | (extra_context or {}))

    def tasks(self, request) -> list[dict]:
        """What there is to do on the lists that this user may see, with the way to each."""
        seen = [task for task in desk.TASKS if self._registry[task.model].has_view_permission(request)]
        counts = desk.count(seen, request.user, timezone.localdate())
        checked = LinkCheck.objects.first()
        shown = []
        for task in seen:
            url = reverse(f"admin:negotiations_{task.model._meta.model_name}_changelist", query={"task": task.key})
            rows = counts.get(task.key, 0)
            unknown = task.key == "dead-links" and not checked
            shown.append({"task": task, "url": url, "rows": min(rows, desk.COUNTED), "more": rows > desk.COUNTED})
            shown[-1]["unknown"] = unknown
        return shown
