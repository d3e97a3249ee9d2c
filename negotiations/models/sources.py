"""Where it is written down: sources, and the citations that tie an entry to the place in a source."""

import hashlib

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .fields import BoundField, EdtfField
from .permalinks import Permalinked


class Source(Permalinked):
    """A public document or page on which the record rests."""

    class Kind(models.TextChoices):
        TREATY_TEXT = "treaty-text", _("treaty text")
        OFFICIAL = "official", _("official document")
        NEWS = "news", _("news report")
        REFERENCE = "reference", _("reference work")
        ANALYSIS = "analysis", _("analysis")
        ACADEMIC = "academic", _("academic work")

    class DateBasis(models.TextChoices):
        STATED = "stated", _("stated in the source")
        INFERRED = "inferred", _("inferred")

    publisher = models.CharField(max_length=120, help_text=_("Who published it; a copy’s host in brackets."))
    title = models.CharField(max_length=250)
    author = models.CharField(max_length=120, blank=True)
    date = EdtfField(blank=True, help_text=_("Of the page or document, in EDTF. Empty if it bears none."))
    earliest = BoundField(null=True, of="date", bound="earliest")
    date_basis = models.CharField(max_length=10, choices=DateBasis, default=DateBasis.STATED)
    url = models.URLField(max_length=500)
    archived_url = models.URLField(max_length=500, blank=True, help_text=_("An archived or second copy."))
    accessed = models.DateField(null=True, blank=True, help_text=_("The day somebody last read it there."))
    language = models.CharField(max_length=3, help_text=_("ISO 639-1, such as en or ru."))
    kind = models.CharField(max_length=20, choices=Kind)
    note = models.TextField(blank=True, help_text=_("What a reader should know about the source; shown to readers."))
    text = models.TextField(
        blank=True, help_text=_("The words of the source, for checking quotations. Never published.")
    )
    text_sha256 = models.CharField(
        max_length=64,
        blank=True,
        verbose_name="SHA-256",
        help_text=_("Of the text; follows from it where it is kept."),
    )

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["url"],
                name="source_url_once",
                violation_error_message=_("This address is in the record already, as another source."),
            )
        ]

    def __str__(self):
        return f"{self.publisher}: {self.title}"

    def get_absolute_url(self):
        return reverse("source", args=[self.slug])

    def save(self, *args, **kwargs):
        if self.text:
            self.text_sha256 = hashlib.sha256(self.text.encode()).hexdigest()
        super().save(*args, **kwargs)


class Citation(models.Model):
    """That an entry rests on a source, and on which passage: a W3C TextQuoteSelector where one is recorded."""

    entry = models.ForeignKey("Entry", models.CASCADE, related_name="citations")
    source = models.ForeignKey(Source, models.PROTECT, related_name="citations")
    order = models.PositiveSmallIntegerField(default=0, help_text=_("The first is shown first."))
    locator = models.CharField(max_length=120, blank=True, help_text=_("Page, article or paragraph."))
    exact = models.TextField(blank=True, help_text=_("The passage, letter by letter. Empty: the entry’s quotation."))
    prefix = models.CharField(max_length=200, blank=True, help_text=_("The words just before the passage."))
    suffix = models.CharField(max_length=200, blank=True, help_text=_("The words just after it."))
    checked_on = models.DateField(null=True, blank=True, help_text=_("The day the passage was found in the text."))
    checked_sha256 = models.CharField(max_length=64, blank=True, help_text=_("SHA-256 of the text it was found in."))

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "source", "locator"],
                name="citation_once",
                violation_error_message=_("The entry cites this place already."),
            ),
            models.CheckConstraint(
                condition=models.Q(checked_on=None, checked_sha256="")
                | (models.Q(checked_on__isnull=False) & ~models.Q(checked_sha256="")),
                name="citation_check_names_its_text",
                violation_error_message=_("A check needs both its day and the SHA-256 of the text."),
            ),
        ]

    def __str__(self):
        return f"{self.source}, {self.locator}" if self.locator else str(self.source)

    @property
    def is_verified(self) -> bool:
        """The quotation was found, word for word, in the text of this source."""
        return bool(self.checked_on)
