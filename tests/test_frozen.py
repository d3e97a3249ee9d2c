"""A citation lasts: its address shows the entry as it was cited, and says what has changed in it since."""

import html
import json
import re

import pytest

from negotiations.files.versions import keep
from negotiations.models import Revision
from tests.make import make_milestone, make_position, make_round, make_source, make_statement
from tests.test_linked_data import head


def words(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    main = re.sub(r'<span class="vh">[^<]*</span>', "", main)
    text = " ".join(html.unescape(re.sub(r"<(?!/?(del|ins)\b)[^>]+>", " ", main)).split())
    return re.sub(r"\s*(</?(?:del|ins)>)\s*", r"\1", text)


def corrected(entry, why="The source says otherwise.", **changes):
    """The entry with one published version behind it, and another since."""
    keep(entry)
    for name, value in changes.items():
        setattr(entry, name, value)
    entry.save()
    keep(entry, why=why)
    return entry


@pytest.fixture
def said(db):
    return make_statement(summary="Says that a treaty must bind in law.", city="Strelsau")


def test_the_address_that_a_citation_carries_names_the_version_cited(client, said):
    corrected(said, summary="Says that a treaty should bind in law.")
    (item,) = json.loads(client.get(f"/statements/{said.slug}/cite.json").content)
    assert item["URL"] == f"http://testserver/statements/{said.slug}/?rev=2"
    assert "?rev=2" in words(client, f"/statements/{said.slug}/")
    assert "The address carries the version" in words(client, f"/statements/{said.slug}/")


def test_what_has_not_changed_says_so(client, said):
    keep(said)
    shown = words(client, f"/statements/{said.slug}/?rev=1")
    assert "The entry has not changed since it was cited." in shown
    for line in (said.summary, said.quote, "Strelsau", "12 September 2007", "Rudolf Rassendyll", "interview"):
        assert line in shown


def test_what_has_changed_is_shown_as_it_was_with_the_difference_and_the_reason(client, said):
    corrected(said, summary="Says that a treaty should bind in law.", city="Zenda")
    shown = words(client, f"/statements/{said.slug}/?rev=1")
    assert "The entry has changed since it was cited" in shown
    assert "Says that a treaty<del>must</del><ins>should</ins>bind in law." in shown
    assert "<del>Strelsau</del><ins>Zenda</ins>" in shown
    assert "The source says otherwise." in shown
    what_it_said = shown.split("What it said")[1]
    assert "Says that a treaty must bind in law." in what_it_said
    assert "Zenda" not in what_it_said


@pytest.mark.parametrize("make", [make_round, make_milestone, make_position, make_statement])
def test_every_kind_of_entry_can_be_seen_as_it_was(client, db, make):
    entry = corrected(make(note="As first told."), note="As now told.")
    shown = words(client, f"{entry.get_absolute_url()}?rev=1")
    assert "As<del>first</del><ins>now</ins>told." in shown
    assert client.get(f"/ru{entry.get_absolute_url()}?rev=1").status_code == 200


def test_a_source_that_was_added_since_is_part_of_the_difference(client, said):
    keep(said)
    said.citations.create(source=make_source(publisher="Zenda Herald", title="Corrected"), order=5)
    keep(said)
    assert "<ins>" in words(client, f"/statements/{said.slug}/?rev=1").split("Zenda Herald: Corrected")[0]


def test_how_a_passage_was_found_is_no_part_of_what_the_entry_says(client, said):
    keep(said)
    said.citations.update(checked_on="2026-01-01", checked_sha256="a" * 64, prefix="He said:")
    keep(said)
    assert "has not changed" in words(client, f"/statements/{said.slug}/?rev=1")


def test_a_thing_that_was_renamed_since_has_not_changed(client, said):
    keep(said)
    said.party.slug = "renamed-since"
    said.party.save()
    assert "has not changed" in words(client, f"/statements/{said.slug}/?rev=1")


def test_a_version_that_readers_never_saw_is_not_shown(client, db):
    entry = make_statement(state="draft", summary="An unheard-of draft.")
    keep(entry)
    entry.summary = "As published."
    entry.save()
    entry.state = "published"
    entry.save()
    keep(entry)
    assert [one.number for one in Revision.objects.of(entry).public()] == [2]
    shown = words(client, f"/statements/{entry.slug}/?rev=1", status=404)
    assert "unheard-of" not in shown
    assert "No published version “1” of this entry is on record." in shown
    assert "Version 2" in shown


@pytest.mark.parametrize("rev", ["99", "0", "-1", "x", "1e9", "²", "9" * 40, "%00", "", "<script>"])
def test_an_address_that_names_no_version_says_so(client, said, rev):
    keep(said)
    shown = words(client, f"/statements/{said.slug}/?rev={rev}", status=404)
    assert "No published version" in shown
    assert "<script>" not in client.get(f"/statements/{said.slug}/?rev={rev}").content.decode()


def test_a_withdrawn_entry_is_not_shown_as_it_was(client, said):
    keep(said)
    said.state, said.withdrawn_on, said.withdrawn_reason = "withdrawn", "2026-01-02", "A hoax."
    said.save()
    keep(said)
    response = client.get(f"/statements/{said.slug}/?rev=1")
    assert response.status_code == 410
    assert "must bind" not in response.content.decode()


def test_evidence_that_readers_may_not_see_is_not_named(client, db):
    hidden = make_statement(occasion="Unheard-of speech")
    position = make_position(evidence=[hidden, make_statement()])
    keep(position)
    hidden.state = "draft"
    hidden.save()
    assert "Unheard-of" not in words(client, f"/positions/{position.slug}/?rev=1")


def test_a_frozen_page_points_search_engines_to_the_entry_itself(client, said):
    keep(said)
    found = head(client, f"/statements/{said.slug}/?rev=1")
    assert found["canonical"] == f"http://testserver/statements/{said.slug}/"
    assert found["robots"] == "noindex"


def test_a_citation_of_an_entry_that_moved_keeps_its_version(client, said):
    keep(said)
    before = said.slug
    said.slug = "moved"
    said.save()
    assert client.get(f"/statements/{before}/?rev=1")["Location"] == "/statements/moved/?rev=1"
