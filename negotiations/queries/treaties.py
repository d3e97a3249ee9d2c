"""The texts that were agreed, each with its life in law: what it was on any day, and from when to when.

Statuses are read from milestones in memory, so that thirty texts cost as many queries as one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, Prefetch, Q

from negotiations import dates
from negotiations.models import (
    Citation,
    DataExchange,
    Entry,
    Issue,
    Limit,
    Milestone,
    Party,
    Round,
    Source,
    Standing,
    Status,
    Treaty,
)
from negotiations.models.treaties import ENDED

from .generation import once_here

IN_LAW = {Status.IN_FORCE, Status.SUSPENDED}
# The two powers whose arms the record is about.
POWERS = ("US", "RU")


@dataclass(frozen=True)
class Period:
    """A stretch of a treaty's life with one status; `end` is the first day of the next, or None."""

    standing: Standing
    start: date
    end: date | None
    until: str
    """The end as exactly as it is known, in EDTF; empty where there is none."""

    @property
    def since(self) -> str:
        """The beginning as exactly as it is known, in EDTF."""
        return self.standing.since.date

    @property
    def status(self) -> Status:
        return self.standing.status

    def holds_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


class Span(NamedTuple):
    """Days on which limits were in force; `end` is the first without, or None."""

    start: date
    end: date | None
    since: str
    """The beginning as exactly as it is known, in EDTF, and so the end; empty where there is none."""
    until: str

    @property
    def is_exact(self) -> bool:
        return dates.is_exact(self.since) and (not self.until or dates.is_exact(self.until))


@dataclass(frozen=True)
class Life:
    """A treaty with its periods, oldest first; none if no milestone is recorded."""

    treaty: Treaty
    periods: tuple[Period, ...]

    def on(self, day: date) -> Standing | None:
        return self.treaty.status_on(day)

    def period_on(self, day: date) -> Period | None:
        return next((period for period in self.periods if period.holds_on(day)), None)

    @cached_property
    def milestones(self) -> list[Milestone]:
        return sorted((m for m in self.treaty.milestones.all() if m.is_published), key=lambda m: m.life_order)

    @cached_property
    def agreed(self) -> Milestone | None:
        """The step that made the text: its signature, or its announcement."""
        return next((m for m in self.milestones if m.type in ("signed", "issued", "announced")), None)

    @cached_property
    def began(self) -> Milestone | None:
        return next((m for m in self.milestones if m.type == "entered-into-force"), None)

    @cached_property
    def in_law(self) -> Span | None:
        """From when to when it was in force."""
        spans = [period for period in self.periods if period.status in IN_LAW]
        return Span(spans[0].start, spans[-1].end, spans[0].since, spans[-1].until) if spans else None

    @cached_property
    def ended(self) -> Period | None:
        return next((period for period in self.periods if period.status in ENDED), None)

    @property
    def sets_limits(self) -> bool:
        """It binds in law and names ceilings."""
        return self.treaty.legally_binding and bool(self.treaty.limits.all())

    @property
    def is_principal(self) -> bool:
        """A treaty in its own right that sets limits; protocols belong to theirs."""
        return self.sets_limits and self.treaty.kind != Treaty.Kind.PROTOCOL


def lives() -> dict[int, Life]:
    """The life of every text in the record, by the treaty's id, in the order in which they were agreed."""
    found: dict[int, Life] = once_here("lives", _lives)
    return found


def _lives() -> dict[int, Life]:
    milestones = Milestone.objects.published().select_related("party", "negotiation").defer("search", "words")
    treaties = {
        treaty.pk: treaty
        for treaty in Treaty.objects.select_related("negotiation").prefetch_related(
            "parties", "limits", Prefetch("milestones", queryset=milestones)
        )
    }
    for treaty in treaties.values():
        if treaty.follows_id:
            treaty.follows = treaties[treaty.follows_id]
    found = [Life(treaty, periods(treaty)) for treaty in treaties.values()]
    found.sort(key=lambda life: (life.agreed.earliest if life.agreed else date.max, life.treaty.slug))
    return {life.treaty.pk: life for life in found}


def periods(treaty: Treaty) -> tuple[Period, ...]:
    """A treaty's status from each day on which it changed. A protocol's changes with that of its treaty."""
    days: set[date] = set()
    ancestor: Treaty | None = treaty
    while ancestor:
        days |= {milestone.earliest for milestone in ancestor.milestones.all() if milestone.is_published}
        ancestor = ancestor.follows if ancestor.kind == Treaty.Kind.PROTOCOL else None
    changes: list[tuple[date, Standing]] = []
    for day in sorted(days):
        standing = treaty.status_on(day)
        if standing and (not changes or changes[-1][1].status != standing.status):
            changes.append((day, standing))
    ends = [*((start, standing.since.date) for start, standing in changes[1:]), (None, "")]
    return tuple(
        Period(standing, start, end, until) for (start, standing), (end, until) in zip(changes, ends, strict=False)
    )


# Which of the texts bind the two powers


def seats(parties: Iterable[Party]) -> list[set[str]]:
    """The codes under which each of the two powers has sat at the table: Russia also as the Soviet Union."""
    by_id = {party.pk: party for party in parties}
    found = []
    for code in POWERS:
        seat, party = {code}, next((party for party in by_id.values() if party.code == code), None)
        while party:
            seat.add(party.code)
            party = by_id.get(party.predecessor_id) if party.predecessor_id else None
        found.append(seat)
    return found


def binds_both(life: Life, powers: Iterable[set[str]]) -> bool:
    codes = {party.code for party in life.treaty.parties.all()}
    return all(codes & seat for seat in powers)


def unbroken(bound: Iterable[Life]) -> list[Span]:
    """Stretches in which at least one of these texts was in force."""
    spans: list[Span] = []
    for span in sorted((life.in_law for life in bound if life.in_law), key=lambda span: span.start):
        if spans and (spans[-1].end is None or span.start <= spans[-1].end):
            before = spans.pop()
            last = max(before, span, key=lambda one: one.end or date.max)
            spans.append(before._replace(end=last.end, until=last.until))
        else:
            spans.append(span)
    return spans


# One treaty


@dataclass(frozen=True)
class Dossier:
    """All that the page of one treaty says."""

    life: Life
    lives: dict[int, Life]
    """Of the other texts as well: they are its neighbours."""
    limits: list[Limit]
    citations: dict[int, list[Citation]]
    """By milestone."""
    exchanges: list[DataExchange]
    rounds: list[Round]
    issues: list[Issue]

    @property
    def forebears(self) -> list[Life]:
        """The texts it succeeds, oldest first."""
        found: list[Life] = []
        treaty = self.life.treaty.follows
        while treaty:
            found.insert(0, self.lives[treaty.pk])
            treaty = treaty.follows
        return found

    @property
    def succession(self) -> list[tuple[Party, list[Party]]]:
        """States that ceased to be parties by ceasing to exist, and those parties that succeeded to them."""
        parties = list(self.life.treaty.parties.all())
        pairs = ((before, [heir for heir in parties if heir.predecessor_id == before.pk]) for before in parties)
        return [(before, heirs) for before, heirs in pairs if heirs]

    @property
    def heirs(self) -> list[Life]:
        """The texts that follow on it."""
        return [life for life in self.lives.values() if life.treaty.follows_id == self.life.treaty.pk]


def dossier(treaty: Treaty) -> Dossier:
    everything = lives()
    life = everything[treaty.pk]
    sources = Prefetch("sources", queryset=Source.objects.defer("text"))
    citations: dict[int, list[Citation]] = {}
    for citation in (
        Citation.objects.filter(entry__in=[milestone.pk for milestone in life.milestones])
        .select_related("source")
        .defer("source__text")
    ):
        citations.setdefault(citation.entry_id, []).append(citation)
    of_talks = {"negotiation": life.treaty.negotiation_id, "kind": Entry.Kind.ROUND}
    rounds = Round.objects.published().filter(**of_talks).select_related("negotiation")
    at_issue = Q(entries__kind=Entry.Kind.ROUND, entries__state=Entry.State.PUBLISHED)
    at_issue &= Q(entries__negotiation=life.treaty.negotiation_id)
    return Dossier(
        life=life,
        lives=everything,
        limits=list(Limit.objects.filter(treaty=treaty).prefetch_related(sources)),
        citations=citations,
        exchanges=list(treaty.data_exchanges.select_related("party").prefetch_related(sources)),
        rounds=list(rounds.defer("search", "words").order_by("earliest", "pk")) if life.treaty.negotiation_id else [],
        issues=list(
            Issue.objects.filter(at_issue).annotate(rounds=Count("entries")).order_by("-rounds", "rank")
            if life.treaty.negotiation_id
            else ()
        ),
    )
