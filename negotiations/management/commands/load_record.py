"""Load the record's files into the database: all of them or nothing."""

import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from negotiations.files.load import BadRecord, load

SHOWN = 200


class Command(BaseCommand):
    help = "Load fixtures/ into the database: new rows, corrections; never over an editor's change unless forced."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures")
        parser.add_argument("--force", action="store_true", help="overwrite what editors changed since the last load")
        parser.add_argument("--why", default="", help="the reason that the record history gives for these changes")

    def handle(self, *, folder: Path, force: bool, why: str, verbosity: int, **options: object) -> None:
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        self.started = self.shown = time.monotonic()
        try:
            progress = self.progress if verbosity else lambda done, total: None
            report = load(folder, force=force, why=why, progress=progress)
        except BadRecord as error:
            for problem in error.problems[:SHOWN]:
                self.stderr.write(problem)
            more = len(error.problems) - SHOWN
            if more > 0:
                self.stderr.write(f"and {more} more")
            raise CommandError("Nothing was loaded.") from error
        for note in report.notes:
            self.stdout.write(note)
        if verbosity:
            self.stdout.write(f"{report.written} rows loaded, {report.unchanged} were up to date.")

    def progress(self, done: int, total: int) -> None:
        """A line that counts on a terminal, and now and then a new one elsewhere."""
        now, terminal = time.monotonic(), sys.stdout.isatty()
        if done < total and now - self.shown < (0.1 if terminal else 2):
            return
        if terminal or now - self.started > 2:
            begin, end = ("\r", "\n" if done == total else "") if terminal else ("", "\n")
            self.stdout.write(f"{begin}Loading the record: {100 * done // total} %", ending=end)
            self.stdout.flush()
        self.shown = now
