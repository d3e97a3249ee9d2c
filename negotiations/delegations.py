"""Delegations over time: who led which side's delegation in talks, from when to when, as a chart and its table."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

from negotiations.cards import Card, Head, RoundCard
from negotiations.charts.rounds import Bout, Lane, Year, strip
from negotiations.issue_chart import COLOURS
from negotiations.models import Entry, Party


@dataclass
class Tenure:
    """The meetings to which one person led a side's delegation; without a name, those whose head is not recorded."""

    party: Party
    name: str = ""
    url: str = ""
    titles: list[str] = field(default_factory=list)
    """As what, in the order in which the record has them."""
    meetings: list[Entry] = field(default_factory=list)
    lane: Lane | None = None

    @property
    def colour(self) -> str:
        return COLOURS.get(self.party.code, "other")

    @property
    def first(self) -> Entry:
        return self.meetings[0]

    @property
    def last(self) -> Entry:
        return self.meetings[-1]


@dataclass(frozen=True)
class Delegations:
    tenures: list[Tenure]
    """By side, those who led first before those who came after, the unknown last."""
    years: list[Year]


def delegations(cards: Iterable[Card], bout: Callable[[Entry], Bout]) -> Delegations | None:
    """Who led the delegations to these meetings, oldest first; nothing where no source names anyone.

    `bout` makes of an entry what the chart needs of a meeting.
    """
    tenures: dict[Hashable, Tenure] = {}
    bouts: list[Bout] = []
    for card in cards:
        for side in card.sides if isinstance(card, RoundCard) else ():
            for name, url, title in side.heads or [Head("", "", "")]:
                key = (side.party.pk, url)
                tenure = tenures.setdefault(key, Tenure(side.party, name, url))
                tenure.meetings.append(card.entry)
                if title and title not in tenure.titles:
                    tenure.titles.append(title)
                bouts.append(bout(card.entry)._replace(lane=key))
    if not any(tenure.name for tenure in tenures.values()):
        return None
    drawn = strip(bouts)
    for lane in drawn.lanes:
        tenures[lane.key].lane = lane
    parties = list(dict.fromkeys(tenure.party for tenure in tenures.values()))
    parties.sort(key=lambda party: (party.rank, party.short_name))
    in_order = sorted(tenures.values(), key=lambda tenure: (parties.index(tenure.party), not tenure.name))
    return Delegations(in_order, drawn.years)
