"""Readers at work on the timeline, in a browser: with a mouse, with a keyboard, with and without JavaScript."""

import re
from itertools import product

import pytest
from playwright.sync_api import expect

from negotiations.files import versions
from tests.make import make_statement

from . import INLINE, assert_no_barriers


def tally(page):
    return page.get_by_role("status").filter(has_text=re.compile("entr(y|ies)"))


def count(page) -> int:
    return int(re.search(r"[\d,]+", tally(page).inner_text())[0].replace(",", ""))


def cards(page):
    return page.locator("#stream .entry")


def choose(page, party: str):
    page.locator(f".chip:has(input[value={party}])").click()


def settle(page):
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')")


def test_choosing_filters_changes_the_stream_the_count_and_the_address(open_page):
    page = open_page("/timeline/")
    everything = count(page)
    choose(page, "china")
    expect(tally(page)).to_contain_text("match of")
    china = count(page)
    assert china < everything
    expect(page).to_have_url(re.compile(r"/timeline/\?party=china$"))
    page.get_by_role("group", name="Kind of entry").get_by_label("Statements").uncheck()
    expect(page).to_have_url(re.compile(r"\?party=china&kind=round&kind=milestone&kind=position$"))
    expect(page.locator("#stream .entry--statement")).to_have_count(0)
    assert count(page) < china
    expect(page).to_have_title("China · Rounds · Treaty milestones · Positions · Timeline · Parley")


def test_typing_searches_without_losing_the_place_in_the_field(open_page):
    page = open_page("/timeline/")
    field = page.get_by_label("Search", exact=True)
    field.press_sequentially("Reykjavik", delay=40)
    expect(page).to_have_url(re.compile(r"\?q=Reykjavik$"))
    expect(page.locator("#stream mark").first).to_have_text("Reykjavik")
    expect(field).to_be_focused()
    # Leaving the field asks for nothing new: one press of Back undoes the search.
    page.get_by_role("heading", level=1).click()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/timeline/$"))
    expect(page.get_by_label("Search", exact=True)).to_have_value("")


def test_back_and_forward_restore_every_state_of_ten_changes(open_page):
    page = open_page("/timeline/")
    states = [(page.url, count(page))]
    changes = [
        lambda: choose(page, "united-states"),
        lambda: choose(page, "russia"),
        lambda: page.get_by_label("Russia without the Soviet Union").check(),
        lambda: page.get_by_label("Issue").select_option("format"),
        lambda: page.get_by_label("Rounds").uncheck(),
        lambda: (page.get_by_label("From").fill("2001"), page.get_by_label("From").press("Enter")),
        lambda: (page.get_by_label("To", exact=True).fill("2013-06"), page.get_by_label("Search", exact=True).focus()),
        lambda: page.get_by_role("link", name="Remove filter: United States").click(),
        lambda: page.get_by_label("Issue").select_option(""),
        lambda: page.get_by_label("Negotiation").select_option("new-start-negotiation"),
    ]
    for change in changes:
        before = page.url
        change()
        page.wait_for_function("before => location.href !== before", arg=before)
        settle(page)
        states.append((page.url, count(page)))

    def shows(url, expected):
        page.wait_for_url(url)
        expect(tally(page)).to_have_text(re.compile(f"^{expected:,} "))
        chosen = page.locator("input[name=party]:checked").evaluate_all("boxes => boxes.map(box => box.value)")
        assert chosen == re.findall(r"party=([\w-]+)", url)
        issue = re.search(r"issue=([\w-]+)", url)
        expect(page.get_by_label("Issue")).to_have_value(issue[1] if issue else "")
        expect(page.get_by_role("heading", level=1)).to_have_text("Timeline")

    for url, expected in reversed(states[:-1]):
        page.go_back()
        shows(url, expected)
    for url, expected in states[1:]:
        page.go_forward()
        shows(url, expected)


def test_loading_earlier_entries_adds_them_and_goes_on_from_there(open_page):
    page = open_page("/timeline/")
    first = cards(page).count()
    url = page.url
    page.get_by_role("link", name="Load earlier entries").focus()
    page.keyboard.press("Enter")
    expect(cards(page).nth(first)).to_be_focused()
    assert cards(page).count() > first
    assert page.url == url
    ids = page.locator("#stream [id^='e-']").evaluate_all("found => found.map(entry => entry.id)")
    assert len(ids) == len(set(ids)) == 100
    expect(page.get_by_role("link", name="Load earlier entries")).to_have_count(1)


def test_the_stream_goes_on_by_itself_three_times_and_leaves_the_foot_of_the_page_within_reach(open_page):
    page = open_page("/timeline/")
    for pages in (2, 3, 4):
        page.mouse.wheel(0, 100_000)
        expect(page.locator("#stream [id^='e-']")).to_have_count(50 * pages)
    assert page.evaluate("document.activeElement === document.body")
    page.mouse.wheel(0, 100_000)
    settle(page)
    expect(page.get_by_role("link", name="What Parley is")).to_be_in_viewport()
    expect(page.locator("#stream [id^='e-']")).to_have_count(200)
    page.get_by_role("link", name="Load earlier entries").click()
    expect(page.locator("#stream [id^='e-']")).to_have_count(250)
    ids = page.locator("#stream [id^='e-']").evaluate_all("found => found.map(entry => entry.id)")
    assert len(ids) == len(set(ids))
    choose(page, "china")
    expect(page).to_have_url(re.compile(r"/timeline/\?party=china$"))


def test_the_stream_does_not_go_on_by_itself_where_data_is_dear_or_the_link_has_the_focus(open_page):
    page = open_page("/accessibility/")
    page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    page.goto("/timeline/")
    page.mouse.wheel(0, 100_000)
    expect(page.get_by_role("link", name="Load earlier entries")).to_be_in_viewport()
    settle(page)
    expect(page.locator("#stream [id^='e-']")).to_have_count(50)
    other = open_page("/timeline/")
    other.get_by_role("link", name="Load earlier entries").focus()
    expect(other.get_by_role("link", name="Load earlier entries")).to_be_in_viewport()
    settle(other)
    expect(other.locator("#stream [id^='e-']")).to_have_count(50)


def test_an_open_timeline_says_once_a_minute_what_is_new_and_asks_only_while_it_is_seen(
    open_page, editable_site, django_db_blocker
):
    page = open_page("/accessibility/")
    page.clock.install()
    page.goto("/timeline/?kind=statement")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/arrivals/" in request.url else None)
    see = "state => Object.defineProperty(document, 'hidden', {value: state, configurable: true})"
    page.evaluate(see, True)
    page.clock.run_for(180_000)
    assert not asked
    with django_db_blocker.unblock():
        versions.keep(make_statement(date="1972-05-26"))
    page.evaluate(see, False)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(tally(page)).to_contain_text("1 new entry since you opened this page:")
    page.clock.run_for(120_000)
    settle(page)
    assert len(asked) == 2
    page.get_by_role("link", name="Show the stream as it is now").click()
    expect(tally(page)).not_to_contain_text("since you opened")


def test_the_filters_can_be_used_with_the_keyboard_alone(open_page):
    page = open_page("/timeline/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")

    def tab_to(target):
        for _ in range(60):
            page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"the Tab key does not reach {target}")

    tab_to(page.get_by_label("Search", exact=True))
    page.keyboard.type("telemetry")
    expect(page).to_have_url(re.compile(r"\?q=telemetry$"))
    tab_to(page.get_by_role("checkbox", name="United States", exact=True))
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("party=united-states"))
    tab_to(page.get_by_label("Person"))
    page.keyboard.type("Rose Go")
    expect(page).to_have_url(re.compile("person=gottemoeller-rose"))
    expect(page.get_by_label("Person")).to_be_focused()
    tab_to(page.get_by_role("link", name="Remove filter: Text: telemetry"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Search", exact=True)).to_have_value("")
    expect(page.get_by_role("link", name="Remove filter: United States")).to_be_focused()
    tab_to(page.locator("#stream .entry a").first)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/timeline/"))


def test_coming_back_from_another_page_finds_the_timeline_whole(open_page):
    page = open_page("/timeline/")
    choose(page, "france")
    expect(page).to_have_url(re.compile("party=france"))
    page.locator("#years a").last.click()
    page.wait_for_url(re.compile("from=20"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?party=france$"))
    expect(page.get_by_role("banner")).to_be_visible()
    expect(page.get_by_role("checkbox", name="France", exact=True)).to_be_checked()


def test_everything_works_without_javascript(open_page):
    page = open_page("/timeline/", javascript=False)
    everything = count(page)
    choose(page, "china")
    page.get_by_label("Search", exact=True).fill("missiles")
    page.get_by_role("button", name="Show entries").click()
    expect(page).to_have_url(re.compile(r"q=missiles.*party=china"))
    assert 0 < count(page) < everything
    page.get_by_role("link", name="Remove filter: Text: missiles").click()
    expect(page.get_by_role("checkbox", name="China", exact=True)).to_be_checked()
    page.get_by_role("link", name="Load earlier entries").click()
    expect(page.get_by_role("link", name="Back to the newest entries")).to_be_visible()
    page.get_by_role("link", name="Oldest first").click()
    expect(page.get_by_role("link", name="Newest first")).to_be_visible()
    page.get_by_role("link", name="Clear all").click()
    assert count(page) == everything


def test_a_reader_on_a_phone_filters_in_a_sheet(open_page):
    page = open_page("/timeline/", width=390, height=844)
    chip = page.locator(".chip:has(input[value=china])")
    expect(chip).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    chip.click()
    expect(page.locator("#filters-on")).to_have_text("(1 on)")
    page.get_by_role("button", name="Show entries").click()
    expect(chip).to_be_hidden()
    expect(page.get_by_role("link", name="Remove filter: China")).to_be_visible()


def test_a_server_that_cannot_be_reached_is_told_and_the_stream_stays(open_page, browser_errors):
    page = open_page("/timeline/")
    before = cards(page).count()
    page.context.set_offline(True)
    choose(page, "china")
    expect(page.get_by_role("alert")).to_contain_text("The server could not be reached.")
    assert cards(page).count() == before
    browser_errors.clear()
    page.context.set_offline(False)
    choose(page, "france")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_slow_answer_does_not_overwrite_a_later_one(open_page):
    page = open_page("/timeline/")
    held = []
    page.route(re.compile(r"kind="), lambda route: held.append(route))
    page.get_by_label("Rounds").uncheck()
    choose(page, "france")
    page.get_by_label("Rounds").check()
    page.wait_for_timeout(200)
    held[0].continue_()
    expect(page).to_have_url(re.compile(r"\?party=france$"))
    expect(page.get_by_role("link", name="Remove filter: France")).to_be_visible()
    assert len(held) == 1


@pytest.mark.parametrize("path", ["/timeline/", "/timeline/?q=START&party=russia&from=1991&to=1993&x=1"])
def test_the_page_has_no_barriers_and_fits_its_window(open_page, path):
    screens = product(["light", "dark"], [1280, 390, 320])
    assert_no_barriers(open_page(path, reduced_motion="reduce"), screens)


def test_nothing_comes_from_elsewhere_and_nothing_is_inline(open_page):
    page = open_page("/timeline/")
    assert page.locator(INLINE).count() == 0
    assert page.evaluate(
        "performance.getEntriesByType('resource').every(r => r.name.startsWith(location.origin + '/'))"
    )
