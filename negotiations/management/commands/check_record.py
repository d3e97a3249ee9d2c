"""Read the whole record and say what in it does not hold together."""

from collections import defaultdict
from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError

from negotiations.models import Entry, Milestone, Position, Round, Statement

CHILDREN = (Round, Statement, Milestone, Position)


class Command(BaseCommand):
    help = "Check that each entry has exactly one child, of its kind, and that derived columns are up to date."

    def handle(self, *, verbosity: int, **options: object) -> None:
        problems = [*self.entries_without_their_child(), *self.stale_columns()]
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} problems in the record.")
        if verbosity:
            self.stdout.write(f"{Entry.objects.count()} entries, no problems.")

    def entries_without_their_child(self) -> Iterator[str]:
        children: dict[int, list[str]] = defaultdict(list)
        for model in CHILDREN:
            for pk in model._default_manager.values_list("pk", flat=True):
                children[pk].append(str(model._meta.model_name))
        for pk, kind in Entry.objects.order_by("pk").values_list("pk", "kind"):
            has = children[pk]
            if has != [kind]:
                yield f"entry {pk}: is a {kind} and has {', '.join(has) or 'nothing'} to show for it"

    def stale_columns(self) -> Iterator[str]:
        related = {
            Round: ("negotiation",),
            Statement: ("speaker", "party"),
            Milestone: ("treaty", "party"),
            Position: ("party", "issue", "option"),
        }
        for model in CHILDREN:
            for entry in model._default_manager.select_related(*related[model]).prefetch_related("parties", "issues"):
                before = entry.title, entry.words, entry.line
                entry.derive()
                if before != (entry.title, entry.words, entry.line):
                    yield f"{entry.slug}: title or search words are out of date; save it again"
                parties, issues = entry.concerned()
                if set(entry.parties.all()) != parties or (issues is not None and set(entry.issues.all()) != issues):
                    yield f"{entry.slug}: the parties or issues it concerns are out of date; save it again"
