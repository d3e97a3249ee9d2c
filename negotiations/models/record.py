"""The record: dated entries of four kinds under one parent table.

Whatever the timeline filters, sorts, searches or prints stands on Entry, since an index cannot span parent and child.
Columns that follow from others (`DERIVED`) are written by `derive()` on every save; who and what an entry concerns
(`parties`, `issues`) by `link()`, once its own relations are saved.
"""

import datetime
from collections.abc import Collection
from datetime import UTC, date
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, cast

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from negotiations import dates, names

from .actors import Party, Person
from .fields import BoundField, EdtfField
from .issues import Issue
from .permalinks import Permalinked
from .sources import Source
from .talks import Negotiation
from .treaties import Treaty

if TYPE_CHECKING:
    from .positions import Position

# The day on which an entry last changed in the record.
CHANGED_ON = TruncDate("updated_at", tzinfo=UTC)


AnyEntry = TypeVar("AnyEntry", bound="Entry")


class EntryQuerySet(models.QuerySet[AnyEntry]):
    def published(self) -> Self:
        """What readers may see."""
        return self.filter(state=Entry.State.PUBLISHED)

    def newest_first(self) -> Self:
        return self.order_by("-earliest", "-pk")


class Entry(Permalinked):
    """One dated thing in the record, with its parties, its issues, its evidence and its page."""

    class Kind(models.TextChoices):
        ROUND = "round", _("round")
        STATEMENT = "statement", _("statement")
        MILESTONE = "milestone", _("treaty milestone")
        POSITION = "position", _("position")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in-review", _("in review")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class DateBasis(models.TextChoices):
        STATED = "stated", _("stated by a source")
        INFERRED = "inferred", _("inferred")
        RECALLED = "recalled", _("general knowledge")

    DERIVED = {"kind", "title", "earliest", "latest", "line", "words"}

    kind = models.CharField(max_length=10, choices=Kind, editable=False)
    title = models.CharField(max_length=250, help_text=_("What the timeline prints."))
    summary = models.TextField(blank=True, help_text=_("Our own words, sixty at most. Never a quotation."))
    date = EdtfField(
        help_text=_("EDTF, no more precise than the source: 2007-09-12, 2007-09, 2007, 2009-05-19/2009-05-20.")
    )
    earliest = BoundField(of="date", bound="earliest")
    latest = BoundField(of="date", bound="latest")
    date_basis = models.CharField(
        max_length=10, choices=DateBasis, default=DateBasis.STATED,
        help_text=_("Inferred: worked out from other facts, which the note must give."),
    )  # fmt: skip
    note = models.TextField(blank=True, help_text=_("How a date was inferred, how sources differ; shown to readers."))
    negotiation = models.ForeignKey(Negotiation, models.PROTECT, null=True, blank=True, related_name="entries")
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="own_entries",
        help_text=_("Who spoke, acted or holds the position. Empty if all parties together."),
    )  # fmt: skip
    speaker = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="statements")
    city = models.CharField(max_length=60, blank=True, verbose_name=_("place"))
    country = models.CharField(max_length=60, blank=True, help_text=_("The country’s name at the time."))
    issue = models.ForeignKey(
        Issue, models.PROTECT, null=True, blank=True, related_name="position_entries",
        help_text=_("The question that a position answers."),
    )  # fmt: skip
    line = models.CharField(
        max_length=60, blank=True, editable=False,
        help_text=_("What a position beside the main line concerns; empty on the main line."),
    )  # fmt: skip
    parties = models.ManyToManyField(Party, editable=False, related_name="entries")
    issues = models.ManyToManyField(Issue, blank=True, related_name="entries")
    sources = models.ManyToManyField(Source, through="Citation", related_name="entries")

    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True, help_text=_("Shown to readers in place of the entry."))
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    words = models.TextField(blank=True, editable=False, help_text=_("Further words that a search should find."))
    # The Russian configuration stems Cyrillic words as Russian and Latin ones as English: one vector serves both.
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="russian")
        + SearchVector("summary", "words", weight="B", config="russian")
        + SearchVector("city", "country", "note", weight="C", config="russian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    # What some of the queries add.
    version: int | None
    party_ids: list[int]
    issue_ids: list[int]
    treaty_steps: list[str]
    spoke_jointly: list[dict[str, str]]
    changed_on: datetime.date
    near: bool
    verified: bool
    relevance: float
    marked_summary: str
    marked_quote: str

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-earliest", "-id"]
        verbose_name_plural = "entries"
        permissions = [("publish_entry", "Can publish and withdraw entries, and edit those of others")]
        # Each index ends in (earliest, id), the order in which the timeline pages by key.
        indexes = [
            models.Index(F("earliest").desc(), F("id").desc(), name="entry_by_date"),
            models.Index("kind", F("earliest").desc(), F("id").desc(), name="entry_by_kind"),
            models.Index("negotiation", F("earliest").desc(), F("id").desc(), name="entry_by_negotiation"),
            # Most of what long talks left are statements, which must not be passed to find when they met or moved.
            models.Index(
                "negotiation", "kind", F("earliest").desc(), F("id").desc(),
                name="entry_of_talks", condition=~Q(kind="statement"),
            ),
            models.Index("party", F("earliest").desc(), F("id").desc(), name="entry_by_party"),
            models.Index("speaker", F("earliest").desc(), F("id").desc(), name="entry_by_speaker"),
            # One probe for each party and issue answers “where did they stand on a day”.
            models.Index(
                "party", "issue", "line", F("earliest").desc(), F("id").desc(),
                name="entry_stand", condition=Q(kind="position", state="published"),
            ),
            # Feeds begin with what changed last, and say when that was.
            models.Index(
                CHANGED_ON.desc(), F("earliest").desc(), F("id").desc(),
                name="entry_by_change", condition=Q(state="published"),
            ),
            models.Index(F("updated_at").desc(), name="entry_changed_last", condition=Q(state="published")),
            models.Index(
                F("withdrawn_on").desc(), F("id").desc(), name="entry_withdrawn", condition=Q(state="withdrawn")
            ),
            GinIndex(fields=["search"], name="entry_search"),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=Q(earliest__lte=F("latest")),
                name="entry_dates_in_order",
                violation_error_message=_("The last day precedes the first."),
            ),
            models.CheckConstraint(
                condition=Q(kind="position", issue__isnull=False, party__isnull=False)
                | (~Q(kind="position") & Q(issue__isnull=True, line="")),
                name="entry_position_names_party_and_issue",
                violation_error_message=_("A position, and only a position, answers one issue for one party."),
            ),
            models.CheckConstraint(
                condition=Q(date_basis="stated") | ~Q(note=""),
                name="entry_inferred_date_has_note",
                violation_error_message=_("Say in the note how the date was worked out."),
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_on__isnull=False) & ~Q(withdrawn_reason="")
                | (~Q(state="withdrawn") & Q(withdrawn_on__isnull=True, withdrawn_reason="")),
                name="entry_withdrawn_with_reason",
                violation_error_message=_("A withdrawn entry needs its day and reason; no other entry has them."),
            ),
            models.UniqueConstraint(
                fields=["party", "issue", "line", "earliest"],
                condition=Q(kind="position", state="published"),
                name="one_position_per_party_issue_scope_and_day",
                violation_error_message=_("This party has a position on this issue from that day already."),
            ),
        ]

    def __str__(self) -> str:
        # Titles repeat; lists to choose from need the day as well. Pages print the title.
        return f"{self.title} ({self.date})"

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def child(self) -> "Round | Statement | Milestone | Position":
        """The same entry as its own kind."""
        found: Any = self if type(self) is not Entry else getattr(self, f"as_{self.kind}")
        return cast("Round | Statement | Milestone | Position", found)

    def get_absolute_url(self) -> str:
        if self.kind == self.Kind.ROUND and self.negotiation:
            return reverse("round", args=[self.negotiation.slug, self.path])
        return reverse(self.kind, args=[self.slug])

    @property
    def path(self) -> str:
        """The last part of the address: a round's slug drops the negotiation's, which stands before it already."""
        if self.kind != self.Kind.ROUND or not self.negotiation:
            return self.slug
        return self.slug.removeprefix(f"{self.negotiation.slug}-")

    def derive(self) -> None:
        """Write the columns that follow from others."""
        self.kind = self.Kind(str(type(self)._meta.model_name))
        # The record is written in English, whoever saves it in whatever language.
        with translation.override("en"):
            self.title = self.make_title()[:250]
            self.words = names.findable(self.make_words())

    def make_title(self) -> str:
        return self.title

    def make_words(self) -> str:
        return ""

    def concerned(self) -> tuple[set[Party], set[Issue] | None]:
        """The parties the entry concerns, and the issues where they follow from something else (else None)."""
        return ({self.party} if self.party else set()), None

    def link(self) -> None:
        """Write whom and what the entry concerns; call after saving the relations these follow from."""
        parties, issues = self.concerned()
        self.parties.set(parties)
        if issues is not None:
            self.issues.set(issues)

    def clean(self) -> None:
        super().clean()
        if self.state == self.State.WITHDRAWN and not (self.withdrawn_on and self.withdrawn_reason):
            raise ValidationError({"withdrawn_reason": _("Give the day and the reason of the withdrawal.")})

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        # Rules on derived columns hold in forms too, although forms do not show these columns.
        self.derive()
        try:
            self.earliest, self.latest = dates.parse(self.date)
        except dates.InvalidDate:
            return
        super().validate_constraints(exclude=set(exclude or ()) - self.DERIVED)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if type(self) is not Entry:
            self.derive()
        super().save(*args, **kwargs)


class Round(Entry):
    """A meeting in a negotiation: a formal round, consultations, a ministerial, a summit."""

    class Form(models.TextChoices):
        ROUND = "round", _("formal round")
        CONSULTATIONS = "consultations", _("consultations")
        EXPERTS = "experts", _("experts’ meeting")
        MINISTERIAL = "ministerial", _("ministerial meeting")
        SUMMIT = "summit", _("summit")
        INSPECTION_BODY = "inspection-body", _("session of a consultative commission")

    entry = models.OneToOneField(Entry, models.CASCADE, parent_link=True, primary_key=True, related_name="as_round")
    negotiation: Negotiation  # every round is one of some talks: forms and files see to it
    number = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("In its series, where it has one."))
    form = models.CharField(max_length=20, choices=Form)
    held = models.BooleanField(default=True, help_text=_("Not held: called off; the dates are those planned."))

    class Meta:
        verbose_name = _("round")

    objects: ClassVar = EntryQuerySet.as_manager()

    def make_words(self) -> str:
        return self.get_form_display()

    def concerned(self) -> tuple[set[Party], set[Issue] | None]:
        """The delegations, and the parties to the talks that existed then: a source seldom names every delegation."""
        parties = self.negotiation.parties.all() if self.negotiation else Party.objects.none()
        there = {party for party in parties if party.existed_on(self.earliest)}
        return there | {delegation.party for delegation in self.delegations.select_related("party")}, None


class Delegation(models.Model):
    """One party's delegation to a round and who led it."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="delegations")
    party = models.ForeignKey(Party, models.PROTECT, related_name="delegations")
    head = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="delegations_led",
        help_text=_("Empty if no source names one."),
    )  # fmt: skip
    title = models.CharField(max_length=120, blank=True, help_text=_("The head’s title that day."))
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "party", "head"],
                name="delegation_head_once",
                violation_error_message=_("This person heads this delegation already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.head}" if self.head_id else str(self.party)


class Statement(Entry):
    """What somebody said or wrote for a party, and how we know."""

    class Form(models.TextChoices):
        SPEECH = "speech", _("speech")
        INTERVIEW = "interview", _("interview")
        PRESS_CONFERENCE = "press-conference", _("press conference")
        JOINT_STATEMENT = "joint-statement", _("joint statement")
        DOCUMENT = "document", _("document")
        TESTIMONY = "testimony", _("testimony")
        LETTER = "letter", _("letter")
        BROADCAST = "broadcast", _("broadcast")

    entry = models.OneToOneField(Entry, models.CASCADE, parent_link=True, primary_key=True, related_name="as_statement")
    party: Party  # somebody is always spoken for: forms and files see to it
    office = models.CharField(
        max_length=160, blank=True, help_text=_("The title held that day, or the body that spoke.")
    )
    occasion = models.CharField(
        max_length=160, blank=True, help_text=_("Where it was said: Interview with RIA Novosti.")
    )
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="statements")
    form = models.CharField(max_length=20, choices=Form)
    quote = models.TextField(blank=True, help_text=_("Word for word as the source prints it; no quotation marks."))
    quote_language = models.CharField(max_length=3, blank=True, help_text=_("ISO 639-1, of the quotation."))
    key_phrase = models.CharField(max_length=120, blank=True, help_text=_("At most eight words, as reported."))
    original_language = models.CharField(max_length=3, blank=True, help_text=_("ISO 639-1, in which it was said."))
    translation = models.TextField(blank=True, help_text=_("Of the quotation, where it is not in English."))
    translator = models.CharField(max_length=120, blank=True)
    reported = models.BooleanField(
        default=False,
        help_text=_("Another party, the press or an analyst is the only source for what was said."),
    )
    joint_parties = models.ManyToManyField(
        Party,
        blank=True,
        related_name="joint_statements",
        help_text=_("Of a joint text: the parties that made it."),
    )
    joint_speakers = models.ManyToManyField(Person, blank=True, related_name="joint_statements")

    class Meta:
        verbose_name = _("statement")
        constraints = [
            models.CheckConstraint(
                condition=Q(quote="") | ~Q(quote_language=""),
                name="statement_quote_has_language",
                violation_error_message=_("Say in which language the quotation is."),
            ),
            models.CheckConstraint(
                condition=Q(translation="") | ~Q(quote=""),
                name="statement_translation_has_quote",
                violation_error_message=_("A translation needs the quotation it translates."),
            ),
        ]

    objects: ClassVar = EntryQuerySet.as_manager()

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        if self.quote != getattr(self, "_quote_in_db", self.quote):
            # The database has taken the marks off; whoever kept the source's text can earn them anew.
            for citation in self.citations.select_related("source", "entry__as_statement"):
                citation.check_again()
        self._quote_in_db = self.quote

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any) -> Self:
        instance = super().from_db(db, field_names, values, **more)
        if "quote" in instance.__dict__:
            instance._quote_in_db = instance.quote
        return instance

    def make_title(self) -> str:
        who = self.speaker.name if self.speaker else self.office or (self.party.short_name if self.party else "")
        return f"{who}: {self.occasion}" if self.occasion else who

    def make_words(self) -> str:
        native = self.speaker.native_name if self.speaker else ""
        words = (self.quote, self.key_phrase, self.translation, self.office, native, self.get_form_display())
        return "\n".join(filter(None, words))

    def concerned(self) -> tuple[set[Party], set[Issue] | None]:
        """A joint text concerns every party that made it."""
        parties = {self.party} | set(self.joint_parties.all()) | set(self.party.members.all())
        return parties, None


class Milestone(Entry):
    """A step in a treaty's life, taken by all its parties or by one."""

    class Type(models.TextChoices):
        SIGNED = "signed", _("signed")
        ISSUED = "issued", _("issued")
        ANNOUNCED = "announced", _("announced")
        ADVICE_AND_CONSENT = "advice-and-consent", _("approved by parliament")
        RATIFIED = "ratified", _("ratified")
        ENTERED_INTO_FORCE = "entered-into-force", _("entered into force")
        REDUCTIONS_COMPLETE = "reductions-complete", _("reductions complete")
        EXTENDED = "extended", _("extended")
        WITHDRAWAL_ANNOUNCED = "withdrawal-announced", _("withdrawal announced")
        SUSPENDED = "suspended", _("suspended")
        REJECTED = "rejected", _("rejected")
        SUPERSEDED = "superseded", _("superseded")
        TERMINATED = "terminated", _("terminated")
        EXPIRED = "expired", _("expired")

    entry = models.OneToOneField(Entry, models.CASCADE, parent_link=True, primary_key=True, related_name="as_milestone")
    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="milestones")
    type = models.CharField(max_length=25, choices=Type)

    class Meta:
        verbose_name = _("treaty milestone")

    objects: ClassVar = EntryQuerySet.as_manager()

    @property
    def life_order(self) -> tuple[date, int, str]:
        """Order in the treaty's life; steps of one day stand in the order of the types."""
        return self.earliest, STEPS[self.type], self.slug

    def make_title(self) -> str:
        if not self.treaty_id:
            return self.title
        title = f"{self.treaty.short_name}: {self.get_type_display()}"
        return f"{title} ({self.party.short_name})" if self.party else title

    def make_words(self) -> str:
        return self.treaty.full_name if self.treaty_id else ""

    def concerned(self) -> tuple[set[Party], set[Issue] | None]:
        if self.party:
            return {self.party}, None
        return {party for party in self.treaty.parties.all() if party.existed_on(self.earliest)}, None


# The order of the steps in a treaty's life; asked for on some pages a thousand times.
STEPS = {step: place for place, step in enumerate(Milestone.Type.values)}
