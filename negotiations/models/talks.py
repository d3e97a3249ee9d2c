"""Negotiations: talks with an aim, from their opening to their outcome. Their rounds are entries, in record.py."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from negotiations import names

from .actors import Party
from .fields import BoundField, EdtfField
from .named import Named
from .sources import Source


class Negotiation(Named):
    """Talks between parties on one subject, such as SALT I, or a subject long talked about."""

    class Format(models.TextChoices):
        BILATERAL = "bilateral", _("bilateral")
        TRILATERAL = "trilateral", _("trilateral")
        MULTILATERAL = "multilateral", _("multilateral")

    class Outcome(models.TextChoices):
        AGREEMENT = "agreement", _("agreement")
        NO_AGREEMENT = "no-agreement", _("no agreement")
        SUSPENDED = "suspended", _("suspended")
        ONGOING = "ongoing", _("ongoing")

    NAMES = ("name",)

    name = models.CharField(max_length=100)
    format = models.CharField(max_length=20, choices=Format)
    parties = models.ManyToManyField(Party, related_name="negotiations")
    start = EdtfField(help_text=_("EDTF: the opening day, or the month or year if the day is not known."))
    end = EdtfField(blank=True, help_text=_("Empty while the talks go on, or if the end is not known."))
    earliest = BoundField(of="start", bound="earliest")
    end_latest = BoundField(null=True, of="end", bound="latest")
    outcome = models.CharField(max_length=20, choices=Outcome)
    treaty = models.ForeignKey(
        "Treaty",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The main text that came of it."),
    )
    summary = models.TextField(help_text=_("Aim, course and outcome in our own words, sixty words at most."))
    note = models.TextField(blank=True, help_text=_("What is unsure or disputed; shown to readers."))
    sources = models.ManyToManyField(Source, related_name="negotiations")

    # What some of the queries add: how many there are.
    rounds: int
    statements: int

    class Meta(Named.Meta):
        ordering = ["earliest", "slug"]

    def __str__(self) -> str:
        return names.named(self.name)

    def get_absolute_url(self) -> str:
        return reverse("negotiation", args=[self.slug])
