"""Positions: where a party stood on an issue, from when, on what evidence; and how to ask for any day."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from .actors import Party
from .fields import BoundField, EdtfField
from .issues import Issue, Option
from .record import Entry, EntryQuerySet

# Two positions are rivals when they stand in the same line: one party, one issue, one concern.
LINE = ("party_id", "issue_id", "line")


class PositionQuerySet(EntryQuerySet["Position"]):
    def as_of(self, day: date) -> "PositionQuerySet":
        """The last published word, by a day, of each party on each issue, for parties that existed that day.

        A position counts from the earliest day its date allows until the next of the same line, or until the latest
        day its own end allows. `held` is False where that end had passed: no stand is recorded since. Filter by party,
        issue or negotiation before asking, and by answer (option, stance, held) after.
        """
        words = self.published().filter(earliest__lte=day)
        words = words.exclude(party__active_until__lt=day)
        latest = words.order_by(*LINE, "-earliest", "-entry_id").distinct(*LINE)
        return self.model.objects.filter(pk__in=latest.values("pk")).with_held(day)

    def with_held(self, day: date) -> Self:
        ended = Q(end_latest__lt=day)
        return self.annotate(held=Case(When(ended, then=Value(False)), default=Value(True)))

    def with_previous(self) -> Self:
        """Add `previous_id`, the position of the same line before this one; None for the first recorded."""
        before = (
            Position.objects.published()
            .filter(party=OuterRef("party"), issue=OuterRef("issue"), line=OuterRef("line"))
            .filter(Q(earliest__lt=OuterRef("earliest")) | Q(earliest=OuterRef("earliest"), pk__lt=OuterRef("pk")))
            .order_by("-earliest", "-entry_id")
        )
        return self.annotate(previous_id=Subquery(before.values("pk")[:1]))

    def with_next(self) -> Self:
        """Add `next_id`, the position of the same line after this one; None for the last recorded."""
        after = (
            Position.objects.published()
            .filter(party=OuterRef("party"), issue=OuterRef("issue"), line=OuterRef("line"))
            .filter(Q(earliest__gt=OuterRef("earliest")) | Q(earliest=OuterRef("earliest"), pk__gt=OuterRef("pk")))
            .order_by("earliest", "entry_id")
        )
        return self.annotate(next_id=Subquery(after.values("pk")[:1]))

    def moves(self) -> Self:
        """Positions that differ from the one before in the same line, by option or by stance."""
        previous = Position.objects.filter(pk=OuterRef("previous_id"))
        return (
            self.with_previous()
            .filter(previous_id__isnull=False)
            .annotate(
                was_option_id=Subquery(previous.values("option_id")),
                was_stance=Subquery(previous.values("stance")),
            )
            .exclude(was_option_id=F("option_id"), was_stance=F("stance"))
        )


class Position(Entry):
    """What one party wanted on one issue, from a day until its recorded end or its next position."""

    class Stance(models.TextChoices):
        DEMANDS = "demands", _("demands")
        PREFERS = "prefers", _("prefers")
        ACCEPTS = "accepts", _("accepts")
        CONDITIONAL = "conditional", _("accepts on a condition")
        OPPOSES = "opposes", _("opposes")

    class Basis(models.TextChoices):
        STATED = "stated", _("own statement")
        ATTRIBUTED = "attributed", _("attributed by others")
        DOCUMENTED = "documented", _("documented in a text")

    class EndBasis(models.TextChoices):
        RECORDED = "", _("as the sources give it")
        CLIPPED = "clipped", _("no end recorded; stops where the next begins or the subject closed")
        UNKNOWN = "unknown", _("old or thin evidence; not known to be still held")

    entry = models.OneToOneField(Entry, models.CASCADE, parent_link=True, primary_key=True, related_name="as_position")
    party: Party  # as is the issue: entry_position_names_party_and_issue
    issue: Issue
    option = models.ForeignKey(Option, models.PROTECT, related_name="positions")
    stance = models.CharField(max_length=15, choices=Stance)
    condition = models.CharField(
        max_length=200, blank=True, help_text=_("What a conditional stance depends on, in one clause.")
    )
    waits_for = models.ForeignKey(
        "Party", models.PROTECT, null=True, blank=True, related_name="awaited_by",
        help_text=_("The party whose act the condition needs, if it is a single one."),
    )  # fmt: skip
    basis = models.CharField(max_length=15, choices=Basis)
    scope = models.CharField(max_length=60, blank=True, help_text=_("What it concerns, if not the whole issue."))
    concurrent = models.BooleanField(
        default=False,
        verbose_name=_("beside the main line"),
        help_text=_("It runs beside the party’s main line; name its scope."),
    )
    end = EdtfField(blank=True, verbose_name=_("until"), help_text=_("EDTF; empty where no end is known."))
    end_earliest = BoundField(null=True, of="end", bound="earliest")
    end_latest = BoundField(null=True, of="end", bound="latest")
    end_basis = models.CharField(max_length=10, choices=EndBasis, blank=True, default="")
    evidence = models.ManyToManyField(Entry, through="Evidence", related_name="evidence_for")

    # What some of the queries add.
    held: bool
    previous_id: int | None
    next_id: int | None
    was_option_id: int
    was_stance: str
    on_the_eve: bool

    objects: ClassVar = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        constraints = [
            models.CheckConstraint(
                condition=Q(stance="conditional") & ~Q(condition="")
                | (~Q(stance="conditional") & Q(condition="", waits_for__isnull=True)),
                name="position_condition_where_conditional",
                violation_error_message=_("A conditional position, and no other, says what it depends on."),
            ),
            models.CheckConstraint(
                condition=Q(concurrent=False) | ~Q(scope=""),
                name="position_beside_main_line_has_scope",
                violation_error_message=_("A position beside the main line must say what it concerns."),
            ),
            models.CheckConstraint(
                condition=Q(end_basis="") | Q(end_basis="clipped", end_latest__isnull=False)
                | Q(end_basis="unknown", end_latest__isnull=True),
                name="position_end_fits_its_basis",
                violation_error_message=_("A clipped end has a date; an unknown end has none."),
            ),
        ]  # fmt: skip

    def derive(self) -> None:
        self.line = self.scope if self.concurrent else ""
        super().derive()

    def make_title(self) -> str:
        if not (self.party_id and self.option_id):
            return self.title
        return f"{self.party.short_name} {self.get_stance_display()}: {self.option.label}"

    def make_words(self) -> str:
        question = self.issue.question if self.issue_id else ""
        return "\n".join(filter(None, (question, self.condition, self.scope)))

    def concerned(self) -> tuple[set[Party], set[Issue] | None]:
        return {self.party}, {self.issue}


class Evidence(models.Model):
    """That a statement or a treaty milestone bears out a position."""

    position = models.ForeignKey(Position, models.CASCADE, related_name="evidence_links")
    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="+", limit_choices_to={"kind__in": ["statement", "milestone"]}
    )

    class Meta:
        ordering = ["entry__earliest", "entry"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(
                fields=["position", "entry"],
                name="evidence_once",
                violation_error_message=_("This is evidence for the position already."),
            )
        ]

    own: bool
    """The same as `is_own`, where a query has asked for many at once."""

    def __str__(self) -> str:
        return str(self.entry)

    @property
    def is_own(self) -> bool:
        """Whether the party itself said or did it; else it is another's account. It follows from who said it."""
        return self.position.party in self.entry.parties.all()
