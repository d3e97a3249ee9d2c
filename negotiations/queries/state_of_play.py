"""The state of play on a day: which limits hold, for how long none has, what is in dispute, what is new."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Q

from negotiations import dates
from negotiations.models import Entry, Milestone, Party, Position, Round, Status
from negotiations.models.annotated import adding

from .issues import Row, Table, table
from .stands import Gap
from .treaties import IN_LAW, Life, Span, binds_both, lives, seats, unbroken

LATEST = 4
# So many things at most are told of one occasion: an interview of ten answers is ten statements with one title.
SAID_AT_ONCE = 12
# The first year whose days are looked up, how far from the day one may lie, and how many are told.
FIRST = 1945
NEAR = 3
ANNIVERSARIES = 5
# A long record has more on any day than a page can hold.
MOST_AROUND = 60
# So many dates before the day, and so many after it.
BEFORE, AHEAD = 4, 4
# Anniversaries that people keep.
ROUND_YEARS = (10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 100)
DISPUTED = {Gap.APART: 0, Gap.PARTLY: 1, Gap.AGREED: 2}


@dataclass(frozen=True)
class Anniversary:
    """So many years since a treaty was signed or ended."""

    years: int
    milestone: Milestone


class Ahead(NamedTuple):
    """Something that lies ahead: the day by which it is put in order, and the date as exactly as it is known."""

    day: date
    when: str
    what: Milestone | Position | Anniversary


@dataclass(frozen=True)
class StateOfPlay:
    day: date
    today: date
    lives: list[Life]
    """Of the treaties that limit the arms of both powers, in the order in which they were agreed."""
    wider: list[Life]
    """Of the treaties in force on the day that set no limits on the two."""
    texts: int
    spans: list[Span]
    """When at least one limit on both powers was in force."""
    rounds: list[Round]
    disputes: Table
    latest: list[Entry]
    around: list[Entry]
    """Of earlier years, dated to this day or to one near it."""
    ends: list[Position]
    """Positions of the two powers with a term that runs out after the day. Of a past day this would be hindsight."""

    # Limits

    @cached_property
    def in_force(self) -> list[Life]:
        return self._with(IN_LAW)

    @cached_property
    def pending(self) -> list[Life]:
        return self._with({Status.SIGNED})

    @cached_property
    def never(self) -> list[Life]:
        return self._with({Status.NEVER_IN_FORCE})

    @cached_property
    def ended(self) -> list[Life]:
        """The last to end comes first."""
        gone = self._with({Status.EXPIRED, Status.TERMINATED, Status.SUPERSEDED})
        return sorted(gone, key=lambda life: life.ended.start if life.ended else self.day, reverse=True)

    def _with(self, statuses: set[Status]) -> list[Life]:
        standings = ((life, life.on(self.day)) for life in self.lives)
        return [life for life, standing in standings if standing and standing.status in statuses]

    @cached_property
    def span(self) -> Span | None:
        """The stretch with a limit in force on the day, or else the last one before it."""
        begun = [span for span in self.spans if span.start <= self.day]
        return begun[-1] if begun else None

    @property
    def is_limited(self) -> bool:
        return self.span is not None and (self.span.end is None or self.day < self.span.end)

    @property
    def days_without(self) -> int | None:
        """Days since the last limit on both powers ceased to be in force; None where one is, or none had yet been."""
        ended = self.span.end if self.span and not self.is_limited else None
        return (self.day - ended).days if ended else None

    @property
    def days_with(self) -> int | None:
        """Days since which at least one limit has been in force without a break."""
        return (self.day - self.span.start).days if self.span and self.is_limited else None

    @property
    def is_counted_to_the_day(self) -> bool:
        """Whether the day is known from which those days count; the first of a vaguer date makes them too many."""
        return self.span is not None and dates.is_exact(self.span.since if self.is_limited else self.span.until)

    # Disputes

    @cached_property
    def open(self) -> list[Row]:
        """Questions on which both powers hold a position, those that divide them first."""
        both = [row for row in self.disputes.rows if row.both_hold]
        return sorted(both, key=lambda row: DISPUTED[row.gap])

    # Dates

    @cached_property
    def is_exact(self) -> bool:
        return any(self._is_same(entry) for entry in self.around)

    @property
    def on_this_day(self) -> list[Entry]:
        """Of earlier years; if nothing fell on the day itself, what fell near it."""
        return (
            [entry for entry in self.around if self._is_same(entry)] if self.is_exact else self.around[:ANNIVERSARIES]
        )

    def _is_same(self, entry: Entry) -> bool:
        return (entry.earliest.month, entry.earliest.day) == (self.day.month, self.day.day)

    @cached_property
    def past_dates(self) -> list[Milestone]:
        done = [m for life in self.lives for m in life.milestones if m.earliest <= self.day and not m.party_id]
        return sorted(done, key=lambda m: m.life_order)[-BEFORE:]

    @cached_property
    def coming(self) -> list[Ahead]:
        """What the record knows to lie ahead of the day, soonest first."""
        ahead = [Ahead(m.earliest, m.date, m) for life in self.lives for m in life.milestones if m.earliest > self.day]
        ahead += [Ahead(one.end_latest, one.end, one) for one in self.ends if one.end_latest]
        for life in self.lives:
            ended = life.ended.standing.since if life.ended else None
            for milestone in (one for one in (life.agreed, ended) if one):
                kept = (year for year in ROUND_YEARS if _after(milestone.earliest, year) > self.day)
                if (years := next(kept, None)) and milestone.earliest <= self.day:
                    when = _after(milestone.earliest, years)
                    # As exact as the day that is kept: of a month, a month.
                    text = when.isoformat()[: len(dates.machine(milestone.date))]
                    ahead.append(Ahead(when, text, Anniversary(years, milestone)))
        return sorted(ahead, key=lambda one: one.day)[:AHEAD]


def state_of_play(day: date, today: date) -> StateOfPlay:
    everything = list(lives().values())
    parties = list(Party.objects.all())
    powers = seats(parties)
    bound = [life for life in everything if life.sets_limits and binds_both(life, powers)]
    disputes = table(day, parties)
    latest, around = _latest_and_around(day)
    sides = [side.pk for side in disputes.sides]
    ahead = Position.objects.published().filter(party__in=sides, earliest__lte=day, end_earliest__gt=day)
    return StateOfPlay(
        day=day,
        today=today,
        lives=[life for life in bound if life.is_principal],
        wider=[
            life
            for life in everything
            if life not in bound
            and binds_both(life, powers)
            and life.treaty.kind == life.treaty.Kind.TREATY
            and (standing := life.on(day))
            and standing.status in IN_LAW
        ],
        texts=len(everything),
        spans=unbroken(bound),
        rounds=list(
            Round.objects.published()
            .filter(held=True, earliest__lte=day)
            .only("date", "negotiation", "earliest", "latest")
            .order_by("earliest")
        ),
        disputes=disputes,
        latest=_each_once(latest),
        around=around,
        ends=list(ahead.select_related("party", "option").defer("search", "words").order_by("end_earliest")[:AHEAD])
        if day >= today
        else [],
    )


def rounds_of(lives: list[Life], rounds: list[Round]) -> tuple[dict[int, list[Round]], list[Round]]:
    """Rounds under the treaties that came of them, by the treaty's id; and those that led to none of these."""
    by_talks = defaultdict(list)
    for life in lives:
        if life.treaty.negotiation_id:
            by_talks[life.treaty.negotiation_id].append(life.treaty.pk)
    found, others = defaultdict(list), []
    for one in rounds:
        treaties = by_talks.get(one.negotiation_id or 0)
        for treaty in treaties or ():
            found[treaty].append(one)
        if not treaties:
            others.append(one)
    return found, others


def _latest_and_around(day: date) -> tuple[list[Entry], list[Entry]]:
    """The newest entries by the day, and what earlier years have about the same day; newest first, in one query."""
    published = Entry.objects.published()
    near = Q(earliest__in=_same_days(day), date__regex=r"^\d{4}-\d\d-\d\d(/|$)") & ~Q(kind=Entry.Kind.POSITION)
    latest = published.filter(earliest__lte=day).newest_first().values("pk")[: LATEST * SAID_AT_ONCE]
    around = published.filter(near).newest_first().values("pk")[:MOST_AROUND]
    either = adding(Entry.objects.filter(pk__in=latest.union(around)), near=ExpressionWrapper(near, BooleanField()))
    found = list(either.defer("search", "words").select_related("negotiation", "party").newest_first())
    # Whichever of the two an entry was found for, it comes where it would in the whole record.
    by_then = [entry for entry in found if entry.earliest <= day][: LATEST * SAID_AT_ONCE]
    return by_then, [entry for entry in found if entry.near][:MOST_AROUND]


def _each_once(entries: Iterable[Entry]) -> list[Entry]:
    """The newest entries, of one occasion only the first."""
    found: dict[tuple[str | None, str, str], Entry] = {}
    for entry in entries:
        found.setdefault((entry.kind, entry.title, entry.date), entry)
    return list(found.values())[:LATEST]


def _after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _same_days(day: date) -> list[date]:
    """The day and those near it in every earlier year of the record, each looked up in the index by date."""
    found = []
    for back in range(1, day.year - FIRST + 1):
        same = _after(day, -back)
        found += [same + timedelta(days=shift) for shift in range(-NEAR, NEAR + 1)]
    return found
