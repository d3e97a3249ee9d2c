"""The record's history: whatever is written leaves a version, with its hand and its reason, and versions are final."""

import ast
import html
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from negotiations.files import compare, versions
from negotiations.files.kinds import KIND_OF, KINDS
from negotiations.files.words import COLUMNS
from negotiations.models import Entry, Issue, Office, Revision, Source, Statement

from . import make
from .test_admin import MAKERS, WRITTEN_ELSEWHERE, add, edit, select, url_of
from .test_admin import a_statement as typed_statement

pytestmark = pytest.mark.django_db

CONTENT = sorted(set(MAKERS) - WRITTEN_ELSEWHERE, key=lambda model: model.__name__)


@pytest.fixture
def editor():
    return User.objects.create_superuser("editor")


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def history(obj) -> list[tuple[int, str]]:
    return [(version.number, version.action) for version in reversed(Revision.objects.of(obj))]


# Every way of writing leaves a version


def test_what_is_added_at_the_desk_has_a_first_version_with_its_hand(desk, editor):
    source = make.make_source()
    add(desk, Statement, **typed_statement(citations_0_source=source, occasion="Interview"))
    statement = Statement.objects.get()
    (version,) = Revision.objects.of(statement)
    assert (version.number, version.action, version.by, version.slug) == (1, "created", editor, statement.slug)
    assert version.row["sources"] == [source.slug]
    assert (version.row["state"], version.public) == ("draft", False)


@pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
def test_whatever_is_saved_at_the_desk_leaves_a_version(desk, editor, model):
    made = MAKERS[model]()
    obj = made if isinstance(made, model) else model.objects.first()
    field = {"Source": "note", "Citation": "locator", "Office": "title", "Person": "native_name", "Limit": "item"}
    name = field.get(model.__name__) or next(
        name for name in ("summary", "note", "description", "name") if any(f.name == name for f in model._meta.fields)
    )
    edit(desk, obj, **{name: "Written by the editor"})
    obj.refresh_from_db()
    assert getattr(obj, name) == "Written by the editor"
    first, second = reversed(Revision.objects.of(versions.owner(obj)))
    assert (first.number, first.action, first.by) == (1, "found", None)
    assert (second.number, second.action, second.by) == (2, "edited", editor)
    assert first.row != second.row


def test_a_citation_moved_to_another_entry_leaves_a_version_of_both(desk):
    one, other = make.make_statement(sources=[make.make_source(), make.make_source()]), make.make_statement()
    edit(desk, one.citations.first(), entry=other)
    assert history(one) == history(other) == [(1, "found"), (2, "edited")]


def test_saving_without_a_change_leaves_none(desk):
    statement = make.make_statement()
    edit(desk, statement)
    edit(desk, statement, summary="Anew.")
    edit(desk, statement)
    assert history(statement) == [(1, "found"), (2, "edited")]


def test_moving_many_leaves_a_version_of_each(desk, editor):
    drafts = [make.make_statement(state="draft") for _ in range(2)]
    select(desk, "publish", *drafts)
    for draft in drafts:
        assert history(draft) == [(1, "found"), (2, "published")]
        assert Revision.objects.of(draft)[0].by == editor


def test_what_is_deleted_is_kept_as_it_last_was(desk, editor):
    issue, draft = make.make_issue(), make.make_statement(state="draft")
    keys = issue.pk, draft.pk
    desk.post(url_of(Issue, "delete", issue.pk), {"post": "yes"})
    select(desk, "delete_selected", draft, post="yes")
    assert (Issue.objects.count(), Statement.objects.count()) == (0, 0)
    issue.pk, draft.pk = keys
    assert history(issue) == history(draft) == [(1, "found"), (2, "deleted")]
    last = Revision.objects.of(issue)[0]
    assert len(last.row["options"]) == 2
    assert (last.by, last.public, last.corrects) == (editor, False, True)
    assert not Revision.objects.of(draft)[0].corrects


def test_what_loses_something_deleted_elsewhere_leaves_a_version(desk):
    source = make.make_source()
    negotiation = make.make_negotiation(sources=[source, make.make_source()])
    desk.post(url_of(Source, "delete", source.pk), {"post": "yes"})
    assert not Source.objects.filter(pk=source.pk).exists()
    before, after = reversed(Revision.objects.of(negotiation))
    assert set(before.row["sources"]) - set(after.row["sources"]) == {source.slug}


def test_the_loader_keeps_a_version_of_every_row_and_of_nothing_twice(record):
    for kind in KINDS:
        name = kind.model._meta.model_name
        assert Revision.objects.filter(kind=name, number=1, action="created", by=None).count() == len(kind.rows())
    assert not Revision.objects.exclude(number=1).exists()
    for kind in KINDS:
        assert versions.keep(*kind.objects()) == []


def test_a_changed_file_makes_the_next_version_and_gives_its_reason(record, tmp_path, capsys):
    call_command("dump_record", tmp_path, verbosity=0)
    file = tmp_path / "statements.yaml"
    text = file.read_text()
    statement = Statement.objects.published().exclude(summary="").first()
    file.write_text(text.replace(f"slug: {statement.slug}\n", f"slug: {statement.slug}\n  note: Misdated before.\n", 1))
    Statement.objects.filter(pk=statement.pk).update(note="")
    call_command("load_record", tmp_path, force=True, why="The archive gives another day.", verbosity=0)
    last = Revision.objects.of(statement)[0]
    assert (last.number, last.by, last.why) == (2, None, "The archive gives another day.")
    assert last.row["note"] == "Misdated before."
    assert (last.public, last.corrects) == (True, True)


def test_what_was_there_before_versions_were_kept_gets_its_first_at_the_next_load(record, tmp_path):
    statement = make.make_statement()
    call_command("load_record", verbosity=0)
    assert history(statement) == [(1, "found")]


# Only these modules write to the record, and each keeps a version or writes for one that does.
WRITERS = {
    "admin/moves.py": "keeps versions",
    "files/revert.py": "keeps versions",
    "admin/history.py": "keeps versions",
    "admin/intake.py": "articles on their way into the record, no part of it yet",
    "admin/intake_drafts.py": "keeps versions",
    "groups.py": "accounts, not the record",
    "sheets.py": "a workbook to download, not the record",
    "management/commands/send_digests.py": "subscriptions, not the record",
    "views/follow.py": "subscriptions, not the record",
    "management/commands/check_links.py": "what became of links, not the record",
    "second_factor.py": "accounts, not the record",
    "files/derived.py": "derived columns, no part of a version",
    "files/fields.py": "for load.py, which keeps them",
    "files/load.py": "keeps versions",
    "files/versions.py": "is what keeps them",
    "models/named.py": "derived columns, part of saving",
    "models/permalinks.py": "former addresses, part of saving",
    "models/record.py": "derived columns, part of saving",
    "models/sources.py": "derived columns, part of saving",
}
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "update_or_create", "get_or_create"}


def test_nothing_else_writes_to_the_record():
    root = Path(__file__).resolve().parent.parent / "negotiations"
    found = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                on = ast.unparse(node.func.value)
                if "objects" in on or node.func.attr in ("save", "bulk_create", "bulk_update"):
                    found.add(str(path.relative_to(root)))
    assert found - set(WRITERS) == set(), "keep a version of what this writes, then name the module above"


def test_a_version_holds_every_column_that_an_editor_can_change():
    """What no version holds would be lost by going back to one."""
    derived = {"id", "kind", "created_at", "updated_at", "search", "entry", "entry_ptr", "parties"}
    for kind in KINDS:
        model = kind.model
        held = {getattr(column, "attr", "") or column.key for column in (*kind.fields, *kind.staff)}
        held |= {getattr(column, "related", "") for column in kind.fields}
        form = model in KIND_OF and __import__("django.contrib.admin").contrib.admin.site._registry[model]
        names = {name for _, options in form.fieldsets for part in options["fields"] for name in _flat(part)}
        editable = {f.name for f in model._meta.get_fields() if getattr(f, "editable", False)} & names
        assert editable - held - derived == set(), kind.name


def _flat(part):
    return part if isinstance(part, tuple | list) else [part]


# What a version says, and to whom


def test_readers_see_versions_of_what_was_published_and_nothing_else(editor):
    statement = make.make_statement(state="draft")
    versions.keep(statement)
    for state, words in (("in-review", "a"), ("published", "b"), ("published", "c"), ("draft", "d")):
        statement.state, statement.summary = state, words
        statement.save()
        versions.keep(statement, by=editor)
    assert history(statement) == [(1, "created"), (2, "submitted"), (3, "published"), (4, "edited"), (5, "returned")]
    assert [version.number for version in Revision.objects.of(statement).public()] == [4, 3]
    assert [version.number for version in Revision.objects.of(statement).corrections()] == [5, 4]


def test_the_kept_text_of_a_source_is_no_news_to_readers(editor):
    source = make.make_source()
    versions.keep(source)
    source.text = "Every word of it."
    source.save()
    Source.objects.filter(pk=source.pk).update(text_sha256="")
    (version,) = versions.keep(source, by=editor)
    assert "Every word" not in str(version.row)
    assert version.kept == {"text": "Every word of it."}
    assert (version.public, version.corrects) == (False, False)


def test_an_address_changed_elsewhere_is_no_change_of_what_an_entry_says():
    statement = make.make_statement()
    versions.keep(statement)
    statement.party.slug = "renamed-party"
    statement.party.save()
    assert versions.keep(statement) == []


def test_what_was_kept_is_never_changed_or_taken_away():
    versions.keep(make.make_party())
    for write in (lambda all_: all_.update(why="Because"), lambda all_: all_.delete()):
        with pytest.raises(DatabaseError, match="kept as it was"), transaction.atomic():
            write(Revision.objects.all())


# At the desk: versions, what changed between them, and the way back


def versions_page(desk, obj, **asked):
    return desk.get(url_of(type(obj), "history", obj.pk), asked)


def go_back(desk, obj, number, why="Version 1 was right."):
    return desk.post(url_of(type(obj), "history", obj.pk), {"number": number, "why": why}, follow=True)


def changed(page) -> dict[str, list[tuple[str, str]]]:
    return {str(change.label): [tuple(piece) for piece in change.pieces] for change in page.context["changes"]}


def test_the_history_of_an_entry_lists_its_versions_and_what_changed_last(desk, editor):
    statement, source = make.make_statement(summary="Wants a treaty now."), make.make_source()
    edit(desk, statement, summary="Wants a treaty soon.", why="Misheard.", citations_0_source=source, issues=[])
    page = versions_page(desk, statement)
    text = page.content.decode()
    assert "the record’s files" in text
    assert "Misheard." in text
    said = changed(page)
    assert said["summary"] == [("", "Wants a treaty "), ("del", "now"), ("ins", "soon"), ("", ".")]
    assert ("ins", str(source)) in said["sources"]


def test_a_text_written_anew_is_shown_before_and_after_and_not_word_by_word(desk):
    before = "Says that the talks on missiles will go on in autumn, and that a treaty is near."
    after = "Doubts the will of others; in the end, a handshake on what is left of it may do, says the envoy."
    statement = make.make_statement(summary=before)
    edit(desk, statement, summary=after)
    page = versions_page(desk, statement)
    assert changed(page)["summary"] == [("del", before), ("ins", after)]
    html = page.content.decode()
    assert f'<dd><del><span class="vh">Removed: </span>{before}</del>' in html
    assert f'<dd><ins><span class="vh">Added: </span>{after}</ins>' in html


def test_any_two_versions_can_be_compared(desk):
    party = make.make_party(name="First")
    for name in ("Second", "Third"):
        edit(desk, party, name=name)
    assert changed(versions_page(desk, party)) == {"name": [("del", "Second"), ("ins", "Third")]}
    both = {"from": 1, "to": 3}
    assert changed(versions_page(desk, party, **both)) == {"name": [("del", "First"), ("ins", "Third")]}
    nonsense = {"from": "x", "to": "99999999999"}
    assert versions_page(desk, party, **nonsense).status_code == 200


@pytest.mark.parametrize(
    "maker", [make.make_round, make.make_statement, make.make_milestone, make.make_position, make.make_issue,
              make.make_negotiation, make.make_data_exchange, make.make_source], ids=lambda maker: maker.__name__
)  # fmt: skip
def test_every_kind_of_thing_goes_back_to_its_first_version_with_all_it_names(desk, maker):
    thing = maker()
    versions.keep(thing)
    first = Revision.objects.of(thing)[0]
    for relation in ("citations", "delegations", "evidence_links"):
        if hasattr(thing, relation):
            getattr(thing, relation).all().delete()
    if isinstance(thing, Entry):
        make.make_citation(thing, locator="p. 9")
    type(thing).objects.filter(pk=thing.pk).update(**{"note" if hasattr(thing, "note") else "description": "Spoiled."})
    assert versions.keep(thing)
    page = go_back(desk, thing, 1)
    assert "It says again what version 1 said." in page.content.decode()
    last = Revision.objects.of(thing)[0]
    assert (last.number, last.action, last.why) == (3, "reverted", "Version 1 was right.")
    assert last.row == first.row


def test_going_back_changes_no_state_and_breaks_no_address(desk):
    statement = make.make_statement(state="draft", summary="As drafted.")
    versions.keep(statement)
    old = statement.slug
    select(desk, "publish", statement)
    edit(desk, statement, summary="As published.", slug="test-better-address")
    go_back(desk, statement, 1)
    statement.refresh_from_db()
    assert (statement.state, statement.summary, statement.slug) == ("published", "As drafted.", old)
    assert desk.get("/statements/test-better-address/").headers["Location"] == f"/statements/{old}/"


def test_going_back_writes_anew_what_others_derive(desk):
    statement = make.make_statement(speaker=make.make_person(name="Rupert"), occasion="Interview")
    edit(desk, statement.speaker, name="Ruprecht")
    go_back(desk, statement.speaker, 1)
    assert Statement.objects.get().title == "Rupert: Interview"


def test_a_version_that_names_what_is_gone_is_not_brought_back_by_half(desk):
    source = make.make_source()
    statement = make.make_statement(summary="With the source.", sources=[source, make.make_source()])
    edit(desk, statement, summary="Without.", citations_0_DELETE="on")
    desk.post(url_of(Source, "delete", source.pk), {"post": "yes"})
    page = go_back(desk, statement, 1)
    assert f"“{source.slug}”, which is no longer in the record" in html.unescape(page.content.decode())
    assert Statement.objects.get().summary == "Without."


def test_going_back_on_what_is_public_takes_a_reason(desk):
    statement = make.make_statement(summary="First.")
    edit(desk, statement, summary="Second.")
    assert "Say why you go back" in go_back(desk, statement, 1, why=" ").content.decode()
    assert "There is no such version." in go_back(desk, statement, 77).content.decode()
    assert Statement.objects.get().summary == "Second."


def test_the_history_of_a_part_is_that_of_what_it_belongs_to(desk):
    office = make.make_office()
    page = desk.get(url_of(Office, "history", office.pk))
    assert page.headers["Location"] == f"/admin/negotiations/person/{office.person_id}/history/"


# What readers are told


def test_readers_read_the_history_of_what_was_published_and_of_no_draft(desk, client):
    statement = make.make_statement(state="draft", summary="A secret draft.")
    versions.keep(statement)
    address = f"/history/statement/{statement.slug}/"
    assert client.get(address).status_code == 404
    edit(desk, statement, state="published", summary="Wants peace.", why="Ready.")
    edit(desk, statement, summary="Wants a treaty.", why="Misheard <b>badly</b>.")
    page = client.get(address).content.decode()
    assert "secret" not in page
    assert "editor" not in page
    assert "Misheard &lt;b&gt;badly&lt;/b&gt;." in page
    assert re.search(r"<del>.*peace.*</del>.*<ins>.*a treaty", page, re.DOTALL)
    assert address in client.get(statement.get_absolute_url()).content.decode()


def test_of_what_is_withdrawn_readers_learn_why_and_no_longer_what_it_said(desk, client):
    statement = make.make_statement(summary="Libel.")
    edit(desk, statement, summary="Worse libel.")
    edit(desk, statement, state="withdrawn", withdrawn_reason="It never was said.")
    for address in (f"/history/statement/{statement.slug}/", "/corrections/", "/corrections.atom"):
        page = client.get(address).content.decode()
        assert "It never was said." in page
        assert "libel" not in page.lower()
    assert f"/history/statement/{statement.slug}/" in client.get(statement.get_absolute_url()).content.decode()


@pytest.mark.parametrize("kind", ["party", "source", "person", "issue", "negotiation", "treaty", "round", "position"])
def test_every_page_of_the_record_leads_to_its_history(record, client, kind):
    model = versions.KIND_NAMED[kind].model
    thing = (model.objects.published() if hasattr(model.objects, "published") else model.objects).first()
    for language in ("", "/ru"):
        address = f"{language}/history/{kind}/{thing.slug}/"
        assert address in client.get(language + thing.get_absolute_url()).content.decode()
        assert client.get(address).status_code == 200


def test_the_history_of_a_former_address_is_that_of_the_present_one(client):
    party = make.make_party()
    old = party.slug
    party.slug = "test-renamed"
    party.save()
    assert client.get(f"/history/party/{old}/").headers["Location"] == "/history/party/test-renamed/"
    assert client.get("/history/loadedrow/x/").status_code == 404
    assert client.get("/history/party/nobody/").status_code == 404


def test_a_hidden_draft_has_no_name_in_the_history_of_what_is_public(desk, client):
    draft = make.make_statement(state="draft", occasion="A secret occasion")
    position = make.make_position()
    edit(desk, position, evidence_links_0_entry=draft, why="Better evidence.")
    page = client.get(f"/history/position/{position.slug}/").content.decode()
    assert "an entry that is not public" in page
    assert "secret" not in page
    assert draft.slug not in page


def test_the_ledger_tells_every_correction_and_nothing_else(desk, client):
    assert "Nothing that was published has been changed since." in client.get("/corrections/").content.decode()
    draft, published = make.make_statement(state="draft"), make.make_statement(occasion="Interview with the Gazette")
    edit(desk, draft, summary="Not for readers.")
    edit(desk, published, date="2007-09-13", why="The archive gives another day.")
    page = client.get("/corrections/").content.decode()
    assert "The archive gives another day." in page
    assert f'<a href="{published.get_absolute_url()}">' in page
    assert "Not for readers." not in page
    assert "/corrections/" in client.get("/about/").content.decode()
    feed = client.get("/corrections.atom")
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert len(re.findall("<entry>", feed.content.decode())) == 1
    assert "The archive gives another day." in feed.content.decode()


def test_the_ledger_is_filtered_by_year_and_paged(client):
    party = make.make_party()
    versions.keep(party)
    for number in range(35):
        party.name = f"Name {number}"
        party.save()
        versions.keep(party, why=f"Reason {number}.")
    older = Revision.objects.of(party)[0]
    older.pk, older.number, older.at = None, 99, datetime(2020, 5, 5, tzinfo=UTC)
    older.save(force_insert=True)
    first = client.get("/corrections/").content.decode()
    assert first.count("<li id=") == 30
    assert "Reason 34." in first
    second = client.get("/corrections/" + re.search(r'href="(\?below=\d+)"', first)[1]).content.decode()
    assert second.count("<li id=") == 6
    assert "Reason 0." in second
    assert client.get("/corrections/?year=2020").content.decode().count("<li id=") == 1
    for nonsense in ("year=1999", "year=x", "below=x", "below=999999999999999999", "q=1", "year=%00"):
        page = client.get(f"/corrections/?{nonsense}")
        assert page.status_code == 200, nonsense


def test_the_ledger_costs_as_many_queries_for_many_corrections_as_for_few(client):
    def correct(count):
        for _ in range(count):
            statement = make.make_statement()
            versions.keep(statement)
            statement.note = "Corrected."
            statement.save()
            versions.keep(statement, why="Because.")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/corrections/").status_code == 200
        return len(queries)

    assert correct(1) == correct(9) <= 12


def columns(fields):
    for column in fields:
        yield column
        yield from columns(getattr(column, "fields", ()))


def test_every_column_of_the_record_has_a_name_for_readers():
    keys = {column.key for kind in KINDS for column in columns((*kind.fields, *kind.staff))}
    assert keys - {"formerly"} - set(COLUMNS) == set()


def test_the_history_of_the_whole_record_compares_in_words(record):
    for kind in KINDS:
        rows = kind.rows(kind.objects()[:20])
        names = compare.Names([(kind, row) for row in rows], public=True)
        for row in rows:
            said = compare.changes(kind.fields, kind.model, None, row, names)
            assert len(said) >= 3
            assert all(piece.text for change in said for piece in change.pieces)
