"""The forms by which an article becomes drafts: bring it, then accept, edit, merge or leave out each proposal."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from negotiations import dates, intake, verbatim
from negotiations.intake.dating import Candidate
from negotiations.models import Entry, Issue, Party, Person, Round, Source, Statement, workflow
from negotiations.models.workflow import Visitor
from negotiations.queries.intake import Match, Matched, matching_people
from negotiations.uploads import UploadField

# So many empty forms stand below the proposals, for what was missed.
MISSED = 3
KINDS = (".txt", ".html", ".htm", ".pdf", ".docx")
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]


class ArticleForm(forms.Form):
    """An article, pasted or as a file."""

    text = forms.CharField(
        label=_("The article"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "vLargeTextField"}),
        help_text=_("Paste its text, or the source of its page."),
    )
    file = UploadField(kinds=KINDS, label=_("Or a file"), required=False)
    url = forms.URLField(
        label=_("Its web address"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vLargeTextField"}),
        help_text=_("Where you read it. Nothing is fetched from there."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        text, file = (cleaned.get("text") or "").replace("\0", ""), cleaned.get("file")
        if self.errors:
            return cleaned
        if bool(text.strip()) == bool(file):
            raise ValidationError(_("Paste the article or choose a file: one of the two."))
        try:
            self.article = intake.read(file.name, file.read()) if file else intake.read_paste(text)
        except intake.Unreadable as error:
            raise ValidationError(str(error)) from error
        self.article.url = cleaned.get("url") or self.article.url
        return cleaned


class EdtfFormField(forms.CharField):
    """A day, a month or a year, as the record writes them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, widget=forms.TextInput(attrs={"size": 14}), **kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text:
            try:
                dates.parse(text)
            except dates.InvalidDate as error:
                raise ValidationError(str(error)) from error
        return text


class SourceForm(forms.Form):
    """The article as a source of the record, and the day on which it appeared."""

    use_recorded = forms.BooleanField(label=_("It is this source, which is in the record already"), required=False)
    publisher = forms.CharField(label=_("Publisher"), max_length=120, required=False)
    title = forms.CharField(label=_("Title"), max_length=250, required=False)
    author = forms.CharField(label=_("Author"), max_length=120, required=False)
    url = forms.URLField(label=_("Web address"), max_length=500, required=False, assume_scheme="https")
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    kind = forms.ChoiceField(label=_("Kind"), choices=Source.Kind, initial=Source.Kind.NEWS)
    day = forms.ChoiceField(label=_("Day it appeared"), required=False, widget=forms.RadioSelect)
    other_day = EdtfFormField(label=_("Day it appeared"), required=False)
    note = forms.CharField(
        label=_("How the day was worked out"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Shown to readers. Left empty, the reasons given beside the day you choose are used."),
    )

    def __init__(self, *args: Any, match: Match, **kwargs: Any) -> None:
        proposal, article = match.proposal, match.proposal.article
        self.match, self.recorded = match, match.source
        kwargs["initial"] = {
            "use_recorded": bool(match.source),
            "publisher": proposal.publisher[:120],
            "title": article.title[:250],
            "author": article.author[:120],
            "url": article.url,
            "language": article.language,
            "other_day": proposal.dating.stated,
        } | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.candidates = () if proposal.dating.stated else match.candidates
        # The day of a source in the record has been settled before.
        self.asks_for_day = bool(self.candidates) and not (match.source and match.source.date)
        if self.candidates:
            cast(forms.ChoiceField, self.fields["day"]).choices = [(one.date, told(one)) for one in self.candidates]
            self.fields["other_day"].label = _("Or another day")
        else:
            del self.fields["day"]
        if not self.recorded:
            del self.fields["use_recorded"]
        for name in ("publisher", "title", "author", "url"):
            self.fields[name].widget.attrs["class"] = "vLargeTextField"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("use_recorded") and self.recorded and self.recorded.date:
            if not self.is_stated and not self.reasons:
                self.add_error("note", _("Say in the note how the date was worked out."))
            return cleaned
        if not cleaned.get("use_recorded"):
            for name in ("publisher", "title"):
                if not cleaned.get(name):
                    self.add_error(name, _("A source needs this."))
            url = cleaned.get("url")
            if url and Source.objects.filter(url=url).exists():
                self.add_error("url", _("This address is in the record already, as another source."))
        if "other_day" not in self.errors and not self.date:
            # The year of an article is never chosen silently.
            self.add_error(
                "day" if self.candidates else "other_day", _("Choose the day on which the article appeared.")
            )
        elif self.date and not self.is_stated and not self.reasons:
            self.add_error("note", _("Say in the note how the date was worked out."))
        return cleaned

    @property
    def date(self) -> str:
        cleaned = self.cleaned_data
        if cleaned.get("use_recorded") and self.recorded and self.recorded.date:
            return self.recorded.date
        return cleaned.get("other_day") or cleaned.get("day") or ""

    @property
    def is_stated(self) -> bool:
        if self.cleaned_data.get("use_recorded") and self.recorded and self.recorded.date:
            return self.recorded.date_basis == Source.DateBasis.STATED
        return not self.candidates

    @property
    def reasons(self) -> str:
        """How the day was worked out, for readers; empty where the article states it."""
        if self.is_stated:
            return ""
        if note := self.cleaned_data.get("note"):
            return str(note)
        if self.cleaned_data.get("use_recorded") and self.recorded and self.recorded.note:
            return self.recorded.note
        chosen = next((one for one in self.candidates if one.date == self.date), None)
        return (
            f"The article gives no year. Worked out: {'; '.join(chosen.reasons)}." if chosen and chosen.reasons else ""
        )


def told(candidate: Candidate) -> str:
    """A day with what speaks for it and against."""
    reasons = "; ".join([*candidate.reasons, *(f"{_('but')} {why}" for why in candidate.against)])
    return format_html('<b>{}</b> <span class="help">{}</span>', dates.spell(candidate.date), reasons)


class ProposalForm(forms.Form):
    """One statement of the article: a draft, an addition to an entry, or nothing."""

    DRAFT, MERGE, LEAVE = "draft", "merge", "leave"
    TAKES = [(DRAFT, _("New draft")), (MERGE, _("Add to the entry")), (LEAVE, _("Leave out"))]

    take = forms.ChoiceField(label=_("What to do with it"), choices=TAKES, widget=forms.RadioSelect, initial=DRAFT)
    merge_with = forms.SlugField(
        label=_("Entry"), required=False, max_length=120, help_text=_("The last part of its page’s address.")
    )
    quote = forms.CharField(
        label=_("Quotation"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Letter by letter as the article prints it; […] where the reporter steps in."),
    )
    summary = forms.CharField(
        label=_("Summary"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Our own words, sixty at most. Never a quotation."),
    )
    key_phrase = forms.CharField(label=_("Key phrase"), required=False, max_length=120)
    speaker = forms.CharField(
        label=_("Speaker"), required=False, max_length=120, widget=forms.TextInput(attrs={"list": "people"})
    )
    new_person = forms.BooleanField(label=_("Enter this person in the record"), required=False)
    party = forms.ModelChoiceField(Party.objects.all(), label=_("For"), required=False)
    office = forms.CharField(label=_("Office"), required=False, max_length=160)
    form = forms.ChoiceField(label=_("Form"), choices=Statement.Form)
    occasion = forms.CharField(label=_("Occasion"), required=False, max_length=160)
    date = EdtfFormField(label=_("Said on"), required=False, help_text=_("Empty: the day of the article."))
    city = forms.CharField(label=_("Place"), required=False, max_length=60)
    round = forms.ModelChoiceField(Round.objects.none(), label=_("Round"), required=False)
    issues = forms.ModelMultipleChoiceField(
        Issue.objects.all(), label=_("Issues"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, matched: Matched | None = None, match: Match, choices: "Choices", **kwargs: Any
    ) -> None:
        self.matched, self.match, self.choices = matched, match, choices
        kwargs["initial"] = (self._proposed(matched) if matched else self._common()) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        offered: dict[str, Any] = self.fields  # each of these is a field with choices
        offered["party"].choices = choices.parties
        offered["round"].queryset = choices.rounds
        offered["round"].choices = choices.round_choices
        offered["issues"].choices = choices.issues
        for name in ("speaker", "office", "occasion", "merge_with", "key_phrase"):
            self.fields[name].widget.attrs["class"] = "vTextField"

    def _common(self) -> dict[str, Any]:
        found = self.match.round
        return {
            "take": self.DRAFT,
            "form": Statement.Form.SPEECH,
            "city": self.match.city,
            "round": found.pk if found else None,
        }

    def _proposed(self, matched: Matched) -> dict[str, Any]:
        proposed, person = matched.proposed, matched.person
        # What a reporter tells in other words must be put into ours before it can be a draft.
        take = self.DRAFT if proposed.direct else self.LEAVE
        if matched.likely:
            take = self.MERGE if workflow.may_edit(self.choices.user, matched.likely[0]) else self.LEAVE
        appeared = self.match.proposal.dating.likeliest
        return self._common() | {
            "take": take,
            "merge_with": matched.likely[0].slug if matched.likely else "",
            "quote": proposed.words if proposed.direct else "",
            "key_phrase": proposed.phrases[0][:120] if proposed.phrases else "",
            "speaker": person.name if person else proposed.speaker.name,
            "new_person": bool(proposed.speaker.name and not matched.people),
            "party": matched.party.pk if matched.party else None,
            "office": matched.office[:160],
            "form": form_of(self.match, matched),
            "date": matched.date if matched.date != appeared else "",
            "issues": [issue.pk for issue in matched.issues],
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        take = cleaned.get("take")
        if take == self.LEAVE or not take:
            self.errors.clear()
            return cleaned
        quote = cleaned.get("quote") or ""
        self.place = None
        if quote:
            near = self.matched.proposed.place.start if self.matched else 0
            self.place = verbatim.find(quote, self.match.proposal.article.text, near)
            if not self.place:
                self.add_error("quote", _("These words do not stand in the article, letter by letter."))
        if take == self.MERGE:
            for name in self.errors.keys() - {"merge_with", "quote"}:
                del self.errors[name]
            self._clean_merge(cleaned, quote)
        else:
            self._clean_draft(cleaned, quote)
        return cleaned

    def _clean_merge(self, cleaned: dict[str, Any], quote: str) -> None:
        readable = Statement.objects.filter(workflow.readable(self.choices.user))
        cleaned["entry"] = readable.filter(slug=cleaned.get("merge_with") or "-").first()
        if not cleaned["entry"]:
            self.add_error("merge_with", _("No statement has this address."))
        elif cleaned["entry"].state == Entry.State.WITHDRAWN:
            self.add_error("merge_with", _("It is withdrawn."))
        elif not workflow.may_edit(self.choices.user, cleaned["entry"]):
            self.add_error("merge_with", _("Only editors may do that."))

    def _clean_draft(self, cleaned: dict[str, Any], quote: str) -> None:
        if not quote and not cleaned.get("summary"):
            self.add_error("summary", _("Say in our own words what was said, or quote it."))
        if not cleaned.get("party") and "party" not in self.errors:
            self.add_error("party", _("For whom was it said?"))
        cleaned["person"] = self._person(cleaned)
        if not cleaned.get("speaker") and not cleaned.get("office"):
            self.add_error("speaker", _("Name the speaker, or the body in place of the office."))

    def _person(self, cleaned: dict) -> Person | None:
        name = " ".join((cleaned.get("speaker") or "").split())
        if not name:
            return None
        known = self.choices.person(name)
        if known or cleaned.get("new_person"):
            return known
        alike = matching_people(name, self.choices.people)
        if len(alike) == 1:
            return alike[0]
        if alike:
            told = ", ".join(person.name for person in alike[:4])
            self.add_error("speaker", _("Several people may be meant: %s.") % told)
        else:
            self.add_error("speaker", _("Nobody of this name is in the record. Tick below to enter them."))
        return None


class Choices:
    """What every form of one page offers, read once."""

    def __init__(self, match: Match, user: Visitor) -> None:
        self.user = user
        self.people = list(Person.objects.order_by("name"))
        self.parties = [("", "–"), *((party.pk, str(party)) for party in Party.objects.all())]
        self.issues = [(issue.pk, str(issue)) for issue in Issue.objects.all()]
        days = [date.fromisoformat(one.date) for one in match.candidates]
        days += [dates.parse(match.proposal.dating.stated).earliest] if match.proposal.dating.stated else []
        near = [one.pk for one in match.rounds]
        self.rounds = Round.objects.filter(pk__in=near) | Round.objects.filter(earliest__in=days)
        self.rounds = self.rounds.filter(workflow.readable(user)).select_related("negotiation")
        self.round_choices = [
            ("", "–"), *((one.pk, f"{one.negotiation}: {one.title} ({one.date})") for one in self.rounds)
        ]  # fmt: skip

    def person(self, name: str) -> Person | None:
        return next((one for one in self.people if name.lower() in (one.name.lower(), one.native_name.lower())), None)


class Proposals(BaseFormSet):
    """All statements of an article, and empty forms for what was missed."""

    def __init__(self, *args: Any, match: Match, user: Visitor, **kwargs: Any) -> None:
        self.match, self.choices = match, Choices(match, user)
        super().__init__(*args, **kwargs, initial=[{} for _ in match.statements], prefix="s")  # type: ignore[misc]  # args: data

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        matched = None
        if index is not None and index < len(self.match.statements):
            matched = self.match.statements[index]
        return kwargs | {"match": self.match, "choices": self.choices, "matched": matched}

    @cached_property
    def proposed(self) -> list[ProposalForm]:
        return [form for form in self.forms if form.matched]

    @cached_property
    def missed(self) -> list[ProposalForm]:
        return [form for form in self.forms if not form.matched]

    def taken(self) -> list[ProposalForm]:
        """What is to be saved: every proposal not left out, and every empty form in which something was written."""
        leave = ProposalForm.LEAVE
        return [form for form in self.forms if form.cleaned_data.get("take", leave) != leave and self._is_used(form)]

    def _is_used(self, form: ProposalForm) -> bool:
        return bool(form.matched) or form.has_changed()

    def clean(self) -> None:
        if not any(self.errors) and not self.taken():
            raise ValidationError(_("Nothing is chosen. Leave the page, or choose what to save."))

    @property
    def summary(self) -> str:
        direct = sum(form.matched.proposed.direct for form in self.proposed if form.matched)
        reported = len(self.proposed) - direct
        return " ".join(
            [
                ngettext("%d quotation was found.", "%d quotations were found.", direct) % direct,
                ngettext("%d sentence tells what was said.", "%d sentences tell what was said.", reported) % reported,
            ]
        )


def proposals_of(match: Match, user: Visitor, data: QueryDict | None = None) -> Proposals:
    most = len(match.statements) + MISSED
    made: Any = formset_factory(ProposalForm, formset=Proposals, extra=MISSED, max_num=most, absolute_max=most)
    proposals: Proposals = made(data, match=match, user=user)
    return proposals


FORMS = [
    (Statement.Form.INTERVIEW, ("interview", "интервью")),
    (Statement.Form.PRESS_CONFERENCE, ("news conference", "press conference", "briefing", "told reporters",
                                       "told journalists", "пресс-конференци", "брифинг", "журналист")),
    (Statement.Form.BROADCAST, ("television", " tv ", "radio", "телеканал", "эфир", "радио")),
    (Statement.Form.TESTIMONY, ("testif", "hearing", "committee", "слушани")),
    (Statement.Form.DOCUMENT, ("statement said", "in a statement", "в заявлении")),
]  # fmt: skip


def form_of(match: Match, matched: Matched) -> str:
    """How it was said, by the words of its sentence, else of the article."""
    article, place = match.proposal.article, matched.proposed.place
    paragraph = next((one for one in article.body if one.start <= place.start < one.end), None)
    near = article.text[paragraph.start : paragraph.end] if paragraph else ""
    for text in (near.lower(), article.body_text.lower()):
        for form, words in FORMS:
            if any(word in text for word in words):
                return form
    return Statement.Form.SPEECH
