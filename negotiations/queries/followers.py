"""Who follows what, as far as editors are told: views and numbers, and nobody's address."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min, Q

from negotiations.models import Subscription

# The views that most follow; of the rest their number.
SHOWN = 100


class Followed(NamedTuple):
    """One view and how many it is sent to."""

    query: str
    daily: int
    weekly: int
    since: datetime


class Followers(NamedTuple):
    """All together."""

    addresses: int
    awaiting: int
    """Wishes that their addresses have not confirmed."""
    views: int
    most_followed: list[Followed]


def followers() -> Followers:
    confirmed = Subscription.objects.confirmed()
    views = confirmed.values("query").annotate(
        daily=Count("pk", filter=Q(frequency=Subscription.Frequency.DAILY)),
        weekly=Count("pk", filter=Q(frequency=Subscription.Frequency.WEEKLY)),
        since=Min("confirmed_at"),
        all=Count("pk"),
    )
    numbers = confirmed.aggregate(addresses=Count("email", distinct=True), views=Count("query", distinct=True))
    most = views.order_by("-all", "query").values_list("query", "daily", "weekly", "since")[:SHOWN]
    return Followers(
        numbers["addresses"],
        Subscription.objects.awaiting().count(),
        numbers["views"],
        [Followed(*row) for row in most],
    )


def forget(address: str) -> int:
    """Delete all that is kept of an address: what it follows, what it has not confirmed, what it was sent."""
    wishes = Subscription.objects.filter(email=address.strip().lower())
    count = wishes.count()
    wishes.delete()
    return count
