"""Two editors with one form open: the second is told what the first has saved, and nothing either typed is lost.

A form carries the number of the version it was opened at. Where another version has been kept meanwhile, the form is
not saved but shown once more with both sides: what the other changed and this editor left alone is taken over, what
both changed is left to this editor. A new thing's form carries a token instead, so that sending it twice makes one.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from negotiations.files import versions
from negotiations.files.compare import Change, Names, changes
from negotiations.files.fields import Column, OptionRef, Ref, Refs, Scalar
from negotiations.models import Revision


@dataclass(frozen=True)
class Difference:
    """One field that somebody else has changed since this form was opened, and what this editor says there."""

    label: str | Promise
    change: Change
    yours: str
    taken_over: bool


class StaleForm(forms.ModelForm):
    """A form that is refused where somebody else has saved the same thing since it was opened."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    token = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences: list[Difference] = []
        self.saved_by: Revision | None = None
        self.data: Any
        if self.prefix is not None or not versions.is_kept(type(self.instance)):
            return  # a row within another form, which has these itself
        if self.instance.pk:
            last = last_version(self.instance)
            self.fields["version"].initial = last.number if last else 0
        else:
            self.fields["token"].initial = secrets.token_urlsafe(16)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # a hook of Django's that its types leave out
        opened_at = self.cleaned_data.get("version")
        if not self.instance.pk or opened_at is None or not versions.is_kept(type(self.instance)):
            return
        lock(self.instance)
        last = last_version(self.instance)
        if not last or last.number == opened_at:
            return
        self.add_error(
            None,
            _(
                "Somebody else has saved this since you opened it, so nothing of yours is saved yet. Compare both "
                "below; save again to keep what stands in the form now."
            ),
        )
        # Of what had no version yet, the first one kept shows how it was when the form was opened.
        opened = Revision.objects.of(versions.owner(self.instance)).filter(number=opened_at or 1).first()
        self.show_both(opened, last)

    def show_both(self, opened: Revision | None, last: Revision) -> None:
        self.saved_by = last
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(last.number)
        kind = versions.KIND_NAMED[last.kind]
        names = Names([(kind, version.row) for version in (opened, last) if version], public=False)
        now = type(self.instance)._default_manager.get(pk=self.instance.pk)
        before = opened.row if opened else {}
        for column in kind.fields:
            was, is_now = before.get(column.key), last.row.get(column.key)
            (change,) = changes((column,), kind.model, before, last.row, names) or (None,)
            if change:
                name = getattr(column, "attr", "") or column.key
                typed = name in self.fields and type(self.instance) is kind.model
                untouched = typed and self._said(column, name) == was and was != is_now
                if untouched:
                    self._take_over(name, now)
                yours = "" if untouched or not typed else self._shown(name)
                self.differences.append(Difference(change.label, change, yours, untouched))

    def _said(self, column: Column, name: str) -> object:
        """What this editor says in a column, as a version would hold it."""
        if isinstance(column, Refs):
            return sorted(thing.slug for thing in self.cleaned_data.get(name) or []) or None
        if isinstance(column, Scalar | Ref | OptionRef):
            value = column.read(self.instance)
            return None if value in (None, "", []) else value
        return ...

    def _shown(self, name: str) -> str:
        value = self.cleaned_data.get(name)
        if isinstance(value, models.QuerySet):
            return ", ".join(map(str, value))
        return "" if value is None else str(value)

    def _take_over(self, name: str, now: models.Model) -> None:
        """Put into the form what somebody else saved in a field that this editor left alone."""
        value = forms.model_to_dict(now, [name]).get(name)
        value = self.fields[name].prepare_value(
            [getattr(one, "pk", one) for one in value] if isinstance(value, list) else value
        )
        key = self.add_prefix(name)
        if isinstance(value, list):
            self.data.setlist(key, [str(one) for one in value])
        elif value is None or value is False:
            self.data.pop(key, None)
        else:
            self.data[key] = "on" if value is True else str(value)


def last_version(obj: models.Model) -> Revision | None:
    return Revision.objects.of(versions.owner(obj)).select_related("by").first()


def lock(obj: models.Model) -> None:
    """Make whoever saves the same thing at this moment wait, and find then that it has changed."""
    owner = versions.owner(obj)
    type(owner)._default_manager.select_for_update().filter(pk=owner.pk).order_by().first()


def already_saved(token: str) -> models.Model | None:
    """What a form has made that is being sent a second time."""
    made = Revision.objects.filter(token=token).first() if token and "\0" not in token else None
    return versions.KIND_NAMED[made.kind].model._default_manager.filter(pk=made.object_id).first() if made else None
