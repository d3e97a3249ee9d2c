"""Following a view by e-mail: asking, confirming, and stopping with one click. There is no account."""

import logging
import smtplib
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from negotiations import alerts, visitors
from negotiations.forms import TimelineForm
from negotiations.models import Subscription
from negotiations.queries.directory import Directory
from negotiations.queries.timeline import TimelineFilter

from .timeline import address, in_words

log = logging.getLogger(__name__)
# How many messages may be asked for: to one address a day, from one place an hour, by everybody an hour.
TO_ONE, FROM_ONE, BY_ALL = 3, 10, 300


class FollowForm(forms.Form):
    """Where to send what, and how often."""

    email = forms.EmailField(max_length=254)
    what = forms.ChoiceField(choices=[("everything", ""), ("moves", "")])
    frequency = forms.ChoiceField(choices=Subscription.Frequency.choices)

    def clean_email(self) -> str:
        # The part before the @ may care for case; no mailbox that anybody uses does.
        return str(self.cleaned_data["email"]).lower()


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # there is no session to ride on; what a stranger can do here, the address itself has to confirm
def follow(request: HttpRequest) -> HttpResponse:
    asked, problems = view_in(request)
    posted = request.method == "POST"
    form = FollowForm(request.POST if posted else None)
    status = 200
    if posted and form.is_valid() and not problems:
        if too_many(request):
            form.add_error(None, _("So many have asked just now that we cannot send more. Please try again later."))
            status = 429
        elif begin(request, asked, form.cleaned_data):
            return redirect("follow-asked")
        else:
            form.add_error(None, _("The message could not be sent. Please try again later."))
            status = 503
    elif posted:
        status = 422
    context = {
        "form": form,
        "words": in_words(asked),
        "view": address(asked),
        "query": asked.query_string,
        "moves": asked.moves,
        "problems": problems,
        "frequencies": Subscription.Frequency.choices,
    }
    return render(request, "negotiations/follow.html", context, status=status)


def view_in(request: HttpRequest) -> tuple[TimelineFilter, list[str]]:
    """The view that the address names; its order and its place do not matter to who follows it."""
    form = TimelineForm(request.GET, Directory.read())
    return form.read().but(oldest_first=False), form.problems


def begin(request: HttpRequest, asked: TimelineFilter, wanted: dict[str, Any]) -> bool:
    """Keep the wish and ask its address; False where that failed. One asked often enough hears nothing, unnoticed."""
    asked = asked.but(moves=wanted["what"] == "moves")
    day = timezone.now() - timedelta(days=1)
    if Subscription.objects.awaiting().filter(email=wanted["email"], asked_at__gte=day).count() >= TO_ONE:
        return True
    subscription = Subscription.objects.create(
        email=wanted["email"],
        query=asked.query_string,
        frequency=wanted["frequency"],
        language=get_language(),
        site=request.build_absolute_uri("/").rstrip("/"),
        visitor=visitors.digest(request),
    )
    try:
        alerts.confirmation(subscription, in_words(asked)).send()
    except (smtplib.SMTPException, OSError) as problem:
        log.warning("A confirmation could not be sent: %s", type(problem).__name__)
        subscription.delete()
        return False
    return True


def too_many(request: HttpRequest) -> bool:
    """Whether this visitor, or all together, have asked for more messages than people would."""
    hour = Subscription.objects.awaiting().filter(asked_at__gte=timezone.now() - timedelta(hours=1))
    return hour.filter(visitor=visitors.digest(request)).count() >= FROM_ONE or hour.count() >= BY_ALL


@require_safe
def asked_for(request: HttpRequest) -> HttpResponse:
    return render(request, "negotiations/follow_asked.html", {"days": alerts.PATIENCE.days})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # the link itself is the key
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link shows a button, and the button confirms: programs that look into mail follow links, too."""
    subscription = alerts.to_confirm(token)
    if not subscription:
        return render(request, "negotiations/follow_gone.html", status=410)
    if request.method == "POST":
        settle(subscription)
    context = {
        "subscription": subscription,
        "words": words_of(subscription),
        "stop": alerts.link_to_stop(subscription),
    }
    return render(request, "negotiations/follow_confirm.html", context)


def settle(subscription: Subscription) -> None:
    """Confirm a wish; where the same view is followed already, that wish takes on how often and in which language."""
    if subscription.confirmed_at:
        return
    same = Subscription.objects.confirmed().filter(email=subscription.email, query=subscription.query)
    if same.update(frequency=subscription.frequency, language=subscription.language):
        subscription.delete()
        subscription.pk = same.get().pk
    else:
        subscription.confirmed_at, subscription.visitor = timezone.now(), ""
        subscription.save()
    subscription.confirmed_at = subscription.confirmed_at or timezone.now()


def words_of(subscription: Subscription, directory: Directory | None = None) -> str:
    try:
        return in_words(alerts.view_of(subscription, directory or Directory.read()))
    except alerts.GoneView:
        return subscription.query


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # RFC 8058: mail programs post here, with nothing but the link
def stop(request: HttpRequest, token: str) -> HttpResponse:
    subscription = alerts.to_stop(token)
    if not subscription and not alerts.is_ours(token):
        return render(request, "negotiations/follow_gone.html", status=404)
    context = {"subscription": subscription, "words": words_of(subscription) if subscription else ""}
    if request.method == "POST" and subscription:
        subscription.delete()
        context["subscription"] = None
    return render(request, "negotiations/follow_stop.html", context)
