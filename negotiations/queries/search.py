"""One question to the whole record: names that are like it, and entries that contain it.

Names of treaties, talks, people and parties are found from the beginning of a word and in spite of a misspelling
(trigrams), in English and Russian; issues and entries by their words, in both languages alike (full text).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, TrigramWordSimilarity
from django.db.models import BooleanField, CharField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Length

from negotiations import names
from negotiations.models import Entry, Issue, Negotiation, Party, Person, Round, Treaty
from negotiations.models.annotated import adding
from negotiations.models.record import EntryQuerySet

from .directory import Directory
from .entries import Row, read
from .generation import once
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

# What is found by name.
NAMED = (Treaty, Negotiation, Person, Party)
# So many words are put right.
MOST_WORDS = 6


class Name(NamedTuple):
    """Something with a page of its own, found by its name; `kind` names the address of that page."""

    kind: str
    slug: str
    text: str
    native: str
    closeness: float
    has_all: bool
    """Whether it has all that was typed, and not only one word of it."""

    @property
    def shown(self) -> str:
        return names.person(names.named(self.text), self.native)

    @property
    def other(self) -> str:
        """A person's name in the other letters, if there is one."""
        return self.text if self.shown == self.native else self.native


@dataclass
class Found:
    """What answers a search; `suggestion` is what was probably meant where no entry has the words."""

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
    issues = _issues(q, words)
    # From the most relevant; those that are equally so stay in the order of lists.
    answering = sorted((issue for issue in issues if issue.answers), key=lambda issue: -issue.relevance)
    found = Found(issues=answering[:SHOWN], names=_names(q, words))
    answers = matching(TimelineFilter(q=q))
    found.total = _counted("all", q, answers)
    if not found.total:
        # Somebody is still typing the last word.
        answers = _beginning_with(words)
        found.total = _counted("begun", words, answers)
    if found.total:
        found.entries = _most_relevant(answers, q, Directory.read(issues))
    if not found.total:
        found.suggestion = _meant(words)
    return found


def _counted(how: str, words: str, answers: EntryQuerySet[Entry]) -> int:
    total: int = once(f"search-{how}-{sha256(words.encode()).hexdigest()}", answers.count)
    return total


def plain(q: str) -> str:
    """The words of a search without its operators."""
    return " ".join(word for word in re.findall(r"[\w’'.-]*\w[\w’'.-]*", q) if word != "OR" and word[0] != "-")


def _begins_a_word(words: str) -> Q:
    return Q(called__iregex=rf"\m{re.escape(words)}")


def _names(q: str, words: str) -> dict[str, list[Name]]:
    """All names in which a word begins like this, or that are very like it, the most like first; in one query.

    Who uses operators means words, and no beginnings of words. Where no name has them all, any of them will do.
    """
    wanted = Q(vector=_query(q))
    if words == q:
        wanted |= _begins_a_word(words)
        if len(words) >= SHORTEST_LIKE:
            wanted |= Q(closeness__gte=LIKE)  # measured on every name, of which there are hundreds
    any_of_them = Q(vector=_query(" OR ".join(words.split()))) if words == q and " " in words else Q(pk__in=())
    found = _named(wanted, any_of_them, words)
    if any(name.has_all for name in found):
        found = [name for name in found if name.has_all]
    return {kind: list(some) for kind, some in groupby(found, key=lambda name: name.kind)}


def _named(wanted: Q, or_else: Q, words: str) -> list[Name]:
    closeness = TrigramWordSimilarity(names.latin(words), "called")
    found = (
        model.objects.annotate(
            page=_text(Value(model._meta.model_name)),
            text=_text(F(model.NAMES[0])),
            native=_text(F("native_name") if model is Person else Value("")),
            closeness=closeness,
            vector=SearchVector("called", config="russian"),
        )
        .annotate(has_all=ExpressionWrapper(wanted, BooleanField()))
        .filter(wanted | or_else)
        .order_by("-has_all", "-closeness", Length("text"))
        .values_list("page", "slug", "text", "native", "closeness", "has_all")[:SHOWN]
        for model in NAMED
    )
    return [Name(*row) for row in _union(found)]


def _query(q: str) -> SearchQuery:
    return SearchQuery(q, search_type="websearch", config="russian")


def _text(expression: F | Value) -> Cast:
    """In a union, columns of one place must be of one type."""
    return Cast(expression, CharField())


def _union(querysets: Iterable[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    first, *others = querysets
    return first.union(*others, all=True)


def _issues(q: str, words: str) -> list[Issue]:
    """All issues, which cards name as well; `answers` tells those that the search is for, by their question, their
    description or the terms that signal them, in either language."""
    vector = SearchVector("called", "description", config="russian")
    query = _query(q)
    issues = adding(Issue.objects.all(), vector=vector, relevance=SearchRank(vector, query))
    # Some terms are stop words to the full text: ПРО, missile defence, is also the Russian for “about”.
    wanted = Q(vector=query) | _begins_a_word(words) if words == q else Q(vector=query)
    return list(adding(issues, answers=ExpressionWrapper(wanted, BooleanField())).defer("called"))


def _beginning_with(words: str) -> EntryQuerySet[Entry]:
    *whole, last = re.findall(r"\w+", words)
    query = SearchQuery(f"{last}:*", search_type="raw", config="russian")
    if whole:
        query &= SearchQuery(" ".join(whole), config="russian")
    return Entry.objects.published().filter(search=query)


def _most_relevant(answers: EntryQuerySet[Entry], q: str, directory: Directory) -> list[Row]:
    query = SearchQuery(q, search_type="websearch", config="russian")
    newest = answers.newest_first().values("pk")[:RANKED]
    best = adding(Entry.objects.filter(pk__in=newest), relevance=SearchRank("search", query))
    return read(highlighted(best.order_by(F("relevance").desc(), "-earliest", "-pk")[:ENTRIES], q), directory)


def _meant(words: str) -> str:
    """What was probably meant: each word that the record does not know replaced by the likest that a name has.

    Where that finds nothing either, the words that were put right are offered alone.
    """
    typed = words.split()[:MOST_WORDS]
    known = _union(
        Entry.objects.published().filter(search=_query(word)).values_list(Value(place))[:1]
        for place, word in enumerate(typed)
    )
    places = {place for (place,) in known}
    unknown = [word for place, word in enumerate(typed) if place not in places]
    nearest = _nearest(unknown) if unknown else {}
    if not nearest:
        return ""
    whole = " ".join(nearest.get(word, word) for word in typed)
    return whole if matching(TimelineFilter(q=whole)).exists() else " ".join(nearest.values())


def _nearest(typed: list[str]) -> dict[str, str]:
    """For each word the likest one among the names that are at all like it, if any is."""
    places = Round.objects.published().annotate(called=F("city"))
    things = [*(model.objects.all() for model in (*NAMED, Issue)), places]
    like = (
        some.annotate(asked=_text(Value(word)), closeness=TrigramWordSimilarity(names.latin(word), "called"))
        .filter(closeness__gte=MAYBE)
        .order_by("-closeness")
        .values_list("asked", "called", "closeness")[:1]
        for word in dict.fromkeys(typed)
        for some in things
    )
    found: dict[str, str] = {}
    for word, called, _closeness in sorted(_union(like), key=itemgetter(2), reverse=True):
        ours = {names.latin(one).lower(): one for one in reversed(re.findall(r"[^\W\d_][\w’'-]+", called))}
        for close in get_close_matches(names.latin(word).lower(), ours, n=1):
            found.setdefault(word, ours[close])
    # A word that only goes on was not misspelt.
    return {word: likest for word, likest in found.items() if not likest.lower().startswith(word.lower())}
