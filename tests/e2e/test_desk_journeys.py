"""Editors at work in a browser: what they save is what readers see."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from negotiations.models import Statement

PASSWORD = "correct horse battery staple"  # noqa: S105  (of an account that lives as long as the test)


@pytest.fixture
def form(open_page, editable_site, django_db_blocker):
    """The form of Antonov's statement, as an editor sees it who has just signed in."""
    with django_db_blocker.unblock():
        get_user_model().objects.create_superuser("editor", password=PASSWORD)
        pk = Statement.objects.get(slug="antonov-rome-2007").pk
    page = open_page(f"/admin/login/?next=/admin/negotiations/statement/{pk}/change/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return page


def test_a_correction_at_the_desk_is_on_the_page_at_once(form):
    page = form
    page.get_by_label("Summary:").fill("Antonov said that the differences lay in the substance of the future accord.")
    page.get_by_label("What you change, and why:").fill("The summary left out what the differences lay in.")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".success")).to_contain_text("was changed successfully")
    page.goto("/timeline/?q=differences+substance+accord")
    expect(page.locator("#stream .entry")).to_have_count(1)
    page.goto("/statements/antonov-rome-2007/")
    expect(page.locator("main")).to_contain_text("the differences lay in the substance of the future accord")
    page.get_by_role("link", name="Record history").click()
    expect(page.locator("main")).to_contain_text("The summary left out what the differences lay in.")


def test_what_would_break_a_rule_is_told_and_nothing_typed_is_lost(form):
    page = form
    page.get_by_label("Summary:").fill("Typed before the refusal.")
    page.get_by_label("Quote language:").fill("")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#content")).to_contain_text("Say in which language the quotation is.")
    expect(page.get_by_label("Summary:")).to_have_value("Typed before the refusal.")
    page.goto("/statements/antonov-rome-2007/")
    expect(page.locator("main")).not_to_contain_text("Typed before the refusal.")
