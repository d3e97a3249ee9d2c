"""Column types of the record that Django does not have."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from negotiations import dates


def validate_edtf(value: str) -> None:
    try:
        dates.parse(value)
        known = [day for part in value.split("/") if part not in dates.OPEN for day in dates.parse(part)]
    except dates.InvalidDate as error:
        raise ValidationError(str(error), code="edtf") from error
    if not all(day.year in dates.YEARS for day in known):
        raise ValidationError(
            _("“%(date)s” does not lie in the years %(first)d to %(last)d."),
            code="edtf",
            params={"date": value, "first": dates.YEARS[0], "last": dates.YEARS[-1]},
        )


class EdtfField(models.CharField):
    """A date as EDTF text, as precise as its source and no more."""

    default_validators = [validate_edtf]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        super().__init__(*args, **kwargs)


class BoundField(models.DateField):
    """The earliest or latest day that an EDTF column of the same row allows; written on every save, never typed in."""

    def __init__(self, *args: Any, of: str = "", bound: str = "", **kwargs: Any) -> None:
        self.of, self.bound = of, bound
        kwargs.update(editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of, "bound": self.bound}

    def pre_save(self, model_instance: models.Model, add: bool) -> date | None:
        text = getattr(model_instance, self.of)
        day = getattr(dates.parse(text), self.bound) if text else None
        setattr(model_instance, self.attname, day)
        return day
