"""Errors that readers report, and what became of their reports."""

import secrets
from datetime import timedelta

from django.db import connection, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .history import Revision
from .record import Entry


def new_token() -> str:
    return secrets.token_urlsafe(24)


class TooManyReports(Exception):
    """More reports than anybody would write by hand."""


class ErrorReportQuerySet(models.QuerySet["ErrorReport"]):
    # From one sender, and from all together: a flood must neither fill the disk nor bury the desk.
    HOURLY_FROM_ONE = 5
    HOURLY_FROM_ALL = 100
    # Any number does; it only has to be the same for all, so that they are counted one after another.
    LOCK = 19720526

    @transaction.atomic
    def receive(self, *, entry: Entry, what: str, source: str, sender: str) -> "ErrorReport":
        """Take a report in, unless too many came lately. Sent twice, it is the same report."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [self.LOCK])
        lately = self.filter(reported_at__gt=timezone.now() - timedelta(hours=1))
        theirs = lately.filter(sender=sender)
        if same := theirs.filter(entry=entry, what=what).first():
            return same
        if theirs.count() >= self.HOURLY_FROM_ONE or lately.count() >= self.HOURLY_FROM_ALL:
            raise TooManyReports
        return self.create(entry=entry, what=what, source=source, sender=sender)


class ErrorReport(models.Model):
    """A reader's word that something in an entry is wrong. Nobody is asked who they are."""

    class State(models.TextChoices):
        OPEN = "open", _("not yet answered")
        ACCEPTED = "accepted", _("accepted")
        DISMISSED = "dismissed", _("dismissed")

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="error_reports")
    what = models.TextField(max_length=2000, verbose_name=_("what is wrong"))
    source = models.URLField(
        max_length=500,
        blank=True,
        verbose_name=_("where it says so"),
        help_text=_("The address of a page that shows it, if you know one."),
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(blank=True, help_text=_("Shown to the reader who reported it."))
    correction = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, related_name="error_reports",
        help_text=_("The change to the record that the report led to."),
    )  # fmt: skip
    reported_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    # Who sent it, as a keyed digest of address and day: enough to slow down a flood, useless for anything else.
    sender = models.CharField(max_length=64, editable=False)

    objects = ErrorReportQuerySet.as_manager()

    class Meta:
        ordering = ["-reported_at", "-pk"]
        verbose_name = _("error report")
        indexes = [
            models.Index(fields=["sender", "reported_at"], name="report_by_sender"),
            models.Index(fields=["state", "reported_at"], name="report_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True)
                | (~Q(state="open") & Q(answered_at__isnull=False) & ~Q(answer="")),
                name="report_closed_with_answer",
                violation_error_message=_("Say in the answer what was done, or why nothing was."),
            ),
            models.CheckConstraint(
                condition=Q(state="accepted") ^ Q(correction__isnull=True),
                name="report_accepted_with_correction",
                violation_error_message=_(
                    "An accepted report, and no other, names the change it led to: correct the record first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry.title}: {self.what[:60]}"

    def get_absolute_url(self) -> str:
        return reverse("report-status", args=[self.token])
