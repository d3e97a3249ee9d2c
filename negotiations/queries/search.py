"""One question to the whole record: names that are like it, and entries that contain it.

Names of treaties, talks, people and parties are found from the beginning of a word and in spite of a misspelling
(trigrams); issues and entries by their words, English and Russian alike (full text).
"""

import re
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby
from operator import or_
from typing import NamedTuple

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, TrigramWordSimilarity
from django.db.models import CharField, F, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, Greatest, Length

from negotiations import names
from negotiations.models import Entry, Issue, Negotiation, Party, Person, Round, Treaty
from negotiations.models.record import EntryQuerySet

from .directory import Directory
from .entries import Row, read
from .timeline import TimelineFilter, highlighted, matching

# How like a name must be to what was typed, from 0 to 1, to be found in spite of a misspelling; a word that is too
# short is a little like everything.
LIKE = 0.55
SHORTEST_LIKE = 4
# A weaker likeness is worth a question back: “Did you mean …?”
MAYBE = 0.3
SHOWN = 8
ENTRIES = 12
# Ranking reads every match; beyond the newest of these, relevance is no longer compared.
RANKED = 500

# What is found by name: the first column is the name that is shown.
NAMES: dict[type[Model], tuple[str, ...]] = {
    Treaty: ("short_name", "full_name"),
    Negotiation: ("name",),
    Person: ("name", "native_name"),
    Party: ("short_name", "name", "code"),
}
# Further names that a misspelling may have meant.
PLACES = (Round, "city")


class Name(NamedTuple):
    """Something with a page of its own, found by its name; `kind` names the address of that page."""

    kind: str
    slug: str
    text: str
    native: str
    closeness: float

    @property
    def shown(self) -> str:
        return names.person(names.named(self.text), self.native)

    @property
    def other(self) -> str:
        """A person's name in the other letters, if there is one."""
        return self.text if self.shown == self.native else self.native


@dataclass
class Found:
    """What answers a search; `suggestion` is the nearest name where nothing does."""

    issues: list[Issue] = field(default_factory=list)
    names: dict[str, list[Name]] = field(default_factory=dict)
    """By kind: treaty, negotiation, person, party."""
    entries: list[Row] = field(default_factory=list)
    total: int = 0
    """How many entries contain the words, of which the most relevant are in `entries`."""
    suggestion: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.issues or self.names or self.total)


def search(q: str) -> Found:
    words = plain(q)
    if not words:
        return Found()
    found = Found(issues=_issues(q, words), names=_names(words))
    answers = matching(TimelineFilter(q=q))
    found.total = answers.count()
    if not found.total:
        # Somebody is still typing the last word.
        answers = _beginning_with(words)
        found.total = answers.count()
    if found.total:
        found.entries = _most_relevant(answers, q)
    if found.is_empty:
        found.suggestion = _nearest(words)
    return found


def plain(q: str) -> str:
    """The words of a search without its operators."""
    return " ".join(word for word in re.findall(r"[\w’'.-]*\w[\w’'.-]*", q) if word != "OR" and word[0] != "-")


def _begins_a_word(column: str, words: str) -> Q:
    return Q(**{f"{column}__iregex": rf"\m{re.escape(words)}"})


def _closeness(columns: tuple[str, ...], words: str):
    measures = [TrigramWordSimilarity(words, column) for column in columns]
    return Greatest(*measures) if len(measures) > 1 else measures[0]


def _names(words: str) -> dict[str, list[Name]]:
    """All names in which a word begins like this, or that are very like it, the most like first; in one query."""
    found = _union(_named(model, columns, words) for model, columns in NAMES.items())
    names = [Name(*row) for row in found]
    return {kind: list(some) for kind, some in groupby(names, key=lambda name: name.kind)}


def _named(model: type[Model], columns: tuple[str, ...], words: str) -> QuerySet:
    wanted = reduce(or_, (_begins_a_word(column, words) for column in columns))
    if len(words) >= SHORTEST_LIKE:
        wanted |= Q(closeness__gte=LIKE)
    native = F("native_name") if "native_name" in columns else Value("")
    things = model.objects.annotate(
        page=_text(Value(model._meta.model_name)),
        text=_text(F(columns[0])),
        native=_text(native),
        closeness=_closeness(columns, words),
    )
    things = things.filter(wanted).order_by("-closeness", Length("text"))
    return things.values_list("page", "slug", "text", "native", "closeness")[:SHOWN]


def _text(expression) -> Cast:
    """In a union, columns of one place must be of one type."""
    return Cast(expression, CharField())


def _union(querysets) -> QuerySet:
    first, *others = querysets
    return first.union(*others, all=True)


def _issues(q: str, words: str) -> list[Issue]:
    """Issues by their question, their description and the terms that signal them, in either language."""
    terms = Concat(*(_joined(f"keywords_{language}") for language in ("en", "ru")))
    vector = SearchVector("question", "description", "terms", config="russian")
    query = SearchQuery(q, search_type="websearch", config="russian")
    issues = Issue.objects.annotate(terms=terms).annotate(vector=vector, relevance=SearchRank(vector, query))
    # Some terms are stop words to the full text: ПРО, missile defence, is also the Russian for “about”.
    issues = issues.filter(Q(vector=query) | _begins_a_word("question", words) | _begins_a_word("terms", words))
    return list(issues.order_by("-relevance", "rank")[:SHOWN])


def _joined(array: str) -> Func:
    return Func(F(array), Value(", "), function="array_to_string", output_field=TextField())


def _beginning_with(words: str) -> EntryQuerySet:
    *whole, last = re.findall(r"\w+", words)
    query = SearchQuery(f"{last}:*", search_type="raw", config="russian")
    if whole:
        query &= SearchQuery(" ".join(whole), config="russian")
    return Entry.objects.published().filter(search=query)


def _most_relevant(answers: EntryQuerySet, q: str) -> list[Row]:
    query = SearchQuery(q, search_type="websearch", config="russian")
    newest = answers.newest_first().values("pk")[:RANKED]
    best = Entry.objects.filter(pk__in=newest).annotate(relevance=SearchRank("search", query))
    return read(highlighted(best.order_by("-relevance", "-earliest", "-pk")[:ENTRIES], q), Directory.read())


def _nearest(words: str) -> str:
    """The name in the record that is most like what was typed, if any is at all."""
    columns = [(model, column) for model, columns in NAMES.items() for column in columns if column != "code"]
    nearest = (
        _public(model)
        .annotate(closeness=_closeness((column,), words), text=_text(F(column)))
        .filter(closeness__gte=MAYBE)
        .order_by("-closeness")
        .values_list("closeness", "text")[:1]
        for model, column in [*columns, PLACES]
    )
    return max(_union(nearest), default=(0, ""))[1]


def _public(model: type[Model]) -> QuerySet:
    return model.objects.published() if issubclass(model, Entry) else model.objects.all()
