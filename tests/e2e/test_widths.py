"""What holds at any width, and in the longer words of Russian too: nothing is cut off, no words touch on a chart."""

import pytest

WIDTHS = (1280, 1000, 760, 390, 320)

# Texts of one chart that overlap each other or leave the window, as the browser measures them.
TOUCHING = """() => [...document.querySelectorAll('main svg')]
    .filter(svg => !svg.parentElement.closest('svg')).flatMap(svg => {
    const seen = [...svg.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()])
        .filter(([, box]) => box.width)
    return seen.flatMap(([words, box], number) => [
        ...(box.right > innerWidth + 1 || box.left < -1 ? [words] : []),
        ...seen.slice(number + 1).filter(([, other]) => box.left < other.right - 1 && other.left < box.right - 1
            && box.top < other.bottom - 3 && other.top < box.bottom - 3).map(([other]) => words + ' | ' + other)])
})"""

CHARTS = [
    "/",
    "/issues/missile-defence/",
    "/issues/format/",
    "/issues/space-weapons/",
    "/issues/treaty-compliance/",
    "/treaties/",
    "/treaties/new-start/",
    "/treaties/abm-treaty/",
    "/negotiations/new-start-negotiation/",
]
LONG_WORDS = [
    "/issues/conversion-accounting/",
    "/issues/duration/",
    "/treaties/npt/",
    "/parties/",
    "/positions/united-states-legal-form-political-commitment-2006-09/",
    "/sources/ria-novosti-2007-09-12/",
    "/people/lavrov-sergey/",
    "/negotiations/",
]
languages = pytest.mark.parametrize("language", ["", "/ru"], ids=["en", "ru"])


@languages
@pytest.mark.parametrize("path", CHARTS)
def test_no_words_of_a_chart_touch_others_or_leave_the_window(open_page, language, path):
    page = open_page(language + path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(TOUCHING) == [], width


@languages
@pytest.mark.parametrize("path", LONG_WORDS)
def test_nothing_is_wider_than_the_window(open_page, language, path):
    page = open_page(language + path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


ONE_LINE = "elements => elements.filter(e => e.getClientRects().length && e.offsetHeight > 30).map(e => e.textContent)"
WRAPPED = """elements => elements.filter(e => {
    const range = document.createRange(); range.selectNodeContents(e)
    return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1
}).map(e => e.textContent)"""


@pytest.mark.parametrize("path", ["/", "/positions/?on=2013-06-22"])
def test_how_far_apart_two_sides_are_stands_beside_its_sign_on_a_wide_screen(open_page, path):
    gaps = open_page(path, width=1280).locator("td .gap")
    assert "Partly agreed" in gaps.all_text_contents()
    assert gaps.evaluate_all(ONE_LINE) == []


@languages
def test_the_navigation_of_a_phone_keeps_each_name_on_one_line(open_page, language):
    names = open_page(f"{language}/", width=390, height=844).locator("header .nav a")
    assert names.count() == 8
    assert names.evaluate_all(WRAPPED) == []


def test_the_links_of_a_source_on_a_phone_stand_as_close_as_lines_and_yet_apart_enough_to_touch(open_page):
    page = open_page("/statements/antonov-rome-2007/", width=390, height=844)
    printed, everything = (page.locator(f".source--box .source {part}").first for part in ("cite", "> a"))
    above, below = printed.bounding_box(), everything.bounding_box()
    assert below["height"] >= 44
    assert 8 <= below["y"] + 13 - (above["y"] + above["height"]) <= 16


def test_the_lanes_of_delegations_are_of_one_height_on_a_wide_screen(open_page):
    lanes = open_page("/negotiations/new-start-negotiation/", width=1280).locator(".lane--long:has(.lane__h)")
    heights = lanes.evaluate_all("elements => elements.map(element => Math.round(element.offsetHeight))")
    assert len(heights) > 8
    assert max(heights) - min(heights) <= 1


def test_the_other_sides_of_a_question_begin_on_one_line_of_a_wide_screen(open_page):
    names = open_page("/issues/missile-defence/", width=1280).locator(".opts li.who .party")
    tops = names.evaluate_all("elements => elements.map(element => element.getBoundingClientRect().top)")
    assert len(tops) == 3
    assert max(tops) - min(tops) <= 4


# Cells of tables that are set as cards: what is wider than its cell runs into the next one, or is cut off.
TOO_WIDE = """cells => cells.filter(td => {
    const { left, right } = td.getBoundingClientRect(), range = document.createRange()
    const words = document.createTreeWalker(td, NodeFilter.SHOW_TEXT)
    while (words.nextNode()) {
        range.selectNodeContents(words.currentNode)
        const seen = words.currentNode.parentElement.closest('.vh') ? [] : [...range.getClientRects()]
        if (seen.some(box => box.right > right + 1 || box.left < left - 1)) return true
    }
}).map(td => td.textContent.trim())"""


@languages
@pytest.mark.parametrize("path", ["/treaties/", "/treaties/new-start/", "/parties/russia/", "/sources/", "/people/"])
def test_on_a_phone_each_cell_of_a_table_is_whole_in_its_card(open_page, language, path):
    page = open_page(language + path, width=390, height=844)
    cells = page.locator(".stack td:visible")
    assert cells.count() > 8
    for width in 390, 320:
        page.set_viewport_size({"width": width, "height": 844})
        assert cells.evaluate_all(TOO_WIDE) == [], width


def test_no_date_of_four_sides_beside_each_other_runs_into_the_next_column_of_a_tablet(open_page):
    page = open_page("/positions/?party=united-states&party=russia&party=china&party=france", width=800, height=844)
    leaving = """dates => dates.filter(date => {
        const cell = date.closest("td").getBoundingClientRect()
        return date.getBoundingClientRect().right > cell.right + 1
    }).map(date => date.textContent)"""
    dates = page.locator(".matrix .cell time:visible")
    assert dates.count() > 8
    for width in 800, 1000:
        page.set_viewport_size({"width": width, "height": 844})
        assert dates.evaluate_all(leaving) == [], width


@languages
@pytest.mark.parametrize("path", ["/", "/positions/?on=2026-11-21&party=united-states&party=russia&party=france"])
def test_on_a_phone_an_answer_is_whole_in_its_cell_and_its_dates_on_one_line(open_page, language, path):
    page = open_page(language + path, width=390, height=844)
    assert page.locator(".matrix .cell time:visible").count() > 8
    dates = page.locator(".matrix .cell time:visible").filter(has_not_text="–")
    assert dates.evaluate_all(WRAPPED) == []
    for width in 390, 320:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.locator(".matrix td:visible").evaluate_all(TOO_WIDE) == [], width


def test_the_parties_to_a_treaty_are_all_seen_on_a_phone(open_page):
    row = open_page("/treaties/", width=390, height=844).get_by_role("row", name="NPT")
    marks = row.locator(".mark")
    assert marks.count() == 9
    assert max(marks.evaluate_all("all => all.map(mark => mark.getBoundingClientRect().right)")) <= 390


def test_the_days_without_a_limit_are_drawn_in_forced_colours(open_page):
    page = open_page("/")
    page.emulate_media(forced_colors="active")
    read = "(e, what) => getComputedStyle(e)[what]"
    words = page.locator(".readout").evaluate(read, "color")
    assert page.locator(".readout .b-accent").first.evaluate(read, "fill") == words
    assert page.locator(".readout text").first.evaluate(read, "fill") == words


# Signs whose words begin on a line further down.
PARTED = """signs => signs.filter(sign => {
    const words = document.createTreeWalker(sign.parentElement, NodeFilter.SHOW_TEXT), range = document.createRange()
    words.currentNode = sign.lastChild
    let word = words.nextNode()
    while (word && !word.textContent.trim()) word = words.nextNode()
    if (!word || word.parentElement.closest('.vh')) return false
    range.setStart(word, word.textContent.search(/\\S/))
    range.setEnd(word, range.startOffset + 1)
    return range.getBoundingClientRect().top > sign.getBoundingClientRect().bottom - 2
}).map(sign => sign.parentElement.textContent.trim())"""


@languages
@pytest.mark.parametrize("path", ["/timeline/", "/negotiations/new-start-negotiation/", "/issues/legal-form/"])
def test_no_line_ends_between_a_sign_and_its_words(open_page, language, path):
    page = open_page(language + path)
    signs = page.locator("main :is(.ico, .mark):visible")
    assert signs.count() > 8
    for width in (1280, 1024, 760, 480, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert signs.evaluate_all(PARTED) == [], width


# How much wider the hint in a search box is than the room for it, beside the cross that empties it.
CUT_OFF = """box => {
    const words = Object.assign(document.createElement('span'), {textContent: box.placeholder})
    box.parentElement.append(words)
    words.style.whiteSpace = 'nowrap'
    words.style.position = 'absolute'
    const { paddingLeft, paddingRight } = getComputedStyle(box)
    const room = box.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - 15
    const cut = words.offsetWidth - room
    words.remove()
    return cut
}"""


@languages
def test_the_search_box_of_the_masthead_shows_its_whole_hint_beside_the_names_of_the_sections(open_page, language):
    page = open_page(f"{language}/treaties/")
    names = page.locator("header .nav a")
    for width in (1440, 1280, 1200, 1152, 1024, 960, 800, 760, 480, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator("#find").evaluate(CUT_OFF) <= 0, width
        assert names.evaluate_all(WRAPPED) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", ["/treaties/salt-ii/", "/treaties/abm-treaty/"])
def test_on_a_phone_a_cell_that_stands_alone_has_the_width_of_its_card(open_page, path):
    page = open_page(path, width=390, height=844)
    rows = page.locator(".stack tbody tr").evaluate_all(
        "all => all.map(tr => [...tr.cells].filter(cell => cell.offsetWidth)"
        ".map(cell => [cell.offsetTop, cell.offsetWidth]))"
    )
    assert len(rows) > 2
    for cells in rows:
        for top, width in cells:
            alone = [other for other, _width in cells].count(top) == 1
            assert width == 358 if alone else width == 171, cells
