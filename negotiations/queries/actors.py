"""Who is on the record: parties with what they hold and who spoke for them, people with what they said."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateField, Exists, ExpressionWrapper, F, OuterRef, Prefetch, QuerySet, Value

from negotiations.models import (
    Citation,
    Delegation,
    Entry,
    Issue,
    Office,
    Party,
    Person,
    Position,
    Round,
    Source,
    Statement,
)
from negotiations.models.annotated import adding
from negotiations.models.record import EntryQuerySet

from .generation import once
from .stands import chain

LATEST = 8
# Somebody with more on the record is better read in the timeline.
MOST_STATEMENTS = 50


@dataclass(frozen=True)
class Profile:
    """All that the page of one party says."""

    party: Party
    before: list[Party]
    """Those whose seat at the table it took over, latest first."""
    heirs: list[Party]
    offices: list[Office]
    stands: list[Position]
    latest: list[Entry]
    counts: dict[str, int]

    @property
    def held(self) -> list[Position]:
        return [position for position in self.stands if position.held]


def parties() -> list[Party]:
    counts = once("parties-counted", _counted_parties)
    found = list(Party.objects.select_related("predecessor"))
    for party in found:
        party.on_record = counts.get(party.pk, 0)
    return found


def _counted_parties() -> dict[int, int]:
    return dict(_counted(Entry.parties.through.objects.filter(entry__state=Entry.State.PUBLISHED), "party"))


def profile(party: Party, day: date) -> Profile:
    everyone = {other.pk: other for other in Party.objects.all()}
    seat = chain(everyone[party.pk], everyone)
    entries = Entry.objects.published().filter(parties=party)
    counts = once(f"party-{party.pk}-counted", lambda: dict(_counted(entries, "kind")))
    said = entries.filter(kind=Entry.Kind.STATEMENT, earliest__lte=day)
    held = (
        Position.objects.filter(party=party)
        .as_of(day)
        .select_related("option", "issue")
        .defer("search", "words")
        .order_by("issue__rank", "issue__slug", "line")
    )
    sources = Prefetch("sources", queryset=Source.objects.defer("text"))
    return Profile(
        party=party,
        before=seat[1:],
        heirs=[other for other in everyone.values() if other.predecessor_id == party.pk],
        offices=list(
            party.offices.select_related("person").prefetch_related(sources).order_by("person__slug", "order", "pk")
        ),
        stands=list(held),
        latest=list(said.select_related("speaker").defer("search", "words").newest_first()[:LATEST]),
        counts=counts,
    )


@dataclass(frozen=True)
class Listed:
    """A person in the list of all, with how often they spoke and led a delegation."""

    person: Person
    said: int
    led: int


def people() -> list[Listed]:
    """Everybody on the record, by family name."""
    said, led = once("people-counted", _counted_people)
    offices = Prefetch("offices", queryset=Office.objects.select_related("party"))
    everyone = Person.objects.prefetch_related(offices)
    return [Listed(person, said[person.pk], led.get(person.pk, 0)) for person in everyone]


def _counted_people() -> tuple[Counter[int], dict[int, int]]:
    """How often everybody spoke, alone or with others, and how many delegations they led."""
    published = Entry.State.PUBLISHED
    said = Counter(dict(_counted(Statement.objects.published().exclude(speaker=None), "speaker")))
    said.update(dict(_counted(Statement.joint_speakers.through.objects.filter(statement__state=published), "person")))
    led = dict(_counted(Delegation.objects.filter(round__state=published).exclude(head=None), "head"))
    return said, led


def _counted(rows: QuerySet[Any], key: str) -> Iterable[tuple[Any, int]]:
    counted: Iterable[tuple[Any, int]] = rows.order_by().values_list(key).annotate(Count("pk"))
    return counted


@dataclass(frozen=True)
class Biography:
    """All that the page of one person says."""

    person: Person
    offices: list[Office]
    statements: list[Statement]
    """The newest; `said` counts them all."""
    said: int
    rounds: list[Round]
    issues: list[Issue]


def biography(person: Person) -> Biography:
    sources = Prefetch("sources", queryset=Source.objects.defer("text"))
    # Alone and with others, each found by its own index.
    alone = Entry.objects.published().filter(kind=Entry.Kind.STATEMENT, speaker=person).order_by()
    joint = Entry.objects.published().filter(as_statement__joint_speakers=person).order_by()
    # An index on the date cannot serve this sum: it would lead past all that others said.
    day = ExpressionWrapper(F("earliest") + Value(0), DateField())
    newest = alone.newest_first().values("pk")[:MOST_STATEMENTS]
    newest = newest.union(joint.order_by(day.desc(), "-pk").values("pk")[:MOST_STATEMENTS])
    statements = Statement.objects.filter(pk__in=newest)
    checked = Citation.objects.filter(entry=OuterRef("pk"), checked_on__isnull=False)
    statements = adding(statements.select_related("party"), verified=Exists(checked)).defer("search", "words")
    said = Entry.objects.filter(pk__in=alone.values("pk").union(joint.values("pk")))
    led = Round.objects.published().filter(delegations__head=person).distinct()
    count, tagged = once(f"person-{person.pk}-counted", lambda: (said.count(), _issues_of(said)))
    return Biography(
        person=person,
        offices=list(person.offices.select_related("party").prefetch_related(sources)),
        statements=list(statements.newest_first()[:MOST_STATEMENTS]),
        said=count,
        rounds=list(led.select_related("negotiation").defer("search", "words").newest_first()),
        issues=sorted(Issue.objects.filter(pk__in=tagged), key=lambda issue: (-tagged[issue.pk], issue.rank)),
    )


def _issues_of(said: EntryQuerySet[Entry]) -> dict[int, int]:
    """How many of these statements touch on which issue."""
    return dict(_counted(Entry.issues.through.objects.filter(entry__in=said.values("pk")), "issue"))
