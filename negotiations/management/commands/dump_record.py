"""Write the record in the database to files, ready to be read, compared and loaded again."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from negotiations.files.dump import dump


class Command(BaseCommand):
    help = "Write the record to fixtures/, or to another folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures")

    def handle(self, *, folder: Path, verbosity: int, **options: object) -> None:
        counts = dump(folder)
        if verbosity:
            self.stdout.write(f"{sum(counts.values())} rows in {len(counts)} files in {folder}.")
