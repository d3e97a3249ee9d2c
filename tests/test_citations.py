"""Citations to paste: what a bibliography, a reference list and a BibTeX file make of an entry."""

import html
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import bibtexparser
import citeproc
import jsonschema
import pytest
import rispy
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON

from negotiations.citations import Author, Reference, Type, american, apa, bibtex, chicago, csl, mla, ris
from tests.make import make_statement

CSL = json.loads((Path(__file__).parent / "schemas/csl-data.json").read_text())

ROME = Reference(
    key="antonov-rome-2007",
    kind="interview",
    authors=(Author("Anatoly Antonov"),),
    title="Interview with RIA Novosti",
    date="2007-09-12",
    url="https://parley.example/statements/antonov-rome-2007/",
    accessed=date(2026, 11, 21),
    place="Rome",
    source_title="Russia, U.S. disagree on new arms deal",
    publisher="RIA Novosti",
)


def test_chicago():
    assert chicago(ROME) == (
        "Antonov, Anatoly. Interview with RIA Novosti, Rome, September 12, 2007. In “Russia, U.S. disagree on new arms "
        "deal,” RIA Novosti. Parley. Accessed November 21, 2026. https://parley.example/statements/antonov-rome-2007/."
    )


def test_apa():
    assert apa(ROME) == (
        "Antonov, A. (2007, September 12). <i>Russia, U.S. disagree on new arms deal</i> [Interview]. RIA Novosti. "
        "Parley. https://parley.example/statements/antonov-rome-2007/"
    )


def test_bibtex():
    assert bibtex(ROME) == (
        "@misc{antonov-rome-2007,\n"
        "  author       = {Antonov, Anatoly},\n"
        "  title        = {{Russia, U.S. disagree on new arms deal}},\n"
        "  date         = {2007-09-12},\n"
        "  type         = {Interview},\n"
        "  organization = {{RIA Novosti}},\n"
        "  location     = {Rome},\n"
        "  note         = {Parley: Interview with RIA Novosti},\n"
        "  url          = {https://parley.example/statements/antonov-rome-2007/},\n"
        "  urldate      = {2026-11-21}\n"
        "}"
    )


@pytest.mark.parametrize(
    ("author", "in_chicago", "in_apa", "in_bibtex"),
    [
        (Author("James A. Baker III"), "Baker, James A., III. ", "Baker, J. A., III. (", "{Baker, III, James A.}"),
        (Author("Nicolas de Rivière"), "de Rivière, Nicolas. ", "de Rivière, N. (", "{de Rivière, Nicolas}"),
        (Author("Wang Yi", family_first=True), "Wang Yi. ", "Wang, Y. (", "{Wang, Yi}"),
        (Author("Kassym-Jomart Tokayev"), "Tokayev, Kassym-Jomart. ", "Tokayev, K.-J. (", "{Tokayev, Kassym-Jomart}"),
        (Author("State Council", is_body=True), "State Council. ", "State Council. (", "{{State Council}}"),
        (
            Author("Lord (Tariq) Ahmad of Wimbledon"),
            "Lord (Tariq) Ahmad of Wimbledon. ",
            "Lord (Tariq) Ahmad of Wimbledon. (",
            "{Lord (Tariq) Ahmad of Wimbledon}",
        ),
    ],
)
def test_names_stand_as_each_style_wants_them(author, in_chicago, in_apa, in_bibtex):
    reference = replace(ROME, authors=(author,))
    assert chicago(reference).startswith(in_chicago)
    assert apa(reference).startswith(in_apa)
    assert in_bibtex in bibtex(reference)


def test_several_speakers_of_a_joint_text():
    reference = replace(ROME, authors=(Author("Joe Biden"), Author("Vladimir Putin")))
    assert chicago(reference).startswith("Biden, Joe, and Vladimir Putin. ")
    assert apa(reference).startswith("Biden, J., &amp; Putin, V. (")
    assert "author       = {Biden, Joe and Putin, Vladimir}" in bibtex(reference)


def test_without_an_author_the_title_comes_first():
    reference = replace(ROME, authors=(), title="START I: expired")
    assert chicago(reference).startswith("START I: expired, Rome")
    assert apa(reference).startswith("<i>Russia, U.S. disagree on new arms deal</i> [Interview]. (2007, September 12).")
    assert "author" not in bibtex(reference)


def test_nothing_in_a_title_becomes_a_command_or_a_tag():
    hostile = replace(ROME, source_title=r"<b>50% & \input{x}_$#~^", publisher="A_B")
    assert "<i>&lt;b&gt;50%" in apa(hostile)
    printed = bibtex(hostile)
    assert r"<b>50\% \& \textbackslash{}input\{x\}\_\$\#\textasciitilde{}\textasciicircum{}" in printed
    assert r"{{A\_B}}" in printed


def test_quotation_marks_within_a_title_become_single_ones():
    assert "In “Putin: ‘no deal’,” RIA" in chicago(replace(ROME, source_title="Putin: “no deal”"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2007-09-12", "September 12, 2007"),
        ("2007-09", "September 2007"),
        ("2007", "2007"),
        ("2007~", "ca. 2007"),
        ("2007-09?", "September 2007?"),
        ("2009-05-19/2009-05-20", "May 19–20, 2009"),
        ("2009-05-30/2009-06-02", "May 30 – June 2, 2009"),
        ("1969-11-17/..", "from November 17, 1969"),
        ("2009-12/2010-01", "December 2009 – January 2010"),
    ],
)
def test_dates_are_american_and_no_more_precise_than_they_are(text, words):
    assert american(text) == words


# Reference managers


def bibtex_entry(text: str) -> dict:
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    (entry,) = library.entries
    return {field.key: field.value for field in entry.fields} | {"type": entry.entry_type, "key": entry.key}


def ris_entry(text: str) -> dict:
    (entry,) = rispy.loads(text)
    return entry


def csl_item(text: str) -> dict:
    items = json.loads(text)
    jsonschema.validate(items, CSL)
    (item,) = items
    return item


def test_bibtex_is_read_by_a_parser_whatever_the_title_holds():
    hostile = replace(ROME, source_title=r"50% {of} \input{x} “quoted”, # & _", authors=(Author("A, B & C", True),))
    entry = bibtex_entry(bibtex(hostile))
    assert (entry["type"], entry["key"], entry["date"]) == ("misc", "antonov-rome-2007", "2007-09-12")


def test_ris():
    entry = ris_entry(ris(ROME))
    assert entry["type_of_reference"] == "GEN"
    assert (entry["authors"], entry["title"]) == (["Antonov, Anatoly"], "Russia, U.S. disagree on new arms deal")
    assert (entry["year"], entry["date"], entry["access_date"]) == ("2007", "2007/09/12/", "2026/11/21/")
    assert entry["urls"] == ["https://parley.example/statements/antonov-rome-2007/"]
    assert (entry["place_published"], entry["publisher"]) == ("Rome", "RIA Novosti")


def test_a_line_of_ris_cannot_be_broken_off_and_go_on_as_another():
    hostile = replace(ROME, source_title="Deal\r\nER  - \r\nTY  - BOOK", abstract="One\nTwo")
    entry = ris_entry(ris(hostile))
    assert entry["title"] == "Deal ER - TY - BOOK"


def test_csl_json():
    item = csl_item(csl(replace(ROME, type=Type.INTERVIEW)))
    assert item["type"] == "interview"
    assert item["author"] == [{"family": "Antonov", "given": "Anatoly"}]
    assert item["issued"] == {"date-parts": [[2007, 9, 12]]}
    assert item["accessed"] == {"date-parts": [[2026, 11, 21]]}
    assert (item["event-title"], item["event-place"]) == ("Interview with RIA Novosti", "Rome")


@pytest.mark.parametrize(
    ("text", "issued"),
    [
        ("2007-09", {"date-parts": [[2007, 9]]}),
        ("2009-05-19/2009-05-20", {"date-parts": [[2009, 5, 19], [2009, 5, 20]]}),
        ("2007~", {"date-parts": [[2007]], "circa": True}),
        ("1969-11-17/..", {"date-parts": [[1969, 11, 17]]}),
        ("201X", {"literal": "201X"}),
        ("", None),
    ],
)
def test_a_date_in_csl_is_no_more_precise_than_it_is(text, issued):
    assert csl_item(csl(replace(ROME, date=text))).get("issued") == issued


@pytest.mark.parametrize("type_", list(Type))
def test_a_citation_processor_renders_every_type(type_):
    reference = replace(ROME, type=type_)
    items = json.loads(csl(reference))
    jsonschema.validate(items, CSL)
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    bibliography.register(citeproc.Citation([CitationItem(reference.key)]))
    (printed,) = bibliography.bibliography()
    assert "Antonov, A." in str(printed)
    assert "2007" in str(printed)


def test_mla():
    assert mla(ROME) == (
        "Antonov, Anatoly. Interview with RIA Novosti. “Russia, U.S. disagree on new arms deal,” RIA Novosti, "
        "12 Sept. 2007, Rome. Parley, https://parley.example/statements/antonov-rome-2007/. Accessed 21 Nov. 2026."
    )


def test_mla_names_two_speakers_and_counts_more():
    two = replace(ROME, authors=(Author("Joe Biden"), Author("Vladimir Putin")))
    more = replace(ROME, authors=(*two.authors, Author("Xi Jinping", family_first=True)))
    assert mla(two).startswith("Biden, Joe, and Vladimir Putin. ")
    assert mla(more).startswith("Biden, Joe, et al. ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2007-05", "May 2007"),
        ("2009-05-19/2009-05-20", "19-20 May 2009"),
        ("2009-05-30/2009-06-02", "30 May 2009-2 June 2009"),
        ("2007~", "ca. 2007"),
        ("1969-11-17/..", "from 17 Nov. 1969"),
    ],
)
def test_dates_in_mla(text, words):
    assert f", {words}, Rome. Parley" in mla(replace(ROME, date=text))


def test_a_page_of_the_site_is_cited_as_its_own_and_with_the_day_it_was_read():
    page = Reference(
        key="parley-form", type=Type.PAGE, kind="", authors=(Author("Parley", is_body=True),), date="",
        title="Must it bind?", url="https://parley.example/issues/form/", accessed=date(2026, 11, 21),
    )  # fmt: skip
    url = "https://parley.example/issues/form/"
    assert chicago(page) == f"Parley. “Must it bind?” Accessed November 21, 2026. {url}."
    assert apa(page) == f"Parley. (n.d.). <i>Must it bind?</i>. Retrieved November 21, 2026, from {url}"
    assert mla(page) == f"“Must it bind?” Parley, {url}. Accessed 21 Nov. 2026."
    assert bibtex_entry(bibtex(page))["type"] == "online"
    assert ris_entry(ris(page))["type_of_reference"] == "ELEC"


# On the pages


def cited_as(client, address: str) -> dict:
    """What is on offer for a page: its files, each read by a parser."""
    page = client.get(address).content.decode()
    section = page.split('id="h-cite"')[1].split("</section>")[0]
    files = [html.unescape(url) for url in re.findall(r'<a href="([^"]+)" download>', section)]
    readers = {"bib": bibtex_entry, "ris": ris_entry, "json": csl_item}
    read = {}
    for url in files:
        response = client.get(url)
        ending = url.partition("?")[0].rpartition(".")[2]
        assert f'.{ending}"' in response["Content-Disposition"]
        read[ending] = readers[ending](response.content.decode())
    return read | {"section": html.unescape(re.sub(r"<[^>]+>", " ", section))}


@pytest.mark.parametrize(
    ("address", "types", "title"),
    [
        ("/statements/antonov-rome-2007/", ("misc", "PCOMM", "interview"), "disagree"),
        ("/milestones/new-start-signed-2010-04-08/", ("misc", "GEN", "entry"), ""),
        ("/positions/united-states-legal-form-political-commitment-2006-09/", ("misc", "GEN", "entry"), ""),
        ("/negotiations/post-start-consultations/rome-consultations/", ("misc", "GEN", "event"), ""),
        ("/negotiations/new-start-negotiation/", ("online", "ELEC", "webpage"), "New START"),
        ("/issues/legal-form/", ("online", "ELEC", "webpage"), "legally binding"),
        ("/treaties/new-start/", ("legal", "STAT", "treaty"), "Strategic Offensive Arms"),
        ("/timeline/?party=russia&from=2007&to=2009", ("online", "ELEC", "webpage"), "Timeline · Russia"),
        ("/positions/?on=2013-06-22", ("online", "ELEC", "webpage"), "Positions on 22 June 2013"),
        ("/ru/positions/?on=2013-06-22", ("online", "ELEC", "webpage"), "Positions on 22 June 2013"),
        ("/about/", ("dataset", "DATA", "dataset"), "Parley: the record"),
    ],
)
def test_every_page_offers_its_citation_for_every_reference_manager(client, record, address, types, title):
    cited = cited_as(client, address)
    assert (cited["bib"]["type"], cited["ris"]["type_of_reference"], cited["json"]["type"]) == types
    assert title in cited["json"]["title"]
    assert title in cited["ris"]["title"]
    assert cited["json"]["URL"] == cited["ris"]["urls"][0]
    assert cited["json"]["URL"] in cited["section"]
    for style in ("Chicago", "APA", "MLA", "BibTeX"):
        assert style in cited["section"]
    followed = client.get(cited["json"]["URL"].removeprefix("http://testserver"))
    assert followed.status_code == 200


@pytest.mark.parametrize(
    ("form", "type_"),
    [
        ("speech", "speech"), ("interview", "interview"), ("press-conference", "speech"), ("testimony", "hearing"),
        ("joint-statement", "report"), ("document", "report"), ("letter", "personal_communication"),
        ("broadcast", "broadcast"),
    ],
)  # fmt: skip
def test_what_is_said_is_cited_as_what_it_was(client, db, form, type_):
    said = make_statement(form=form)
    (item,) = json.loads(client.get(f"/statements/{said.slug}/cite.json").content)
    assert item["type"] == type_


def test_the_citation_of_a_treaty_is_dated_and_placed_by_its_signature(client, record):
    item = cited_as(client, "/treaties/new-start/")["json"]
    assert (item["issued"], item["event-place"]) == ({"date-parts": [[2010, 4, 8]]}, "Prague")


def test_positions_today_are_cited_with_their_day(client, record):
    item = cited_as(client, "/positions/")["json"]
    assert "on=20" in item["URL"]


def test_a_citation_moves_with_the_address_of_what_it_cites(client, db):
    said = make_statement(slug="before")
    said.slug = "after"
    said.save()
    moved = client.get("/statements/before/cite.ris")
    assert (moved.status_code, moved["Location"]) == (301, "/statements/after/cite.ris")


@pytest.mark.parametrize("state", ["draft", "in-review", "withdrawn"])
def test_nothing_that_readers_may_not_see_can_be_cited(client, db, state):
    more = {"withdrawn_on": "2026-01-02", "withdrawn_reason": "A hoax."} if state == "withdrawn" else {}
    said = make_statement(state=state, quote="Secret", **more)
    response = client.get(f"/statements/{said.slug}/cite.json")
    assert response.status_code == (410 if state == "withdrawn" else 404)
    assert "Secret" not in response.content.decode()


@pytest.mark.parametrize("address", ["/timeline/cite.ris?party=atlantis&from=x", "/positions/cite.bib?on=x"])
def test_a_view_that_is_not_understood_is_cited_as_far_as_it_is(client, record, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/issues/legal-form/cite.doc", "/issues/nowhere/cite.ris"])
def test_there_are_no_other_files(client, record, address):
    assert client.get(address).status_code == 404
