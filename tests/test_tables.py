"""Tables at the desk: lists leave as CSV and XLSX and come back, with nothing lost and nothing half-imported."""

import csv
import io
import json
import re
import zipfile
from datetime import datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from negotiations import sheets
from negotiations.files import tables
from negotiations.files.kinds import KIND_OF
from negotiations.models import Entry, Position, Revision, Round, Source, Statement
from negotiations.spreadsheet import neutral, restored

from . import make

pytestmark = pytest.mark.django_db

MODELS = [Statement, Round, Position, Source]
MAKERS = {
    Statement: make.make_statement,
    Round: make.make_round,
    Position: make.make_position,
    Source: make.make_source,
}
FORMS = ["csv", "xlsx"]
by_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
by_form = pytest.mark.parametrize("form", FORMS)


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("editor"))
    return client


def url(model, page, *args):
    return reverse(f"admin:negotiations_{model._meta.model_name}_{page}", args=args)


def export(desk, model, form="csv", **filters) -> bytes:
    answer = desk.get(url(model, "export", form), filters)
    assert answer.status_code == 200
    assert f".{form}" in answer["Content-Disposition"]
    return answer.content


def rows_of(data: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def table(*rows: dict) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list({key: None for row in rows for key in row}))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def upload(desk, model, data: bytes, name="table.csv", why="Checked against the transcript."):
    return desk.post(url(model, "import"), {"table": SimpleUploadedFile(name, data), "why": why})


def confirm(desk, model, page):
    return desk.post(url(model, "import"), {"confirmed": page.context["confirmed"]})


def problems(page) -> str:
    assert page.status_code == 200
    plan = page.context["plan"]
    found = list(plan.problems) if plan else []
    return "\n".join([*found, *(str(error) for errors in page.context["form"].errors.values() for error in errors)])


def a_row(**values) -> dict:
    """A statement that could be imported."""
    party, source = make.make_party(), make.make_source()
    row = {"slug": make.unique("row"), "date": "2013-06-22", "party": party.slug, "sources": source.slug}
    return row | {"kind": "interview", "summary": "Says that cuts need talks."} | values


# Out and back


@by_form
@by_model
def test_what_is_exported_comes_back_the_same(record, desk, model, form):
    data = export(desk, model, form)
    plan = upload(desk, model, data, f"table.{form}").context["plan"]
    assert plan.problems == []
    assert plan.changes == []
    assert plan.unchanged == model.objects.count() > 100


@by_form
def test_texts_survive_letter_by_letter(desk, form):
    hostile = [
        "=1+1",
        "'=1+1",
        "''@x",
        "+7 495",
        "-",
        "'quoted'",
        'a "b"; c',
        "[not json",
        "two\nlines",
        "<b>&amp;</b>",
    ]
    statements = [make.make_statement(summary=text, quote="", quote_language="") for text in hostile]
    data = export(desk, Statement, form)
    Statement.objects.update(summary="lost")
    page = upload(desk, Statement, data, f"table.{form}")
    assert "somebody has changed it" in problems(page)

    rows = sheets.read(opened(data, form), 100)
    at = rows[0].index("version")
    rows = [[cell for number, cell in enumerate(row) if number != at] for row in rows]
    page = upload(desk, Statement, sheets.write_csv(rows[0], rows[1:]))
    assert confirm(desk, Statement, page).status_code == 302
    for statement, text in zip(statements, hostile, strict=True):
        statement.refresh_from_db()
        assert statement.summary == text


def opened(data: bytes, form: str):
    file = io.BytesIO(data)
    file.kind = f".{form}"
    return file


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra", "'=1", "''=1", "'a", "a", "", "'"])
def test_a_formula_is_made_harmless_and_restored(text):
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert restored(neutral(text)) == text


def test_formulas_do_not_leave_the_desk(desk):
    make.make_statement(summary='=HYPERLINK("http://evil.example")', key_phrase="@SUM(1)")
    (row,) = rows_of(export(desk, Statement))
    assert row["summary"] == '\'=HYPERLINK("http://evil.example")'
    assert row["key_phrase"] == "'@SUM(1)"
    with zipfile.ZipFile(io.BytesIO(export(desk, Statement, "xlsx"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet


def test_an_export_has_what_the_list_shows_and_nothing_staff_only(desk):
    wanted = make.make_statement(sources=[make.make_source(text="The whole secret text.")])
    make.make_statement(state="draft")
    (row,) = rows_of(export(desk, Statement, state__exact="published"))
    assert row["slug"] == wanted.slug
    assert b"secret" not in export(desk, Source)


def test_a_text_that_excel_cannot_hold_is_told(desk):
    make.make_statement(summary="bell \x07")
    page = desk.get(url(Statement, "export", "xlsx"), follow=True)
    assert "Excel cannot hold" in page.content.decode()
    assert "bell \x07" in export(desk, Statement).decode()


@by_model
def test_the_list_leads_to_export_and_import(desk, model):
    MAKERS[model]()
    html = desk.get(url(model, "changelist"), {"o": "1"}).content.decode()
    for page in (url(model, "export", "csv") + "?o=1", url(model, "export", "xlsx") + "?o=1", url(model, "import")):
        assert f'href="{page}"' in html
    assert not re.search(r"<style|<[^>]+\s(style|on[a-z]+)=", desk.get(url(model, "import")).content.decode())


# In


def test_an_import_shows_first_what_it_would_do_and_does_that(desk):
    statement = make.make_statement(summary="Before.")
    new = a_row(slug="brand-new")
    (known,) = rows_of(export(desk, Statement))
    page = upload(desk, Statement, table(known | {"summary": "After."}, new))

    html = page.content.decode()
    assert "New: 1. Changed: 1. Unchanged: 0." in html
    assert "<del>Before.</del>" in html
    assert "<ins>After.</ins>" in html
    assert Statement.objects.get().summary == "Before."
    assert not Revision.objects.filter(slug="brand-new").exists()

    assert confirm(desk, Statement, page).status_code == 302
    statement.refresh_from_db()
    assert (statement.summary, statement.state) == ("After.", "published")
    made = Statement.objects.get(slug="brand-new")
    assert (made.state, [party.slug for party in made.parties.all()]) == ("draft", [new["party"]])
    assert Entry.objects.filter(search="talks", slug="brand-new").exists()


def test_an_import_stands_in_the_history_with_its_reason(desk):
    make.make_statement(summary="Before.")
    (known,) = rows_of(export(desk, Statement))
    confirm(desk, Statement, upload(desk, Statement, table(known | {"summary": "After."})))
    last = Revision.objects.order_by("-pk").first()
    assert (last.by.username, last.why, last.row["summary"]) == ("editor", "Checked against the transcript.", "After.")


def test_a_missing_column_leaves_and_an_empty_cell_empties(desk):
    statement = make.make_statement(city="Strelsau", country="Ruritania")
    confirm(desk, Statement, upload(desk, Statement, table({"slug": statement.slug, "city": ""})))
    statement.refresh_from_db()
    assert (statement.city, statement.country) == ("", "Ruritania")
    assert statement.citations.count() == 1


def test_relations_come_in_too(desk):
    issue, other = make.make_issue(), make.make_issue()
    one, two = make.make_source(), make.make_source()
    row = a_row(
        issues=f"{issue.slug}; {other.slug}", sources=json.dumps([{"source": one.slug, "locator": "p. 3"}, two.slug])
    )
    confirm(desk, Statement, upload(desk, Statement, table(row)))
    made = Statement.objects.get(slug=row["slug"])
    assert set(made.issues.all()) == {issue, other}
    assert [(c.source, c.locator) for c in made.citations.all()] == [(one, "p. 3"), (two, "")]


def test_a_position_and_a_round_come_in(desk):
    issue, party = make.make_issue(), make.make_party()
    said = make.make_statement(party=party)
    position = {"slug": "a-stand", "party": party.slug, "issue": issue.slug, "option": issue.options.first().slug}
    position |= {"stance": "demands", "from": "2013", "basis": "stated", "evidence": said.slug}
    confirm(desk, Position, upload(desk, Position, table(position)))
    assert [e.entry for e in Position.objects.get(slug="a-stand").evidence_links.all()] == [said.entry]

    talks, head = make.make_negotiation(parties=[party]), make.make_person()
    round_ = {"slug": "a-round", "negotiation": talks.slug, "label": "Round 1", "dates": "2013-06", "kind": "round"}
    round_ |= {"heads": json.dumps([{"party": party.slug, "person": head.slug}]), "held": "no", "number": "1"}
    confirm(desk, Round, upload(desk, Round, table(round_)))
    made = Round.objects.get(slug="a-round")
    assert (made.held, made.number, made.delegations.get().head) == (False, 1, head)


def test_excel_turns_days_and_numbers_into_its_own_and_they_are_understood(desk):
    row, book = a_row(), Workbook()
    book.active.append([*row, "reported"])
    book.active.append([datetime(2013, 6, 22) if key == "date" else value for key, value in row.items()] + [True])
    out = io.BytesIO()
    book.save(out)
    page = upload(desk, Statement, out.getvalue(), "table.xlsx")
    assert problems(page) == ""
    confirm(desk, Statement, page)
    made = Statement.objects.get(slug=row["slug"])
    assert (made.date, made.reported) == ("2013-06-22", True)


def test_semicolons_between_columns_are_understood(desk):
    row = a_row()
    data = ("﻿" + ";".join(row) + "\r\n" + ";".join(row.values()) + "\r\n").encode()
    assert len(upload(desk, Statement, data).context["plan"].new) == 1


# Refused, row by row, with nothing written


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"date": "2013-02-30"}, "is not a date"),
        ({"date": ""}, "date is missing"),
        ({"party": "atlantis"}, "“atlantis” is not in parties.yaml"),
        ({"issues": "no-such-issue"}, "“no-such-issue” is not in issues.yaml"),
        ({"kind": "telepathy"}, "kind Value 'telepathy' is not a valid choice."),
        ({"reported": "perhaps"}, "reported must be true or false"),
        ({"quote": "We want it"}, "quote_language is missing"),
        ({"date_basis": "inferred"}, "the note must say how the date was worked out"),
        ({"slug": "Not A Slug"}, "slug "),
        ({"slug": ""}, "slug is missing"),
        ({"state": "published"}, "publish it at the desk"),
        ({"sources": "[{"}, "sources begins with a bracket and is not JSON"),
        ({"sources": "[" * 5000}, "sources begins with a bracket and is not JSON"),
        ({"sources": '[{"source": 1}]'}, "is not in sources.yaml"),
        ({"sources": "[1, null]"}, "must be a row of fields"),
        ({"sources": '["x"]'}, "“x” is not in sources.yaml"),
        ({"round": "nowhere"}, "“nowhere” is not in rounds.yaml"),
        ({"city": "x" * 500}, "city "),
    ],
)
def test_a_wrong_row_is_told_by_its_number_and_nothing_is_imported(desk, typed, words):
    page = upload(desk, Statement, table(a_row(), a_row(**typed)))
    assert words in problems(page)
    assert all(line.startswith("row 3") for line in problems(page).splitlines())
    assert "confirmed" not in page.content.decode()
    assert not Statement.objects.exists()


def test_every_wrong_row_is_told_at_once(desk):
    page = upload(desk, Statement, table(a_row(date="x"), a_row(), a_row(kind="y"), a_row(party="z")))
    assert [line.split(",")[0] for line in problems(page).splitlines()] == ["row 2", "row 4", "row 5"]


def test_what_only_the_database_knows_is_told_by_row_too(desk):
    taken = make.make_source()
    new = {"slug": "another", "publisher": "Gazette", "title": "A page", "language": "en", "kind": "news"}
    page = upload(
        desk, Source, table(new | {"url": "https://example.org/x"}, new | {"slug": "third", "url": taken.url})
    )
    assert problems(page) == "row 3, third: This address is in the record already, as another source."


def test_a_published_statement_keeps_a_source(desk):
    statement = make.make_statement()
    page = upload(desk, Statement, table({"slug": statement.slug, "sources": ""}))
    assert "a published statement needs a source" in problems(page)


def test_an_option_of_another_issue_is_refused(desk):
    position = make.make_position()
    page = upload(desk, Position, table({"slug": position.slug, "option": "no-such-option"}))
    assert "option “no-such-option” does not belong to the issue" in problems(page)


def test_an_address_that_others_have_or_had_is_refused(desk):
    round_ = make.make_round()
    old = make.make_statement(slug="once-here")
    old = Statement.objects.get(pk=old.pk)
    old.slug = "now-there"
    old.save()
    page = upload(
        desk, Statement, table(a_row(slug=round_.slug), a_row(slug="once-here"), a_row(slug="x1"), a_row(slug="x1"))
    )
    assert "row 2" in problems(page)
    assert "another entry has this address" in problems(page)
    assert "row 3, once-here: this was the address of another page" in problems(page)
    assert "row 5, x1: same slug as row 4, x1" in problems(page)


def test_no_table_publishes_or_withdraws(desk):
    draft, published = make.make_statement(state="draft"), make.make_statement()
    page = upload(
        desk, Statement, table({"slug": draft.slug, "state": "published"}, {"slug": published.slug, "state": "draft"})
    )
    assert "row 2" in problems(page)
    assert "its state is draft; change that at the desk" in problems(page)
    assert "its state is published; change that at the desk" in problems(page)


def test_what_changed_since_the_export_is_not_overwritten(desk):
    statement = make.make_statement()
    (known,) = rows_of(export(desk, Statement))
    statement.summary = "Corrected meanwhile."
    statement.save()
    page = upload(desk, Statement, table(known | {"summary": "After."}))
    assert "somebody has changed it since it was exported" in problems(page)


def test_what_changed_since_it_was_shown_is_not_overwritten(desk):
    statement = make.make_statement()
    (known,) = rows_of(export(desk, Statement))
    page = upload(desk, Statement, table(known | {"summary": "After."}))
    statement.summary = "Corrected meanwhile."
    statement.save()
    assert "somebody has changed it since it was exported" in problems(confirm(desk, Statement, page))
    statement.refresh_from_db()
    assert statement.summary == "Corrected meanwhile."


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"title\nx\n", "there is none called slug"),
        (b"slug,banana\nx,y\n", "There is no column “banana”"),
        (b"slug,date,date\nx,y,z\n", "The column “date” stands twice."),
        (b"slug,date\nx,2013,1,2\n", "row 2: has more cells than there are columns"),
        (b"\xff\xfe\x00", "something else"),
        ("slug\nnaïve".encode("latin-1"), "it is not UTF-8"),
        (b'slug\n"open', "it is not CSV"),
        (b"slug\n" + b"x" * 200_000, "it is not CSV: field larger"),
        (b"slug\n" + b"x\n" * 2100, "more than 2001 rows"),
        (b"", "empty"),
        (b"slug" + b",x" * 300 + b"\n", "columns"),
    ],
)
def test_a_file_that_is_no_table_is_told(desk, data, words):
    assert words in problems(upload(desk, Statement, data))


def test_a_file_of_another_kind_is_refused(desk):
    assert "Files of these kinds are taken: .csv, .xlsx." in problems(upload(desk, Statement, b"x", "table.exe"))
    assert "is called .xlsx but is something else" in problems(upload(desk, Statement, b"%PDF-1.7", "table.xlsx"))
    assert "required" in problems(desk.post(url(Statement, "import"), {}))


def test_a_file_above_the_limit_is_measured_and_not_kept(desk, settings):
    settings.UPLOAD_LIMIT = 100_000
    page = upload(desk, Statement, b"slug\n" + b"x" * 300_000)
    assert "The file has 293.0\xa0KB; at most 97.7\xa0KB are taken." in problems(page)


def workbook(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def test_no_workbook_blows_up(desk, monkeypatch):
    monkeypatch.setattr(sheets, "UNPACKED_AT_MOST", 1_000_000)
    bomb = workbook(xl__worksheets__sheet1_xml=b"0" * 5_000_000)
    assert "far larger unpacked" in problems(upload(desk, Statement, bomb, "table.xlsx"))
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    good = export_of_one(desk)
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"):
        assert "not a workbook" in problems(upload(desk, Statement, with_part(good, part, laughs), "table.xlsx"))
    assert "not a workbook" in problems(upload(desk, Statement, good[:2000], "table.xlsx"))


def export_of_one(desk) -> bytes:
    make.make_statement()
    return export(desk, Statement, "xlsx")


def with_part(book: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return out.getvalue()


# Who may


def test_a_confirmation_is_good_for_its_maker_its_list_and_an_hour(desk, client):
    page = upload(desk, Statement, table(a_row()))
    confirmed = page.context["confirmed"]
    for model, sent in ((Round, confirmed), (Statement, confirmed[:-3]), (Statement, "banana")):
        answer = desk.post(url(model, "import"), {"confirmed": sent}, follow=True)
        assert "too long ago" in answer.content.decode()
    client.force_login(User.objects.create_superuser("another"))
    assert "too long ago" in desk.post(url(Statement, "import"), {"confirmed": confirmed}, follow=True).content.decode()
    assert not Statement.objects.exists()


def staff(client, *codenames):
    user = User.objects.create_user("contributor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)


def test_who_may_not_change_entries_imports_nothing(client):
    staff(client, "view_statement")
    assert client.get(url(Statement, "import")).status_code == 403
    assert client.post(url(Statement, "import"), {}).status_code == 403
    html = client.get(url(Statement, "changelist")).content.decode()
    assert url(Statement, "import") not in html
    assert client.get(url(Source, "export", "csv")).status_code == 403


def test_who_may_not_publish_imports_nothing_but_exports_what_they_may_read(client):
    public, draft = make.make_statement(), make.make_statement(state="draft")
    staff(client, "view_statement", "add_statement", "change_statement")
    assert upload(client, Statement, table({"slug": draft.slug, "city": "Zenda"})).status_code == 403
    assert [row["slug"] for row in rows_of(export(client, Statement))] == [public.slug]


def test_an_import_costs_as_many_queries_for_many_rows_of_the_record_beside_it(desk, django_assert_max_num_queries):
    for _ in range(5):
        make.make_statement()
    row = table(a_row())
    with django_assert_max_num_queries(90):
        upload(desk, Statement, row)


def test_the_columns_of_a_table_are_those_of_the_files():
    assert tables.header(KIND_OF[Source])[:3] == ["slug", "publisher", "title"]
