"""What the record said before: every version of everything in it, whose hand changed it, and why."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .record import Entry


class RevisionQuerySet(models.QuerySet["Revision"]):
    def of(self, obj: models.Model) -> Self:
        """The versions of one thing in the record, the latest first."""
        return self.filter(kind=kind_of(obj), object_id=obj.pk).order_by("-number")

    def public(self) -> Self:
        """The versions that readers could see, where it differs from what they saw before."""
        return self.filter(public=True)

    def corrections(self) -> Self:
        """The changes to what readers could see already: corrections, withdrawals and returns, the latest first."""
        return self.filter(corrects=True).order_by("-at", "-pk")


class Revision(models.Model):
    """One version of an entry, a party, a source or anything else in the record, kept for good.

    `row` is what the record's files would say of it, so that versions can be compared field by field, with everything
    they refer to, and brought back by the loader's own means. It holds nothing that readers of a public version may
    not see; what only staff keep stands in `kept`.
    """

    class Action(models.TextChoices):
        CREATED = "created", _("entered in the record")
        FOUND = "found", _("first version kept")
        EDITED = "edited", _("edited")
        SUBMITTED = "submitted", _("submitted for review")
        RETURNED = "returned", _("returned to draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REVERTED = "reverted", _("brought back to an earlier version")
        DELETED = "deleted", _("deleted")

    kind = models.CharField(max_length=20, help_text=_("What it is a version of, such as statement or treaty."))
    object_id = models.BigIntegerField()
    number = models.PositiveIntegerField(help_text=_("One for the first version of a thing, and so on."))
    slug = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="revisions",
        help_text=_("Who made it; empty where it came from the record’s files."),
    )  # fmt: skip
    action = models.CharField(max_length=10, choices=Action)
    why = models.TextField(blank=True, help_text=_("The editor’s reason; shown to readers of a public version."))
    row = models.JSONField()
    kept = models.JSONField(default=dict)
    public = models.BooleanField(help_text=_("Readers could see this version, and it says something new to them."))
    corrects = models.BooleanField(help_text=_("It changes what readers could see already."))
    # Of the form that made it: the same form sent twice makes one thing.
    token = models.CharField(max_length=40, null=True, unique=True, editable=False)

    objects = RevisionQuerySet.as_manager()

    # What some of the queries add.
    before_row: dict[str, Any] | None
    reported: bool

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="revision_by_time"),
            models.Index(fields=["-at", "-id"], name="revision_corrections", condition=models.Q(corrects=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "number"],
                name="revision_once",
                violation_error_message=_("Somebody else has saved this at the same moment. Look again."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}, {self.number}"


def kind_of(obj: models.Model) -> str:
    """What a thing in the record is: an entry's own kind, else the name of its model."""
    return str(obj.kind) if isinstance(obj, Entry) else str(obj._meta.model_name)
