"""What waits for an editor: each task is the rows of one list that need somebody to look at them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

from django.db.models import Count, Exists, F, Max, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negotiations.models import (
    Citation,
    Delegation,
    Entry,
    ErrorReport,
    Evidence,
    LinkCheck,
    Position,
    Round,
    Source,
    Statement,
    workflow,
)
from negotiations.models.workflow import Visitor

from .issues import table
from .stands import Gap

# Beyond this a task is only known to be long: nobody works through more in a day.
COUNTED = 1000
# A stand without a word for so many years looks old, here as on the matrix.
OLD = 5

State = Entry.State


@dataclass(frozen=True)
class Task:
    """Something to be done: to which rows of which list, and why."""

    key: str
    label: Promise
    why: Promise
    model: type[Model]
    find: Callable[..., QuerySet[Any]]

    def rows(self, user: Visitor, today: date) -> QuerySet[Any]:
        rows = self.find(user=user, today=today)
        return rows.filter(workflow.readable(user)) if issubclass(self.model, Entry) else rows


def my_drafts(user: Visitor, **asked: object) -> QuerySet[Any]:
    """Drafts that somebody began themselves."""
    return Entry.objects.filter(workflow.drafted(user), state=State.DRAFT)


def waiting(**asked: object) -> QuerySet[Any]:
    return Entry.objects.filter(state=State.IN_REVIEW)


def reported_errors(**asked: object) -> QuerySet[Any]:
    return ErrorReport.objects.filter(state=ErrorReport.State.OPEN)


def inferred_dates(**asked: object) -> QuerySet[Any]:
    return Entry.objects.exclude(state=State.WITHDRAWN).exclude(date_basis=Entry.DateBasis.STATED)


def unverified_quotes(**asked: object) -> QuerySet[Any]:
    """Statements with a quotation that was found, word for word, in none of their sources."""
    checked = Citation.objects.filter(entry=OuterRef("pk"), checked_on__isnull=False)
    return Statement.objects.exclude(state=State.WITHDRAWN).exclude(quote="").exclude(Exists(checked))


def without_position(**asked: object) -> QuerySet[Any]:
    """Statements that bear out no position, although they concern a question in dispute."""
    carried = Evidence.objects.filter(entry=OuterRef("pk"))
    tagged = Entry.issues.through.objects.filter(entry=OuterRef("pk"))
    return Statement.objects.exclude(state=State.WITHDRAWN).filter(~Exists(carried), Exists(tagged))


def told_by_others(**asked: object) -> QuerySet[Any]:
    """Positions for which only the other side's account stands: no word or act of the party itself."""
    evidence = Evidence.objects.filter(position=OuterRef("pk"))
    own = evidence.filter(entry__parties=OuterRef("party_id"))
    return Position.objects.exclude(state=State.WITHDRAWN).filter(Exists(evidence), ~Exists(own))


def contradictory(**asked: object) -> QuerySet[Any]:
    """Positions of one party on one issue and the same concern that begin on one day and give different answers."""
    rivals = (
        Position.objects.exclude(state=State.WITHDRAWN)
        .filter(party=OuterRef("party_id"), issue=OuterRef("issue_id"), line=OuterRef("line"))
        .filter(earliest=OuterRef("earliest"))
        .exclude(pk=OuterRef("pk"))
        .exclude(option=OuterRef("option_id"), stance=OuterRef("stance"))
    )
    return Position.objects.exclude(state=State.WITHDRAWN).filter(Exists(rivals))


def stale(today: date, **asked: object) -> QuerySet[Any]:
    """Positions that keep a dispute between the powers open on evidence that is years old."""
    disputed = [row for row in table(today).rows if row.both_hold and row.gap != Gap.AGREED]
    held = [word.position.pk for row in disputed for word in row.words if word.position]
    newest = Coalesce(Max("evidence__earliest", filter=Q(evidence__state=State.PUBLISHED)), F("earliest"))
    past = today.replace(year=today.year - OLD, day=min(today.day, 28))
    return Position.objects.filter(pk__in=held).annotate(newest=newest).filter(newest__lt=past)


def without_delegations(**asked: object) -> QuerySet[Any]:
    there = Delegation.objects.filter(round=OuterRef("pk"))
    return Round.objects.exclude(state=State.WITHDRAWN).filter(~Exists(there), held=True)


def not_archived(**asked: object) -> QuerySet[Any]:
    """Sources of published entries that only one address leads to; when it dies, so does the evidence."""
    cited = Citation.objects.filter(source=OuterRef("pk"), entry__state=State.PUBLISHED)
    return Source.objects.filter(Exists(cited), archived_url="")


def dead_links(**asked: object) -> QuerySet[Any]:
    dead = LinkCheck.objects.filter(source=OuterRef("pk"), problem__gt="")
    return Source.objects.filter(Exists(dead.filter(Q(url=OuterRef("url")) | Q(url=OuterRef("archived_url")))))


TASKS = (
    Task("my-drafts", _("My drafts"), _("Begun by you and not yet handed in."), Entry, my_drafts),
    Task(
        "reports",
        _("Errors that readers report"),
        _("They wait for an answer: a correction, or the reason why there is none."),
        ErrorReport,
        reported_errors,
    ),
    Task("waiting", _("Waiting for review"), _("Somebody else should read them and publish them."), Entry, waiting),
    Task(
        "unverified",
        _("Unverified quotations"),
        _("The words have not been found in the text of a source."),
        Statement,
        unverified_quotes,
    ),
    Task(
        "no-position",
        _("Statements that carry no position"),
        _("They concern a question in dispute and are evidence for no answer to it."),
        Statement,
        without_position,
    ),
    Task(
        "told-by-others",
        _("Positions known only from the other side"),
        _("No word or act of the party itself bears them out."),
        Position,
        told_by_others,
    ),
    Task(
        "contradictory",
        _("Contradictory positions on one day"),
        _("One party, one question, one day, two answers."),
        Position,
        contradictory,
    ),
    Task(
        "stale",
        _("Old evidence in open disputes"),
        _("The powers still differ, and the newest evidence for a side is more than five years old."),
        Position,
        stale,
    ),
    Task(
        "no-delegations",
        _("Rounds without delegations"),
        _("They were held, and who sat there is not recorded."),
        Round,
        without_delegations,
    ),
    Task(
        "not-archived",
        _("Published without an archived copy"),
        _("Sources of published entries with one address only."),
        Source,
        not_archived,
    ),
    Task("dead-links", _("Dead links"), _("The address of the source or of its copy fails."), Source, dead_links),
    Task(
        "inferred",
        _("Inferred dates to confirm"),
        _("Worked out from other facts; a source that states the date would settle it."),
        Entry,
        inferred_dates,
    ),
)


def tasks_of(model: type[Model]) -> list[Task]:
    return [task for task in TASKS if task.model is model]


def count(tasks: Iterable[Task], user: Visitor, today: date) -> dict[str, int]:
    """How many rows each task has, no further than one beyond COUNTED; all in one query."""
    counted: list[QuerySet[Any, Any]] = []
    for task in tasks:
        rows = task.rows(user, today).order_by().values("pk")[: COUNTED + 1]
        named = task.model._default_manager.filter(pk__in=rows).order_by().values(task=Value(task.key))
        counted.append(named.annotate(rows=Count("pk")).values_list("task", "rows"))
    if not counted:
        return {}
    together: QuerySet[Any, Any] = reduce(lambda all_, one: all_.union(one, all=True), counted)
    return dict(together)
