"""How an entry comes before readers: drafted by one person, reviewed and published by another, withdrawn in the open.

Here stands who may do what with an entry in which state. A contributor works on drafts of their own; whoever may
publish is an editor, and sees and edits everything.
"""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .history import Revision
from .record import Entry

State = Entry.State
Visitor = User | AnonymousUser
PUBLIC = (State.PUBLISHED, State.WITHDRAWN)
MAY_PUBLISH = "negotiations.publish_entry"


class Move(TextChoices):
    """A step between drafting and the public."""

    SUBMIT = "submit", gettext_lazy("Submit for review")
    RETURN = "return", gettext_lazy("Return to draft")
    PUBLISH = "publish", gettext_lazy("Publish")
    WITHDRAW = "withdraw", gettext_lazy("Withdraw")

    @property
    def leads_to(self) -> State:
        return LEADS_TO[self]


LEADS_TO = {
    Move.SUBMIT: State.IN_REVIEW,
    Move.RETURN: State.DRAFT,
    Move.PUBLISH: State.PUBLISHED,
    Move.WITHDRAW: State.WITHDRAWN,
}
SETS_OUT_FROM = {
    Move.SUBMIT: (State.DRAFT,),
    Move.RETURN: (State.IN_REVIEW, State.PUBLISHED),
    Move.PUBLISH: (State.DRAFT, State.IN_REVIEW, State.WITHDRAWN),
    Move.WITHDRAW: (State.PUBLISHED,),
}


def is_editor(user: Visitor) -> bool:
    return user.has_perm(MAY_PUBLISH)


def drafted(user: Visitor) -> Q:
    """The entries that somebody drafted: the first version of each bears its author's name."""
    firsts = Revision.objects.filter(number=1, by=user.pk, kind__in=Entry.Kind.values)
    return Q(pk__in=firsts.values("object_id"))


def is_author(user: Visitor, entry: Entry) -> bool:
    """Whoever is about to save an entry for the first time is its author too."""
    return not entry.pk or Revision.objects.of(entry).filter(number=1, by=user.pk).exists()


def readable(user: Visitor) -> Q:
    """The entries that somebody at the desk may read: what is or was public, and drafts of their own."""
    return Q() if is_editor(user) else Q(state__in=PUBLIC) | drafted(user)


def may_read(user: Visitor, entry: Entry) -> bool:
    return is_editor(user) or entry.state in PUBLIC or is_author(user, entry)


def may_edit(user: Visitor, entry: Entry) -> bool:
    """What is in review stands still for its author, so that what is published is what was reviewed."""
    return is_editor(user) or (entry.state == State.DRAFT and is_author(user, entry))


def why_not(user: Visitor, entry: Entry, move: Move) -> str:
    """Why somebody may not take this step with an entry; empty if they may."""
    if entry.state not in SETS_OUT_FROM[move]:
        return _("It is %s.") % entry.get_state_display()
    if is_editor(user):
        if move == Move.PUBLISH and not settings.PUBLISH_OWN and is_author(user, entry):
            return _("You drafted it, so another editor has to publish it.")
        return ""
    if move == Move.SUBMIT or (move == Move.RETURN and entry.state == State.IN_REVIEW):
        return "" if is_author(user, entry) else _("Somebody else drafted it.")
    return _("Only editors may do that.")


def moves_for(user: Visitor, entry: Entry) -> list[Move]:
    """The steps that somebody may take with an entry now."""
    return [move for move in Move if not why_not(user, entry, move)]
