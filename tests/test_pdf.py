"""The brief of a round and the matrix of positions as PDF: tagged, with bookmarks, with the words of the page."""

import io
import re

import pikepdf
import pypdf
import pytest

from tests import make

BRIEF = "/negotiations/post-start-consultations/rome-consultations/brief.pdf"
MATRIX = "/positions.pdf?on=2013-06-22&since=2009"


def opened(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return pikepdf.open(io.BytesIO(response.content))


def bookmarks(pdf):
    with pdf.open_outline() as outline:
        found, waiting = [], list(outline.root)
        while waiting:
            item = waiting.pop(0)
            found.append(item.title)
            waiting = [*item.children, *waiting]
    return found


@pytest.mark.parametrize("address", [BRIEF, MATRIX])
def test_it_is_tagged_and_says_its_language_and_title(record, client, address):
    pdf = opened(client, address)
    assert pdf.Root.MarkInfo.Marked
    assert "/StructTreeRoot" in pdf.Root
    assert str(pdf.Root.Lang) == "en"
    with pdf.open_metadata() as about:
        assert about["pdfuaid:part"] == "1"
        assert about["dc:title"]
    assert str(opened(client, f"/ru{address}").Root.Lang) == "ru"


@pytest.mark.parametrize("address", [BRIEF, MATRIX, f"/ru{BRIEF}", f"/ru{MATRIX}"])
def test_no_marks_of_the_page_are_among_its_words(record, client, address):
    response = client.get(address)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages)
    assert len(text) > 500
    assert not re.search(r"</?\w+|&\w+;|href", text)


def test_a_brief_has_a_bookmark_for_each_of_its_parts(record, client):
    told = bookmarks(opened(client, BRIEF))
    for part in ("Delegations", "Last recorded word before it", "What moved in it", "What followed", "Sources"):
        assert part in told
    page = client.get(BRIEF.replace("brief.pdf", "brief/")).content.decode()
    assert f'href="{BRIEF}"' in page


def test_the_matrix_has_a_bookmark_for_each_question_of_the_page(record, client):
    told = bookmarks(opened(client, MATRIX))
    page = client.get(MATRIX.replace("positions.pdf", "positions/")).content.decode()
    questions = re.findall(r'<th scope="row"><a href="/issues/[^"]+">([^<]+)</a></th>', page)
    assert questions
    assert set(questions) <= set(told)
    assert "/positions.pdf?" in page


def test_links_lead_to_the_site(record, client):
    pdf = opened(client, BRIEF)
    links = {
        str(note.A.URI) for page in pdf.pages for note in page.get("/Annots", []) if "/A" in note and "/URI" in note.A
    }
    assert any("/statements/" in link for link in links)
    assert all(link.startswith("http") for link in links)


def test_words_of_the_record_are_never_code(db, client):
    evil = '#panic("x") $x$ *bold* `raw` ] [ <label> @ref \\ // " é'
    round_ = make.make_round(title=evil[:200], summary=evil)
    make.make_statement(round=round_, negotiation=round_.negotiation, quote=evil, occasion=evil[:160])
    told = bookmarks(opened(client, f"{round_.get_absolute_url()}brief.pdf"))
    assert any('#panic("x")' in title for title in told)


def test_a_view_that_makes_no_sense_is_printed_with_a_remark_and_an_empty_record_is_printed_too(db, client):
    make.make_party(code="US"), make.make_party(code="RU")
    opened(client, "/positions.pdf?on=yesterday&show=moved")
    assert client.get("/negotiations/none/nothing/brief.pdf").status_code == 404


def test_what_is_not_published_is_not_printed(db, client):
    draft = make.make_round(state="draft")
    assert client.get(f"/negotiations/{draft.negotiation.slug}/{draft.path}/brief.pdf").status_code == 404


def words(client, address):
    response = client.get(address)
    assert response.status_code == 200
    pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
    return " ".join("".join(page.extract_text() for page in pages).split())


def test_a_meeting_that_was_called_off_says_so_on_paper_too(record, client):
    assert "Called off" in words(client, "/negotiations/new-start-implementation/bcc-session-cairo-not-held/brief.pdf")


def test_a_matrix_on_paper_says_how_far_apart_two_sides_are_and_when_a_stand_ended(record, client):
    said = words(client, "/positions.pdf?on=2026-06-01&party=united-states&party=russia")
    assert "Between them" in said
    assert "No stand recorded since" in said
    assert "Condition:" in said


def test_a_letter_that_no_font_has_is_no_reason_to_print_nothing(record, client):
    pdf = opened(client, "/positions.pdf?on=%EF%BC%91%EF%BC%92")  # a year in the digits of Chinese typesetting
    assert len(pdf.pages) > 1
    with pdf.open_metadata() as about:
        assert "pdfuaid:part" not in about
    assert "Between them" in words(client, "/positions.pdf?on=%D9%A2%D9%A0&party=united-states&party=russia")
