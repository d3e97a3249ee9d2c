"""The record's history: whatever is written leaves a version, with its hand and its reason, and versions are final."""

import ast
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, transaction

from negotiations.files import versions
from negotiations.files.kinds import KIND_OF, KINDS
from negotiations.models import Issue, Revision, Source, Statement

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
    "admin/base.py": "keeps versions",
    "admin/history.py": "keeps versions",
    "admin/intake.py": "articles on their way into the record, no part of it yet",
    "admin/intake_drafts.py": "keeps versions",
    "files/fields.py": "for load.py, which keeps them",
    "files/load.py": "keeps versions",
    "files/versions.py": "is what keeps them",
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
