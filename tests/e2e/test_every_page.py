"""What holds for every page type: accessible in light, dark and on a phone, nothing cut off, nothing from elsewhere."""

import pytest
from django.template import loader

from tests.make import make_statement

from . import INLINE, assert_no_barriers

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
    "moves": "/positions/?view=moves&since=2012",
    "waits": "/positions/?view=waits",
    "four-sides": "/positions/?party=united-states&party=russia&party=china&party=france",
    "timeline-filtered": "/timeline/?q=START&party=united-states&party=russia&to=2013",
    "timeline-misunderstood": "/timeline/?party=nobody&from=banana",
    "search-for-nothing": "/search/",
    "search-in-vain": "/search/?q=qqqqqq",
    "compared": "/treaties/?compare=start-i&compare=new-start",
    "feeds": "/feeds/",
    "corrections": "/corrections/",
    "history": "/history/statement/antonov-rome-2007/",
    "report": "/report/antonov-rome-2007/",
    "follow-asked": "/follow/asked/",
    "embedded-dark": "/embed/issues/legal-form/?theme=dark",
    "russian": "/ru/positions/?on=2013-06-22",
    "russian-timeline": "/ru/timeline/",
}
# The same pages in other clothes.
ALSO = {"as-cited": "/statements/antonov-rome-2007/?rev=1", "russian-home": "/ru/"}
every_page = pytest.mark.parametrize("path", (PAGES | ALSO).values(), ids=PAGES | ALSO)


@every_page
def test_no_page_has_a_barrier_that_axe_can_find(open_page, path):
    assert_no_barriers(open_page(path, reduced_motion="reduce"))


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


@pytest.fixture
def missing(open_page, editable_site, django_db_blocker):
    """Opens the page that a reader gets with a status other than 200."""

    def missing(status):
        if status in (404, 410):
            with django_db_blocker.unblock():
                make_statement(
                    slug="a-hoax", state="withdrawn", withdrawn_on="2026-01-02", withdrawn_reason="Nobody said so."
                )
            return open_page("/nowhere/" if status == 404 else "/statements/a-hoax/", reduced_motion="reduce")
        # What fails before there is a page to ask for is drawn here and stands where the page would.
        drawn = loader.get_template(f"{status}.html").render({"wait": 30})
        page = open_page("/accessibility/", reduced_motion="reduce")
        page.route("**/broken/", lambda route: route.fulfill(status=status, body=drawn, content_type="text/html"))
        page.goto("/broken/")
        return page

    return missing


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503])
def test_a_page_of_what_went_wrong_is_accessible_too_and_complains_of_nothing_else(missing, browser_errors, status):
    page = missing(status)
    assert page.locator(INLINE).count() == 0
    assert_no_barriers(page, (("light", 1280), ("dark", 1280), ("light", 320)))
    # The browser reports the status that this test asked for.
    assert [message for message in browser_errors if f"status of {status}" not in message] == []
    browser_errors.clear()
