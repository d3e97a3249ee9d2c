"""Citations to paste: what a bibliography, a reference list and a BibTeX file make of an entry."""

from dataclasses import replace
from datetime import date

import pytest

from negotiations.citations import Author, Reference, american, apa, bibtex, chicago

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
    assert apa(reference).startswith("(2007, September 12)")
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
