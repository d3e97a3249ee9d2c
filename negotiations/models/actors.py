"""Who negotiates: parties, people and the offices that people held."""

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from negotiations import names

from .fields import BoundField, EdtfField
from .named import Named
from .sources import Source


def wikidata_id() -> "models.CharField[str, str]":
    told = _("Such as Q30. Leave empty if unsure.")
    return models.CharField(max_length=20, blank=True, verbose_name=_("Wikidata id"), help_text=told)


class Party(Named):
    """A state, an organisation, or a group of states that speaks jointly in a negotiation."""

    class Kind(models.TextChoices):
        STATE = "state", _("state")
        ORGANISATION = "organisation", _("organisation")
        GROUP = "group", _("group speaking jointly")

    NAMES = ("short_name", "name", "code")

    name = models.CharField(max_length=120, help_text=_("The full name, as in a treaty."))
    short_name = models.CharField(max_length=60, help_text=_("The name in lists and beside statements."))
    kind = models.CharField(max_length=20, choices=Kind)
    code = models.CharField(max_length=3, blank=True, help_text=_("ISO 3166-1 alpha-2; SU for the Soviet Union."))
    wikidata = wikidata_id()
    predecessor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        help_text=_("The state whose record this one continues, as Russia does the Soviet Union’s."),
    )
    members = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="groups",
        help_text=_("For a group: who speaks jointly."),
    )
    active_from = models.DateField(null=True, blank=True, help_text=_("First day as a party, where that matters."))
    active_until = models.DateField(null=True, blank=True, help_text=_("Last day as a party; empty if it exists."))
    rank = models.PositiveSmallIntegerField(default=100, help_text=_("Order in lists; the smallest comes first."))

    on_record: int
    """How many entries concern it, where a query adds that."""

    class Meta(Named.Meta):
        ordering = ["rank", "short_name"]
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=~models.Q(code=""),
                name="party_code_once",
                violation_error_message=_("Another party has this code."),
            ),
            models.CheckConstraint(
                condition=models.Q(active_from__lte=models.F("active_until")),
                name="party_dates_in_order",
                violation_error_message=_("The last day precedes the first."),
            ),
        ]

    def __str__(self) -> str:
        return names.named(self.short_name)

    def get_absolute_url(self) -> str:
        return reverse("party", args=[self.slug])

    def existed_on(self, day: date) -> bool:
        """The Soviet Union does not outlive 1991, and Russia does not precede it."""
        return not (self.active_from and self.active_from > day) and not (self.active_until and self.active_until < day)


class Person(Named):
    """Somebody who spoke or negotiated for a party."""

    NAMES = ("name", "native_name")

    name = models.CharField(max_length=120, help_text=_("As written in English, given name first."))
    native_name = models.CharField(max_length=120, blank=True, help_text=_("In the person’s own script."))
    wikidata = wikidata_id()

    class Meta(Named.Meta):
        ordering = ["slug"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return names.person(self.name, self.native_name)

    @property
    def other_name(self) -> str:
        """The name in the letters that the page does not use; empty if it has none."""
        return self.name if str(self) == self.native_name else self.native_name

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.slug])


class Office(models.Model):
    """A post that a person held for a party: what gives their words the party's authority."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="offices")
    title = models.CharField(max_length=200)
    party = models.ForeignKey(Party, models.PROTECT, related_name="offices")
    start = EdtfField(blank=True, verbose_name=_("from"), help_text=_("EDTF: 2004-03-09, 2004-03 or 2004."))
    end = EdtfField(blank=True, verbose_name=_("to"), help_text=_("Empty if not ended or not known."))
    start_earliest = BoundField(null=True, of="start", bound="earliest")
    end_latest = BoundField(null=True, of="end", bound="latest")
    attested = EdtfField(
        blank=True,
        help_text=_("Dates on which the record shows the person in the post, where its start is not known."),
    )
    sources = models.ManyToManyField(Source, blank=True, related_name="offices")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["person", "order", "pk"]

    def __str__(self) -> str:
        return f"{self.title}, {self.party}"
