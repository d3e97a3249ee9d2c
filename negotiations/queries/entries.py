"""What it takes to print entries: each with the facts of its kind, its sources, its evidence and what went before.

The number of queries is the same for one entry and for fifty.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from negotiations.models import Citation, Delegation, Entry, Evidence, Issue, Milestone, Party, Position, Statement
from negotiations.models.annotated import adding
from negotiations.models.record import EntryQuerySet

from .directory import Directory
from .evidence import own_word

# Set around the words that a search found; private characters, so that no text of the record holds them.
HIGHLIGHT = ("\ue000", "\ue001")


@dataclass
class Row:
    """One entry with all that a card says of it."""

    entry: Entry
    parties: list[Party]
    issues: list[Issue]
    citations: list[Citation]
    delegations: list[Delegation] = field(default_factory=list)
    """Of a round: who sat at the table."""
    speakers: list[dict[str, Any]] = field(default_factory=list)
    """Of a joint text: the people who made it, by name, native name and slug."""
    steps: set[str] = field(default_factory=set)
    """Of a milestone: the types of the steps that the treaty had taken by then, this one included."""
    previous: Position | None = None
    """Of a position: the one of the same party on the same question before it."""
    evidence: list[Any] = field(default_factory=list)
    """Of a position: what bears it out, oldest first; see `_evidence`."""
    bears_out: list[Any] = field(default_factory=list)
    """Of a statement or milestone: the positions it is evidence for."""


def read(entries: EntryQuerySet[Entry], directory: Directory, *, with_evidence: bool = True) -> list[Row]:
    """Entries of a queryset, in its order, ready to print; `with_evidence` also what bears out what."""
    found = list(_with_kinds(entries))
    ids = [entry.pk for entry in found]
    kinds = {entry.kind for entry in found}
    cited = _group(Citation.objects.filter(entry__in=ids).select_related("source").defer("source__text"), "entry_id")
    tables = _group(_delegations(ids), "round_id") if "round" in kinds else {}
    links = _evidence(ids) if with_evidence and kinds - {"round"} else []
    evidence, bears_out = _group(links, "position_id"), _group(links, "entry_id")
    previous = _previous([entry for entry in found if entry.kind == "position"])
    rows = []
    for entry in found:
        _name(entry, directory)
        rows.append(
            Row(
                entry=entry,
                parties=_ranked(directory.parties, entry.party_ids),
                issues=_ranked(directory.issues, entry.issue_ids),
                citations=cited.get(entry.pk, []),
                delegations=tables.get(entry.pk, []),
                speakers=entry.spoke_jointly,
                steps=set(entry.treaty_steps),
                previous=previous.get(entry.pk),
                evidence=evidence.get(entry.pk, []),
                bears_out=bears_out.get(entry.pk, []),
            )
        )
    for delegations in tables.values():
        for delegation in delegations:
            delegation.party = directory.parties[delegation.party_id]
    return rows


def _with_kinds(entries: EntryQuerySet[Entry]) -> EntryQuerySet[Entry]:
    """Entries with their child row, and the short lists that would otherwise need a query each."""
    here = OuterRef("pk")
    treaty = Milestone.objects.published().filter(
        treaty=OuterRef("as_milestone__treaty"), earliest__lte=OuterRef("earliest")
    )
    speakers = Statement.joint_speakers.through.objects.filter(statement=here).order_by("pk")
    rows = entries.select_related("as_round", "as_statement", "as_milestone", "as_position__option", "speaker")
    return adding(
        rows.defer("search", "words", "withdrawn_reason"),
        party_ids=ArraySubquery(Entry.parties.through.objects.filter(entry=here).values("party_id")),
        issue_ids=ArraySubquery(Entry.issues.through.objects.filter(entry=here).values("issue_id")),
        spoke_jointly=ArraySubquery(
            speakers.values(json=JSONObject(name="person__name", native="person__native_name", slug="person__slug")),
        ),
        treaty_steps=ArraySubquery(treaty.values("type")),
    )


def _name(entry: Entry, directory: Directory) -> None:
    """Give an entry the parties and talks it names, so that printing them asks nothing of the database."""
    entry.party = directory.parties.get(entry.party_id or 0)
    entry.issue = directory.issues.get(entry.issue_id or 0)
    entry.negotiation = directory.negotiations.get(entry.negotiation_id or 0)
    child: Entry = entry.child
    if isinstance(child, Milestone):
        child.treaty = directory.treaties[child.treaty_id]
    child.party, child.issue, child.negotiation = entry.party, entry.issue, entry.negotiation


def _delegations(ids: list[int]) -> QuerySet[Delegation]:
    return Delegation.objects.filter(round__in=ids).select_related("head")


def _evidence(ids: list[int]) -> list[Any]:
    """Ties between published positions and what bears them out, where either is among these entries.

    `own` where the party itself said or did it, else it is another's account.
    """
    published = Q(position__state=Entry.State.PUBLISHED, entry__state=Entry.State.PUBLISHED)
    # Joined by OR, the halves would keep some versions of PostgreSQL from the index of each.
    ties = Evidence.objects.order_by().values("pk")
    either = ties.filter(position__in=ids).union(ties.filter(entry__in=ids))
    links: QuerySet[Any] = adding(Evidence.objects.filter(published, pk__in=either), own=own_word())
    return list(
        links.order_by("entry__earliest", "entry_id", "position__earliest", "position_id").values_list(
            "position_id", "position__slug", "position__title", "position__stance",
            "entry_id", "entry__slug", "entry__kind", "entry__title", "entry__date",
            "entry__party__short_name", "own", named=True,
        )
    )  # fmt: skip


def _previous(positions: list[Entry]) -> dict[int, Position]:
    """For each position the one before it in its line, by its id."""
    if not positions:
        return {}
    before = Position.objects.filter(pk__in=[entry.pk for entry in positions]).with_previous()
    ids = before.values_list(F("previous_id"))
    known = list(Position.objects.filter(pk__in=ids).select_related("option").defer("search", "words"))
    lines: dict[Hashable, dict[int, Position]] = defaultdict(dict)
    for position in [*known, *(entry.as_position for entry in positions)]:
        lines[position.party_id, position.issue_id, position.line][position.pk] = position
    previous: dict[int, Position] = {}
    for line in lines.values():
        in_order = sorted(line.values(), key=lambda position: (position.earliest, position.pk))
        previous |= {later.pk: earlier for earlier, later in pairwise(in_order)}
    return previous


def _ranked(named: dict[int, Any], ids: Iterable[int]) -> list[Any]:
    wanted = set(ids)
    return [thing for pk, thing in named.items() if pk in wanted]


def _group(rows: Iterable[Any], key: str) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups
