"""What is in dispute: issues and the rival answers to them."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from negotiations import names

from .named import Named


def keywords(language: Any) -> "ArrayField[list[str], list[str]]":
    return ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        verbose_name=language,
        help_text=_("Terms that signal the issue in a text, separated by commas."),
    )


class Issue(Named):
    """A question on which the parties differ or differed, such as “Must the agreement be legally binding?”"""

    NAMES = ("question", "keywords_en", "keywords_ru")

    question = models.CharField(max_length=160, help_text=_("In one sentence, ending with a question mark."))
    description = models.TextField(blank=True)
    keywords_en = keywords(_("English keywords"))
    keywords_ru = keywords(_("Russian keywords"))
    rank = models.PositiveSmallIntegerField(default=100, help_text=_("Order in lists; the smallest comes first."))

    # What some of the queries add.
    weight: int
    shared: int
    answers: bool
    relevance: float
    option_ids: list[int]

    class Meta(Named.Meta):
        ordering = ["rank", "slug"]

    def __str__(self) -> str:
        return names.named(self.question)

    def get_absolute_url(self) -> str:
        return reverse("issue", args=[self.slug])


class Option(models.Model):
    """One of the rival answers to an issue."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="options")
    slug = models.SlugField(max_length=60)
    label = models.CharField(max_length=100, help_text=_("Reads after “demands”: a legally binding agreement."))
    description = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["issue", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "slug"],
                name="option_once_per_issue",
                violation_error_message=_("The issue has this option already."),
            )
        ]

    def __str__(self) -> str:
        return names.named(self.label)
