"""What has come into a view of the record since somebody opened it."""

from datetime import datetime
from typing import NamedTuple

from negotiations.models import Entry, Revision

from .timeline import TimelineFilter, matching

# So many are named; the rest are counted.
NAMED = 3


class Arrivals(NamedTuple):
    """Entries that readers can see now and could not see before, the last by date first."""

    count: int  # type: ignore[assignment]  # nobody counts values in this
    entries: list[Entry]


def arrivals(asked: TimelineFilter, since: datetime) -> Arrivals:
    """What of a view was published after a moment. What was only corrected, or brought back, is no news."""
    published = Revision.objects.public().filter(at__gt=since, corrects=False, kind__in=Entry.Kind.values)
    published = published.exclude(action=Revision.Action.FOUND)  # in the record before versions were kept
    entries = matching(asked).filter(pk__in=published.values("object_id"))
    count = entries.count()
    named = entries.select_related("negotiation").newest_first()[:NAMED] if count else ()
    return Arrivals(count, list(named))
