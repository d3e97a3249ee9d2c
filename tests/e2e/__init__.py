from axe_playwright_python.sync_playwright import Axe

# What no page may hold. A block of JSON-LD is no script: no browser runs it, and the content security policy does not
# speak of it.
INLINE = "[style], style, [onclick], script:not([src]):not([type='application/ld+json'])"

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The dark page is the same page but for its colours.
RULES = {"light": WCAG, "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
SCREENS = (("light", 1280), ("dark", 1280), ("light", 390))


def assert_no_barriers(page, screens=SCREENS, *, within=None, **options):
    """Axe finds nothing amiss, and nothing is cut off, in any of these colour schemes and widths.

    The page is opened with `reduced_motion="reduce"`: colours that fade would be measured half-way.
    """
    # Without this, axe writes out all that is in order too, which takes it longer than the search.
    options["resultTypes"] = ["violations"]
    for scheme, width in screens:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, context=within, options=options | {"runOnly": RULES[scheme]})
        assert not found.violations_count, f"{scheme}, {width}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (scheme, width)
