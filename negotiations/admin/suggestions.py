"""Fields that suggest as you type; what is no key of a row, however it came into the form, chooses nothing."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

from .selected import is_key


class Suggests(AutocompleteSelect):
    # Django asks the database for whatever was sent, and fails on what cannot be a key, before the form can say so.
    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        return super().optgroups(name, [key for key in value if is_key(str(key))], attrs)


class SuggestsMany(AutocompleteSelectMultiple):
    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        return super().optgroups(name, [key for key in value if is_key(str(key))], attrs)
