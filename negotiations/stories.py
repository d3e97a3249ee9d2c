"""The course of a dispute in a paragraph, told from the recorded positions and nothing else."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, pgettext

from negotiations import dates, names
from negotiations.models import Party, Position
from negotiations.queries.issues import History, Lane
from negotiations.queries.stands import Gap, Stand

HOLDS = {
    "demands": gettext_lazy("%(party)s has demanded %(answer)s since %(date)s."),
    "prefers": gettext_lazy("%(party)s has preferred %(answer)s since %(date)s."),
    "accepts": gettext_lazy("%(party)s has accepted %(answer)s since %(date)s."),
    "conditional": gettext_lazy("%(party)s has accepted %(answer)s since %(date)s, on a condition: %(condition)s."),
    "opposes": gettext_lazy("%(party)s has opposed %(answer)s since %(date)s."),
}
BEFORE = {
    "demands": gettext_lazy("Before that it demanded %(answer)s, from %(date)s."),
    "prefers": gettext_lazy("Before that it preferred %(answer)s, from %(date)s."),
    "accepts": gettext_lazy("Before that it accepted %(answer)s, from %(date)s."),
    "conditional": gettext_lazy("Before that it accepted %(answer)s on a condition, from %(date)s."),
    "opposes": gettext_lazy("Before that it opposed %(answer)s, from %(date)s."),
}
# Said of the state whose seat a side took over, where the side itself has not spoken.
INHERITED = {
    "demands": gettext_lazy("Before it, %(party)s demanded %(answer)s, from %(date)s."),
    "prefers": gettext_lazy("Before it, %(party)s preferred %(answer)s, from %(date)s."),
    "accepts": gettext_lazy("Before it, %(party)s accepted %(answer)s, from %(date)s."),
    "conditional": gettext_lazy("Before it, %(party)s accepted %(answer)s on a condition, from %(date)s."),
    "opposes": gettext_lazy("Before it, %(party)s opposed %(answer)s, from %(date)s."),
}
APART = {
    Gap.AGREED: gettext_lazy("On this they have agreed since %(date)s."),
    Gap.PARTLY: gettext_lazy("On this they have agreed in part since %(date)s."),
    Gap.APART: gettext_lazy("On this they have been apart since %(date)s."),
}
# English sets an article before the names of these; other languages translate them as they are.
THE = {"US", "SU", "GB"}


def story(history: History, day: date) -> SafeString:
    """Where both powers stand by a day, what each wanted before, and how far apart that leaves them."""
    powers = history.powers
    if len(powers) != 2 or not any(lane.main for lane in powers):
        return SafeString()
    told = [sentence for lane in powers for sentence in _side(lane, day)]
    between = [stretch for stretch in history.between(powers[0], powers[1], day) if stretch.start <= day]
    if between and between[-1].gap != Gap.UNKNOWN:
        told.append(_say(APART[between[-1].gap], date=_spelled(between[-1].since)))
    return mark_safe(" ".join(told))  # noqa: S308  (each sentence is safe)


def _side(lane: Lane, day: date) -> Iterator[SafeString]:
    word = lane.word(day)
    party, position = named(word.party), word.position
    if not position:
        inherited = _inherited(lane, word.party, day)
        if not inherited:
            yield _say(gettext_lazy("%(party)s has no position on record so far."), party=party)
            return
        yield _say(gettext_lazy("%(party)s has no position of its own on record so far."), party=party)
        first, _before = _unbroken(lane, inherited)
        theirs = {"party": named(inherited.party), "answer": inherited.option, "date": _spelled(first.date)}
        yield _say(INHERITED[inherited.stance], **theirs)
    elif not word.held:
        silent = gettext_lazy("%(party)s has had no stand on record since %(date)s.")
        yield _say(silent, party=party, date=_spelled(position.end or position.date))
        first, _before = _unbroken(lane, position)
        yield _say(BEFORE[position.stance], answer=position.option, date=_spelled(first.date))
    else:
        first, before = _unbroken(lane, position)
        condition = names.english(position.condition)
        answer = {"answer": position.option, "date": _spelled(first.date), "condition": condition}
        yield _say(HOLDS[position.stance], party=party, **answer)
        if before and (before.option_id, before.stance) != (position.option_id, position.stance):
            yield _say(BEFORE[before.stance], answer=before.option, date=_spelled(before.date))


def _inherited(lane: Lane, party: Party, day: date) -> Position | None:
    """The last word of the state whose seat a party took over, by a day on which the party itself had none."""
    earlier = (record.position for record in reversed(lane.main) if record.stand.first <= day)
    return next((position for position in earlier if position.party_id != party.pk), None)


def _unbroken(lane: Lane, position: Position) -> tuple[Position, Position | None]:
    """With which position a side began to give this answer, and to give it without a break; and the one before."""
    line = [record.stand for record in lane.main if record.position.party_id == position.party_id]
    place = next(place for place, stand in enumerate(line) if stand.position.pk == position.pk)
    while place and _goes_on(line[place - 1], line[place]):
        place -= 1
    return line[place].position, line[place - 1].position if place else None


def _goes_on(earlier: Stand, later: Stand) -> bool:
    """Whether a position only says again what the one before it said, which had held until then."""
    told, again = earlier.position, later.position
    same = (told.option_id, told.stance, told.condition) == (again.option_id, again.stance, again.condition)
    return same and earlier.last == dates.day_before(later.first)


def _spelled(text: str) -> str:
    return dates.spell(text, inflected=True)


def _say(words: str | Promise, **values: Any) -> SafeString:
    said = str(words) % {name: conditional_escape(value) for name, value in values.items()}
    return mark_safe(capfirst(said))  # noqa: S308  (the words are ours, the values escaped)


def named(party: Party) -> str:
    """A party's name within a sentence."""
    return pgettext("a country’s name in a sentence", "the %s") % party if party.code in THE else str(party)
