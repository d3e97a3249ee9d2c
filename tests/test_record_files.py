"""The record in files: what load_record and dump_record promise."""

import shutil
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from negotiations.models import Citation, DataExchange, Entry, FormerSlug, Person, Position, Source, Statement

pytestmark = pytest.mark.usefixtures("record")

FIXTURES = Path(settings.BASE_DIR, "fixtures")
ANTONOV = "antonov-rome-2007"


@pytest.fixture
def files(tmp_path):
    """A copy of the record's files that a test may spoil."""
    return Path(shutil.copytree(FIXTURES, tmp_path / "fixtures"))


@pytest.fixture
def change(files):
    """Replace text in one file, as somebody does who corrects it by hand."""

    def replace(name: str, old: str, new: str) -> None:
        path = files / f"{name}.yaml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return replace


@pytest.fixture
def load(files, capsys):
    """Run load_record; returns what it printed, or the problems it refused with."""

    def run(*arguments: str) -> str:
        capsys.readouterr()
        try:
            call_command("load_record", str(files), *arguments)
        except CommandError as error:
            return f"{capsys.readouterr().err}{error}"
        return capsys.readouterr().out

    return run


def test_a_dump_of_what_was_loaded_is_the_same_to_the_byte(tmp_path, capsys):
    call_command("dump_record", str(tmp_path))
    assert "rows in 11 files" in capsys.readouterr().out
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_bytes() for path in FIXTURES.iterdir()}
    assert len(written) == 11


def test_loading_again_changes_nothing(load):
    before = list(Entry.objects.order_by("pk").values_list("pk", "updated_at"))
    assert "0 rows loaded" in load()
    assert list(Entry.objects.order_by("pk").values_list("pk", "updated_at")) == before


def test_a_correction_in_a_file_reaches_the_database_and_nothing_else(load, change):
    change("statements", "occasion: Interview with RIA Novosti during", "occasion: Talk with RIA Novosti during")
    before = set(Entry.objects.values_list("pk", "updated_at"))
    assert "1 rows loaded" in load()
    changed = set(Entry.objects.values_list("pk", "updated_at")) - before
    statement = Statement.objects.get(slug=ANTONOV)
    assert {pk for pk, _ in changed} == {statement.pk}
    assert statement.title == "Anatoly Antonov: Talk with RIA Novosti during the Rome consultations"


def test_a_corrected_answer_to_a_question_is_loaded_and_stands_in_the_titles_of_positions(load, change):
    change("issues", "label: a legally binding agreement", "label: a treaty in law")
    assert "1 rows loaded" in load()
    titles = Position.objects.filter(option__label="a treaty in law").values_list("title", flat=True)
    assert titles
    assert all(title.endswith(": a treaty in law") for title in titles)
    call_command("check_record", verbosity=0)


def test_a_new_row_is_added_with_its_relations(load, files):
    with (files / "statements.yaml").open("a") as file:
        file.write(
            "\n- slug: lavrov-test-2013\n  date: '2013-06'\n  speaker: lavrov-sergey\n  party: russia\n"
            "  office: Minister of Foreign Affairs\n  occasion: Test\n  issues: [format]\n  summary: A test.\n"
            "  original_language: ru\n  kind: speech\n  sources: [interfax-2013-06-22]\n"
        )
    assert "1 rows loaded" in load()
    statement = Statement.objects.get(slug="lavrov-test-2013")
    assert statement.is_published
    assert [party.slug for party in statement.parties.all()] == ["russia"]
    assert [issue.slug for issue in statement.issues.all()] == ["format"]
    assert [str(source) for source in statement.sources.all()] == [str(Source.objects.get(slug="interfax-2013-06-22"))]


def test_every_problem_is_told_at_once_with_file_and_row_and_nothing_is_loaded(load, files, change):
    change("statements", "speaker: kosygin-alexei", "speaker: kosygin-alexi")
    change("statements", "kind: interview", "kind: chat")
    change("rounds", "dates: '1967-06-23/1967-06-25'", "dates: '1967-06-25/1967-06-23'")
    change("parties", "code: US", "code: RU")
    change("positions", "option: binding-treaty", "option: bilateral")
    change("issues", "question: Must the agreement be legally binding?", "riddle: Must it?")
    change("milestones", "party: united-states", "party: nato")
    with (files / "people.yaml").open("a") as file:
        file.write("\n- slug: nobody\n")
    said = load()
    for words in (
        "statements.yaml:4 kosygin-defence-1967: speaker “kosygin-alexi” is not in people.yaml",
        "kind Value 'chat' is not a valid choice.",
        "rounds.yaml:4 pre-salt-contacts-glassboro-summit: dates “1967-06-25/1967-06-23” ends before it begins.",
        "russia: same code as parties.yaml:4 united-states",
        "option “bilateral” does not belong to the issue legal-form",
        "issues.yaml:4 legal-form: “riddle” is not a field here",
        "issues.yaml:4 legal-form: question is missing",
        "“nato” is not a party to",
        "nobody: name is missing",
        "Nothing was loaded.",
    ):
        assert words in said
    assert not Person.objects.filter(slug="nobody").exists()


STATEMENT = {
    "date": "2013-06", "speaker": "lavrov-sergey", "party": "russia", "office": "Minister", "occasion": "Test",
    "summary": "A test.", "original_language": "ru", "kind": "speech", "sources": ["interfax-2013-06-22"],
}  # fmt: skip
POSITION = {
    "party": "russia", "issue": "format", "option": "bilateral", "stance": "demands", "from": "2031-01",
    "to_basis": "unknown", "summary": "A test.", "basis": "stated", "sources": ["interfax-2013-06-22"],
}  # fmt: skip
NOTHING = object()
ROWS = [
    ("statements", STATEMENT, {"withdrawn_reason": "x"}, "a withdrawn entry, and no other, has withdrawn_on"),
    ("statements", STATEMENT, {"party": NOTHING}, "party is missing"),
    ("statements", STATEMENT, {"quote": "Yes."}, "quote_language is missing"),
    ("statements", STATEMENT, {"issues": "format"}, "issues must be a list"),
    ("statements", STATEMENT, {"issues": ["format", "format"]}, "issues “format” stands twice"),
    ("statements", STATEMENT, {"sources": "interfax-2013-06-22"}, "sources must be a list"),
    ("positions", POSITION, {"option": NOTHING}, "option is missing"),
    ("positions", POSITION, {"condition": "x"}, "a conditional position, and no other, has a condition"),
    ("positions", POSITION, {"waits_for": "china"}, "only a conditional position waits for a party"),
    ("positions", POSITION, {"concurrent": True}, "a position beside the main line must have a scope"),
    ("positions", POSITION, {"to": "2031-02"}, "a clipped end has a date and an unknown one has none"),
    ("data_exchanges", {"party": "russia", "as_of": "2031-01-01"}, {"derived": "x"}, "derived must be a list of words"),
    ("data_exchanges", {"party": "russia", "as_of": "2031-01-01"}, {}, "treaty is missing"),
    ("parties", {"name": "Ruritania"}, {"formerly": "x"}, "formerly must be a list of words"),
    ("rounds", {"label": "Talk", "kind": "summit", "dates": "2031-01-01"}, {}, "negotiation is missing"),
]


def test_where_a_whole_file_is_wrong_two_hundred_problems_are_told(load, files):
    with (files / "people.yaml").open("a") as file:
        yaml.safe_dump([{"slug": f"nobody-{number}"} for number in range(230)], file)
    said = load()
    assert "nobody-199: name is missing" in said
    assert "nobody-200: " not in said
    assert "and 30 more" in said


def test_whatever_is_wrong_with_a_row_is_told_in_words(load, files):
    for number, (name, row, more, _words) in enumerate(ROWS):
        row = {"slug": f"row-{number}"} | row | more
        with (files / f"{name}.yaml").open("a") as file:
            yaml.safe_dump([{key: value for key, value in row.items() if value is not NOTHING}], file)
    said = load()
    told = {number: [line for line in said.splitlines() if f" row-{number}:" in line] for number in range(len(ROWS))}
    for number, (*_row, words) in enumerate(ROWS):
        assert any(words in line for line in told[number]), (number, words, told[number])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Nothing yet.\n", "0 rows loaded"),
        ("slug: one\n", "data_exchanges.yaml: must be a list of rows"),
        ("- one\n", "data_exchanges.yaml:1: must be a row of fields"),
    ],
)
def test_a_file_holds_a_list_of_rows_or_nothing(load, files, text, words):
    (files / "data_exchanges.yaml").write_text(text)
    assert words in load()


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("statements", "  sources: [archie-to-sam, krepon-first-conversation]\n", "",
         "a published statement needs a source"),
        ("positions", "  evidence: [bush-pni-1991]\n", "", "a published position needs evidence or a source"),
        ("positions", "from: '2001-11-13'", "from: '1991-09-27'", "begins on the same day as"),
        ("positions", "to: '2002-02-05'", "to: '2002-02-15'", "ends after positions.yaml:"),
        ("positions", "to: '2002-02-05'", "to: '2000-02-05'", "ends before it begins"),
        ("rounds", "slug: salt-i-session-2", "slug: salt-i-session-1", "same slug as rounds.yaml:"),
        ("rounds", "number: 2", "number: '2'", "number must be a whole number"),
        ("rounds", "dates: '1970-04-16/1970-08-14'", "dates: 1970", "dates must be text"),
        ("treaties", "legally_binding: true", "legally_binding: maybe", "legally_binding must be true or false"),
        ("people", "slug: abercrombie-cara", "slug: 'abercrombie cara'", "slug Enter a valid"),
        ("sources", "- slug: 5tv", "- slug: twice\n  slug: 5tv", "“slug” stands twice"),
        ("sources", "publisher: Channel 5 (Russia)", "publisher: [", "is not YAML"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_refused_in_words(load, change, name, old, new, words):
    change(name, old, new)
    assert words in load()


def test_what_only_the_database_refuses_is_told_with_file_and_row_too(load, change):
    change("parties", "active_until: '1991-12-26'", "active_from: '1992-01-01'\n  active_until: '1991-12-26'")
    change("statements", "key_phrase: Defense is moral", "translation: La\n  key_phrase: Defense is moral")
    said = load()
    assert "soviet-union: The last day precedes the first." in said
    assert "kosygin-defence-1967: A translation needs the quotation it translates." in said
    assert "Nothing was loaded." in said


def test_a_missing_file_or_folder_is_said(load, files):
    (files / "issues.yaml").unlink()
    assert "issues.yaml: cannot be read" in load()
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("load_record", str(files / "elsewhere"))


def edit(**values) -> None:
    """Change the Antonov statement as an editor does."""
    statement = Statement.objects.get(slug=ANTONOV)
    for name, value in values.items():
        setattr(statement, name, value)
    statement.save()


def test_what_an_editor_changed_stays_and_is_said(load):
    edit(summary="Changed by an editor.")
    assert f"{ANTONOV}: left as it is; an editor changed it since the last load" in load()
    assert Statement.objects.get(slug=ANTONOV).summary == "Changed by an editor."


def test_where_file_and_editor_both_changed_a_row_nothing_is_loaded_unless_forced(load, change):
    edit(summary="Changed by an editor.")
    change(
        "statements", "summary: Antonov said the two sides were far", "summary: Antonov held the two sides to be far"
    )
    change("people", "name: Cara Abercrombie", "name: Somebody Else")
    assert f"{ANTONOV}: both the file and an editor changed it" in load()
    assert Person.objects.get(slug="abercrombie-cara").name == "Cara Abercrombie"
    assert "2 rows loaded" in load("--force")
    assert Statement.objects.get(slug=ANTONOV).summary.startswith("Antonov held")


def test_what_an_editor_deleted_stays_deleted_unless_forced(load):
    slug = "new-start-2011-02-05-russia"
    DataExchange.objects.get(slug=slug).delete()
    assert f"{slug}: left as it is; an editor deleted it" in load()
    assert "1 rows loaded" in load("--force")
    assert DataExchange.objects.filter(slug=slug).exists()


def test_a_page_that_an_editor_renamed_is_not_loaded_twice(load):
    edit(slug="antonov-in-rome")
    assert f"{ANTONOV}: left alone; an editor renamed it to antonov-in-rome" in load()
    assert not Statement.objects.filter(slug=ANTONOV).exists()


def test_former_addresses_survive_a_dump_and_a_load(tmp_path, load, files):
    edit(slug="antonov-in-rome")
    call_command("dump_record", str(files), verbosity=0)
    assert "formerly: [antonov-rome-2007]" in (files / "statements.yaml").read_text()
    FormerSlug.objects.all().delete()
    load("--force")
    assert FormerSlug.objects.get(slug=ANTONOV).object_id == Entry.objects.get(slug="antonov-in-rome").pk


def test_a_row_that_a_file_no_longer_has_stays_in_the_record_and_is_said(load, files):
    path = files / "data_exchanges.yaml"
    rows = yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump(rows[1:]))
    assert f"data_exchanges.yaml no longer has {rows[0]['slug']}: it stays" in load()


def test_drafts_and_withdrawn_entries_are_kept_apart_in_files(load, files, change):
    edit(state="draft")
    withdrawn = Statement.objects.get(slug="lavrov-factors-2013-06-22")
    withdrawn.state, withdrawn.withdrawn_on, withdrawn.withdrawn_reason = "withdrawn", "2026-11-01", "Entered twice."
    withdrawn.save()
    call_command("dump_record", str(files), verbosity=0)
    rows = {row["slug"]: row for row in yaml.load((files / "statements.yaml").read_text(), yaml.CSafeLoader)}
    assert rows[ANTONOV]["state"] == "draft"
    assert rows["lavrov-factors-2013-06-22"]["withdrawn_reason"] == "Entered twice."
    assert "state" not in rows["lavrov-multilateral-2013-06-22"]


def test_the_quotations_of_the_two_founding_articles_were_found_in_their_text():
    checked = Citation.objects.filter(checked_on__isnull=False).select_related("source", "entry")
    assert {c.source.slug for c in checked} == {"ria-novosti-2007-09-12", "interfax-2013-06-22"}
    assert len(checked) == 6
    assert all(c.checked_sha256 == c.source.text_sha256 for c in checked)
    assert Statement.objects.exclude(quote="").count() == 6


def test_an_empty_database_is_filled_whole_and_a_dump_of_it_is_the_same(tmp_path):
    """The durability promise, end to end: export, empty database, import, export."""
    tables = [t for t in connection.introspection.table_names() if t.startswith("negotiations_")]
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)}")
    call_command("load_record", verbosity=0)
    call_command("dump_record", str(tmp_path), verbosity=0)
    assert all(path.read_bytes() == (FIXTURES / path.name).read_bytes() for path in tmp_path.iterdir())
