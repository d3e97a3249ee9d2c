"""A reader reports an error from the page of an entry."""

from . import assert_no_barriers


def test_a_report_is_sent_from_an_entry_by_keyboard_and_without_scripts(open_page, editable_site):
    page = open_page("/statements/antonov-rome-2007/", javascript=False, width=390)
    page.get_by_role("link", name="Report an error").press("Enter")
    page.get_by_label("What is wrong, and what should it say?").fill("It was in Rome.")
    assert not page.get_by_label("Leave this empty").is_visible()
    page.get_by_role("button", name="Send").press("Enter")
    page.wait_for_url("**/reports/**")
    assert "It was in Rome." in page.locator("main").inner_text()


def test_its_pages_have_no_barrier(open_page, editable_site):
    page = open_page("/report/antonov-rome-2007/", reduced_motion="reduce")
    assert_no_barriers(page)
    page.get_by_label("What is wrong").fill("It was in Rome.")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/reports/**")
    assert_no_barriers(page)
