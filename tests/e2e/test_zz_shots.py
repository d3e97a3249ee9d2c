import pytest
from ..test_intake import SEEDS
from .test_intake_journey import sign_in, STORY  # noqa


def test_shots(sign_in):
    page = sign_in("shots")
    page.screenshot(path="/tmp/shot_index.png")
    page.goto("/admin/negotiations/statement/from-article/")
    page.screenshot(path="/tmp/shot_bring.png", full_page=True)
    page.get_by_label("The article").fill((SEEDS / "ria-novosti-2007-09-12.txt").read_text(encoding="utf-8"))
    page.get_by_role("button", name="Read it").click()
    page.screenshot(path="/tmp/shot_ria.png", full_page=True)
    page.goto("/admin/negotiations/statement/from-article/")
    page.get_by_label("The article").fill(
        STORY.replace("March 4, 2009", "March 4").replace("in autumn.\n\n“", "on Wednesday.\n\n“")
    )
    page.get_by_role("button", name="Read it").click()
    page.locator("#p0 summary").click()
    page.get_by_role("button", name="Save drafts").click()
    page.screenshot(path="/tmp/shot_story.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 800})
    page.screenshot(path="/tmp/shot_story_m.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.screenshot(path="/tmp/shot_story_d.png")
