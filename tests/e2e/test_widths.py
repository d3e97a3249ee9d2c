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
