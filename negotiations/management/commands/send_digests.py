"""Send readers what is new in the views they follow: for the scheduler, as often as it likes, once a day at least."""

import logging
import smtplib
from collections import Counter

from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from negotiations import alerts
from negotiations.models import Digest, Subscription
from negotiations.queries.directory import Directory
from negotiations.queries.news import read_news
from negotiations.views.timeline import address, in_words

log = logging.getLogger(__name__)
# So many digests in a row may be refused before an address is taken to be dead, and deleted.
REFUSALS = 5
# So many messages in a row may fail before the mail server is taken to be away.
FAILURES = 3


class Command(BaseCommand):
    help = (
        "Send the daily and weekly digests that are due, and forget addresses that never confirmed. Safe to run"
        " twice, at once, and to kill: what was not sent is due at the next run."
    )

    def handle(self, *, verbosity: int, **options: object) -> None:
        self.today = timezone.now().date()
        self.directory = Directory.read()
        self.mail = get_connection()
        forgotten, _ = Subscription.objects.awaiting().filter(asked_at__lt=timezone.now() - alerts.PATIENCE).delete()
        counts, failures = Counter(forgotten=forgotten), 0
        for key in Subscription.objects.confirmed().order_by("pk").values_list("pk", flat=True).iterator():
            try:
                outcome = self.serve(key)
            except smtplib.SMTPRecipientsRefused as refusal:
                outcome = self.refused(key, refusal)
            except (smtplib.SMTPException, OSError) as failure:
                log.warning("A digest could not be sent: %s", failure)
                failures, outcome = failures + 1, "failed"
                if failures == FAILURES:
                    raise CommandError(f"The mail server does not take messages: {failure}") from failure
            else:
                failures = 0
            counts[outcome] += 1
        if verbosity:
            self.stdout.write(
                f"{counts['sent']} digests sent, {counts['quiet']} with nothing to tell, {counts['failed']} failed; "
                f"{counts['forgotten']} unconfirmed addresses forgotten."
            )
        if counts["failed"]:
            raise CommandError("Some digests could not be sent; they are due at the next run.")

    def serve(self, key: int) -> str:
        """Tell one reader what is due.

        The reader's row is held from before the message is made until it is noted that the mail server has it. A second
        run skips a row that is held; a run that is killed holds nothing any more and has noted nothing.
        """
        with transaction.atomic():
            subscription = Subscription.objects.confirmed().select_for_update(skip_locked=True).filter(pk=key).first()
            if not subscription:
                return "held"
            until = alerts.due_until(subscription, self.today)
            since, end = alerts.told_until(subscription), alerts.midnight(until)
            if since >= end or subscription.digests.filter(until=until).exists():
                return "told"
            try:
                asked = alerts.view_of(subscription, self.directory)
            except alerts.GoneView as problem:
                log.warning("Subscription %s cannot be served: %s", key, problem)
                return "gone"
            with translation.override(subscription.language):
                news = read_news(asked, since, end, self.directory)
                words, path = in_words(asked), address(asked)
            if news.total:
                self.mail.send_messages([alerts.digest(subscription, news, words, path, until)])
            Digest.objects.create(subscription=subscription, until=until, entries=news.total)
            if subscription.refusals:
                Subscription.objects.filter(pk=key).update(refusals=0)
        return "sent" if news.total else "quiet"

    def refused(self, key: int, refusal: smtplib.SMTPRecipientsRefused) -> str:
        """Count refusals for good; an address that is only busy now may take the digest at the next run."""
        if not any(500 <= code < 600 for code, _words in refusal.recipients.values()):
            return "failed"
        with transaction.atomic():
            subscription = Subscription.objects.select_for_update().filter(pk=key).first()
            if subscription and subscription.refusals + 1 >= REFUSALS:
                subscription.delete()
            elif subscription:
                subscription.refusals += 1
                subscription.save(update_fields=["refusals"])
                until = alerts.due_until(subscription, self.today)
                Digest.objects.create(subscription=subscription, until=until, entries=0)
        return "refused"
