"""Entries as cards: rows of the record turned into the words and addresses that templates print.

Drawing costs more than fetching, so what needs thought is settled here and templates only place it.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from negotiations import dates, names
from negotiations.dateblock import DateBlock, date_block
from negotiations.links import link
from negotiations.models import Milestone, Party, Position, Round, Statement
from negotiations.queries import titles
from negotiations.queries.entries import HIGHLIGHT, Row

KINDS = {
    "round": gettext_lazy("Round"),
    "statement": gettext_lazy("Statement"),
    "milestone": gettext_lazy("Treaty milestone"),
    "position": gettext_lazy("Position"),
}
ANSWERS = {
    "demands": gettext_lazy("Demands %s"),
    "prefers": gettext_lazy("Prefers %s"),
    "accepts": gettext_lazy("Accepts %s"),
    "conditional": gettext_lazy("Would accept %s"),
    "opposes": gettext_lazy("Opposes %s"),
}
# So many pieces of evidence, or of what an entry is evidence for, are named; the rest are counted.
NAMED = 2


class Link(NamedTuple):
    text: str
    url: str
    extra: str = ""
    """A sign before it, or a remark after it."""


class Head(NamedTuple):
    """Who led a delegation, and as what."""

    name: str
    url: str
    title: str


class Side(NamedTuple):
    """A party at the table; no heads where no source names one."""

    party: Party
    heads: list[Head]


class Stage(NamedTuple):
    name: str
    reached: bool
    current: bool


class Card:
    """One entry, ready to print."""

    template = ""
    child: Any
    """The entry as its own kind, of which each kind of card knows more."""

    def __init__(self, row: Row) -> None:
        self.row, self.entry, self.child = row, row.entry, row.entry.child
        self.nested: list[Card] = []
        """Of a round: what was said at it."""
        self.day_aside = ""
        """Of a nested card: its date, where that differs from the round's."""

    @property
    def kind_name(self) -> str:
        return str(KINDS[self.entry.kind])

    @property
    def glyph(self) -> str:
        return f"k-{self.entry.kind}"

    @property
    def place(self) -> str:
        return names.named(self.entry.city or self.entry.country)

    @cached_property
    def url(self) -> str:
        return link(self.entry.kind, self.entry.slug)

    @cached_property
    def date(self) -> DateBlock:
        return date_block(self.entry.date, self.entry.date_basis)

    @property
    def summary(self) -> str:
        return marked(getattr(self.entry, "marked_summary", None) or self.entry.summary)

    @property
    def issues(self) -> list[Link]:
        return [Link(str(issue), link("issue", issue.slug)) for issue in self.row.issues]

    @property
    def states(self) -> list[Party]:
        """The parties concerned, without the groups in whose name they spoke."""
        return [party for party in self.row.parties if party.kind != Party.Kind.GROUP]

    @property
    def talks(self) -> Link | None:
        talks = self.entry.negotiation
        return Link(str(talks), link("negotiation", talks.slug)) if talks else None

    @property
    def bears_out(self) -> list[Link]:
        """The positions that the entry is evidence for."""
        return [
            Link(
                titles.titled(tie.position__title),
                link("position", tie.position__slug),
                f"s-{tie.position__stance}",
            )
            for tie in self.row.bears_out[:NAMED]
        ]

    @property
    def bears_out_more(self) -> int:
        return max(len(self.row.bears_out) - NAMED, 0)


class RoundCard(Card):
    template = "negotiations/_card_round.html"
    child: Round

    @property
    def kind_name(self) -> str:
        name = capfirst(self.child.get_form_display())
        return f"{name} {self.child.number}" if self.child.number else name

    @cached_property
    def url(self) -> str:
        talks = self.entry.negotiation
        return link("round", talks.slug if talks else "", self.entry.path)

    @cached_property
    def sides(self) -> list[Side]:
        heads: dict[int, list[Head]] = {party.pk: [] for party in self.states}
        parties = {party.pk: party for party in self.states}
        for delegation in self.row.delegations:
            parties.setdefault(delegation.party_id, delegation.party)
            led = heads.setdefault(delegation.party_id, [])
            if delegation.head:
                led.append(Head(str(delegation.head), link("person", delegation.head.slug), delegation.title))
        return [Side(parties[pk], led) for pk, led in heads.items()]

    @cached_property
    def across(self) -> list[Side]:
        """The two who faced each other; empty where more sat round the table, or fewer are known."""
        for sides in (self.sides, self.led):
            if len(sides) == 2:
                return sides
        return []

    @property
    def led(self) -> list[Side]:
        """The delegations whose heads are known."""
        return [side for side in self.sides if side.heads]

    @property
    def duration(self) -> str:
        """How long it sat, where both days are known."""
        entry = self.entry
        first, slash, last = entry.date.partition("/")
        if not slash or len(first) != 10 or len(last) != 10:
            return ""
        days = (entry.latest - entry.earliest).days + 1
        return dates.counted(ngettext("%d day", "%d days", days) % days)


class StatementCard(Card):
    template = "negotiations/_card_statement.html"
    child: Statement

    @property
    def quote(self) -> str:
        return marked(getattr(self.entry, "marked_quote", None) or self.child.quote)

    @property
    def occasion(self) -> str:
        return self.child.occasion or capfirst(self.child.get_form_display())

    @cached_property
    def speakers(self) -> list[Link]:
        entry = self.entry
        if entry.speaker:
            return [Link(str(entry.speaker), link("person", entry.speaker.slug))]
        return [
            Link(names.person(one["name"], one["native"]), link("person", one["slug"])) for one in self.row.speakers
        ]

    @property
    def speaker_names(self) -> SafeString:
        return format_html_join(
            mark_safe(f" {conditional_escape(_('and'))} "),  # noqa: S308
            '<a href="{}">{}</a>',
            ((person.url, person.text) for person in self.speakers),
        )

    @property
    def standing(self) -> str:
        """In what capacity it was said: the office that day, and for whom."""
        office, party = self.child.office, self.entry.party
        if not party or (office and (party.kind == Party.Kind.GROUP or party.short_name in office)):
            return names.english(office)
        return format_html("{}, {}", names.english(office), party) if office else str(party)


class MilestoneCard(Card):
    template = "negotiations/_card_milestone.html"
    child: Milestone

    @property
    def stages(self) -> list[Stage]:
        """How far along its life the step brought the treaty; nothing where these four words would not say it."""
        if not self.child.treaty.legally_binding or self.child.type in ("rejected", "withdrawal-announced"):
            return []
        taken, type_ = self.row.steps, self.child.type
        in_force = "entered-into-force" in taken
        ratified = in_force or bool(taken & {"ratified", "advice-and-consent"})
        signed = bool(taken & {"signed", "issued", "announced"}) or ratified
        if type_ in ("expired", "terminated", "superseded"):
            now = 3
        elif type_ in ("ratified", "advice-and-consent"):
            now = 1
        else:
            now = 2 if in_force else 1 if ratified and type_ not in ("signed", "issued", "announced") else 0
        second = _("Ratified by one side") if now == 1 and self.entry.party_id else _("Ratified")
        if type_ == "advice-and-consent":
            second = _("Approved by one side")
        third = {"suspended": _("In force, suspended"), "extended": _("In force, extended")}.get(type_, _("In force"))
        names = [_("Signed"), second, third, _("Ended")]
        reached = [signed, ratified, in_force, now == 3]
        return [Stage(name, done, place == now) for place, (name, done) in enumerate(zip(names, reached, strict=True))]


class PositionCard(Card):
    template = "negotiations/_card_position.html"
    child: Position

    @property
    def kind_name(self) -> str:
        previous = self.row.previous
        if not previous:
            return _("First position on record")
        if self.restates:
            return _("Position restated")
        return _("Position change")

    @property
    def restates(self) -> bool:
        """The same answer as before, as firmly held: told again, under another condition or after a silence."""
        previous = self.row.previous
        return bool(previous and (previous.option_id, previous.stance) == (self.child.option_id, self.child.stance))

    @property
    def silent_since(self) -> str:
        """When the position before had ended, if a day or more went by before this one began."""
        previous = self.row.previous
        if not previous or not previous.end_latest or (self.entry.earliest - previous.end_latest).days <= 1:
            return ""
        return dates.spell(previous.end, inflected=True)

    @property
    def was(self) -> str:
        return answer(self.row.previous) if self.row.previous else ""

    @property
    def now(self) -> str:
        return answer(self.child)

    @property
    def question_url(self) -> str:
        return link("issue", self.entry.issue.slug) if self.entry.issue else ""

    @property
    def attributed_by(self) -> str:
        """Whose accounts the position is known from, where it is not from its own."""
        others = dict.fromkeys(tie.entry__party__short_name for tie in self.row.evidence if not tie.own)
        return ", ".join(map(names.named, filter(None, others)))

    @property
    def evidence(self) -> list[Link]:
        return [
            Link(
                format_html("{}, {}", titles.titled(tie.entry__title), dates.spell(tie.entry__date)),
                link(tie.entry__kind, tie.entry__slug),
                "" if tie.own else _("another’s account"),
            )
            for tie in self.row.evidence[:NAMED]
        ]

    @property
    def evidence_more(self) -> int:
        return max(len(self.row.evidence) - NAMED, 0)


CARDS: dict[str, type[Card]] = {
    "round": RoundCard,
    "statement": StatementCard,
    "milestone": MilestoneCard,
    "position": PositionCard,
}


def cards(rows: Iterable[Row]) -> list[Card]:
    """A card for each row, laid out."""
    return laid_out([CARDS[row.entry.kind](row) for row in rows])


def laid_out(made: list[Any]) -> list[Any]:
    """Cards, or slots for them, as they stand in a stream: what was said at a round within the round's card, in the
    order it was said, if both are among these and in the same year."""
    rounds = {card.entry.pk: card for card in made if card.entry.kind == "round"}
    top = []
    for card in made:
        table = rounds.get(card.child.round_id) if card.entry.kind == "statement" else None
        if table and table.entry.earliest.year == card.entry.earliest.year:
            card.day_aside = "" if card.entry.date == table.entry.date else dates.spell(card.entry.date)
            table.nested.append(card)
        else:
            top.append(card)
    for table in rounds.values():
        table.nested.sort(key=lambda card: (card.entry.earliest, card.entry.pk))
    return top


def answer(position: Position) -> str:
    """A position in one line: “Demands a legally binding agreement”."""
    return ANSWERS[position.stance] % position.option


def marked(text: str) -> SafeString:
    """A text with the words that a search found in it marked."""
    opening, closing = HIGHLIGHT
    safe = str(conditional_escape(text))
    return mark_safe(safe.replace(opening, "<mark>").replace(closing, "</mark>"))  # noqa: S308
