"""Make a release of the whole published record for download."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from negotiations.package.release import Busy, build


class Command(BaseCommand):
    help = "Build the downloads of /data/: a new release if the published record has changed since the last."

    def handle(self, *, verbosity: int, **options: object) -> None:
        try:
            release, is_new = build(timezone.localdate())
        except Busy as error:
            raise CommandError("Another build is under way.") from error
        except OSError as error:
            raise CommandError(f"Cannot write {error.filename or 'the data'}: {error.strerror}") from error
        if verbosity:
            said = "is built" if is_new else "is the latest still; the record has not changed"
            self.stdout.write(f"Release {release.version} {said}.")
