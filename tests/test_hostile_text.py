"""Whatever stands in a field of the record is text on every page: no markup, no script, no address that runs one."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse

from . import make

pytestmark = pytest.mark.django_db

HOSTILE = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7|add:7 }}"
RAW = ("<img src=x", "<script>alert(2)", "onerror=alert(1)>")


@pytest.fixture
def entries():
    party = make.make_party(name=HOSTILE, short_name=HOSTILE[:60])
    who = make.make_person(name=HOSTILE, native_name=HOSTILE)
    source = make.make_source(publisher=HOSTILE, title=HOSTILE, author=HOSTILE, note=HOSTILE)
    issue = make.make_issue(question=HOSTILE, options=[HOSTILE, HOSTILE], description=HOSTILE)
    talks = make.make_negotiation(parties=[party], name=HOSTILE, summary=HOSTILE, note=HOSTILE, sources=[source])
    common = {"summary": HOSTILE, "note": HOSTILE, "sources": [source]}
    place = {"city": HOSTILE[:60], "country": HOSTILE[:60]}
    said = {
        "office": HOSTILE,
        "occasion": HOSTILE,
        "quote": HOSTILE,
        "key_phrase": HOSTILE[:40],
        "translation": HOSTILE,
    }
    return [
        make.make_round(negotiation=talks, title=HOSTILE, issues=[issue], **common, **place),
        make.make_statement(party=party, speaker=who, issues=[issue], translator=HOSTILE, **said, **common, **place),
        make.make_milestone(treaty=make.make_treaty([party], short_name=HOSTILE[:60], full_name=HOSTILE), **common),
        make.make_position(party=party, issue=issue, scope=HOSTILE[:60], concurrent=True, **common),
    ]


def test_no_page_takes_text_for_markup(client, entries):
    round_, statement, milestone, position = entries
    things = [*entries, statement.party, statement.speaker, round_.negotiation, milestone.treaty, position.issue]
    pages = [thing.get_absolute_url() for thing in things] + [statement.sources.get().get_absolute_url()]
    pages += [f"{round_.get_absolute_url()}brief/", "/", "/timeline/", "/negotiations/", "/issues/", "/positions/"]
    pages += ["/treaties/", "/parties/", "/people/", "/sources/", "/timeline/?q=%3Cscript%3Ealert(2)%3C/script%3E"]
    pages += ["/search/?q=%3Cimg%20src=x%20onerror=alert(1)%3E", f"/ru{statement.get_absolute_url()}"]
    pages += [reverse("report", args=[entry.slug]) for entry in entries]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        html = answer.content.decode()
        assert not any(raw in html for raw in RAW), page
        assert "{{ 7|add:7 }}" in html or "7|add" not in html, page


def test_no_page_of_the_desk_takes_text_for_markup(client, entries):
    client.force_login(User.objects.create_superuser("editor"))
    pages = [reverse("admin:index")]
    for entry in [*entries, entries[1].party, entries[1].sources.get()]:
        name = f"admin:negotiations_{entry._meta.model_name}"
        pages += [reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[entry.pk])]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert not any(raw in answer.content.decode() for raw in RAW), page


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,<script>alert(1)</script>", " vbscript:x"])
def test_no_address_that_runs_something_is_taken(address):
    source = make.make_source()
    source.url = source.archived_url = address
    with pytest.raises(ValidationError) as refusal:
        source.full_clean()
    assert {"url", "archived_url"} <= refusal.value.message_dict.keys()
