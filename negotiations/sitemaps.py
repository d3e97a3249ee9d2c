"""Every page that is to be found, with the day on which what it shows last changed. One map for each language."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import translation

from negotiations.models import Entry, Issue, Negotiation, Party, Person, Source, Treaty

# A map may hold 50,000 addresses; a tenth of that is soon read.
PAGE = 5000
ABOUT = ("home", "timeline", "negotiations", "issues", "positions", "treaties", "parties", "people", "sources", "feeds",
         "data", "api-docs", "about", "method", "accessibility")  # fmt: skip
# How the entries that a page shows are reached from what it is about.
SHOWN: dict[type[Any], str] = {
    Issue: "entries",
    Treaty: "milestones",
    Negotiation: "entries",
    Party: "entries",
    Person: "statements",
    Source: "entries",
}


class InLanguage(Sitemap):
    limit = PAGE

    def __init__(self, language: str) -> None:
        self.language = language

    def location(self, item: Any) -> str:
        with translation.override(self.language):
            return self.address(item)

    def address(self, item: Any) -> str:
        return str(item.get_absolute_url())


class Pages(InLanguage):
    """The pages that are there whatever the record holds."""

    def items(self) -> Sequence[str]:
        return ABOUT

    def address(self, name: str) -> str:
        return reverse(name)


class Entries(InLanguage):
    def items(self) -> QuerySet[Entry]:
        columns = ("slug", "kind", "updated_at", "negotiation__slug")
        return Entry.objects.published().select_related("negotiation").only(*columns).order_by("pk")

    def lastmod(self, entry: Entry) -> datetime:
        return entry.updated_at

    def get_latest_lastmod(self) -> datetime | None:
        newest: datetime | None = Entry.objects.published().aggregate(newest=Max("updated_at"))["newest"]
        return newest


class Things(InLanguage):
    """Everything else with a page of its own: it changed when an entry that it shows did."""

    def __init__(self, language: str, model: type[Any]) -> None:
        super().__init__(language)
        self.model, self.entries = model, SHOWN[model]

    def items(self) -> QuerySet[Any]:
        published = Q(**{f"{self.entries}__state": Entry.State.PUBLISHED})
        found: QuerySet[Any] = self.model._default_manager.only("slug").order_by("pk")
        with_day: QuerySet[Any] = found.annotate(changed=Max(f"{self.entries}__updated_at", filter=published))
        return with_day

    def lastmod(self, thing: Any) -> datetime | None:
        changed: datetime | None = thing.changed
        return changed


SITEMAPS = {
    f"{name}-{language}": sitemap
    for language, _name in settings.LANGUAGES
    for name, sitemap in (
        ("pages", Pages(language)),
        ("entries", Entries(language)),
        *((str(model._meta.verbose_name_plural).replace(" ", "-"), Things(language, model)) for model in SHOWN),
    )
}
