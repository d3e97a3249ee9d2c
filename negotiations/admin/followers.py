"""Who follows the record by e-mail: numbers for editors, and the end of it for whoever writes to ask for that."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from negotiations.models import Subscription
from negotiations.queries.directory import Directory
from negotiations.queries.followers import followers, forget
from negotiations.views.follow import words_of


class ForgetForm(forms.Form):
    """An address that its owner wants deleted."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)


@admin.register(Subscription)
class FollowersAdmin(admin.ModelAdmin):
    """One page and no list: an address that nobody is shown cannot be passed on."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.page)
        return [path("", view, name="negotiations_subscription_changelist")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Subscription | None = None) -> bool:
        return False

    def page(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_delete = self.has_delete_permission(request)
        form = ForgetForm(request.POST or None)
        if request.method == "POST":
            if not may_delete:
                raise PermissionDenied
            if form.is_valid():
                self.tell(request, forget(form.cleaned_data["email"]))
                return HttpResponseRedirect(reverse("admin:negotiations_subscription_changelist"))
        found, directory = followers(), Directory.read()
        rows = [(row, capfirst(words_of(Subscription(query=row.query), directory))) for row in found.most_followed]
        context = self.admin_site.each_context(request) | {
            "title": capfirst(self.opts.verbose_name_plural),
            "opts": self.opts,
            "found": found,
            "rows": rows,
            "form": form if may_delete else None,
        }
        return render(request, "admin/followers.html", context)

    def tell(self, request: HttpRequest, count: int) -> None:
        if not count:
            self.message_user(request, _("Nothing is kept of that address."), messages.WARNING)
            return
        told = ngettext(
            "Deleted, with all that was kept of the address: %d subscription.",
            "Deleted, with all that was kept of the address: %d subscriptions.",
            count,
        )
        self.message_user(request, told % count)
