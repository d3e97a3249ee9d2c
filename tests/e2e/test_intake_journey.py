"""From a wire story to a published, checked entry: two editors, one article, a dozen clicks."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from negotiations.models import Statement

from ..test_intake import SEEDS, with_seeds
from . import assert_no_barriers

PASSWORD = "correct horse battery staple"  # noqa: S105  (of an account that lives as long as the test)
STORY = """Talks to go on in autumn

STRELSAU, March 4, 2009 (Test Wire) - Talks on missiles go on in autumn.

“We want a treaty and nothing less,” Ruritanian Foreign Minister Rupert Hentzau told reporters.

Nobody marked these words as said, and yet they were.
"""


@pytest.fixture
def sign_in(open_page, editable_site, django_db_blocker):
    """A browser in which an editor has just signed in."""

    def sign_in(name, **options):
        with django_db_blocker.unblock():
            get_user_model().objects.create_superuser(name, password=PASSWORD)
        page = open_page("/admin/", **options)
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        return page

    return sign_in


class Clicks:
    """Counts what two editors have to click between them."""

    def __init__(self):
        self.made = 0

    def __call__(self, locator) -> None:
        locator.click()
        self.made += 1

    def choose(self, locator, label: str) -> None:
        locator.select_option(label=label)
        self.made += 1


@with_seeds
def test_a_founding_article_is_on_the_timeline_checked_within_twelve_clicks(sign_in, open_page, django_db_blocker):
    click, first = Clicks(), sign_in("first")
    click(first.get_by_role("link", name="Add from article"))
    first.get_by_label("The article").fill((SEEDS / "interfax-2013-06-22.txt").read_text(encoding="utf-8"))
    click(first.get_by_role("button", name="Read it"))
    # The record knows all that is quoted in it, and proposes to add to that; one quotation is taken once more.
    quotation = first.locator(".proposal", has_text="The first priority now is to implement").first
    click(quotation.get_by_label("New draft"))
    click(first.get_by_role("button", name="Save drafts"))
    expect(first.locator(".success")).to_contain_text("1 draft was made.")
    click(first.locator("#action-toggle"))
    click.choose(first.get_by_label("Action:"), "Submit selected for review")
    click(first.get_by_role("button", name="Go", exact=True))
    expect(first.locator(".messagelist")).to_contain_text("now in review")
    second = sign_in("second")
    second.goto("/admin/negotiations/statement/")
    click(second.get_by_role("link", name="in review", exact=True))
    click(second.locator("#action-toggle"))
    click.choose(second.get_by_label("Action:"), "Publish selected")
    click(second.get_by_role("button", name="Go", exact=True))
    expect(second.locator(".messagelist")).to_contain_text("now public")
    with django_db_blocker.unblock():
        added = Statement.objects.latest("pk")
        assert added.is_published
        address = added.get_absolute_url()
    reader = open_page("/timeline/?q=first+priority+implement&person=lavrov-sergey")
    entry = reader.locator("#stream .entry", has=reader.locator(f'a[href="{address}"]'))
    expect(entry).to_contain_text("The first priority now is to implement the New START treaty")
    expect(entry).to_contain_text("Verbatim, checked against source")
    assert click.made <= 12


def test_words_selected_in_the_article_fill_the_form_for_what_was_missed(sign_in):
    page = sign_in("first")
    page.goto("/admin/negotiations/statement/from-article/")
    page.get_by_label("The article").fill(STORY)
    page.get_by_role("button", name="Read it").click()
    add = page.get_by_role("button", name="Add the selected words")
    expect(add).to_be_hidden()
    page.locator(".article p", has_text="Nobody marked these words").click(click_count=3)
    add.click()
    quote = page.locator("[data-missed] textarea[name$=quote]").first
    expect(quote).to_have_value("Nobody marked these words as said, and yet they were.")
    expect(page.locator("[data-missed] input[name$=speaker]").first).to_be_focused()
    expect(add).to_be_hidden()


def test_words_selected_before_the_script_has_come_are_offered_too(sign_in):
    page = sign_in("first")
    page.route("**/intake.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/admin/negotiations/statement/from-article/")
    page.get_by_label("The article").fill(STORY)
    page.get_by_role("button", name="Read it").click()
    page.locator(".article p", has_text="Nobody marked these words").click(click_count=3)
    page.add_script_tag(url="/static/js/intake.js?late")
    expect(page.get_by_role("button", name="Add the selected words")).to_be_visible()


def test_the_review_is_accessible_and_as_wide_as_the_screen(sign_in):
    page = sign_in("first", reduced_motion="reduce")
    page.goto("/admin/negotiations/statement/from-article/")
    page.get_by_label("The article").fill(STORY)
    page.get_by_role("button", name="Read it").click()
    for summary in page.locator(".review summary").all():
        summary.click()
    # Django's own frame is not ours to mend.
    # Sheets that Django's own sheets import would be loaded once more by axe, inline, which the policy forbids.
    assert_no_barriers(page, within="#content", preload=False)


def test_without_javascript_the_review_is_a_plain_form(sign_in, django_db_blocker):
    page = sign_in("first", javascript=False)
    page.goto("/admin/negotiations/statement/from-article/")
    page.get_by_label("The article").fill(STORY)
    page.get_by_role("button", name="Read it").click()
    card = page.locator("#p0")
    card.locator("summary").click()
    card.get_by_label("For", exact=True).select_option(label="Russia")
    page.get_by_role("button", name="Save drafts").click()
    expect(page.locator(".success")).to_contain_text("1 draft was made. 1 person was entered.")
    with django_db_blocker.unblock():
        assert Statement.objects.get(quote="We want a treaty and nothing less").state == "draft"
