"""What holds for every page type: accessible in light, dark and on a phone, nothing cut off, nothing from elsewhere."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from . import INLINE

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

PAGES = {
    "home": "/",
    "home-past": "/?on=1985-06-01",
    "timeline": "/timeline/",
    "search": "/search/?q=legally+binding",
    "negotiations": "/negotiations/",
    "negotiation": "/negotiations/new-start-negotiation/",
    "round": "/negotiations/post-start-consultations/rome-consultations/",
    "called-off": "/negotiations/new-start-implementation/bcc-session-cairo-not-held/",
    "brief": "/negotiations/post-start-consultations/rome-consultations/brief/",
    "issues": "/issues/",
    "issue": "/issues/legal-form/",
    "positions": "/positions/?on=2013-06-22&since=2012-01-01",
    "statement": "/statements/antonov-rome-2007/",
    "position": "/positions/united-states-legal-form-political-commitment-2006-09/",
    "milestone": "/milestones/new-start-signed-2010-04-08/",
    "treaties": "/treaties/",
    "treaty": "/treaties/new-start/",
    "parties": "/parties/",
    "party": "/parties/russia/",
    "people": "/people/",
    "person": "/people/lavrov-sergey/",
    "sources": "/sources/",
    "source": "/sources/ria-novosti-2007-09-12/",
    "about": "/about/",
    "components": "/about/components/",
    "method": "/about/method/",
    "accessibility": "/accessibility/",
    "data": "/data/",
    "api-docs": "/api/docs",
    "follow": "/follow/?issue=legal-form",
    "embedded-issue": "/embed/issues/legal-form/",
    "embedded-treaty": "/embed/treaties/new-start/",
    "embedded-statement": "/embed/statements/antonov-rome-2007/",
    "embedded-positions": "/embed/positions/?on=2013-06-22",
    "russian": "/ru/positions/?on=2013-06-22",
}
every_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)


@every_page
def test_no_page_has_a_barrier_that_axe_can_find(open_page, path):
    page = open_page(path, reduced_motion="reduce")  # colours that fade would be measured half-way
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 390)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 844})
        found = Axe().run(page, options=WCAG)
        assert not found.violations_count, f"{scheme}, {width}: {found.generate_report()}"


@every_page
def test_a_page_fits_320_pixels_asks_nobody_else_for_anything_and_has_nothing_inline(open_page, site, path):
    page = open_page("/accessibility/", width=320, height=640)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path)
    assert asked
    assert all(url.startswith(site.url) for url in asked)
    assert page.locator(INLINE).count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        ".slice(0, 6).map(e => e.tagName + '.' + (e.className.baseVal ?? e.className))"
    )


def test_an_error_page_is_accessible_too(open_page, browser_errors):
    found = Axe().run(open_page("/nowhere/"), options=WCAG)
    assert not found.violations_count, found.generate_report()
    browser_errors.clear()  # the browser reports the 404 that this test asked for
