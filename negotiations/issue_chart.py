"""The chart of one issue: each side's recorded positions as bars over time, with the words that go with them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from negotiations import dates
from negotiations.charts import lanes
from negotiations.charts.labels import Text
from negotiations.charts.scales import YearScale
from negotiations.models import Milestone, Party, Position
from negotiations.queries import titles
from negotiations.queries.issues import History, Lane, Record
from negotiations.queries.stands import Stretch

COLOURS = {"US": "us", "RU": "ru", "SU": "ru", "CN": "cn", "GB": "gb", "FR": "fr"}


@dataclass(frozen=True)
class Track:
    """One side's positions in one line, ready to draw; `scope` where they run beside the main line."""

    party: Party
    scope: str
    lane: lanes.Lane
    title: str

    @property
    def colour(self) -> str:
        return COLOURS.get(self.party.code, "other")

    @property
    def shape(self) -> str:
        return "square" if self.party.code == "US" else "round"


@dataclass(frozen=True)
class Chart:
    first: int
    years: int
    axis: list[lanes.Tick]
    head: lanes.Marks
    tracks: list[Track]
    between: list[lanes.Between]
    between_labels: list[Text]
    between_title: str
    today: str
    needle: str
    """Where the day that the reader asked about lies; empty for today."""
    any_against: bool
    any_account: bool
    any_faint: bool
    colours: list[str] = field(default_factory=list)


def chart(history: History, day: date, today: date) -> Chart | None:
    """Nothing to draw where no position is recorded."""
    if not history.records:
        return None
    first = min(record.stand.first for record in history.records)
    scale = YearScale(first.year, max(today.year, first.year))
    patterns = {option.pk: number for number, option in enumerate(history.options)}
    tracks = [track for lane in history.lanes for track in _tracks(lane, patterns, scale, today)]
    powers = history.powers
    stretches = history.between(powers[0], powers[1], today) if len(powers) == 2 else []
    between, labels = lanes.between((_stretch(stretch, today) for stretch in stretches), scale)
    grounds = [ground for record in history.records for ground in record.attested.grounds]
    return Chart(
        first=scale.first,
        years=scale.years,
        axis=lanes.axis(scale),
        head=lanes.marks(_events(history.events, first, today), scale),
        tracks=tracks,
        between=between,
        between_labels=labels,
        between_title=_summary(stretches),
        today=scale.x(today),
        needle=scale.x(day) if day != today and scale.first <= day.year <= scale.last else "",
        any_against=any(bar.against for track in tracks for bar in track.lane.bars),
        any_account=any(not ground.own for ground in grounds),
        any_faint=any(bar.faint_x for track in tracks for bar in track.lane.bars),
        colours=list(dict.fromkeys(["ink", *(track.colour for track in tracks)])),
    )


def _tracks(lane: Lane, patterns: dict[int, int], scale: YearScale, today: date) -> Iterable[Track]:
    lines: dict[str, list[Record]] = {}
    for record in lane.beside:
        lines.setdefault(record.position.line, []).append(record)
    for scope, records in (("", lane.main), *lines.items()):
        if records:
            drawn = lanes.lane([_piece(record, patterns, today) for record in records], _spots(records, today), scale)
            title = _("%(party)s: positions beside the main line") if scope else _("%(party)s: positions over time")
            yield Track(lane.party, scope, drawn, title % {"party": lane.party})


def _piece(record: Record, patterns: dict[int, int], today: date) -> lanes.Piece:
    position, stand = record.position, record.stand
    stance, answer = capfirst(position.get_stance_display()), str(position.option)
    words = [f"{stance}: {answer}", stance]
    last = min(dates.day_after(stand.last), today) if stand.last else today
    newest = record.attested.last_ground
    unsure = position.end_basis == Position.EndBasis.UNKNOWN
    span = {"start": dates.spell(position.date), "end": dates.spell(stand.until) if stand.last else _("today")}
    return lanes.Piece(
        number=record.number,
        first=min(stand.first, today),
        last=max(last, min(stand.first, today)),
        pattern=patterns[position.option_id],
        against=position.stance == Position.Stance.OPPOSES,
        sure_until=(newest.entry.latest if newest else stand.first) if unsure else None,
        words=words,
        target=position.slug,
        title=f"{position.party}: {position.get_stance_display()}, {answer}, " + _("%(start)s to %(end)s") % span,
    )


def _spots(records: list[Record], today: date) -> list[lanes.Spot]:
    """Each piece of evidence once, though it may bear out several positions."""
    found: dict[tuple[int, bool], lanes.Spot] = {}
    for record in records:
        for ground in record.attested.grounds:
            entry = ground.entry
            title = f"{dates.spell(entry.date)}: {titles.plain(entry.title)}"
            spot = lanes.Spot(min(entry.earliest, today), ground.own, entry.get_absolute_url(), title)
            found.setdefault((entry.pk, ground.own), spot)
    return list(found.values())


def _stretch(stretch: Stretch, today: date) -> lanes.Stretch:
    return lanes.Stretch(stretch.gap, capfirst(str(stretch.gap.label)), stretch.start, min(stretch.end, today))


def _summary(stretches: list[Stretch]) -> str:
    """The lane between the two sides in words, for those who do not see it."""
    told = (f"{stretch.gap.label} {stretch.start.year}–{stretch.end.year}" for stretch in stretches)
    return _("Between the two sides: %s") % ", ".join(told)


def _events(milestones: list[Milestone], first: date, today: date) -> list[tuple[date, str]]:
    signed = Milestone.Type.SIGNED
    words = {True: _("%s signed"), False: _("%s ends")}
    return [
        (milestone.earliest, words[milestone.type == signed] % str(milestone.treaty).partition(" (")[0])
        for milestone in milestones
        if first <= milestone.earliest <= today
    ]
