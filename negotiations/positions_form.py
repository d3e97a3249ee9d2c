"""What readers ask of the matrix, read from the address; what is not understood is told to them."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from negotiations import dates
from negotiations.forms import MOST_PROBLEMS, Thing, shown
from negotiations.models import Party, Round
from negotiations.queries.directory import Directory
from negotiations.queries.positions import PositionsFilter, Show, View, columns, powers


class DayField(forms.CharField):
    """A date in EDTF with a first and a last day; kept as the reader wrote it."""

    def clean(self, value: str | None) -> str:
        text: str = super().clean(value)
        if text:
            try:
                span = dates.parse(text)
            except dates.InvalidDate as error:
                raise forms.ValidationError("not a date") from error
            if not all(day.year in dates.YEARS for day in span):
                raise forms.ValidationError("not a day")
        return text


class PositionsForm(forms.Form):
    """The day, the sides and the questions of a matrix. Names of things are looked up by `read`."""

    on = DayField(required=False)
    since = DayField(required=False)
    show = forms.ChoiceField(required=False, choices=Show.choices)
    view = forms.ChoiceField(required=False, choices=View.choices)

    ONE = ("on_round", "since_round", "a", "b", "negotiation")

    def __init__(self, data: QueryDict, directory: Directory, today: date) -> None:
        super().__init__(data)
        self.data: QueryDict = data
        self.directory, self.today = directory, today
        self.problems: list[str] = []
        self.notices: list[str] = []
        """What was understood, but not as literally as it was written."""

    def read(self) -> PositionsFilter:
        """The view that was asked for, as far as it was understood; the rest is in `problems`."""
        self.full_clean()
        self.problems += [self._because(name) for name in self.errors]
        good = self.cleaned_data
        rounds = self._rounds()
        asked = PositionsFilter(
            today=self.today,
            on=good.get("on", ""),
            since=good.get("since", ""),
            on_round=rounds.get("on_round"),
            since_round=rounds.get("since_round"),
            parties=self._parties(),
            pair=tuple(filter(None, (self._one(name, self.directory.parties, "party") for name in ("a", "b")))),
            negotiation=self._one("negotiation", self.directory.negotiations, "negotiation"),
            show=good.get("show", ""),
            view=good.get("view", ""),
        )
        if asked.parties == powers(self.directory) and asked.view != View.WAITS:
            asked = asked.but(parties=())
        asked = self._consistent(asked)
        self._tell_leftovers()
        self._tell_readings(asked)
        return asked

    def _consistent(self, asked: PositionsFilter) -> PositionsFilter:
        """Without what contradicts the rest; that is told."""
        for name in ("on", "since"):
            if getattr(asked, name) and getattr(asked, f"{name}_round"):
                self.problems.append(_("A round and a date were given for “%s”; the round was used.") % name)
                asked = asked.but(**{name: "", f"{name}_round": getattr(asked, f"{name}_round")})
        if asked.baseline and asked.baseline > asked.day:
            self.problems.append(_("The day to compare with comes after the day shown, so no change is marked."))
            asked = asked.but(since="")
        if len(set(asked.pair)) < len(asked.pair):
            self.problems.append(_("A party cannot be compared with itself."))
            asked = asked.but(pair=asked.pair[:1])
        if asked.show and asked.view:
            self.problems.append(_("Only the matrix can be narrowed with “show”."))
            asked = asked.but(show=Show.ALL)
        if asked.show == Show.MOVED and not asked.baseline:
            self.problems.append(_("To see what has changed, name a day since which."))
            asked = asked.but(show=Show.ALL)
        if asked.show == Show.APART and len(columns(asked, self.directory)) < 2:
            self.problems.append(_("To see where two sides are apart, choose two."))
            asked = asked.but(show=Show.ALL)
        return asked

    def _tell_readings(self, asked: PositionsFilter) -> None:
        """Where a day stands for less than was written, or another party for the one named."""
        if asked.on and not asked.on_round:
            span = dates.parse(asked.on)
            if span.earliest != span.latest:
                what = {"date": dates.spell(asked.on), "day": dates.spell(asked.day.isoformat())}
                if asked.is_today:
                    self.notices.append(_("%(date)s is not over, so this shows today, %(day)s.") % what)
                else:
                    self.notices.append(_("%(date)s counts as its last day, %(day)s.") % what)
        if asked.since and asked.baseline and not asked.since_round:
            span = dates.parse(asked.since)
            if span.earliest != span.latest:
                day = dates.spell(asked.baseline.isoformat())
                what = {"date": dates.spell(asked.since, inflected=True), "day": day}
                self.notices.append(_("Changes since %(date)s are those after %(day)s.") % what)
        if asked.day > self.today:
            self.notices.append(_("That day is still to come; this is what is recorded by now."))
        everyone = asked.view == View.WAITS and not asked.parties
        for side in () if everyone else columns(asked, self.directory):
            if side.asked != side.party:
                what = {"asked": str(side.asked), "party": str(side.party)}
                self.notices.append(_("%(asked)s did not exist on that day; %(party)s is shown in its place.") % what)
            elif not side.party.existed_on(asked.day):
                self.notices.append(_("%s did not exist on that day.") % side.party)

    def _because(self, name: str) -> str:
        value = shown(self.data.get(name, ""))
        if name in ("on", "since"):
            return _("“%s” is not a day. Write a day, a month or a year: 2007-09-12, 2007-09, 2007.") % value
        return _("“%(value)s” was not understood as “%(name)s”.") % {"value": value, "name": name}

    def _parties(self) -> tuple[Party, ...]:
        known = {party.slug: party for party in self.directory.parties.values()}
        wanted = dict.fromkeys(filter(None, self.data.getlist("party")))
        for slug in wanted:
            if slug not in known:
                self._unknown("party", slug)
        return tuple(party for slug, party in known.items() if slug in wanted)

    def _one(self, name: str, things: dict[int, Thing], what: str) -> Thing | None:
        slug = self.data.get(name)
        found = next((thing for thing in things.values() if thing.slug == slug), None)
        if slug and not found:
            self._unknown(what, slug)
        return found

    def _rounds(self) -> dict[str, Round]:
        # PostgreSQL takes no NUL in a text, and no slug has one.
        wanted = {name: slug for name in ("on_round", "since_round") if (slug := self.data.get(name))}
        slugs = [slug for slug in wanted.values() if "\0" not in slug]
        rounds = Round.objects.published().select_related("negotiation").filter(slug__in=slugs) if slugs else ()
        known = {one.slug: one for one in rounds}
        for slug in wanted.values():
            if slug not in known:
                self._unknown("round", slug)
        return {name: known[slug] for name, slug in wanted.items() if slug in known}

    def _unknown(self, what: str, slug: str) -> None:
        message = {
            "party": _("There is no party “%s” in the record."),
            "negotiation": _("There is no negotiation “%s” in the record."),
            "round": _("There is no round “%s” in the record."),
        }[what]
        self.problems.append(message % shown(slug))

    def _tell_leftovers(self) -> None:
        for name in self.data:
            if name not in self.fields and name not in (*self.ONE, "party"):
                self.problems.append(_("There is no filter “%s”.") % shown(name))
            elif name != "party" and len(self.data.getlist(name)) > 1:
                self.problems.append(_("“%s” was given more than once; the last one was used.") % shown(name))
        if len(self.problems) > MOST_PROBLEMS:
            more = len(self.problems) - MOST_PROBLEMS
            self.problems[MOST_PROBLEMS:] = [_("%d more filters were not understood.") % more]
