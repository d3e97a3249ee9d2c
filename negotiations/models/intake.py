"""What was brought to the desk to be read: articles on their way into the record."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .record import Entry
from .sources import Source


class Intake(models.Model):
    """An article that an editor brought to the desk, until what belongs in the record has been taken from it.

    The record takes nothing from here by itself: an editor confirms each proposal, once.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="intakes")
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField(help_text=_("The words of the article, as they will be kept. Never published."))
    known = models.JSONField(default=dict, help_text=_("What the page says of itself: title, publisher, author …"))
    saved_at = models.DateTimeField(null=True, help_text=_("When drafts were made of it."))
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="intakes")
    entries = models.ManyToManyField(Entry, related_name="intakes")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.known.get("title") or self.text[:80]
