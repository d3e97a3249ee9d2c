"""Is every quotation that is marked as verified still to be found, word for word, in the text of its source?"""

import hashlib
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from negotiations.models import Citation
from negotiations.queries import quotes


class Command(BaseCommand):
    help = (
        "Compare every quotation with the text we keep of its source, and list marks of verification that are wrong. "
        "Exits with 1 if there are any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--texts", type=Path, help="a folder with texts that the record does not keep")
        parser.add_argument("--mend", action="store_true", help="put the marks right where we keep the text")

    def handle(self, *args: object, texts: Path | None, mend: bool, **options: object) -> None:
        wrong = list(quotes.drifted(self.read(texts) if texts else {}))
        for drift in wrong:
            citation = drift.citation
            self.stdout.write(f"{citation.entry.slug}, {citation.source.slug}: {drift.why}")
        checked = Citation.objects.filter(checked_on__isnull=False).count()
        if not wrong:
            self.stdout.write(f"{checked} quotations are marked as verified; none of the marks is wrong.")
            return
        if mend:
            wrong = self.mend(wrong)
        if wrong:
            raise CommandError(f"{len(wrong)} marks are wrong.", returncode=1)

    def read(self, folder: Path) -> dict[str, str]:
        """The texts in a folder, by their SHA-256: what a check was recorded against is found by it."""
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        found = {}
        for path in folder.glob("*.txt"):
            data = path.read_bytes()
            found[hashlib.sha256(data).hexdigest()] = data.decode("utf-8", errors="replace")
        return found

    @transaction.atomic
    def mend(self, wrong: list[quotes.Drift]) -> list[quotes.Drift]:
        """Check anew whatever can be; returns what only an editor can put right."""
        left = []
        for drift in wrong:
            drift.citation.check_again()
            if not drift.citation.source.text:
                left.append(drift)
        self.stdout.write(f"{len(wrong) - len(left)} marks put right.")
        return left
