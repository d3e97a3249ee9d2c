"""Whether the addresses of sources still answer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .sources import Source


class LinkCheck(models.Model):
    """What the address of a source, or of its copy, answered when it was last asked."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="link_checks")
    url = models.URLField(max_length=500)
    checked_at = models.DateTimeField()
    problem = models.CharField(max_length=120, blank=True, help_text=_("Empty if the page was there."))

    class Meta:
        ordering = ["-checked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "url"],
                name="link_check_once",
                violation_error_message=_("This address has been checked already."),
            )
        ]

    def __str__(self) -> str:
        return self.url
