"""What entries derive from other things, such as a name in a title, written anew when these change.

Whoever writes to a party, a person, a treaty, talks or an issue (a form, the loader, the way back to a version) calls
`follow` afterwards, in the same transaction.
"""

from collections.abc import Collection, Iterable
from itertools import chain

from django.db.models import Model, Q

from negotiations.models import (
    Entry,
    Issue,
    Milestone,
    Negotiation,
    Party,
    Person,
    Position,
    Round,
    Statement,
    Treaty,
)

# The columns from which a title, search words, or the parties that an entry concerns follow.
TOLD: dict[type[Model], set[str]] = {
    Issue: {"question", "options"},
    Negotiation: {"parties"},
    Party: {"short_name", "members", "active_from", "active_until"},
    Person: {"name", "native_name"},
    Treaty: {"short_name", "full_name", "parties"},
}


def follow(thing: Model, changed: Collection[str]) -> None:
    """Write anew what entries derive from a thing of which these columns have changed."""
    if TOLD.get(type(thing), set()).intersection(changed):
        for entry in _deriving(thing):
            _refresh(entry)


def _deriving(thing: Model) -> Iterable[Entry]:
    match thing:
        case Issue():
            return Position.objects.filter(issue=thing).select_related("party", "option", "issue")
        case Negotiation():
            return Round.objects.filter(negotiation=thing).select_related("negotiation")
        case Party():
            steps = Milestone.objects.filter(Q(party=thing) | Q(treaty__in=thing.treaties.all()))
            return chain(
                Statement.objects.filter(party=thing).select_related("party", "speaker"),
                Position.objects.filter(party=thing).select_related("party", "option", "issue"),
                steps.select_related("party", "treaty"),
                Round.objects.filter(negotiation__in=thing.negotiations.all()).select_related("negotiation"),
            )
        case Person():
            return Statement.objects.filter(speaker=thing).select_related("party", "speaker")
        case Treaty():
            return Milestone.objects.filter(treaty=thing).select_related("party", "treaty")
    return ()


def _refresh(entry: Entry) -> None:
    before = entry.title, entry.words
    entry.derive()
    if (entry.title, entry.words) != before:
        entry.save()
    entry.link()
