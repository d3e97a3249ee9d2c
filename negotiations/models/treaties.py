"""Treaties and other agreed texts, their limits, and the figures that parties declared under them."""

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

from negotiations import names

from .actors import Party
from .fields import BoundField, EdtfField
from .named import Named
from .sources import Source
from .talks import Negotiation

if TYPE_CHECKING:  # it builds on this module
    from .record import Milestone


class Status(models.TextChoices):
    """Where a text stands in law on a day."""

    AGREED = "agreed", _("agreed, not binding in law")
    SIGNED = "signed", _("signed, not in force")
    IN_FORCE = "in-force", _("in force")
    SUSPENDED = "suspended", _("in force, suspended")
    EXPIRED = "expired", pgettext("status of a treaty", "expired")
    TERMINATED = "terminated", pgettext("status of a treaty", "terminated")
    SUPERSEDED = "superseded", pgettext("status of a treaty", "superseded")
    NEVER_IN_FORCE = "never-in-force", _("never entered into force")


# How the note of a limit tells a range: the column holds its upper end.
RANGE = re.compile(r"\brange of ([\d,]+) to ([\d,]+)", re.IGNORECASE)
ENDED = {Status.EXPIRED, Status.TERMINATED, Status.SUPERSEDED, Status.NEVER_IN_FORCE}


class Standing(NamedTuple):
    """A treaty's status on a day, the milestone that brought it about, and who had suspended it."""

    status: Status
    since: "Milestone"
    suspended_by: tuple[Party | None, ...] = ()
    """None where all parties did together."""

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED


class Treaty(Named):
    """A treaty, protocol, agreement or joint statement that negotiations produced."""

    class Kind(models.TextChoices):
        TREATY = "treaty", _("treaty")
        INTERIM_AGREEMENT = "interim-agreement", _("interim agreement")
        PROTOCOL = "protocol", _("protocol")
        EXECUTIVE_AGREEMENT = "executive-agreement", _("executive agreement")
        JOINT_STATEMENT = "joint-statement", _("joint statement")
        JOINT_UNDERSTANDING = "joint-understanding", _("joint understanding")

    NAMES = ("short_name", "full_name")

    short_name = models.CharField(max_length=60, help_text=_("The name in lists: New START."))
    full_name = models.CharField(max_length=250, help_text=_("The title of the text."))
    kind = models.CharField(max_length=20, choices=Kind)
    legally_binding = models.BooleanField(help_text=_("Does the text bind in law?"))
    parties = models.ManyToManyField(Party, related_name="treaties")
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by",
        help_text=_("The text it succeeds or, for a protocol, belongs to."),
    )  # fmt: skip
    negotiation = models.ForeignKey(Negotiation, models.PROTECT, null=True, blank=True, related_name="treaties")
    summary = models.TextField(help_text=_("What it says, in our own words, sixty words at most."))

    class Meta(Named.Meta):
        ordering = ["slug"]
        verbose_name_plural = "treaties"

    def __str__(self) -> str:
        return names.named(self.short_name)

    def get_absolute_url(self) -> str:
        return reverse("treaty", args=[self.slug])

    def status_on(self, day: date) -> Standing | None:
        """Where the text stood in law on a day, read from its published milestones; None before the first of them.

        A milestone counts from the earliest day its date allows. A protocol shares the fate of the treaty it belongs
        to: the ABM protocol of 1974 and the Lisbon Protocol are by their own terms integral parts of theirs.
        """
        own = read_status(self, [m for m in self.milestones.all() if m.is_published], day)
        if own and self.kind == self.Kind.PROTOCOL and self.follows and not own.has_ended:
            parent = self.follows.status_on(day)
            if parent and parent.has_ended and parent.since.earliest >= own.since.earliest:
                return parent if own.status != Status.SIGNED else Standing(Status.NEVER_IN_FORCE, parent.since)
        return own


def read_status(treaty: Treaty, milestones: Iterable["Milestone"], day: date) -> Standing | None:
    """Walk a treaty's life up to a day. The first end is final: what comes after it changes nothing in law."""
    standing, in_force = None, False
    for milestone in sorted(milestones, key=lambda m: m.life_order):
        if milestone.earliest > day or (standing and standing.has_ended):
            break
        type_ = milestone.type
        if type_ in ("signed", "issued", "announced") and not standing:
            standing = Standing(Status.SIGNED if treaty.legally_binding else Status.AGREED, milestone)
        elif type_ in ("entered-into-force", "extended"):
            if type_ == "entered-into-force" or not in_force:
                standing = Standing(Status.IN_FORCE, milestone)
            in_force = True
        elif type_ == "suspended" and in_force:
            suspended_by = (*standing.suspended_by, milestone.party) if standing else (milestone.party,)
            standing = Standing(Status.SUSPENDED, milestone, suspended_by)
        elif type_ == "rejected" or (type_ == "withdrawal-announced" and treaty.legally_binding and not in_force):
            standing = Standing(Status.NEVER_IN_FORCE, milestone)
        elif type_ in ("expired", "terminated", "superseded"):
            was_law = in_force or not treaty.legally_binding
            standing = Standing(Status(type_) if was_law else Status.NEVER_IN_FORCE, milestone)
    return standing


class Limit(models.Model):
    """A ceiling that a treaty sets on an item: at most so many, from a day on."""

    treaty = models.ForeignKey(Treaty, models.CASCADE, related_name="limits")
    slug = models.SlugField(max_length=120, unique=True, help_text=_("The limit’s key in files and feeds."))
    item = models.CharField(max_length=120, help_text=_("What is counted, as the text has it."))
    ceiling = models.PositiveIntegerField(help_text=_("The upper end, where the text gives a range."))
    unit = models.CharField(max_length=40)
    applies_from = EdtfField(blank=True, help_text=_("EDTF; empty if from entry into force."))
    applies_earliest = BoundField(null=True, of="applies_from", bound="earliest")
    note = models.TextField(blank=True, help_text=_("Ranges, conditions, how sources differ; shown to readers."))
    sources = models.ManyToManyField(Source, related_name="limits")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["treaty", "order", "pk"]

    def __str__(self) -> str:
        return f"{self.item}: {self.ceiling} {self.unit}"

    @property
    def lowest(self) -> int | None:
        """The lower end, where the text gives a range and the note tells it: “range of 1,700 to 2,200”."""
        found = RANGE.search(self.note)
        low, high = (int(number.replace(",", "")) for number in found.groups()) if found else (None, None)
        return low if high == self.ceiling else None


class DataExchange(models.Model):
    """The figures one party declared under New START as of a day, in plain counts; empty where not found."""

    class Figure(models.TextChoices):
        DEPLOYED_DELIVERY_VEHICLES = "deployed_delivery_vehicles", _("deployed delivery vehicles")
        DEPLOYED_WARHEADS = "deployed_warheads", _("deployed warheads")
        TOTAL_LAUNCHERS = "total_launchers", _("deployed and non-deployed launchers")

    slug = models.SlugField(max_length=120, unique=True)
    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="data_exchanges")
    as_of = EdtfField(help_text=_("The day the figures hold for."))
    earliest = BoundField(of="as_of", bound="earliest")
    party = models.ForeignKey(Party, models.PROTECT, related_name="data_exchanges")
    deployed_delivery_vehicles = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Deployed ICBMs, SLBMs and heavy bombers.")
    )
    deployed_warheads = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("On deployed missiles, and one per deployed heavy bomber.")
    )
    total_launchers = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Deployed and non-deployed launchers and heavy bombers.")
    )
    derived = ArrayField(
        models.CharField(max_length=40, choices=Figure), default=list, blank=True,
        help_text=_("Figures that follow by arithmetic from what the source prints."),
    )  # fmt: skip
    from_chart = ArrayField(
        models.CharField(max_length=40, choices=Figure), default=list, blank=True,
        help_text=_("Figures that the source shows in a chart and not in its text."),
    )  # fmt: skip
    note = models.TextField(blank=True, help_text=_("How sources differ, what was disputed; shown to readers."))
    sources = models.ManyToManyField(Source, related_name="data_exchanges")

    class Meta:
        ordering = ["earliest", "party__rank", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["treaty", "party", "as_of"],
                name="data_exchange_once",
                violation_error_message=_("This party’s figures for that day are in the record already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.treaty}, {self.party}, {self.as_of}"
