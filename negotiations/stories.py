"""The course of a dispute in a paragraph, told from the recorded positions and nothing else."""

from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from negotiations import dates
from negotiations.models import Party, Position
from negotiations.queries.issues import History, Lane
from negotiations.queries.stands import Gap

HOLDS = {
    "demands": gettext_lazy("%(party)s has demanded %(answer)s since %(date)s."),
    "prefers": gettext_lazy("%(party)s has preferred %(answer)s since %(date)s."),
    "accepts": gettext_lazy("%(party)s has accepted %(answer)s since %(date)s."),
    "conditional": gettext_lazy("%(party)s has accepted %(answer)s on a condition since %(date)s: %(condition)s."),
    "opposes": gettext_lazy("%(party)s has opposed %(answer)s since %(date)s."),
}
BEFORE = {
    "demands": gettext_lazy("Before that it demanded %(answer)s, from %(date)s."),
    "prefers": gettext_lazy("Before that it preferred %(answer)s, from %(date)s."),
    "accepts": gettext_lazy("Before that it accepted %(answer)s, from %(date)s."),
    "conditional": gettext_lazy("Before that it accepted %(answer)s on a condition, from %(date)s."),
    "opposes": gettext_lazy("Before that it opposed %(answer)s, from %(date)s."),
}
# English sets an article before the names of these; other languages translate them as they are.
THE = {"US", "SU", "GB"}


def story(history: History, day: date) -> str:
    """Where both powers stand by a day, what each wanted before, and how far apart that leaves them."""
    powers = history.powers
    if len(powers) != 2 or not any(lane.main for lane in powers):
        return ""
    told = [_side(lane, day) for lane in powers]
    between = [stretch for stretch in history.between(*powers, day) if stretch.start <= day]
    if between and between[-1].gap != Gap.UNKNOWN:
        told.append(_distance(between[-1].gap, between[-1].start))
    return " ".join(filter(None, told))


def _side(lane: Lane, day: date) -> str:
    word = lane.word(day)
    if not word.position:
        return capfirst(_("%s has no position on record by then.") % named(word.party))
    if not word.held:
        values = {
            "party": named(word.party),
            "date": dates.spell(word.position.end or word.position.date, inflected=True),
        }
        return capfirst(_("Of %(party)s no stand is recorded since %(date)s.") % values)
    said = [capfirst(HOLDS[word.position.stance] % _values(word.position))]
    before = next(record.attested.previous for record in lane.main if record.position.pk == word.position.pk)
    if before and (before.option_id, before.stance) != (word.position.option_id, word.position.stance):
        said.append(BEFORE[before.stance] % {"answer": before.option, "date": dates.spell(before.date, inflected=True)})
    return " ".join(said)


def _values(position: Position) -> dict[str, str]:
    return {
        "party": named(position.party),
        "answer": position.option,
        "date": dates.spell(position.date, inflected=True),
        "condition": position.condition,
    }


def _distance(value: Gap, since: date) -> str:
    sentence = {
        Gap.AGREED: _("On this they have agreed since %s."),
        Gap.PARTLY: _("On this they have agreed in part since %s."),
        Gap.APART: _("On this they have been apart since %s."),
    }[value]
    return sentence % dates.spell(since.isoformat())


def named(party: Party) -> str:
    """A party's name within a sentence."""
    return pgettext("a country’s name in a sentence", "the %s") % party if party.code in THE else str(party)
