"""Errors that readers report: a form on a page of its own, an answer, and nobody asked who they are."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from negotiations.files import versions
from negotiations.models import ErrorReport
from negotiations.models.reports import ErrorReportQuerySet

from . import make

pytestmark = pytest.mark.django_db

MAKERS = [make.make_round, make.make_statement, make.make_milestone, make.make_position]


def report_url(entry) -> str:
    return reverse("report", args=[entry.slug])


def send(client, entry, what="The interview was on the 13th.", **more):
    return client.post(report_url(entry), {"what": what, "source": "", "website": ""} | more)


@pytest.fixture
def statement():
    return make.make_statement()


# Readers


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__[5:])
def test_what_is_a_draft_again_is_not_told_by_the_page_of_a_report(client, maker):
    entry = maker()
    send(client, entry)
    address = ErrorReport.objects.get().get_absolute_url()
    assert entry.get_absolute_url() in client.get(address).content.decode()
    # No title and no date that it has only now.
    type(entry).objects.filter(pk=entry.pk).update(state="draft", title="Not yet told", date="1999-12-31")
    page = client.get(address).content.decode()
    assert "The interview was on the 13th." in page
    assert not any(words in page for words in ("Not yet told", "December 1999", entry.get_absolute_url()))


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__[5:])
def test_every_entry_leads_to_the_form_and_the_form_back(client, maker):
    entry = maker()
    assert f'href="{report_url(entry)}"' in client.get(entry.get_absolute_url()).content.decode()
    page = client.get(report_url(entry))
    assert page.status_code == 200
    assert f'href="{entry.get_absolute_url()}"' in page.content.decode()


def test_the_page_of_an_entry_stays_one_for_all_and_the_form_is_kept_nowhere(client, statement):
    assert not client.get(statement.get_absolute_url()).cookies
    form = client.get(report_url(statement))
    assert form.cookies["csrftoken"]["httponly"]
    assert "no-store" in form["Cache-Control"]


def test_a_report_is_received_and_answered_on_a_page_of_its_own(client, statement):
    page = client.post(
        report_url(statement),
        {"what": "It was said <b>in Zenda</b>.", "source": "example.org/transcript", "website": ""},
        follow=True,
    )
    report = ErrorReport.objects.get()
    assert page.redirect_chain == [(report.get_absolute_url(), 302)]
    assert (report.entry, report.source, report.state) == (statement.entry, "https://example.org/transcript", "open")
    html = page.content.decode()
    assert "Thank you, your report has come in" in html
    assert "It was said &lt;b&gt;in Zenda&lt;/b&gt;." in html
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]


def test_nothing_kept_tells_who_sent_it(client, statement):
    send(client, statement)
    report = ErrorReport.objects.get()
    assert not any("127.0.0.1" in str(value) for value in vars(report).values())
    assert len(report.sender) == 64


@pytest.mark.parametrize("state", ["draft", "in-review", "withdrawn"])
def test_what_is_not_public_cannot_be_reported(client, state):
    why = {"withdrawn_on": "2020-01-01", "withdrawn_reason": "Misread."} if state == "withdrawn" else {}
    entry = make.make_statement(state=state, **why)
    assert client.get(report_url(entry)).status_code == 404
    assert send(client, entry).status_code == 404
    assert client.get(reverse("report", args=["nothing-of-the-kind"])).status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"what": ""}, "This field is required."),
        ({"what": "   "}, "This field is required."),
        ({"what": "x" * 2001}, "at most 2000 characters"),
        ({"what": "a\0b"}, "Null characters are not allowed."),
        ({"source": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"source": "banana"}, "Enter a valid URL."),
    ],
)
def test_what_cannot_be_taken_is_told_and_nothing_typed_is_lost(client, statement, typed, words):
    page = send(client, statement, **{"what": "The day is wrong."} | typed)
    assert page.status_code == 422
    html = page.content.decode()
    assert words in html
    assert "what" in typed or "The day is wrong." in html
    assert not ErrorReport.objects.exists()


def test_a_machine_that_fills_in_everything_is_refused_and_a_person_told_why(client, statement):
    page = send(client, statement, website="https://spam.example")
    assert page.status_code == 422
    assert "This field was to stay empty." in page.content.decode()
    assert "The interview was on the 13th." in page.content.decode()
    assert not ErrorReport.objects.exists()


def test_sent_twice_it_is_one_report(client, statement):
    assert send(client, statement).url == send(client, statement).url
    assert ErrorReport.objects.count() == 1


def test_who_sends_many_in_an_hour_is_asked_to_wait(client, statement):
    for number in range(5):
        assert send(client, statement, f"Error {number}").status_code == 302
    page = send(Client(), statement, "Error 5")  # another browser, the same address
    assert page.status_code == 429
    assert "Error 5" in page.content.decode()
    assert send(Client(REMOTE_ADDR="198.51.100.7"), statement, "Error 6").status_code == 302
    ErrorReport.objects.update(reported_at=timezone.now() - timedelta(hours=1, minutes=1))
    assert send(client, statement, "Error 7").status_code == 302


def test_a_flood_from_everywhere_does_not_bury_the_desk(statement, monkeypatch):
    monkeypatch.setattr(ErrorReportQuerySet, "HOURLY_FROM_ALL", 3)
    answers = [send(Client(REMOTE_ADDR=f"198.51.100.{n}"), statement, f"Error {n}").status_code for n in range(5)]
    assert answers == [302, 302, 302, 429, 429]


def test_nobody_can_report_for_another_through_a_foreign_page(statement):
    assert send(Client(enforce_csrf_checks=True), statement).status_code == 403


def test_a_wrong_token_leads_nowhere(client, statement):
    send(client, statement)
    assert client.get(reverse("report-status", args=["guess"])).status_code == 404
    assert client.get("/reports/a%00b/").status_code == 404


def test_the_form_speaks_russian(client, statement):
    with translation.override("ru"):
        url = report_url(statement)
    html = client.get(url).content.decode()
    assert "Сообщить об ошибке" in html
    assert client.post(url, {"what": "Дата неверна."}).url.startswith("/ru/reports/")


# Editors


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("editor"))
    return client


def answer(desk, report, **typed):
    url = reverse("admin:negotiations_errorreport_change", args=[report.pk])
    return desk.post(url, {"state": "open", "answer": "", "correction": ""} | typed)


def correct(statement):
    """As when an editor corrects a published statement."""
    versions.keep_before(statement)
    statement.date = "2007-09-13"
    statement.save()
    return versions.keep(statement, by=User.objects.get(username="editor"))[0]


@pytest.fixture
def report(desk, statement):
    versions.keep(statement)
    send(Client(), statement)
    return ErrorReport.objects.get()


def test_the_desk_shows_a_report_with_the_way_to_its_entry(desk, report):
    html = desk.get(reverse("admin:negotiations_errorreport_changelist")).content.decode()
    assert "The interview was on the 13th." in html
    assert reverse("admin:negotiations_entry_change", args=[report.entry_id]) in html
    html = desk.get(reverse("admin:negotiations_errorreport_change", args=[report.pk])).content.decode()
    assert reverse("admin:negotiations_entry_change", args=[report.entry_id]) in html


def test_an_accepted_report_names_the_correction_it_led_to(desk, report, statement):
    revision = correct(statement)
    assert answer(desk, report, state="accepted", answer="You are right.").status_code == 302
    report.refresh_from_db()
    assert (report.correction, report.state) == (revision, "accepted")
    assert report.answered_at
    html = desk.get(report.get_absolute_url()).content.decode()
    assert "Your report was right" in html
    assert f'href="{reverse("history", args=["statement", statement.slug])}"' in html
    assert "You are right." in html


def test_the_ledger_says_which_corrections_readers_brought_about(desk, report, statement):
    correct(statement)
    told = "A reader had reported the error."
    pages = [reverse("corrections"), reverse("history", args=["statement", statement.slug])]
    assert not any(told in desk.get(page).content.decode() for page in pages)
    answer(desk, report, state="accepted", answer="You are right.")
    assert all(desk.get(page).content.decode().count(told) == 1 for page in pages)


def test_nothing_is_accepted_before_the_record_is_corrected(desk, report):
    page = answer(desk, report, state="accepted", answer="You are right.")
    assert page.status_code == 200
    assert "correct the record first" in page.content.decode()
    report.refresh_from_db()
    assert report.state == "open"


def test_a_report_is_not_closed_without_a_word(desk, report):
    page = answer(desk, report, state="dismissed")
    assert "Say in the answer what was done, or why nothing was." in page.content.decode()
    assert answer(desk, report, state="dismissed", answer="The transcript says the 12th.").status_code == 302
    html = desk.get(report.get_absolute_url()).content.decode()
    assert "the entry stays" in html
    assert "The transcript says the 12th." in html


def test_an_answer_may_be_taken_back(desk, report):
    answer(desk, report, state="dismissed", answer="No.")
    assert answer(desk, report, state="open", answer="No.").status_code == 302
    report.refresh_from_db()
    assert (report.state, report.answered_at) == ("open", None)


def test_no_report_is_added_or_lost_at_the_desk(desk, report):
    assert desk.get(reverse("admin:negotiations_errorreport_add")).status_code == 403
    assert desk.post(reverse("admin:negotiations_errorreport_delete", args=[report.pk])).status_code == 403
