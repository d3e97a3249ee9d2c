"""Where it is written down: sources, and the citations that tie an entry to the place in a source."""

import hashlib
from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from negotiations import verbatim

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
    url = models.URLField(max_length=500, blank=True, help_text=_("Empty only where it was never on the web."))
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

    cited: int
    """How many entries rest on it, where a query adds that."""

    class Meta:
        ordering = ["slug"]
        # The desk's list leads from the first day to the last.
        indexes = [models.Index(fields=["earliest"], name="source_by_date")]
        constraints = [
            models.UniqueConstraint(
                fields=["url"],
                condition=~Q(url=""),
                name="source_url_once",
                violation_error_message=_("This address is in the record already, as another source."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.slug])

    _sha256_in_db: str

    def save(self, *args: Any, **kwargs: Any) -> None:
        if "text" not in self.get_deferred_fields() and self.text:
            self.text_sha256 = hashlib.sha256(self.text.encode()).hexdigest()
        super().save(*args, **kwargs)
        if self.text_sha256 != getattr(self, "_sha256_in_db", ""):
            # Another text: what was quoted from the former one may not stand in it.
            for citation in self.citations.select_related("source", "entry__as_statement"):
                citation.check_again()
        self._sha256_in_db = self.text_sha256

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any) -> Self:
        instance = super().from_db(db, field_names, values, **more)
        instance._sha256_in_db = instance.__dict__.get("text_sha256", "")
        return instance


class Citation(models.Model):
    """That an entry rests on a source, and on which passage: a W3C TextQuoteSelector where one is recorded."""

    entry = models.ForeignKey("Entry", models.CASCADE, related_name="citations")
    source = models.ForeignKey(Source, models.PROTECT, related_name="citations")
    order = models.PositiveSmallIntegerField(default=0, help_text=_("The first is shown first."))
    locator = models.CharField(max_length=120, blank=True, help_text=_("Page, article or paragraph."))
    exact = models.TextField(blank=True, help_text=_("The passage, letter by letter. Empty: the entry’s quotation."))
    prefix = models.CharField(max_length=200, blank=True, help_text=_("The words just before the passage."))
    suffix = models.CharField(max_length=200, blank=True, help_text=_("The words just after it."))
    start = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Where the passage begins in the text we keep, counted in letters.")
    )
    end = models.PositiveIntegerField(null=True, blank=True, help_text=_("Where it ends."))
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
                condition=Q(checked_on=None, checked_sha256="") | (Q(checked_on__isnull=False) & ~Q(checked_sha256="")),
                name="citation_check_names_its_text",
                violation_error_message=_("A check needs both its day and the SHA-256 of the text."),
            ),
            models.CheckConstraint(
                condition=Q(start=None, end=None) | Q(start__lt=models.F("end")),
                name="citation_passage_has_both_ends",
                violation_error_message=_("A passage ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.locator}" if self.locator else str(self.source)

    _passage_in_db: tuple[int, str]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.check_quote()
        super().save(*args, **kwargs)

    @property
    def is_verified(self) -> bool:
        """The quotation was found, word for word, in the text of this source."""
        return bool(self.checked_on)

    @property
    def quoted(self) -> list[str]:
        """What must stand in the source: the entry's quotation, and the passage where one is spelled out."""
        statement = getattr(self.entry, "as_statement", None)
        return [words for words in (statement and statement.quote, self.exact) if words]

    def check_quote(self) -> None:
        """Mark the quotation as verified if it stands in the text we keep of the source, and as not verified if not.

        Where we keep no text, the check recorded with the entry stands until the words are changed.
        """
        text = self.source.text
        if not text:
            if getattr(self, "_passage_in_db", self._passage) != self._passage:
                self.checked_on, self.checked_sha256 = None, ""
            return
        words = self.quoted
        places = [place for passage in words if (place := verbatim.find(passage, text, self.start or 0))]
        if not words or len(places) < len(words):
            self.checked_on, self.checked_sha256 = None, ""
            if words:
                self.start, self.end = None, None
            return
        if self.checked_sha256 != self.source.text_sha256 or not self.checked_on:
            self.checked_on, self.checked_sha256 = timezone.localdate(), self.source.text_sha256
        self.start, self.end = places[0]
        _, self.prefix, self.suffix = verbatim.select(text, places[0])

    @property
    def _passage(self) -> tuple[int, str]:
        return self.source_id, self.exact

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any) -> Self:
        instance = super().from_db(db, field_names, values, **more)
        if {"source_id", "exact"} <= instance.__dict__.keys():
            instance._passage_in_db = instance._passage
        return instance

    def check_again(self) -> None:
        """Check what is in the database, after the quotation or the text has been changed."""
        if self.source.text:
            self.save()
