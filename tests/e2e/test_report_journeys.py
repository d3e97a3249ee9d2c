"""A reader reports an error from the page of an entry."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from .test_every_page import WCAG


def test_a_report_is_sent_from_an_entry_by_keyboard_and_without_scripts(open_page, editable_site):
    page = open_page("/statements/antonov-rome-2007/", javascript=False, width=390)
    page.get_by_role("link", name="Report an error").press("Enter")
    page.get_by_label("What is wrong, and what should it say?").fill("It was in Rome.")
    assert not page.get_by_label("Leave this empty").is_visible()
    page.get_by_role("button", name="Send").press("Enter")
    page.wait_for_url("**/reports/**")
    assert "It was in Rome." in page.locator("main").inner_text()


@pytest.mark.parametrize("dark", [False, True])
def test_its_pages_have_no_barrier(open_page, editable_site, dark):
    page = open_page("/report/antonov-rome-2007/", dark=dark, width=390, reduced_motion="reduce")
    found = Axe().run(page, options=WCAG)
    assert not found.violations_count, found.generate_report()
    page.get_by_label("What is wrong").fill("It was in Rome.")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/reports/**")
    found = Axe().run(page, options=WCAG)
    assert not found.violations_count, found.generate_report()
