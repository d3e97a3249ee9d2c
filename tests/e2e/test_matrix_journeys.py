"""Readers at work on the matrix, in a browser: with a mouse, with a keyboard, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from . import INLINE, assert_no_barriers


def heading(page):
    return page.get_by_role("heading", level=1)


def choose(page, party: str):
    page.locator(f".chip:has(input[value={party}])").click()


def settle(page):
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')")


def ask(page, label: str, text: str):
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Enter")


def test_naming_a_day_changes_the_page_the_address_and_the_title(open_page):
    page = open_page("/positions/")
    ask(page, "As of", "2013-06-30")
    expect(page).to_have_url(re.compile(r"/positions/\?on=2013-06-30$"))
    expect(heading(page)).to_have_text("Who stood where on 30 June 2013")
    expect(page).to_have_title("Positions on 30 June 2013 · Parley")
    expect(page.get_by_label("As of")).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("Positions on 30 June 2013: 22 questions")
    choose(page, "china")
    expect(page.get_by_role("columnheader", name="China", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?on=2013-06-30&party=united-states&party=russia&party=china$"))


def test_stepping_from_move_to_move_keeps_the_focus(open_page):
    page = open_page("/positions/?on=2013-06-30")
    link = page.get_by_role("link", name="Previous move")
    link.focus()
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Who stood where on 25 June 2013")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Who stood where on 19 June 2013")
    expect(page.get_by_label("As of")).to_have_value("2013-06-19")


def test_a_tick_leads_to_its_day(open_page):
    page = open_page("/positions/?on=2013-06-30&since=2011-02-05")
    page.locator("svg a", has_text="8 April 2010:").click(force=True)
    expect(heading(page)).to_have_text("Who stood where on 8 April 2010")
    # There is nothing to compare with that comes later.
    expect(page.get_by_label("Mark changes since")).to_have_value("")


def test_back_and_forward_restore_every_state_of_ten_changes(open_page):
    page = open_page("/positions/")
    changes = [
        lambda: ask(page, "As of", "2013-06-30"),
        lambda: ask(page, "Mark changes since", "2011-02-05"),
        lambda: choose(page, "china"),
        lambda: page.get_by_role("link", name=re.compile("^Changed ")).click(),
        lambda: page.get_by_role("link", name=re.compile("^All ")).click(),
        lambda: page.get_by_label("One side").select_option("china"),
        lambda: choose(page, "united-states"),
        lambda: page.get_by_role("link", name="Next move").click(),
        lambda: page.get_by_label("Talks").select_option("new-start-negotiation"),
        lambda: ask(page, "As of", "2012"),
    ]

    def state():
        page.wait_for_load_state()
        settle(page)
        return (
            page.url,
            heading(page).inner_text(),
            page.get_by_label("As of").input_value(),
            page.get_by_label("Mark changes since").input_value(),
            page.locator("input[name=party]:checked").evaluate_all("boxes => boxes.map(box => box.value)"),
            page.locator("table.matrix tr").count(),
        )

    def returns_to(expected):
        for _ in range(250):
            if state() == expected:
                return
            page.wait_for_timeout(100)
        assert state() == expected

    states = [state()]
    for change in changes:
        before = page.url
        change()
        page.wait_for_function("before => location.href !== before", arg=before)
        states.append(state())
    for expected in reversed(states[:-1]):
        page.go_back()
        page.wait_for_url(expected[0])
        returns_to(expected)
    for expected in states[1:]:
        page.go_forward()
        page.wait_for_url(expected[0])
        returns_to(expected)


def test_pressing_back_twice_shows_the_page_of_the_address_whichever_answer_comes_first(open_page):
    page = open_page("/positions/")
    for day in ("1986-10-12", "2013-06-30"):
        ask(page, "As of", day)
        expect(page).to_have_url(re.compile(f"on={day}$"))
        settle(page)
    held = []
    page.route(re.compile("on=1986-10-12"), lambda route: held.append(route))
    page.go_back()
    page.go_back()
    expect(heading(page)).to_contain_text("Who stands where on")
    for route in held:
        route.continue_()
    page.wait_for_timeout(500)
    expect(page).to_have_url(re.compile("/positions/$"))
    expect(heading(page)).to_contain_text("Who stands where on")


def test_going_back_gives_up_a_change_that_is_still_under_way(open_page, browser_errors):
    page = open_page("/positions/")
    ask(page, "As of", "1986-10-12")
    expect(page).to_have_url(re.compile("on=1986-10-12$"))
    settle(page)
    held = []
    page.route(re.compile("party=china"), lambda route: held.append(route))
    choose(page, "china")
    page.go_back()
    expect(heading(page)).to_contain_text("Who stands where on")
    for route in held:
        route.continue_()
    page.wait_for_timeout(500)
    expect(page).to_have_url(re.compile("/positions/$"))
    expect(page.get_by_role("columnheader", name="China", exact=True)).to_have_count(0)
    browser_errors.clear()  # htmx reports the request that was given up


def test_the_other_views_are_links_and_keep_the_day(open_page):
    page = open_page("/positions/?on=2013-06-30&since=2011-02-05")
    page.get_by_role("link", name="What moved", exact=True).click()
    expect(heading(page)).to_have_text("What moved from 5 February 2011 to 30 June 2013")
    expect(page.locator(".entry--position").first).to_be_visible()
    page.get_by_text("Between two rounds").click()
    page.get_by_label("Up to and including").select_option("new-start-negotiation-prague-signing")
    expect(page).to_have_url(re.compile("on_round=new-start-negotiation-prague-signing"))
    page.get_by_role("link", name="Who waits for whom").click()
    expect(heading(page)).to_have_text("Who waited for whom on 8 April 2010")
    expect(page.get_by_role("heading", name="Waiting for one party")).to_be_visible()


def test_everything_works_without_javascript(open_page):
    page = open_page("/positions/", javascript=False)
    page.get_by_label("As of").fill("1986-10-12")
    page.get_by_label("Mark changes since").fill("1985")
    choose(page, "france")
    page.get_by_role("button", name="Show positions").click()
    expect(heading(page)).to_have_text("Who stood where on 12 October 1986")
    expect(page.get_by_role("columnheader", name="Soviet Union", exact=True)).to_be_visible()
    expect(page.get_by_role("columnheader", name="France", exact=True)).to_be_visible()
    page.get_by_role("link", name=re.compile("^Changed ")).click()
    expect(page.get_by_role("rowheader", name="Changed since 1985")).to_be_visible()
    page.get_by_role("link", name="Previous move").click()
    expect(page.get_by_label("As of")).not_to_have_value("1986-10-12")
    page.get_by_role("link", name="Back to today").click()
    expect(page.get_by_label("As of")).to_have_value("")


def test_a_keyboard_reaches_the_words_behind_a_cell(open_page):
    page = open_page("/positions/?on=2013-06-30")
    cell = page.get_by_role("row", name=re.compile("Who must be at the table")).get_by_role("cell").nth(1)
    cell.get_by_text("The words").focus()
    page.keyboard.press("Enter")
    expect(cell.locator("q")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/statements/"))


def test_a_mistake_is_told_and_the_rest_stays(open_page):
    page = open_page("/positions/")
    ask(page, "As of", "banana")
    expect(page.get_by_role("alert").filter(has_text="“banana” is not a day.")).to_be_visible()
    expect(page.locator("table.matrix")).to_be_visible()


def test_a_server_that_cannot_be_reached_is_told_and_the_matrix_stays(open_page, browser_errors):
    page = open_page("/positions/")
    page.context.set_offline(True)
    choose(page, "china")
    expect(page.locator("#errors")).to_contain_text("The server could not be reached.")
    expect(page.locator("table.matrix")).to_be_visible()
    browser_errors.clear()


PATHS = [
    "/positions/",
    "/positions/?on=1986&since=1983&party=united-states&party=russia&party=china&x=1",
    "/positions/?on=2021&party=united-states&party=russia&party=china&party=france&party=united-kingdom",
    "/positions/?view=waits",
    "/positions/?view=moves&on=2013-06-30&since=2011-02-05",
]


@pytest.mark.parametrize("path", PATHS)
def test_the_page_has_no_barriers_and_fits_its_window(open_page, path):
    screens = ("light", 1280), ("dark", 1280), ("dark", 390), ("light", 320)
    assert_no_barriers(open_page(path, reduced_motion="reduce"), screens)


def test_nothing_comes_from_elsewhere_and_nothing_is_inline(open_page):
    page = open_page("/positions/?on=2013-06-30&since=2011-02-05")
    assert page.locator(INLINE).count() == 0
    assert page.evaluate(
        "performance.getEntriesByType('resource').every(r => r.name.startsWith(location.origin + '/'))"
    )
