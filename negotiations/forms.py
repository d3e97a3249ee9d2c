"""What readers ask, read from the address: what is understood becomes a filter, what is not is told to the reader."""

import re
from collections.abc import Collection, Iterable
from functools import cached_property
from typing import TypeVar

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from negotiations import dates
from negotiations.models import Entry, Person
from negotiations.models.permalinks import Permalinked
from negotiations.queries.directory import Directory
from negotiations.queries.feed import Place
from negotiations.queries.generation import once_here
from negotiations.queries.timeline import Cursor, TimelineFilter

Thing = TypeVar("Thing", bound=Permalinked)

LONGEST_SEARCH = 200
# So many misunderstandings are told one by one.
MOST_PROBLEMS = 6

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\u202a-\u202e\ufb1d-\ufefc]")


def shown(text: str) -> str:
    """What a reader sent, fit to be repeated to them."""
    text = re.sub(r"[\x00-\x1f\x7f-\x9f]+", "�", text)
    text = text if len(text) <= 40 else text[:40] + "…"
    # Set apart, so that it does not turn the sentence around it.
    return f"\u2068{text}\u2069" if RIGHT_TO_LEFT.search(text) else text


def by_family_name(people: Iterable[Person]) -> list[Person]:
    """People as a list to choose from has them. Slugs begin with the family name, in Latin letters."""
    if get_language() == "ru":
        return sorted(people, key=lambda person: str(person).split()[-1])
    return sorted(people, key=lambda person: person.slug)


class EdtfField(forms.CharField):
    """A date in EDTF; kept as the reader wrote it."""

    def clean(self, value: str | None) -> str:
        text: str = super().clean(value)
        if text:
            try:
                dates.parse(text)
            except dates.InvalidDate as error:
                raise forms.ValidationError(_("“%s” is not a date.") % shown(text)) from error
        return text


class CursorField(forms.CharField):
    """The last thing that a reader has seen, as `kind` writes it."""

    def __init__(self, kind: type[Cursor] | type[Place] = Cursor) -> None:
        super().__init__(required=False)
        self.kind = kind

    def clean(self, value: str | None) -> Cursor | Place | None:
        text = super().clean(value)
        try:
            return self.kind.parse(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(_("The place to go on from was not understood.")) from error


class TimelineForm(forms.Form):
    """The filters of the timeline. Names of things (parties, issues and so on) are read by `read`."""

    q = forms.CharField(required=False)
    order = forms.ChoiceField(required=False, choices=[("newest", ""), ("oldest", "")])
    predecessor = forms.ChoiceField(required=False, choices=[("yes", ""), ("no", "")])
    moves = forms.ChoiceField(required=False, choices=[("only", "")])
    cursor = CursorField()

    SEVERAL = ("party", "kind", "issue")
    ONE = ("negotiation", "treaty", "person")

    def __init__(self, data: QueryDict, directory: Directory) -> None:
        super().__init__(data)
        self.data: QueryDict = data
        self.directory = directory
        self.problems: list[str] = []
        # “from” is a word of the language and cannot name an attribute.
        self.fields |= {"from": EdtfField(required=False), "to": EdtfField(required=False)}

    @cached_property
    def people(self) -> list[Person]:
        """Whom a reader may choose; read only where somebody was chosen or is offered."""
        people = Person.objects.only("slug", "name", "native_name")
        chosen_from: list[Person] = once_here(f"people-{get_language()}", lambda: by_family_name(people))
        return chosen_from

    def clean_q(self) -> str:
        q = " ".join(self.cleaned_data["q"].split())
        if len(q) <= LONGEST_SEARCH:
            return q
        self.problems.append(_("The search was too long; its first %d characters were used.") % LONGEST_SEARCH)
        # Not in the middle of a word, which would then be found nowhere.
        return q[:LONGEST_SEARCH].rpartition(" ")[0] or q[:LONGEST_SEARCH]

    def read(self) -> TimelineFilter:
        """The view that was asked for, as far as it was understood; the rest is in `problems`."""
        self.full_clean()
        good = self.cleaned_data
        for name, errors in self.errors.items():
            self.problems += [self._because(name, [str(error) for error in errors])]
        parties = self._several("party", self.directory.parties)
        alone = good.get("predecessor") == "no"
        before = filter(None, map(self.directory.predecessor, parties))
        kinds = tuple(kind for kind in Entry.Kind.values if kind in self._known("kind", Entry.Kind.values))
        asked = TimelineFilter(
            q=good.get("q", ""),
            parties=parties,
            predecessors=() if alone else tuple(party for party in before if party not in parties),
            alone=alone,
            kinds=() if len(kinds) == len(Entry.Kind) else kinds,
            moves=good.get("moves") == "only",
            issues=self._several("issue", self.directory.issues),
            negotiation=self._one("negotiation", self.directory.negotiations),
            treaty=self._one("treaty", self.directory.treaties),
            person=self._one("person", {person.pk: person for person in self.people})
            if self.data.get("person")
            else None,
            start=good.get("from", ""),
            end=good.get("to", ""),
            oldest_first=good.get("order") == "oldest",
            cursor=good.get("cursor"),
        )
        return self._in_order(asked)

    def _in_order(self, asked: TimelineFilter) -> TimelineFilter:
        if asked.start and asked.end and dates.parse(asked.start).earliest > dates.parse(asked.end).latest:
            self.problems.append(_("The dates end before they begin, so no entry can match."))
        for name in self.data:
            if name not in self.fields and name not in self.SEVERAL + self.ONE:
                self.problems.append(_("There is no filter “%s”.") % shown(name))
            elif name not in self.SEVERAL and len(self.data.getlist(name)) > 1:
                self.problems.append(_("“%s” was given more than once; the last one was used.") % shown(name))
        if len(self.problems) > MOST_PROBLEMS:
            more = len(self.problems) - MOST_PROBLEMS
            self.problems[MOST_PROBLEMS:] = [_("%d more filters were not understood.") % more]
        return asked

    def _because(self, name: str, errors: list[str]) -> str:
        if name in ("from", "to", "cursor") and "\0" not in self.data.get(name, ""):
            return errors[0]
        return _("“%(value)s” was not understood as “%(name)s”.") % {
            "value": shown(self.data.get(name, "")),
            "name": name,
        }

    def _known(self, name: str, known: Collection[str]) -> list[str]:
        values = list(dict.fromkeys(filter(None, self.data.getlist(name))))
        for value in values:
            if value not in known:
                self._unknown(name, value)
        return [value for value in values if value in known]

    def _unknown(self, name: str, value: str) -> None:
        what = {
            "party": _("There is no party “%s” in the record."),
            "kind": _("There is no kind of entry “%s”."),
            "issue": _("There is no issue “%s” in the record."),
            "negotiation": _("There is no negotiation “%s” in the record."),
            "treaty": _("There is no treaty “%s” in the record."),
            "person": _("There is no person “%s” in the record."),
        }
        self.problems.append(what[name] % shown(value))

    def _several(self, name: str, things: dict[int, Thing]) -> tuple[Thing, ...]:
        wanted = self._known(name, {thing.slug for thing in things.values()})
        return tuple(thing for thing in things.values() if thing.slug in wanted)

    def _one(self, name: str, things: dict[int, Thing]) -> Thing | None:
        slug = self.data.get(name)
        found = next((thing for thing in things.values() if thing.slug == slug), None)
        if slug and not found:
            self._unknown(name, slug)
        return found


class FeedForm(TimelineForm):
    """The same filters; a feed has an order of its own."""

    cursor = CursorField(Place)
