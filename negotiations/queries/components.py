"""Real things of the record to show each component with, chosen for what they have and never by name."""

from datetime import timedelta

from django.db.models import Count, DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from negotiations.models import Entry, Issue, Milestone, Negotiation, Position, Round, Statement, Treaty
from negotiations.models.record import AnyEntry

from .directory import Directory
from .entries import Row, read

# A meeting at which so many things were said shows how they are nested without filling the page.
SAID = (1, 3)


def example_entries(directory: Directory) -> list[Row]:
    """Entries of all four kinds, between them with every remark that a card can bear; newest first."""
    # Both joined at once, each would be counted as often as there are rows of the other.
    said = Count("statements", filter=Q(statements__state=Entry.State.PUBLISHED), distinct=True)
    rounds = Round.objects.published().annotate(led=Count("delegations__head", distinct=True), said=said)
    statements, positions = Statement.objects.published(), Position.objects.published()
    eve = ExpressionWrapper(OuterRef("earliest") - timedelta(days=1), DateField())
    unbroken = Position.objects.filter(pk=OuterRef("previous_id"), end_latest__gte=eve)
    table = _newest(rounds.filter(held=True, led__gte=2, said__gte=SAID[0], said__lte=SAID[1]))
    found = [
        table,
        _newest(rounds.filter(held=False)),
        _newest(statements.exclude(quote="").filter(citations__checked_on__isnull=False)),
        _newest(statements.filter(reported=True)),
        _newest(Entry.objects.published().filter(date_basis=Entry.DateBasis.INFERRED)),
        _newest(Milestone.objects.published().filter(treaty__legally_binding=True, party__isnull=False)),
        _newest(positions.moves().filter(Exists(unbroken))),
        _newest(positions.filter(basis=Position.Basis.ATTRIBUTED)),
    ]
    ids = [entry.pk for entry in found if entry]
    wanted = Q(pk__in=ids) | Q(as_statement__round=table.pk) if table else Q(pk__in=ids)
    return read(Entry.objects.published().filter(wanted).newest_first(), directory)


def example_statement(statements: QuerySet[Statement]) -> Statement | None:
    """The newest of these whose quotation was checked and holds the phrase that serves as evidence."""
    checked = statements.filter(state=Entry.State.PUBLISHED).exclude(quote="").exclude(key_phrase="")
    checked = checked.filter(quote__contains=F("key_phrase"), citations__checked_on__isnull=False)
    return _newest(checked.select_related("speaker", "party", "negotiation"))


def example_issue() -> Issue | None:
    """The question on which most parties have taken a position."""
    published = Q(position_entries__state=Entry.State.PUBLISHED)
    sides = Count("position_entries__party", filter=published, distinct=True)
    return Issue.objects.annotate(sides=sides).filter(sides__gt=0).order_by("-sides", "slug").first()


def example_treaty() -> Treaty | None:
    """The text under which most figures were declared, or else the one with most limits."""
    counted = Treaty.objects.annotate(
        figures=Count("data_exchanges", distinct=True), ceilings=Count("limits", distinct=True)
    )
    return counted.order_by("-figures", "-ceilings", "slug").first()


def example_talks() -> Negotiation | None:
    """The talks with most meetings."""
    met = Count("entries", filter=Q(entries__kind=Entry.Kind.ROUND, entries__state=Entry.State.PUBLISHED))
    return Negotiation.objects.annotate(met=met).filter(met__gt=0).order_by("-met", "slug").first()


def _newest(entries: QuerySet[AnyEntry]) -> AnyEntry | None:
    return entries.order_by("-earliest", "-pk").defer("search", "words").first()
