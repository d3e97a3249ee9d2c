"""Signs of standing: where a side stands on a question, how far apart two sides are, what a treaty is in law."""

from datetime import date

from django import template
from django.utils import formats
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from negotiations import dates, names
from negotiations.models import Limit, Milestone, Position, Standing, Status
from negotiations.queries.stands import Gap, Word
from negotiations.queries.treaties import Life

from .record import icon

register = template.Library()

STATUS_SIGNS = {
    Status.AGREED: "i-doc",
    Status.SIGNED: "t-never",
    Status.IN_FORCE: "t-force",
    Status.SUSPENDED: "t-halted",
    Status.EXPIRED: "t-expired",
    Status.TERMINATED: "t-left",
    Status.SUPERSEDED: "t-super",
    Status.NEVER_IN_FORCE: "t-never",
}


@register.simple_tag
def gap(value: Gap) -> str:
    """How two sides' answers relate, as sign and word: {% gap row.gap %}."""
    return format_html(
        '<span class="gap gap--{}">{}{}</span>', value, icon(f"g-{value}", ""), capfirst(Gap(value).label)
    )


@register.filter
def status_words(standing: Standing | None) -> str:
    """A treaty's status in words, with who brought it about where that was one party's doing."""
    if not standing:
        return _("not yet agreed")
    since, status = standing.since, standing.status
    if status == Status.TERMINATED and since.party:
        return _("%s withdrew") % since.party
    if status == Status.SUSPENDED:
        return _("in force, suspended by %s") % _(" and ").join(map(str, standing.suspended_by))
    return str(status.label)


# How the item of a limit begins, and what that counts; one that begins otherwise speaks for itself.
COUNTED = [
    ("Deployed and non-deployed ", pgettext_lazy("arms counted", "in all")),
    ("Deployed ", pgettext_lazy("arms counted", "deployed")),
    ("Warheads on deployed ICBMs and SLBMs", pgettext_lazy("warheads counted", "deployed")),
    ("Accountable ", pgettext_lazy("warheads counted", "attributed")),
]
STAGES = (", first phase", ", second phase", ", initial", ", reduced")


@register.filter
def allowed(limit: Limit) -> str:
    """How many a limit allows, both ends where it is a range: {{ limit|allowed }}."""
    return "–".join(
        formats.number_format(end, force_grouping=True) for end in (limit.lowest, limit.ceiling) if end is not None
    )


@register.filter
def counted(limit: Limit) -> str:
    """What of the arms it counts, or at which stage, in a word or two; nothing where the unit says it all."""
    if limit.item.endswith(STAGES):
        return names.named(limit.item).rpartition(", ")[2]
    return next((str(words) for start, words in COUNTED if limit.item.startswith(start)), "")


@register.simple_tag
def status(standing: Standing | None) -> str:
    """The same with its sign."""
    force = " status--force" if standing and standing.status in (Status.IN_FORCE, Status.SUSPENDED) else ""
    sign = icon(STATUS_SIGNS[standing.status]) if standing else icon("s-unknown")
    return format_html('<span class="status{}">{}{}</span>', force, sign, capfirst(status_words(standing)))


@register.simple_tag
def status_on(life: Life, day: date) -> str:
    return status(life.on(day))


@register.filter
def own_answer(position: Position) -> str:
    """The answer a side gives, as that side's own: “Against” when it opposes one."""
    answer = str(position.option)
    return _("Against %s") % answer if position.stance == Position.Stance.OPPOSES else capfirst(answer)


@register.inclusion_tag("negotiations/_word.html")
def word_cell(word: Word) -> dict[str, object]:
    """A side's last word on a question, as a cell of a table: {% word_cell word %}."""
    return {"word": word, "position": word.position}


@register.filter
def step(milestone: Milestone) -> str:
    """What happened to a treaty: “Signed”, “Ratified”."""
    return capfirst(milestone.get_type_display())


@register.filter
def day(value: date) -> str:
    """A day of the calendar in words, for days that are worked out and not read from a source."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), dates.long_day(value))
