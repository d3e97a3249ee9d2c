"""Answers as cells: positions as of a day turned into the words and addresses that the matrix prints."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from negotiations import dates
from negotiations.cards import Link
from negotiations.links import link
from negotiations.models import Position, Statement
from negotiations.queries.evidence import Ground
from negotiations.queries.positions import Answer, Cell, Change, Row

SINCE = {
    "demands": gettext_lazy("Demands since %s"),
    "prefers": gettext_lazy("Prefers since %s"),
    "accepts": gettext_lazy("Accepts since %s"),
    "conditional": gettext_lazy("Conditional since %s"),
    "opposes": gettext_lazy("Opposes since %s"),
}
LAST = {
    "demands": gettext_lazy("Last demanded {}, from {}"),
    "prefers": gettext_lazy("Last preferred {}, from {}"),
    "accepts": gettext_lazy("Last accepted {}, from {}"),
    "conditional": gettext_lazy("Last accepted on a condition {}, from {}"),
    "opposes": gettext_lazy("Last opposed {}, from {}"),
}
STANCE_BEFORE = {
    "demands": gettext_lazy("was: demands"),
    "prefers": gettext_lazy("was: prefers"),
    "accepts": gettext_lazy("was: accepts"),
    "conditional": gettext_lazy("was: conditional"),
}
CHANGES = {
    Change.NEW: gettext_lazy("New"),
    Change.CHANGED: gettext_lazy("Changed"),
    Change.FIRMER: gettext_lazy("Firmer"),
    Change.SOFTER: gettext_lazy("Softer"),
    Change.BACK: gettext_lazy("Moved and moved back"),
    Change.ENDED: gettext_lazy("Ended"),
}
AGO = {
    "days": (ngettext_lazy("%d day ago", "%d days ago"), ngettext_lazy("%d day before", "%d days before")),
    "months": (ngettext_lazy("%d month ago", "%d months ago"), ngettext_lazy("%d month before", "%d months before")),
    "years": (ngettext_lazy("%d year ago", "%d years ago"), ngettext_lazy("%d year before", "%d years before")),
}
# After so many years without a word, a stand looks old.
OLD = 5


class AnswerFace:
    """One answer, ready to print."""

    def __init__(self, answer: Answer, today: date) -> None:
        self.answer, self.position, self.today = answer, answer.position, today

    @property
    def glyph(self) -> str:
        return f"s-{self.position.stance}" if self.answer.held else "s-silent"

    @property
    def label(self) -> str:
        return own_answer(self.position)

    @cached_property
    def url(self) -> str:
        return link("position", self.position.slug)

    @property
    def since(self) -> SafeString:
        """How firmly it is held and from when; the date leads to the position."""
        return format_html(
            str(SINCE[self.position.stance]).replace("%s", "{}"), _dated(self.url, self.position.date, True)
        )

    @property
    def last(self) -> SafeString:
        """Of a stand that has ended: what it was."""
        return format_html(
            str(LAST[self.position.stance]), self.position.option, _dated(self.url, self.position.date, True)
        )

    @property
    def silent_since(self) -> str:
        return "" if self.answer.held else dates.spell(self.position.end, inflected=True)

    @property
    def basis_by(self) -> str:
        """Whose accounts it is known from, where it is not from its own."""
        return ", ".join(map(str, self.answer.attested.tellers))

    @property
    def attested(self) -> SafeString:
        """When it was last said, and how long that was before the day."""
        last, age = self.answer.last_ground, self.age
        if not last or self.answer.last_attested == self.position.date:
            return format_html(_("Last attested {}"), age)
        day = _dated(link(last.entry.kind, last.entry.slug), last.entry.date)
        return format_html(_("Last attested {} ({})"), day, age)

    @property
    def is_old(self) -> bool:
        return self.answer.held and _months(*self.answer.evidence_age) >= 12 * OLD

    @property
    def looks_old(self) -> bool:
        return self.is_old or self.answer.doubtful or not self.answer.held

    @property
    def age(self) -> str:
        said, day = self.answer.evidence_age
        place = 0 if day == self.today else 1
        if vague := _vague_age(dates.last_part(self.answer.last_attested), day, place):
            return vague
        months = _months(said, day)
        if day == said:
            return _("today") if place == 0 else _("that day")
        if months < 2:
            return _ago("days", (day - said).days, place)
        return _ago("months", months, place) if months < 24 else _ago("years", months // 12, place)

    @cached_property
    def words(self) -> Ground | None:
        """The newest evidence that has the words themselves; the side's own before another's account."""
        worded = [ground for ground in self.answer.grounds if _quoted(ground)]
        return max(worded, key=lambda ground: (ground.own, ground.entry.earliest), default=None)

    @property
    def key_phrase(self) -> str:
        said = self.words and _quoted(self.words)
        return said.key_phrase if said else ""

    @property
    def quote(self) -> str:
        said = self.words and _quoted(self.words)
        return said.quote if said else ""

    @property
    def quote_language(self) -> str:
        said = self.words and _quoted(self.words)
        return said.quote_language if said else ""

    @property
    def words_link(self) -> Link | None:
        if not self.words:
            return None
        entry = self.words.entry
        who = entry.speaker or entry.party or entry.title
        return Link(f"{who}, {dates.spell(entry.date)}", link(entry.kind, entry.slug))

    @property
    def other_talks(self) -> Link | None:
        talks = self.answer.other_talks
        return Link(str(talks), link("negotiation", talks.slug)) if talks else None

    @property
    def flag(self) -> str:
        return str(CHANGES[self.answer.change]) if self.answer.change else ""

    @property
    def was(self) -> str:
        was = self.answer.was
        if not was:
            return ""
        if self.answer.change in (Change.FIRMER, Change.SOFTER):
            words = str(STANCE_BEFORE[was.stance])
        else:
            label = str(was.option)
            words = _("was: against %s") % label if was.stance == Position.Stance.OPPOSES else _("was: %s") % label
        return f"{words} ({was.party})" if was.party_id != self.position.party_id else words


class CellFace:
    """One side on one question, ready to print."""

    def __init__(self, cell: Cell, today: date) -> None:
        self.party = cell.column.party
        self.changed = cell.changed
        self.main = AnswerFace(cell.answer, today) if cell.answer else None
        self.beside = [AnswerFace(answer, today) for answer in cell.beside]


class RowFace:
    def __init__(self, row: Row, today: date) -> None:
        self.question = str(row.issue)
        self.url = link("issue", row.issue.slug)
        self.cells = [CellFace(cell, today) for cell in row.cells]
        self.gap = row.gap
        self.changed = row.changed
        self.held = row.held


def row_faces(rows: Iterable[Row], today: date) -> list[RowFace]:
    return [RowFace(row, today) for row in rows]


def own_answer(position: Position) -> str:
    """A side's answer as its own: “Against …” where it opposes one."""
    label = str(position.option)
    return _("Against %s") % label if position.stance == Position.Stance.OPPOSES else capfirst(label)


def _dated(url: str, text: str, inflected: bool = False) -> SafeString:
    """A date in words that leads to what is dated."""
    words = dates.spell(text, inflected)
    return format_html('<a href="{}"><time datetime="{}">{}</time></a>', url, dates.machine(text), words)


def _months(start: date, end: date) -> int:
    """Whole months between two days."""
    return max((end.year - start.year) * 12 + end.month - start.month - (end.day < start.day), 0)


def _vague_age(text: str, day: date, place: int) -> str:
    """How long before a day something of an unknown day was said, in months or years; empty where its day is known."""
    span = dates.parse(text)
    if span.earliest == span.latest:
        return ""
    of_a_month = (span.earliest.year, span.earliest.month) == (span.latest.year, span.latest.month)
    if day <= span.latest:
        if of_a_month:
            return _("this month") if place == 0 else _("that month")
        return _("this year") if place == 0 else _("that year")
    months = max(_months(span.latest, day), 1)
    if of_a_month and months < 24:
        return _ago("months", months, place)
    return _ago("years", max(months // 12, 1), place)


def _ago(unit: str, count: int, place: int) -> str:
    return dates.counted(AGO[unit][place] % count)


def _quoted(ground: Ground) -> Statement | None:
    """The statement that a piece of evidence is, if it has words of its own."""
    said = ground.entry.child
    return said if isinstance(said, Statement) and (said.quote or said.key_phrase) else None


def summary(counts: dict[str, int]) -> list[str]:
    """How two sides compare, in numbers: “apart on 7 questions”, “agreed on 5”."""
    phrases = {
        "apart": ngettext("apart on %d question", "apart on %d questions", counts["apart"]),
        "partly": ngettext("partly agreed on %d", "partly agreed on %d", counts["partly"]),
        "agreed": ngettext("agreed on %d", "agreed on %d", counts["agreed"]),
    }
    return [phrase % counts[name] for name, phrase in phrases.items() if counts[name]]
