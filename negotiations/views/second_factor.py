"""Setting up a second factor, and giving it."""

import segno
from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_totp.models import TOTPDevice

from negotiations import second_factor


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].lower().split())

    def refuse(self, too_soon: bool) -> None:
        if too_soon:
            self.add_error("code", _("Too many wrong codes. Wait a little, and give a new one."))
        else:
            self.add_error("code", _("This code is wrong, or was used already. Wait for the next one."))


def second_factor_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """For somebody who has given their password: one page, which asks for what is due."""
    if second_factor.has_proved(request.user) or not second_factor.device_of(request.user):
        return set_up(request, site)
    return ask(request, site)


def ask(request: HttpRequest, site: AdminSite) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if form.is_valid():
        too_soon = second_factor.must_wait(request.user)
        if second_factor.prove(request, form.cleaned_data["code"]):
            return redirect(destination(request))
        form.refuse(too_soon)
    return draw(request, site, _("One more proof"), form=form, asked=True)


def set_up(request: HttpRequest, site: AdminSite) -> HttpResponse:
    user, form, codes = request.user, CodeForm(), []
    action = request.POST.get("action")
    if action == "begin":
        second_factor.begin(user)
    elif action == "confirm":
        form = CodeForm(request.POST)
        if form.is_valid():
            too_soon = second_factor.must_wait(user)
            codes = second_factor.finish(request, form.cleaned_data["code"])
            if not codes:
                form.refuse(too_soon)
    elif action == "codes" and second_factor.has_proved(user):
        codes = second_factor.new_recovery_codes(user)
    elif action == "remove" and second_factor.has_proved(user) and not second_factor.is_required_of(user):
        second_factor.remove(user)
        messages.success(request, _("From now on your password alone lets you in."))
        return redirect("admin:index")
    device = None if codes else second_factor.device_being_set_up(user)
    return draw(
        request,
        site,
        _("Second factor"),
        form=form,
        codes=codes,
        has_one=second_factor.device_of(user),
        required=second_factor.is_required_of(user),
        key=" ".join(key[i : i + 4] for key in [secret(device)] for i in range(0, len(key), 4)) if device else "",
        picture=segno.make(device.config_url).svg_data_uri(scale=5, border=4, light="white") if device else "",
    )


def secret(device: TOTPDevice) -> str:
    """The key as people type it into a telephone that has no camera."""
    return str(device.config_url.partition("secret=")[2].partition("&")[0])


def destination(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else reverse("admin:index")


def draw(request: HttpRequest, site: AdminSite, title: str, **context: object) -> HttpResponse:
    context |= site.each_context(request) | {"title": title, "is_popup": False, "next": destination(request)}
    return render(request, "admin/second_factor.html", context)
