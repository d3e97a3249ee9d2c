"""What a page is on paper: whole, without what only a screen can do, and saying where it stops."""

import pytest

# An A4 sheet within its margins.
SHEET = 718

CUT = """width => [...document.querySelectorAll('main *')].filter(e => e.checkVisibility() && !e.closest('svg, .vh')
    && getComputedStyle(e).display !== 'inline').filter(e => {
    const { left, right } = e.getBoundingClientRect()
    return right > width + 1 || left < -1 || (e.scrollWidth > e.clientWidth + 1
        && getComputedStyle(e).overflowX !== 'visible')
}).map(e => e.tagName + ' ' + e.textContent.trim().slice(0, 40))"""


@pytest.fixture
def print_page(open_page):
    def print_page(path):
        page = open_page(path, width=SHEET)
        page.emulate_media(media="print")
        return page

    return print_page


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/positions/?on=2013-06-22&since=2012",
        "/treaties/",
        "/treaties/new-start/",
        "/issues/missile-defence/",
        "/parties/russia/",
        "/people/",
        "/sources/",
        "/feeds/",
    ],
)
def test_nothing_runs_out_of_the_paper(print_page, path):
    assert print_page(path).evaluate(CUT, SHEET) == []


@pytest.mark.parametrize("path", ["/people/", "/sources/", "/treaties/new-start/"])
def test_the_rule_under_a_row_begins_at_the_margin(print_page, path):
    """The ground of a first column that is stuck to the edge of a screen covers the rule under it in print."""
    firsts = print_page(path).locator(".tbl--wide tbody th")
    assert set(firsts.evaluate_all("all => all.map(th => getComputedStyle(th).position)")) == {"static"}


def test_what_is_folded_on_screen_is_told_on_paper(print_page):
    page = print_page("/treaties/new-start/")
    assert page.get_by_role("row", name="1 September 2011").first.is_visible()


def test_no_sheet_is_spent_on_the_foot_of_the_site(print_page):
    page = print_page("/treaties/new-start/")
    assert page.get_by_role("banner").is_visible()
    assert not page.get_by_role("contentinfo").is_visible()


def test_one_citation_is_enough_on_paper(print_page):
    page = print_page("/treaties/new-start/")
    assert page.locator(".cite .txt", has_text="Accessed").first.is_visible()
    assert not page.get_by_text("BibTeX").first.is_visible()
    assert not page.get_by_text("<iframe").is_visible()
    assert not page.get_by_text("Embed on another site").is_visible()


@pytest.mark.parametrize("path", ["/timeline/", "/positions/?view=moves&since=1967", "/sources/"])
def test_a_list_of_several_pages_says_on_paper_that_it_goes_on(print_page, path):
    page = print_page(path)
    goes_on = page.get_by_text("Continued on the site.")
    assert goes_on.is_visible()
    assert not page.locator("a[rel=next]").is_visible()
    page.emulate_media(media="screen")
    assert not goes_on.is_visible()
