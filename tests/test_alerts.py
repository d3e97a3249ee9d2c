"""Following a view by e-mail, through a real mail server: nobody is told twice, and nobody is left out."""

import email
import logging
import os
import re
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path
from unittest import mock

import pytest
from aiosmtpd.controller import Controller
from django.core.management import CommandError, call_command
from django.utils import timezone

from negotiations.files.versions import keep, keep_before
from negotiations.models import Digest, FormerSlug, Subscription
from tests import make
from tests.processes import database_url

ROOT = Path(__file__).resolve().parent.parent
YESTERDAY = timedelta(days=1)


class Mailbox:
    """A mail server for all addresses; `on_mail` is called before it takes each message."""

    def __init__(self):
        self.messages, self.refuses, self.on_mail = [], set(), lambda count: None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.on_mail(len(self.messages)):
            return "451 not now"
        self.messages.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def recipients(self):
        return sorted(message["To"] for message in self.messages)


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield box
    server.stop()


def make_subscription(**overrides) -> Subscription:
    values = {
        "email": f"{make.unique('reader')}@example.org",
        "frequency": "daily",
        "language": "en",
        "site": "https://parley.example",
        "confirmed_at": timezone.now() - timedelta(days=30),
    }
    return Subscription.objects.create(**values | overrides)


def publish(entry, when=None, why=""):
    """Keep that an entry was published or changed, yesterday at noon unless told otherwise."""
    with mock.patch("django.utils.timezone.now", return_value=when or yesterday()):
        keep(entry, why=why)
    return entry


def yesterday() -> datetime:
    return datetime.now(UTC).replace(hour=12, minute=0) - YESTERDAY


def links(message) -> list[str]:
    return re.findall(r"https?://\S+", message.get_body(("plain",)).get_content())


def path(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def follow(client, view="", **form):
    return client.post(
        f"/follow/{view}", {"email": "ann@example.org", "what": "everything", "frequency": "daily"} | form
    )


# The journey


def test_a_reader_asks_confirms_is_told_and_stops(record, client, mailbox, capsys):
    page = client.get("/follow/?issue=legal-form").content.decode()
    assert "Must the agreement be legally binding?" in page
    assert follow(client, "?issue=legal-form").status_code == 302
    (asked,) = mailbox.messages
    assert asked["To"] == "ann@example.org"
    (link,) = links(asked)
    assert not Subscription.objects.confirmed().exists()
    assert "Yes, follow" in client.get(path(link)).content.decode()
    assert not Subscription.objects.confirmed().exists(), "looking at a link must not confirm"
    for _twice in range(2):  # as impatient readers do
        assert "You are following" in client.post(path(link)).content.decode()
    Subscription.objects.update(confirmed_at=timezone.now() - timedelta(days=9))

    issue = make.Issue.objects.get(slug="legal-form")
    told = publish(make.make_statement(issues=[issue], occasion="Interview in Strelsau"))
    publish(make.make_statement(occasion="On something else"))
    capsys.readouterr()
    call_command("send_digests")
    assert "1 digests sent, 0 with nothing to tell, 0 failed" in capsys.readouterr().out
    _, digest = mailbox.messages
    text = digest.get_body(("plain",)).get_content()
    assert "Interview in Strelsau" in text
    assert f"http://testserver/statements/{told.slug}/" in text
    assert "On something else" not in text
    assert "Interview in Strelsau" in digest.get_body(("html",)).get_content()

    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    one_click = path(digest["List-Unsubscribe"].strip("<>"))
    assert client.get(one_click).status_code == 200
    assert Subscription.objects.exists(), "looking at a link must not stop"
    assert client.post(one_click, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.exists()
    assert not Digest.objects.exists()
    assert client.post(one_click, {"List-Unsubscribe": "One-Click"}).status_code == 200, "once more does no harm"


def test_the_pages_lead_to_it(record, client):
    assert 'href="/follow/?party=russia"' in client.get("/timeline/?party=russia&order=oldest").content.decode()
    assert 'href="/follow/?issue=legal-form"' in client.get("/issues/legal-form/").content.decode()


def test_messages_are_in_the_language_of_the_page(db, client, mailbox):
    client.post("/ru/follow/", {"email": "ann@example.org", "what": "everything", "frequency": "weekly"})
    (asked,) = mailbox.messages
    assert "Подтвердите" in asked["Subject"] or "подтвердите" in asked["Subject"]
    assert "/ru/follow/confirm/" in links(asked)[0]


def test_a_digest_says_what_changed_and_why(db, mailbox):
    make_subscription(confirmed_at=yesterday() - timedelta(days=3))
    old = make.make_statement(occasion="An old interview")
    publish(old, when=yesterday() - timedelta(days=5))
    old.occasion = "A corrected interview"
    old.save()
    publish(old, why="The tape says otherwise.")
    gone = publish(make.make_statement(occasion="A doubtful interview"), when=yesterday() - timedelta(days=5))
    gone.state, gone.withdrawn_on, gone.withdrawn_reason = "withdrawn", yesterday().date(), "It was never given."
    gone.save()
    publish(gone)
    publish(make.make_statement(occasion="A new interview"))
    publish(make.make_statement(occasion="A draft", state="draft"))
    call_command("send_digests", verbosity=0)
    text = mailbox.messages[0].get_body(("plain",)).get_content()
    for heading, words in (("New in", "A new interview"), ("Corrected", "A corrected interview")):
        assert words in text.split(heading)[1]
    assert "Changed: Occasion" in text
    assert "The tape says otherwise." in text
    assert "It was never given." in text
    assert "A doubtful interview" not in text
    assert "A draft" not in text


def test_a_digest_in_russian_names_what_changed_in_russian(db, mailbox):
    make_subscription(language="ru", confirmed_at=yesterday() - timedelta(days=3))
    said = publish(make.make_statement(occasion="An interview"), when=yesterday() - timedelta(days=5))
    said.occasion = "Another interview"
    said.save()
    publish(said)
    call_command("send_digests", verbosity=0)
    text = mailbox.messages[0].get_body(("plain",)).get_content()
    assert re.search("Изменено: [А-Я]", text)
    assert "/ru/statements/" in text


def test_what_was_in_the_record_before_versions_were_kept_is_no_news(db, mailbox):
    make_subscription()
    old, corrected = make.make_statement(occasion="Old and untouched"), make.make_statement(occasion="Old")
    with mock.patch("django.utils.timezone.now", return_value=yesterday()):
        keep_before(old, corrected)
    corrected.occasion = "Old and corrected"
    corrected.save()
    publish(corrected)
    call_command("send_digests", verbosity=0)
    text = mailbox.messages[0].get_body(("plain",)).get_content()
    assert "Old and corrected" in text.split("Corrected")[1]
    assert "Old and untouched" not in text


def test_only_moves_are_told_to_who_asked_for_moves_only(db, client, mailbox):
    follow(client, what="moves")
    assert Subscription.objects.get().query == "moves=only"
    Subscription.objects.update(confirmed_at=timezone.now() - timedelta(days=9), visitor="")
    first = make.make_position(date="2007-01-01", sources=[make.make_source()])
    second = make.make_position(
        party=first.party, issue=first.issue, date="2009-01-01", stance="opposes", sources=[make.make_source()]
    )
    publish(first), publish(second), publish(make.make_statement())
    mailbox.messages.clear()
    call_command("send_digests", verbosity=0)
    (digest,) = mailbox.messages
    text = digest.get_body(("plain",)).get_content()
    assert second.slug in text
    assert first.slug not in text


def test_a_weekly_digest_waits_for_monday(db, mailbox):
    today = timezone.now().date()
    monday = today - timedelta(days=today.weekday())
    make_subscription(frequency="weekly")
    publish(make.make_statement(occasion="Last week"), when=datetime.combine(monday, yesterday().timetz()) - YESTERDAY)
    publish(make.make_statement(occasion="This week"), when=datetime.combine(monday, yesterday().timetz()))
    call_command("send_digests", verbosity=0)
    call_command("send_digests", verbosity=0)
    (digest,) = mailbox.messages
    assert "Last week" in digest.get_content_type() + digest.get_body(("plain",)).get_content()
    assert "This week" not in digest.get_body(("plain",)).get_content()


def test_where_nothing_changed_nothing_is_sent_and_days_without_a_run_are_made_up_for(db, mailbox):
    make_subscription()
    publish(make.make_statement(occasion="Nine days ago"), when=yesterday() - timedelta(days=8))
    call_command("send_digests", verbosity=0)
    assert len(mailbox.messages) == 1
    Digest.objects.update(until=yesterday().date())
    call_command("send_digests", verbosity=0)
    assert len(mailbox.messages) == 1


def test_a_renamed_issue_is_still_followed_and_a_vanished_one_is_not_everything(db, mailbox):
    issue = make.make_issue()
    FormerSlug.objects.create(kind="issue", slug="old-name", object_id=issue.pk)
    make_subscription(query="issue=old-name")
    make_subscription(query="issue=never-was")
    publish(make.make_statement(issues=[issue]))
    publish(make.make_statement(occasion="On something else"))
    call_command("send_digests", verbosity=0)
    (digest,) = mailbox.messages
    assert "On something else" not in digest.get_body(("plain",)).get_content()


# Who may do what


def test_an_address_is_asked_three_times_a_day_at_most_and_a_stranger_learns_nothing(db, client, mailbox):
    answers = {follow(client).headers["Location"] for _ in range(5)}
    assert len(answers) == 1
    assert len(mailbox.messages) == 3


def test_one_visitor_cannot_ask_for_many_addresses(db, client, mailbox):
    codes = [follow(client, email=f"reader{number}@example.org").status_code for number in range(12)]
    assert codes == [302] * 10 + [429] * 2
    assert len(mailbox.messages) == 10


@pytest.mark.parametrize("form", [{"email": "nobody"}, {"email": ""}, {"frequency": "hourly"}, {"what": ""}])
def test_a_wrong_form_is_told_so(db, client, mailbox, form):
    refused = follow(client, **form)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert not mailbox.messages


def test_where_no_message_can_be_sent_nothing_is_kept(db, client, mailbox, settings):
    settings.EMAIL_PORT = 9
    refused = follow(client)
    assert refused.status_code == 503
    assert "could not be sent" in refused.content.decode()
    assert not Subscription.objects.exists()


def test_a_view_that_was_not_understood_cannot_be_followed(db, client, mailbox):
    assert follow(client, "?party=ruritania").status_code == 422
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("token", ["nonsense", "MQ:1abc:def"])
def test_a_forged_link_opens_nothing(db, client, token):
    make_subscription()
    assert client.post(f"/follow/confirm/{token}/").status_code == 410
    assert client.post(f"/follow/stop/{token}/").status_code == 404
    assert Subscription.objects.count() == 1


def test_an_unconfirmed_address_is_forgotten_after_three_days(db, client, mailbox):
    follow(client)
    (link,) = links(mailbox.messages[0])
    Subscription.objects.update(asked_at=timezone.now() - timedelta(days=4))
    call_command("send_digests", verbosity=0)
    assert not Subscription.objects.exists()
    assert client.post(path(link)).status_code == 410


def test_asking_again_for_the_same_view_changes_how_often(db, client, mailbox):
    for frequency in ("daily", "weekly"):
        follow(client, frequency=frequency)
        client.post(path(links(mailbox.messages[-1])[0]))
    assert Subscription.objects.get().frequency == "weekly"


def test_an_address_with_a_line_break_sends_no_second_header(db, client, mailbox):
    assert follow(client, email="ann@example.org\nBcc: all@example.org").status_code == 422


def test_a_post_from_elsewhere_sets_no_cookie(db, client, mailbox):
    follow(client)
    client.get("/follow/")
    assert not client.cookies


# However it goes wrong


def test_a_second_run_sends_nothing_again(db, mailbox):
    for _ in range(3):
        make_subscription()
    publish(make.make_statement())
    call_command("send_digests", verbosity=0)
    call_command("send_digests", verbosity=0)
    assert len(mailbox.messages) == len(set(mailbox.recipients())) == 3


def test_a_mailbox_that_refuses_holds_up_nobody_and_is_forgotten_in_the_end(db, mailbox):
    dead, alive = make_subscription(email="dead@example.org"), make_subscription()
    mailbox.refuses.add(dead.email)
    publish(make.make_statement())
    for day in range(5):
        Digest.objects.all().delete()
        call_command("send_digests", verbosity=0)
        assert mailbox.recipients() == [alive.email] * (day + 1)
    assert not Subscription.objects.filter(pk=dead.pk).exists()


def test_a_server_that_is_away_is_said_and_what_was_due_stays_due(db, mailbox, settings):
    for _ in range(4):
        make_subscription()
    publish(make.make_statement())
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    with pytest.raises(CommandError, match="does not take messages"):
        call_command("send_digests", verbosity=0)
    settings.EMAIL_PORT = port
    call_command("send_digests", verbosity=0)
    assert len(set(mailbox.recipients())) == len(mailbox.messages) == 4


@pytest.mark.django_db(transaction=True)
def test_a_kill_in_the_middle_leaves_nobody_with_two_and_nobody_with_none(mailbox, settings):
    """The sender is killed outright while the server has its third message in hand and does not take it."""
    for _ in range(6):
        make_subscription()
    publish(make.make_statement())
    first = send_in_a_process_of_its_own(settings)
    mailbox.on_mail = lambda count: count == 2 and (os.kill(first.pid, signal.SIGKILL) or True)
    first.stdin.close()
    first.wait(120)
    assert first.returncode == -signal.SIGKILL
    assert len(mailbox.messages) == 2
    mailbox.on_mail = lambda count: False
    both = [send_in_a_process_of_its_own(settings) for _ in range(2)]
    for process in both:
        process.stdin.close()
    assert [process.wait(120) for process in both] == [0, 0]
    assert len(mailbox.messages) == 6
    assert len(set(mailbox.recipients())) == 6
    assert Digest.objects.count() == 6


def send_in_a_process_of_its_own(settings) -> subprocess.Popen:
    """The command, waiting for its standard input to close before it begins."""
    where = {"DATABASE_URL": database_url(), "EMAIL_URL": f"smtp://127.0.0.1:{settings.EMAIL_PORT}"}
    script = (
        "import sys, django; sys.stdin.read(); django.setup()\n"
        "from django.core.management import call_command; call_command('send_digests', verbosity=0)"
    )
    return subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, env=os.environ | where, cwd=ROOT)


def test_a_message_that_has_to_be_sent_again_says_that_it_is_the_same(db, mailbox):
    make_subscription()
    publish(make.make_statement())
    call_command("send_digests", verbosity=0)
    Digest.objects.all().delete()
    call_command("send_digests", verbosity=0)
    once, again = mailbox.messages
    assert once["Message-ID"] == again["Message-ID"]


def test_without_a_mail_server_messages_go_to_the_console(db, client, settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    follow(client)
    assert "To: ann@example.org" in capsys.readouterr().out
