"""Whatever readers look for by name: its names in every language, kept beside it so that the database can find them."""

from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models

from negotiations import names

from .permalinks import Permalinked


class Named(Permalinked):
    """Something with a page of its own and a name, or several: a party, a person, a treaty, talks, a question.

    `called` follows from the columns in `NAMES` on every save, and is renewed after each migration, since a release
    may bring new translations.
    """

    NAMES: tuple[str, ...] = ()

    called = models.TextField(blank=True, editable=False, default="")

    class Meta:
        abstract = True
        indexes = [
            GinIndex(OpClass("called", name="gin_trgm_ops"), name="%(class)s_like"),
            GinIndex(SearchVector("called", config="russian"), name="%(class)s_called"),
        ]

    def make_called(self) -> str:
        return names.called(name for column in self.NAMES for name in _several(getattr(self, column)))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.called = self.make_called()
        super().save(*args, **kwargs)


def _several(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def renew_names(using: str, apps: Apps = installed, **_signal: object) -> None:
    """Write anew what things are called, where a release calls them otherwise. After a flush nobody says which apps."""
    for model in Named.__subclasses__():
        # The database may have been taken back to before it knew.
        if "called" not in {field.name for field in apps.get_model(model._meta.label)._meta.get_fields()}:
            return
        for thing in model._default_manager.using(using).only("called", *model.NAMES):
            if thing.called != (called := thing.make_called()):
                model._default_manager.using(using).filter(pk=thing.pk).update(called=called)
