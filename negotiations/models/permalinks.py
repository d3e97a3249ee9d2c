"""Permalinks that last: a slug may change, but the old address keeps leading to the same thing."""

from collections.abc import Collection
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class FormerSlug(models.Model):
    """An address that something in the record had before; readers who follow it are sent to the present one."""

    kind = models.CharField(max_length=30, help_text=_("What the address belonged to, such as entry or treaty."))
    slug = models.SlugField(max_length=120)
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                name="former_slug_once",
                violation_error_message=_("This address already leads somewhere else."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.slug}"


class Permalinked(models.Model):
    """Anything with a page of its own. Its slug is the key in files, links and citations."""

    slug = models.SlugField(
        max_length=120,
        unique=True,
        help_text=_("The last part of the page’s address. If you change it, the old address redirects."),
        error_messages={"unique": _("Another page already has this address.")},
    )

    class Meta:
        abstract = True

    _slug_in_db: str | None

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        before = getattr(self, "_slug_in_db", None)
        if before and before != self.slug:
            former = FormerSlug.objects.filter(kind=self.slug_kind())
            former.filter(slug=self.slug).delete()
            former.update_or_create(kind=self.slug_kind(), slug=before, defaults={"object_id": self.pk})
        self._slug_in_db = self.slug

    @classmethod
    def slug_kind(cls) -> str:
        """All kinds of entry share one set of slugs, so the field's owner names the set."""
        return str(cls._meta.get_field("slug").model._meta.model_name)

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any) -> Self:
        instance = super().from_db(db, field_names, values, **more)
        instance._slug_in_db = instance.__dict__.get("slug")
        return instance

    def clean(self) -> None:
        super().clean()
        taken = FormerSlug.objects.filter(kind=self.slug_kind(), slug=self.slug).exclude(object_id=self.pk or 0)
        if taken.exists():
            raise ValidationError(
                {"slug": _("This was the address of another page, and links to it must go on working.")}
            )
