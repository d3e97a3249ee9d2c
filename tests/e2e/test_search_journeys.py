"""Readers who look for something, in a browser: typing, with the keyboard alone, without JavaScript."""

import re

from playwright.sync_api import expect

from tests.make import make_person, make_statement


def tab_to(page, target):
    for _ in range(40):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the Tab key does not reach {target}")


def test_typing_finds_names_from_their_beginning_and_back_undoes_it(open_page):
    page = open_page("/search/")
    field = page.get_by_label("Search for")
    field.press_sequentially("Reykj", delay=20)
    expect(page).to_have_url(re.compile(r"\?q=Reykj$"))
    expect(page.locator("#found .entry").first).to_be_visible()
    expect(field).to_be_focused()
    field.fill("Лавро")
    expect(page.get_by_role("link", name="Sergey Lavrov Сергей Лавров")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?q=Reykj$"))
    expect(page.get_by_label("Search for")).to_have_value("Reykj")


def test_the_keyboard_alone_leads_from_any_page_to_what_was_looked_for(open_page):
    page = open_page("/treaties/")
    tab_to(page, page.get_by_label("Search the record"))
    page.keyboard.type("gorbchov reykjavk")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search the record")
    tab_to(page, page.get_by_role("link", name="Gorbachev Reykjavik"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=Gorbachev%20Reykjavik"))
    tab_to(page, page.locator("#found .entry h3 a, #found .entry a").first)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/search/"))


def test_without_javascript_the_same_is_found(open_page):
    page = open_page("/", javascript=False)
    page.get_by_label("Search the record").fill("telemtry")
    page.get_by_role("search").get_by_role("button").click()
    page.get_by_role("link", name="telemetry", exact=True).click()
    expect(page.locator("#found mark").first).to_have_text(re.compile("telemetry", re.IGNORECASE))


def test_words_from_right_to_left_stay_within_their_own_bounds(open_page, editable_site, django_db_blocker):
    with django_db_blocker.unblock():
        person = make_person(name="عباس (123)")
        make_statement(slug="rtl", date="2021", speaker=person, quote="معاهدة (2021)!", quote_language="ar")
    page = open_page("/timeline/?from=2021&to=2021&kind=statement&q=2021+Strelsau", width=320)
    card = page.locator("#e-rtl")
    places = """element => {
        const range = document.createRange(), text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        let node; while ((node = text.nextNode()) && !node.data.includes("!"));
        range.setStart(node, node.data.indexOf("!")); range.setEnd(node, node.data.indexOf("!") + 1);
        const mark = range.getBoundingClientRect(); range.selectNodeContents(element);
        return [mark.left, range.getBoundingClientRect().left];
    }"""
    mark, left = card.locator("q").evaluate(places)
    # The sentence ends at its left; Latin rules would set its last sign at its right.
    assert mark - left < 20
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto("/search/?q=%D7%90%D7%AA%D7%9E%D7%95%D7%9C")
    expect(page.locator("#found bdi")).to_have_text("אתמול")


def test_the_two_names_of_a_person_stand_apart(open_page):
    names = open_page("/search/?q=Lavrov").get_by_role("link", name="Sergey Lavrov Сергей Лавров")
    apart = """link => {
        const first = document.createRange()
        first.selectNode(link.firstChild)
        return link.querySelector("span").getBoundingClientRect().left - first.getBoundingClientRect().right
    }"""
    assert 3 < names.evaluate(apart) < 12
