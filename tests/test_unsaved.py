"""A session that ends while somebody is typing, on any page of the desk: after signing in it is all there again."""

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from negotiations.files import versions
from negotiations.models import ErrorReport, Intake, Revision, Source, Statement

from . import make
from .test_admin import edit, sent_by, url_of
from .test_intake_desk import BRING, bring, review_of
from .test_intake_desk import sent_by as sent_by_review
from .test_reports import send as report_error
from .test_tables import a_row, table
from .test_two_editors import editor, signs_in_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return editor("anna")


def sent_too_late(client, url: str, sent: dict):
    """Send a form after the session has ended, sign in again, and come back to the page."""
    Session.objects.all().delete()
    asked = client.post(url, sent)
    assert "Your session had ended." in asked.content.decode()
    page = signs_in_again(client, asked)
    assert page.request["PATH_INFO"] == url.split("?")[0]
    return page


def test_what_was_typed_into_a_review_of_an_article_outlasts_the_session(anna):
    ruritania = make.make_party(slug="ruritania")
    typed = {"s0_party": ruritania, "s0_summary": "Typed for an hour.", "s1_take": "leave", "s2_take": "leave"}
    review = bring(anna)
    page = sent_too_late(anna, review_of(review), sent_by_review(review, source_note="Read twice.", **typed))

    assert "not saved yet" in page.content.decode()
    first, _second, third, *_rest = page.context["proposals"].forms
    assert (first["summary"].value(), third["take"].value()) == ("Typed for an hour.", "leave")
    assert page.context["source_form"]["note"].value() == "Read twice."
    assert not Statement.objects.exists()
    anna.post(review_of(page), sent_by_review(page))
    assert Statement.objects.get().summary == "Typed for an hour."
    assert "not saved yet" not in anna.get(BRING).content.decode()


def test_an_article_is_not_put_away_by_somebody_whose_session_had_ended(anna):
    review = bring(anna)
    page = sent_too_late(anna, review_of(review), {"discard": "1"})
    assert page.context["brought"] == Intake.objects.get()


def test_a_pasted_article_outlasts_the_session(anna):
    article = "Договор нужен всем. " * 4_900
    page = sent_too_late(anna, BRING, {"text": article, "url": "https://example.org/story"})
    assert page.context["form"]["text"].value() == article
    assert page.context["form"]["url"].value() == "https://example.org/story"
    assert not Intake.objects.exists()


def test_an_answer_to_a_reader_outlasts_the_session(anna):
    statement = make.make_statement()
    versions.keep(statement)
    report_error(Client(), statement)
    report = ErrorReport.objects.get()
    url = url_of(ErrorReport, "change", report.pk)
    page = sent_too_late(anna, url, {"state": "dismissed", "answer": "The source says so.", "correction": ""})
    assert "not saved yet" in page.content.decode()
    assert page.context["adminform"].form["answer"].value() == "The source says so."
    report.refresh_from_db()
    assert report.answer == ""
    anna.post(url, {"state": "dismissed", "answer": "The source says so.", "correction": ""})
    report.refresh_from_db()
    assert report.answer == "The source says so."


def test_the_reason_for_going_back_outlasts_the_session(anna):
    statement = make.make_statement(summary="Before.")
    versions.keep(statement)
    edit(anna, statement, summary="After.")
    edit(anna, statement, summary="And after.")
    url = url_of(Statement, "history", statement.pk)
    page = sent_too_late(anna, url, {"number": "1", "why": "The first was right."})
    assert "The first was right.</textarea>" in page.content.decode()
    assert 'value="1" selected' in page.content.decode()
    assert Statement.objects.get().summary == "And after."


def test_what_an_import_would_do_is_shown_again_and_not_done(anna):
    url = url_of(Source, "import")
    row = {"slug": "gazette", "publisher": "Gazette", "title": "Page 1", "language": "en", "kind": "news"}
    file = SimpleUploadedFile("table.csv", table(row))
    page = anna.post(url, {"table": file, "why": "From the index."})
    again = sent_too_late(anna, url, {"confirmed": page.context["confirmed"]})
    assert len(again.context["plan"].new) == 1
    assert not Source.objects.exists()
    anna.post(url, {"confirmed": again.context["confirmed"]})
    assert Revision.objects.get(slug="gazette").why == "From the index."


def test_the_reason_for_an_import_outlasts_the_session(anna):
    upload = SimpleUploadedFile("table.csv", table(a_row()))
    page = sent_too_late(anna, url_of(Statement, "import"), {"table": upload, "why": "From the transcript."})
    assert 'value="From the transcript."' in page.content.decode()
    assert "choose it again" in page.content.decode()
    assert not Statement.objects.exists()


def test_rows_chosen_on_a_list_are_still_chosen_and_nothing_has_been_done_with_them(anna):
    one, two, _other = (make.make_statement(state="draft") for _ in range(3))
    url = f"{url_of(Statement)}?state__exact=draft"
    page = sent_too_late(anna, url, {"action": "submit", "_selected_action": [one.pk, two.pk], "index": 0})
    assert "2 entries were chosen" in page.content.decode()
    assert set(Statement.objects.values_list("state", flat=True)) == {"draft"}
    sent = {"action": page.context["action"], "_selected_action": page.context["keys"]}
    anna.post(url, sent)
    assert set(Statement.objects.filter(state="in-review")) == {one, two}


def test_a_reason_typed_for_rows_of_a_list_outlasts_the_session(anna):
    one = make.make_statement()
    sent = {"action": "return_to_draft", "_selected_action": [one.pk], "select_across": "0", "why": "Entered twice."}
    page = sent_too_late(anna, url_of(Statement), sent)
    assert "Entered twice.</textarea>" in page.content.decode()
    one.refresh_from_db()
    assert one.state == "published"


def test_of_accounts_nothing_is_carried_along(anna):
    Session.objects.all().delete()
    away = anna.post("/admin/auth/user/add/", {"username": "eve", "password1": "secret", "password2": "secret"})
    assert away.status_code == 302
    assert "secret" not in away.url


def test_another_who_signs_in_meanwhile_finds_nothing_of_it_on_pages_they_may_not_see(anna):
    review = bring(anna)
    Session.objects.all().delete()
    asked = anna.post(review_of(review), sent_by_review(review, s0_summary="Typed for an hour."))
    editor("boris")
    page = signs_in_again(anna, asked, username="boris")
    assert page.status_code == 404


def test_a_form_of_an_entry_still_comes_back(anna):
    statement = make.make_statement()
    url = url_of(Statement, "change", statement.pk)
    page = sent_too_late(anna, url, sent_by(anna.get(url), summary="Typed."))
    assert page.context["adminform"].form["summary"].value() == "Typed."
