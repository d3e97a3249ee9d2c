"""What the page of one entry shows beside the entry: what was said with it, and what stands before and after it."""

from django.db.models import Exists, OuterRef, Q

from negotiations.models import Citation, Entry, Statement
from negotiations.models.annotated import adding
from negotiations.models.record import EntryQuerySet

# So many other statements of one occasion are shown; a chronicle may report more on one day.
SAID_WITH_IT = 8


def neighbours(entry: Entry) -> tuple[Entry | None, Entry | None]:
    """The entries of the same kind just before and just after this one in the record."""
    kind = Entry.objects.published().filter(kind=entry.kind).defer("search", "words").select_related("negotiation")
    before = kind.filter(earliest__lte=entry.earliest).filter(Q(earliest__lt=entry.earliest) | Q(pk__lt=entry.pk))
    after = kind.filter(earliest__gte=entry.earliest).filter(Q(earliest__gt=entry.earliest) | Q(pk__gt=entry.pk))
    beside = before.order_by("-earliest", "-pk")[:1].union(after.order_by("earliest", "pk")[:1])
    earlier = {(other.earliest, other.pk) < (entry.earliest, entry.pk): other for other in beside}
    return earlier.get(True), earlier.get(False)


def said_with(statement: Statement) -> EntryQuerySet[Statement]:
    """What the same speaker said on the same occasion, or the same sources report, of that day."""
    # The earliest day is what an index finds; of two dates that begin on it only the same one will do.
    that_day = Statement.objects.published().filter(earliest=statement.earliest, date=statement.date)
    others = that_day.exclude(pk=statement.pk).order_by("pk").values("pk")
    cited = Citation.objects.filter(entry=OuterRef("pk"), source__in=_sources(statement))
    # Joined by OR, the halves would have the whole record read for each of them.
    found = others.filter(Exists(cited))[:SAID_WITH_IT]
    if statement.occasion:
        occasion = others.filter(occasion=statement.occasion, speaker=statement.speaker_id)
        found = found.union(occasion[:SAID_WITH_IT])
    checked = Citation.objects.filter(entry=OuterRef("pk"), checked_on__isnull=False)
    return (
        adding(Statement.objects.filter(pk__in=found), verified=Exists(checked))
        .select_related("speaker", "party")
        .defer("search", "words")
        .order_by("earliest", "pk")[:SAID_WITH_IT]
    )


def _sources(statement: Statement) -> list[int]:
    return [citation.source_id for citation in statement.citations.all()]
