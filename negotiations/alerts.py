"""Following a view by e-mail: who may confirm and stop it, which view it is, and the messages that are sent.

Nobody needs an account. What opens a subscription is a signature in the link, which is never stored: whoever steals a
copy of the database can neither confirm nor stop anything.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from negotiations.forms import TimelineForm
from negotiations.models import FormerSlug, Issue, Negotiation, Party, Person, Subscription, Treaty
from negotiations.queries.directory import Directory
from negotiations.queries.news import News, What
from negotiations.queries.timeline import TimelineFilter

# So long a confirmation may wait; then the address that was given is forgotten.
PATIENCE = timedelta(days=3)
CONFIRM, STOP = "parley.follow.confirm", "parley.follow.stop"
# What the parameters of a view name.
NAMED: dict[str, type[Any]] = {
    "party": Party,
    "issue": Issue,
    "negotiation": Negotiation,
    "treaty": Treaty,
    "person": Person,
}


# Links


def link_to_confirm(subscription: Subscription) -> str:
    return _address(subscription, "follow-confirm", signing.dumps(subscription.pk, salt=CONFIRM))


def link_to_stop(subscription: Subscription) -> str:
    return _address(subscription, "follow-stop", signing.dumps(subscription.pk, salt=STOP))


def to_confirm(token: str) -> Subscription | None:
    """The subscription that a link confirms, while it may be confirmed."""
    return _opened(token, CONFIRM, PATIENCE)


def to_stop(token: str) -> Subscription | None:
    return _opened(token, STOP, None)


def is_ours(token: str) -> bool:
    """Whether we wrote this link, even if what it led to is gone."""
    try:
        signing.loads(token, salt=STOP)
    except signing.BadSignature:
        return False
    return True


def _opened(token: str, salt: str, age: timedelta | None) -> Subscription | None:
    try:
        key = signing.loads(token, salt=salt, max_age=age)
    except signing.BadSignature:
        return None
    return Subscription.objects.filter(pk=key).first()


def _address(subscription: Subscription, name: str, *parts: str) -> str:
    with translation.override(subscription.language):
        return subscription.site + reverse(name, args=parts)


# Views


class GoneView(Exception):
    """The view names something that the record does not have any more; wider than asked would be wrong."""


def view_of(subscription: Subscription, directory: Directory) -> TimelineFilter:
    data = QueryDict(subscription.query, mutable=True)
    for name, model in NAMED.items():
        if name in data:
            data.setlist(name, _present(model, data.getlist(name)))
    form = TimelineForm(data, directory)
    asked = form.read()
    if form.problems:
        raise GoneView("; ".join(form.problems))
    return asked


def _present(model: type[Any], slugs: list[str]) -> list[str]:
    """Slugs as they are now: what was renamed is still followed."""
    renamed = FormerSlug.objects.filter(kind=model.slug_kind(), slug__in=slugs)
    former = dict(renamed.values_list("slug", "object_id"))
    now = dict(model._default_manager.filter(pk__in=former.values()).values_list("pk", "slug"))
    return [now.get(former.get(slug, 0), slug) for slug in slugs]


# Periods


def due_until(subscription: Subscription, today: date) -> date:
    """The day before whose beginning everything should have been told by now: today, or this week’s Monday."""
    if subscription.frequency == Subscription.Frequency.WEEKLY:
        return today - timedelta(days=today.weekday())
    return today


def told_until(subscription: Subscription) -> datetime:
    """The moment up to which the reader knows everything: the last digest, or when they began to follow."""
    last = subscription.digests.order_by("-until").values_list("until", flat=True).first()
    began = subscription.confirmed_at or subscription.asked_at
    return max(began, midnight(last)) if last else began


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


# Messages


def confirmation(subscription: Subscription, words: str) -> EmailMultiAlternatives:
    with translation.override(subscription.language):
        context = {"words": words, "confirm": link_to_confirm(subscription), "days": PATIENCE.days}
        subject = _("Please confirm: news of the record by e-mail")
        return _message(subscription, subject, "confirm", context)


def digest(subscription: Subscription, news: News, words: str, view_path: str, until: date) -> EmailMultiAlternatives:
    with translation.override(subscription.language):
        stop = link_to_stop(subscription)
        context = {
            "words": words,
            "groups": [(what.label, items) for what in What if (items := news.of(what))],
            "site": subscription.site,
            "view": subscription.site + view_path,
            "more": news.total - len(news.items),
            "weekly": subscription.frequency == Subscription.Frequency.WEEKLY,
            "stop": stop,
        }
        count = ngettext("%d entry", "%d entries", news.total) % news.total
        subject = _("Parley: %(count)s, %(words)s") % {"count": count, "words": words}
        message = _message(subscription, subject, "digest", context)
    host = subscription.site.partition("://")[2].partition(":")[0]
    message.extra_headers |= {
        # The same if it has to be sent again, so that a mailbox which has it already can tell.
        "Message-ID": f"<digest.{subscription.pk}.{until.isoformat()}@{host}>",
        "List-ID": f"<record.{host}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return message


def _message(subscription: Subscription, subject: str, name: str, context: dict[str, object]) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split())[:160],
        body=render_to_string(f"negotiations/mail/{name}.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[subscription.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string(f"negotiations/mail/{name}.html", context), "text/html")
    return message
