"""The page that shows every component of the site with real things of the record."""

import re

from django.conf import settings

from negotiations.models import Delegation, Entry
from negotiations.views.components import STATES

from . import make

STYLESHEET = settings.BASE_DIR / "static/css/parley.css"
# What no page of its own can show: the inner frame of the matrix's page, a matrix without the two powers, and a page
# that stands in a frame on another site.
ELSEWHERE = {"embed", "page--in", "plain"}


def page(client):
    return client.get("/about/components/").content.decode()


def classes_of_the_stylesheet() -> set[str]:
    css = re.sub(r"/\*.*?\*/", "", STYLESHEET.read_text(), flags=re.DOTALL)
    selectors = re.sub(r"\{[^{}]*\}", "{}", css)
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))


def test_every_class_of_the_stylesheet_is_shown(record, client):
    shown = {name for names in re.findall(r'class="([^"]*)"', page(client)) for name in names.split()}
    assert classes_of_the_stylesheet() - shown == ELSEWHERE


def test_every_sign_of_the_sprite_that_a_component_uses_exists(record, client):
    sprite = (settings.BASE_DIR / "static/img/sprite.svg").read_text()
    used = set(re.findall(r"sprite[^\"#]*\.svg#([\w-]+)", page(client)))
    assert len(used) > 25
    assert used <= set(re.findall(r'<symbol id="([\w-]+)"', sprite))


def test_every_state_of_a_cell_has_an_example_in_the_record(record, client):
    headings = re.findall(r'class="grp">\s*<th[^>]*>(.*?)</th>', page(client))
    assert headings == [str(name) for name, _is_so in STATES]


def test_every_kind_of_entry_has_an_example(record, client):
    shown = page(client)
    assert all(f'class="entry entry--{kind}"' in shown for kind in Entry.Kind.values)


def test_no_id_is_given_twice(record, client):
    ids = re.findall(r' id="([^"]*)"', page(client))
    assert sorted(ids) == sorted(set(ids))


def test_the_page_that_says_what_the_record_is_leads_to_it(db, client):
    assert 'href="/about/components/"' in client.get("/about/").content.decode()


def test_an_empty_record_shows_what_it_says_of_nothing(db, client):
    shown = page(client)
    assert "Nothing is recorded yet." in shown
    assert "entry--" not in shown


def test_a_meeting_with_two_delegations_is_shown_with_the_two_things_said_at_it(db, client):
    meeting = make.make_round(delegations=())
    for _ in range(2):
        Delegation.objects.create(round=meeting, party=make.make_party(), head=make.make_person())
    for occasion in ("The first word", "The second word"):
        make.make_statement(
            round=meeting, occasion=occasion, negotiation=meeting.negotiation, quote="", quote_language=""
        )
    make.make_statement(round=meeting, state="draft", occasion="A draft")
    shown = page(client)
    assert "The first word" in shown
    assert "The second word" in shown
    assert "A draft" not in shown
