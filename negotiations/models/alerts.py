"""Alerts: readers who follow a view of the record by e-mail, and what they were sent.

Nothing here says who somebody is but their address, and that is deleted with the subscription.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def awaiting(self) -> Self:
        """Asked for, but nobody at that address has said yes."""
        return self.filter(confirmed_at__isnull=True)


class Subscription(models.Model):
    """A reader’s wish to hear what is new in one view of the record."""

    class Frequency(models.TextChoices):
        DAILY = "daily", _("daily")
        WEEKLY = "weekly", _("weekly")

    email = models.EmailField(max_length=254)
    query = models.TextField(blank=True, help_text=_("The view, as the timeline’s address has it; empty: everything."))
    frequency = models.CharField(max_length=10, choices=Frequency)
    language = models.CharField(max_length=5)
    site = models.CharField(max_length=260, help_text=_("Where the reader knows the site: https://parley.example"))
    asked_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refusals = models.PositiveSmallIntegerField(default=0, help_text=_("Digests in a row that the address refused."))
    visitor = models.CharField(
        max_length=64, blank=True, help_text=_("Tells askers of one day apart; nothing once it is confirmed.")
    )

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [
            models.UniqueConstraint(
                fields=["email", "query"],
                condition=Q(confirmed_at__isnull=False),
                name="subscription_once",
                violation_error_message=_("This address follows this view already."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(visitor=""),
                name="subscription_confirmed_forgets_visitor",
                violation_error_message=_("Once a subscription is confirmed, nothing is kept of who asked for it."),
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="subscription_awaiting", condition=Q(confirmed_at=None))]

    def __str__(self) -> str:
        return f"{self.email}, {self.frequency}"


class Digest(models.Model):
    """That one reader was told, once and for all, what was new up to a day; also where there was nothing to tell."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="digests")
    until = models.DateField(help_text=_("Everything before the beginning of this day, in UTC, has been told."))
    entries = models.PositiveIntegerField()
    done_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "until"],
                name="digest_once",
                violation_error_message=_("This has been sent already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id}, {self.until}"
