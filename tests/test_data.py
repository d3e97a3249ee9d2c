"""The download of the whole record: valid, the same in every form, replaced in one step, only what is public."""

import csv
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from frictionless import Package, system

from negotiations.models import Entry, Source
from negotiations.package import release, write
from tests import make
from tests.processes import database_url

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where the release of the whole record stays for as long as these tests run."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def whole(record, settings, kept):
    """A release of the whole record, built once."""
    settings.DATA_DIR = kept
    return release.latest() or build()


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "data"


def build() -> release.Release:
    call_command("build_data", verbosity=0)
    return release.latest()


def test_the_package_is_valid_in_every_table_and_key(whole):
    with system.use_context(trusted=True):
        report = Package(str(whole.folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:20]
    assert len(report.tasks) > 30


def test_tables_documents_and_database_say_the_same(whole):
    database = sqlite3.connect(whole.folder / f"parley-{whole.version}.sqlite")
    for name in ("rounds", "statements", "milestones", "positions"):
        documents = json.loads((whole.folder / "json" / f"{name}.json").read_text())
        with (whole.folder / "csv" / f"{name}.csv").open(newline="") as file:
            table = list(csv.DictReader(file))
        (count,) = database.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608
        assert len(documents) == len(table) == count == Entry.objects.published().filter(kind=name[:-1]).count() > 0
        assert {one["slug"] for one in documents} == {row["slug"] for row in table}
    (total,) = database.execute("SELECT count(*) FROM entries").fetchone()
    assert total == Entry.objects.published().count()
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    said = database.execute("SELECT count(*) FROM statements JOIN statements_sources ON statement = slug").fetchone()
    assert said[0] > 600


def test_checksums_fit_the_files_and_the_archive_has_them_all(whole):
    sums = dict(reversed(line.split("  ")) for line in (whole.folder / "SHA256SUMS").read_text().splitlines())
    with zipfile.ZipFile(whole.folder / f"parley-{whole.version}.zip") as archive:
        inside = {name.partition("/")[2] for name in archive.namelist()}
        described = json.loads(archive.read(f"parley-{whole.version}/datapackage.json"))
    assert inside == set(sums) | {"SHA256SUMS"}
    for name, digest in sums.items():
        assert write.sha256(whole.folder / name) == digest
    for resource in described["resources"]:
        assert resource["hash"] == f"sha256:{sums[resource['path']]}"
    assert described["licenses"][0]["name"] == "CC-BY-4.0"


def test_nothing_is_in_it_that_readers_may_not_see(db, folder):
    source = make.make_source(text="zzsecret words of the source")
    party, issue = make.make_party(), make.make_issue()
    shown = make.make_statement(party=party, sources=[source])
    draft = make.make_round(slug="zzsecret-round", title="zzsecret", state="draft")
    hidden = make.make_statement(slug="zzsecret-said", party=party, quote="zzsecret", state="in-review")
    make.make_statement(party=party, round=draft)
    make.make_position(party=party, issue=issue, evidence=[shown, hidden])
    gone = make.make_milestone(
        slug="gone", summary="zzsecret", state="withdrawn", withdrawn_on="2026-01-02", withdrawn_reason="Not signed."
    )
    made = build()
    for file in made.folder.rglob("*"):
        if file.is_file():
            assert b"zzsecret" not in file.read_bytes(), file.name
    assert gone.slug in (made.folder / "csv" / "withdrawn.csv").read_text()
    assert "Not signed." in (made.folder / "csv" / "withdrawn.csv").read_text()
    assert Source.objects.get(pk=source.pk).text


def test_a_value_that_a_spreadsheet_would_run_is_plain_text_there_and_itself_elsewhere(db, folder):
    make.make_statement(slug="formula", summary="=HYPERLINK(1)")
    made = build()
    with (made.folder / "csv" / "statements.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["summary"] == "'=HYPERLINK(1)"
    assert json.loads((made.folder / "json" / "statements.json").read_text())[0]["summary"] == "=HYPERLINK(1)"


def test_a_release_says_what_changed_and_none_is_made_where_nothing_did(db, folder, capsys):
    kept, edited = make.make_statement(), make.make_statement(slug="edited")
    first = build()
    call_command("build_data")
    assert f"Release {first.version} is the latest still" in capsys.readouterr().out
    edited.summary = "Says something else."
    edited.save()
    make.make_statement(slug="added", party=kept.party)
    Entry.objects.filter(pk=kept.pk).update(state="withdrawn", withdrawn_on="2026-01-02", withdrawn_reason="No.")
    second = build()
    assert second.version == f"{first.version}.2"
    changed = second.about["log"][0]["changes"]["statements"]
    assert changed["added"]["slugs"] == ["added"]
    assert changed["changed"]["slugs"] == ["edited"]
    assert changed["removed"]["slugs"] == [kept.slug]
    told = (second.folder / "CHANGELOG.md").read_text()
    assert "- statements: 1 added, 1 changed, 1 removed" in told
    assert first.version in told
    assert release.named(first.version)


def test_the_page_offers_it_and_files_are_sent_with_their_digest(whole, client):
    page = client.get("/data/").content.decode().replace("<wbr>", "")
    assert f"parley-{whole.version}.zip" in page
    assert whole.about["files"][f"parley-{whole.version}.sqlite"]["hash"][7:] in page
    assert "Cite this data set" in page
    sent = client.get(f"/data/{whole.version}/csv/positions.csv")
    assert "immutable" in sent["Cache-Control"]
    assert len(list(csv.DictReader(io.StringIO(b"".join(sent.streaming_content).decode())))) > 300
    newest = client.get("/data/latest/datapackage.json")
    assert json.loads(b"".join(newest.streaming_content))["version"] == whole.version
    again = client.get("/data/latest/datapackage.json", headers={"If-None-Match": newest["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["release.json", "../release.json", "index.json", "csv/../index.json", "nothing.csv"])
def test_no_other_file_is_sent(db, folder, client, name):
    make.make_statement()
    made = build()
    assert client.get(f"/data/{made.version}/{name}").status_code == 404
    assert client.get(f"/data/../{name}").status_code == 404
    assert client.get(f"/data/%2e%2e/{name}").status_code == 404


def test_all_forms_of_a_table_stand_under_one_heading(whole, client):
    """On a phone each cell is a part of a card under its heading, and a heading with nothing to say is none."""
    page = client.get("/data/").content.decode()
    cells = re.findall(r'data-p="Download">(.*?)</td>', page)
    assert len(cells) > 20
    assert sum("CSV" in cell and "JSON" in cell for cell in cells) > 5
    assert 'data-p=""' not in page


def test_before_the_first_release_the_page_says_so(db, folder, client):
    page = client.get("/data/")
    assert page.status_code == 200
    assert "No release has been built yet" in page.content.decode()
    assert client.get("/data/latest/datapackage.json").status_code == 404


def test_two_builds_at_once_are_one(db, folder):
    make.make_statement()
    build()
    with release.alone(folder), pytest.raises(Exception, match="Another build is under way"):
        build()


@pytest.mark.parametrize("moment", ["write.write_json", "write.zipped", "write.settle", "release._settle"])
def test_a_kill_at_any_moment_leaves_the_release_before(db, folder, moment):
    """Killed outright in a process of its own: while it writes, packs, settles, or is about to point to it all."""
    make.make_statement()
    before = build()
    script = f"""
import os, signal, django
django.setup()
from django.utils import timezone
from negotiations.package import release, write
real = {moment}
def die(*arguments):
    real(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
{moment} = die
release.content = lambda *arguments: "something new"
release.build(timezone.localdate())
"""
    where = {"PARLEY_DATA": str(folder.parent), "DATABASE_URL": database_url()}
    killed = subprocess.run([sys.executable, "-c", script], env=os.environ | where, cwd=ROOT, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert release.latest() == before
    for name in before.about["files"]:
        assert write.measured(before.folder / name) == before.about["files"][name]
    assert build() == before
    assert [left.name for left in folder.iterdir() if left.name.startswith(".building")] == []
    assert len(list((folder / "releases").iterdir())) == 1
