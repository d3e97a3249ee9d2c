"""Ask the addresses of sources whether their pages are still there."""

from datetime import UTC, datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import F, Q
from django.utils import timezone

from negotiations import fetching
from negotiations.models import LinkCheck, Source

NEVER = datetime.min.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = "Check the addresses of sources on the hosts that LINK_CHECK_HOSTS lists, those longest unchecked first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at-most", type=int, default=500, help="how many addresses to ask (500)")

    def handle(self, *, at_most: int, verbosity: int, **options: object) -> None:
        hosts = settings.LINK_CHECK_HOSTS
        if not hosts:
            raise CommandError("No link was checked: LINK_CHECK_HOSTS lists no host that may be asked.")
        # An address that was corrected meanwhile is no longer in question.
        LinkCheck.objects.exclude(Q(url=F("source__url")) | Q(url=F("source__archived_url"))).delete()
        wanted = self.addresses()
        listed = [pair for pair in wanted if fetching.is_listed(pair[1], hosts)]
        checked = dead = 0
        for source, url in listed[:at_most]:
            try:
                problem = fetching.problem_with(url, hosts)
            except fetching.NotAllowed as refusal:
                self.stderr.write(f"{url}: not asked, {refusal}")
                continue
            checked += 1
            values = {"checked_at": timezone.now(), "problem": problem}
            LinkCheck.objects.update_or_create(source_id=source, url=url, defaults=values)
            if problem:
                dead += 1
                self.stdout.write(f"{url}: {problem}")
        if verbosity:
            left, elsewhere = len(listed) - len(listed[:at_most]), len(wanted) - len(listed)
            self.stdout.write(
                f"{checked} addresses checked, {dead} with a problem; {left} left for another time, "
                f"{elsewhere} on hosts that are not listed."
            )

    def addresses(self) -> list[tuple[int, str]]:
        """Every address of every source, those never asked first, then those asked longest ago."""
        asked = dict(LinkCheck.objects.values_list("url", "checked_at"))
        rows = Source.objects.order_by("pk").values_list("pk", "url", "archived_url")
        found = [(pk, url) for pk, *urls in rows for url in urls if url]
        return sorted(found, key=lambda pair: asked.get(pair[1], NEVER))
