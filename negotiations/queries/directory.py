"""The names that readers ask by and that every card prints: parties, issues, negotiations and treaties.

Some hundred rows in all, read once for a page instead of once for an entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from django.db.models import Model

from negotiations.models import Issue, Negotiation, Party, Treaty

from .generation import once_here

Thing = TypeVar("Thing", bound=Model)


@dataclass(frozen=True)
class Directory:
    """Everything by its id, in the order in which lists show it."""

    parties: dict[int, Party]
    issues: dict[int, Issue]
    negotiations: dict[int, Negotiation]
    treaties: dict[int, Treaty] = field(default_factory=dict)

    @classmethod
    def read(cls, issues: Iterable[Issue] | None = None) -> "Directory":
        """`issues`: all there are, in the order of lists, where they have been read already."""
        directory: Directory = once_here("directory", lambda: cls._read(issues))
        return directory

    @classmethod
    def _read(cls, issues: Iterable[Issue] | None) -> "Directory":
        return cls(
            parties=_by_id(Party.objects.defer("called")),
            issues=_by_id(Issue.objects.only("slug", "question", "rank") if issues is None else issues),
            negotiations=_by_id(Negotiation.objects.only("slug", "name", "start", "end", "earliest", "treaty")),
            treaties=_by_id(Treaty.objects.defer("summary", "called").order_by("short_name")),
        )

    @classmethod
    def of_talks(cls, negotiation: Negotiation) -> "Directory":
        """What the rounds and statements of one negotiation name: no other talks, and no treaty."""
        return cls(
            parties=_by_id(Party.objects.defer("called")),
            issues=_by_id(Issue.objects.only("slug", "question", "rank")),
            negotiations={negotiation.pk: negotiation},
        )

    @cached_property
    def continued_by(self) -> dict[int, Party]:
        """The one successor that continues a vanished state's record, by that state's id.

        Four states succeeded to the Soviet Union's treaties, but only Russia took over its seat at the table: of
        several successors it is the one that lists name first.
        """
        found: dict[int, Party] = {}
        for party in self.parties.values():
            if party.predecessor_id:
                found.setdefault(party.predecessor_id, party)
        return found

    @cached_property
    def chief_parties(self) -> list[Party]:
        """The states that a reader is likeliest to ask for: those that did not merely inherit a treaty."""
        states = [party for party in self.parties.values() if party.code]
        return [party for party in states if not party.predecessor_id or self.predecessor(party)]

    @cached_property
    def other_parties(self) -> list[Party]:
        return [party for party in self.parties.values() if party not in self.chief_parties]

    def predecessor(self, party: Party) -> Party | None:
        """The state whose record this party's continues."""
        before = party.predecessor_id
        return self.parties.get(before) if before and self.continued_by.get(before) is party else None


def _by_id(objects: Iterable[Thing]) -> dict[int, Thing]:
    return {thing.pk: thing for thing in objects}
