"""From the front page through filters, matrix and search with the keys alone, the focus in sight at every step."""

import re

import pytest
from playwright.sync_api import expect

# Where the focus is, and whether it can be seen: an outline on the control or on the face it has, within the window.
FOCUS = """() => {
  const held = document.activeElement;
  const face = held.closest(".chip") ?? held;
  const { top, bottom, left, right } = face.getBoundingClientRect();
  const outline = getComputedStyle(face);
  return {
    what: held.outerHTML.slice(0, 120),
    lost: held === document.body,
    outlined: outline.outlineStyle !== "none" && parseFloat(outline.outlineWidth) >= 2,
    inside: bottom > 0 && right > 0 && top < innerHeight && left < innerWidth,
  };
}"""


class Keys:
    """A reader who has no mouse."""

    def __init__(self, page):
        self.page = page

    def focus_is_in_sight(self):
        self.page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')")
        focus = self.page.evaluate(FOCUS)
        assert not focus["lost"], "the focus is lost"
        assert focus["outlined"], f"no outline around {focus['what']}"
        assert focus["inside"], f"out of the window: {focus['what']}"

    def to(self, target, most=120, key="Tab"):
        for _ in range(most):
            self.page.keyboard.press(key)
            self.focus_is_in_sight()
            if target.count() and target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"the Tab key does not reach {target}")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def leads_to(self, address):
        expect(self.page).to_have_url(re.compile(address))

    def stays_on(self, target):
        expect(target).to_be_focused()
        self.focus_is_in_sight()


@pytest.mark.parametrize("width", [1280, 390])
def test_filter_matrix_and_search_are_one_journey_on_the_keys_alone(open_page, width):
    page = open_page("/", width=width, reduced_motion="reduce")
    keys = Keys(page)
    keys.to(page.get_by_role("navigation", name="Main").get_by_role("link", name="Timeline"))
    keys.press("Enter")
    keys.leads_to("/timeline/$")

    if width < 960:
        keys.to(page.get_by_role("button", name="Filters"))
        keys.press("Enter")
    search = page.get_by_label("Search", exact=True)
    keys.to(search)
    page.keyboard.type("telemetry")
    keys.leads_to(r"\?q=telemetry$")
    keys.stays_on(search)
    issue = page.get_by_label("Issue", exact=True)
    keys.to(issue)
    page.keyboard.type("Must test")
    keys.leads_to("q=telemetry&issue=telemetry$")
    keys.stays_on(issue)
    if width < 960:
        keys.press("Escape")
        keys.stays_on(page.get_by_role("button", name="Filters"))
    keys.to(page.get_by_role("link", name="Remove filter: Text: telemetry"))
    keys.press("Enter")
    keys.leads_to(r"\?issue=telemetry$")
    keys.stays_on(page.locator(".token"))
    keys.to(page.locator("#stream .entry a").first)
    keys.press("Enter")
    expect(page).not_to_have_url(re.compile("/timeline/"))

    keys.to(page.get_by_role("navigation", name="Main").get_by_role("link", name="Positions"))
    keys.press("Enter")
    keys.leads_to("/positions/$")
    day = page.get_by_label("As of")
    keys.to(day)
    page.keyboard.type("2013-06-30")
    keys.press("Enter")
    keys.leads_to(r"\?on=2013-06-30$")
    keys.stays_on(day)
    before = page.get_by_role("link", name="Previous move")
    keys.to(before)
    keys.press("Enter")
    keys.leads_to(r"\?on=2013-06-25$")
    keys.stays_on(before)
    keys.to(page.get_by_role("link", name="Skip the moves"))
    keys.press("Enter")
    china = page.get_by_role("checkbox", name="China")
    keys.to(china, most=5)
    keys.press("Space")
    keys.leads_to("party=china$")
    keys.stays_on(china)
    expect(page.get_by_role("columnheader", name="China", exact=True)).to_have_count(1)
    side = page.get_by_label("One side")
    keys.to(side)
    keys.press("ArrowDown")
    keys.leads_to("&a=")
    keys.stays_on(side)
    apart = page.get_by_role("link", name=re.compile("^Apart "))
    keys.to(apart)
    keys.press("Enter")
    keys.leads_to("show=apart$")
    keys.stays_on(apart)
    words = page.locator("table.matrix summary").first
    keys.to(words)
    keys.press("Enter")
    expect(page.locator("table.matrix q").first).to_be_visible()
    keys.press("Tab")
    keys.focus_is_in_sight()
    keys.press("Enter")
    keys.leads_to("/(statements|milestones)/")

    box = page.get_by_label("Search the record")
    keys.to(box)
    page.keyboard.type("Reykjavik")
    keys.press("Enter")
    keys.leads_to(r"/search/\?q=Reykjavik$")
    keys.to(page.locator("#found a").first)
    keys.press("Enter")
    expect(page).not_to_have_url(re.compile("/search/"))
