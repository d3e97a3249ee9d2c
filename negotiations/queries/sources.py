"""Where it is written down: the list of sources, and everything that rests on one of them."""

from dataclasses import dataclass
from hashlib import sha256

from django.core import paginator
from django.db.models import Count, DateField, ExpressionWrapper, F, Q, QuerySet, Value

from negotiations.models import Citation, DataExchange, Entry, Limit, Negotiation, Office, Source

from .generation import once

PAGE = 50
# So many of the entries that rest on one source stand on a page.
CITATIONS = 100


@dataclass(frozen=True)
class SourceFilter:
    """What a reader asks of the list; pages follow each other by slug, `after` or `before` one."""

    q: str = ""
    kind: str = ""
    language: str = ""
    after: str = ""
    before: str = ""


@dataclass(frozen=True)
class Page:
    sources: list[Source]
    total: int
    has_earlier: bool
    has_later: bool


def matching(asked: SourceFilter) -> QuerySet[Source]:
    found = Source.objects.all()
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.language:
        found = found.filter(language=asked.language)
    for word in asked.q.split():
        found = found.filter(
            Q(publisher__icontains=word) | Q(title__icontains=word) | Q(author__icontains=word) | Q(url__icontains=word)
        )
    return found


def page(asked: SourceFilter) -> Page:
    found = matching(asked)
    rows = found.defer("text", "note").order_by("slug")
    if asked.before:
        some = list(rows.filter(slug__lt=asked.before).order_by("-slug")[: PAGE + 1])
        sources, has_earlier, has_later = some[:PAGE][::-1], len(some) > PAGE, True
    else:
        some = list(rows.filter(slug__gt=asked.after)[: PAGE + 1] if asked.after else rows[: PAGE + 1])
        sources, has_earlier, has_later = some[:PAGE], bool(asked.after), len(some) > PAGE
    counts = _counted([source.pk for source in sources])
    for source in sources:
        source.cited = counts.get(source.pk, 0)
    return Page(sources, found.count(), has_earlier, has_later)


def _counted(sources: list[int]) -> dict[int, int]:
    """How many published entries rest on each of these sources, which are those of one page."""
    cited = Citation.objects.filter(source__in=sources, entry__state=Entry.State.PUBLISHED).order_by()
    counts = cited.values_list("source").annotate(Count("pk"))
    counted: dict[int, int] = once("sources-" + sha256(repr(sources).encode()).hexdigest(), lambda: dict(counts))
    return counted


def languages() -> list[tuple[str, int]]:
    """The languages of the sources, those with most sources first."""
    return list(Source.objects.order_by().values_list("language").annotate(n=Count("pk")).order_by("-n", "language"))


@dataclass(frozen=True)
class Weight:
    """What rests on one source; of the entries, one page."""

    citations: "paginator.Page[Citation]"
    limits: list[Limit]
    offices: list[Office]
    negotiations: list[Negotiation]
    exchanges: list[DataExchange]

    @property
    def count(self) -> int:
        parts = (self.limits, self.offices, self.negotiations, self.exchanges)
        return self.citations.paginator.count + sum(len(part) for part in parts)


def weight(source: Source, number: int) -> Weight:
    """`number`: which page of the entries, the nearest where there is none such."""
    published = source.citations.filter(entry__state=Entry.State.PUBLISHED)
    # An index on the date cannot serve this sum: it would lead through all that rests on other sources.
    day = ExpressionWrapper(F("entry__earliest") + Value(0), DateField())
    citations = (
        published.select_related("entry__negotiation", "entry__as_statement")
        .defer("entry__search", "entry__words")
        .order_by(day.desc(), "-entry_id", "order")
    )
    pages = paginator.Paginator(citations, CITATIONS)
    pages.count = once(f"source-{source.pk}-counted", published.count)
    return Weight(
        citations=pages.get_page(number),
        limits=list(source.limits.select_related("treaty")),
        offices=list(source.offices.select_related("person", "party")),
        negotiations=list(source.negotiations.all()),
        exchanges=list(source.data_exchanges.select_related("treaty", "party")),
    )
