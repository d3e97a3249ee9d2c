"""Reading articles: what is quoted in them and by whom, when they appeared, and what is not to be read at all."""

import contextlib
import io
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from negotiations import intake, verbatim
from negotiations.intake import documents

from . import articles

TODAY = date(2026, 11, 26)
ROOT = Path(__file__).resolve().parent.parent
SEEDS = next(
    (folder for folder in (ROOT.parent / "shared/seeds", Path(os.environ.get("PARLEY_SEEDS", "-"))) if folder.is_dir()),
    None,
)
with_seeds = pytest.mark.skipif(not SEEDS, reason="the founding articles are not ours to ship")


def read(text, **known):
    article = intake.read_paste(text)
    for name, value in known.items():
        setattr(article, name, value)
    return intake.propose(article, TODAY)


def quotations(proposal):
    return [one for one in proposal.statements if one.direct]


def seed(name):
    return intake.propose(intake.read(name, (SEEDS / name).read_bytes()), TODAY)


# The invented reports


READINGS = articles.readings()


def test_quotations_and_their_speakers_are_found_as_well_as_the_readme_says():
    total = articles.score(READINGS)
    assert total.articles >= 50
    assert total.precision >= 0.97
    assert total.recall >= 0.93
    readme = (ROOT / "README.md").read_text()
    assert f"precision {total.precision:.3f}" in readme
    assert f"recall {total.recall:.3f}" in readme


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: f"{reading.file}: {reading.tries}")
def test_nothing_is_put_in_anybodys_mouth(reading):
    assert reading.invented == []


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: f"{reading.file}: {reading.tries}")
def test_every_quotation_stands_where_it_is_said_to_stand(reading):
    # The words of a quotation, found in the report by the checker that marks it as verified.
    row = next(row for row in articles_of(reading.file) if row["tries"] == reading.tries)
    proposal = read(row["text"])
    for one in quotations(proposal):
        assert verbatim.find(one.words, proposal.article.text, one.place.start) is not None
        passage = proposal.article.text[one.place.start : one.place.end]
        assert verbatim.on_one_line(passage) == one.selector.exact
        pieces = " ".join(proposal.article.text[start:end] for start, end in one.pieces)
        assert verbatim.plain(one.words.split(verbatim.GAP)[0]) in verbatim.plain(pieces)


def articles_of(file):
    import yaml

    return yaml.safe_load((articles.FOLDER / f"{file}.yaml").read_text(encoding="utf-8"))


# The founding articles


@with_seeds
def test_the_rome_article_gives_its_source_its_place_and_antonovs_two_quotations():
    proposal = seed("ria-novosti-2007-09-12.txt")
    assert proposal.publisher == "RIA Novosti"
    assert proposal.article.title == "Russia, U.S. disagree on new arms deal - Foreign Ministry"
    assert proposal.city == "Rome"
    first, second = quotations(proposal)
    assert first.speaker.name == second.speaker.name == "Anatoly Antonov"
    assert first.speaker.office == "director of the Foreign Ministry Security and Disarmament Department"
    assert first.words.startswith("Unfortunately, our differences are very serious.")
    assert first.words.endswith("that a new document should be legally binding")
    assert second.words.startswith("We will work until the last moment")
    assert second.speaker.resolved_from == "he"
    assert first.verb == second.verb == "said"


@with_seeds
def test_the_rome_articles_year_is_proposed_with_reasons_and_never_chosen():
    dating = seed("ria-novosti-2007-09-12.txt").dating
    assert dating.stated == ""
    first, *others = dating.candidates
    assert first.date == "2007-09-12"
    assert first.reasons[:2] == (
        "12 September was a Wednesday in 2007",
        "before 5 December 2009, of which the text speaks as still to come",
    )
    assert {"2001-09-12", "2012-09-12", "2018-09-12"} <= {other.date for other in others}
    assert all(other.against for other in others)


@with_seeds
def test_what_is_reported_of_antonov_is_marked_as_reported():
    reported = [one for one in seed("ria-novosti-2007-09-12.txt").statements if not one.direct]
    hopes = next(one for one in reported if "hopes that solutions" in one.words)
    assert (hopes.speaker.name, hopes.speaker.resolved_from) == ("Anatoly Antonov", "he")


@with_seeds
def test_the_moscow_article_gives_its_day_and_lavrovs_four_quotations():
    proposal = seed("interfax-2013-06-22.txt")
    assert proposal.publisher == "Interfax"
    assert proposal.article.title.startswith("Talks on further nuke cuts have to involve not only Russia")
    assert (proposal.city, proposal.dating.stated) == ("Moscow", "2013-06-22")
    assert proposal.dating.where == "in the dateline: June 22, 2013"
    found = quotations(proposal)
    assert [one.speaker.name for one in found] == ["Sergei Lavrov"] * 4
    assert [one.speaker.resolved_from for one in found] == ["", "he", "", "he"]
    assert {one.speaker.office for one in found} == {"Russian Foreign Minister"}
    assert found[3].words.startswith("President Obama said he understands")


@with_seeds
@pytest.mark.parametrize("name", ["ria-novosti-2007-09-12.txt", "interfax-2013-06-22.txt"])
def test_no_line_of_the_page_around_a_founding_article_is_proposed(name):
    proposal = seed(name)
    furniture = ("Subscribe", "Newsfeed", "Stay tuned", "log in", "loader", "Sputnik", "File Photo", "Заголовок")
    for one in proposal.statements:
        said = f"{one.words} {one.speaker.office} {one.selector.prefix} {one.selector.suffix}"
        assert not [word for word in furniture if word in f"{one.words} {one.speaker.office}"], said


@with_seeds
def test_the_record_holds_the_founding_quotations_as_checked_against_these_very_texts():
    import hashlib

    import yaml

    rows = yaml.safe_load((ROOT / "fixtures/statements.yaml").read_text(encoding="utf-8"))
    checked = [(row, source) for row in rows for source in row["sources"] if isinstance(source, dict)]
    checked = [(row, source) for row, source in checked if (SEEDS / f"{source['source']}.txt").exists()]
    assert len(checked) >= 4
    for row, source in checked:
        text = (SEEDS / f"{source['source']}.txt").read_text(encoding="utf-8")
        assert hashlib.sha256(text.encode()).hexdigest() == source["checked_sha256"]
        assert verbatim.find(source.get("exact") or row["quote"], text)


# When it appeared


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("GENEVA, March 4, 2009 (Reuters) - Talks went on. They will go on.", "2009-03-04"),
        ("МОСКВА, 4 марта 2009 года. /ТАСС/. Переговоры продолжились сегодня.", "2009-03-04"),
        ("Talks go on in Geneva again\n4 March 2009, 14:05\nTalks went on in Geneva all day.", "2009-03-04"),
        ("Talks go on in Geneva again\n04.03.2009\nTalks went on in Geneva all day.", "2009-03-04"),
    ],
)
def test_a_day_that_an_article_states_is_taken(text, stated):
    assert read(text).dating.stated == stated


def test_a_day_in_a_pages_metadata_is_taken():
    page = """<html><head><meta property="article:published_time" content="2013-06-22T10:00:00Z">
        <title>Minister speaks of missiles again</title></head><body><article><h1>Minister speaks of missiles again</h1>
        <p>The minister spoke of missiles for an hour on Saturday, and said that they were many.</p>
        <p>“They are many,” Foreign Minister Rupert Hentzau said in Strelsau at the end of a long day.</p>
        </article></body></html>"""
    proposal = read(page)
    assert proposal.dating.stated == "2013-06-22"
    assert [one.words for one in quotations(proposal)] == ["They are many"]


def test_without_a_weekday_every_year_stays_possible():
    dating = read("ZENDA, July 9 (Test Wire) -- Delegations left Zenda without a word.").dating
    assert not dating.stated
    assert len(dating.candidates) > 5


def test_a_leap_day_falls_only_in_leap_years():
    dating = read("ZENDA, February 29 (Test Wire) -- Delegations left Zenda without a word.").dating
    assert dating.candidates
    assert all(int(candidate.date[:4]) % 4 == 0 for candidate in dating.candidates)


def test_the_digits_of_the_web_address_speak_for_a_year():
    article = intake.read_paste(
        "ROME, September 12 (RIA Novosti) - Talks went on Wednesday in Rome.",
        "http://en.rian.ru/russia/20070912/7.html",
    )
    first = intake.propose(article, TODAY).dating.candidates[0]
    assert first.date == "2007-09-12"
    assert "the digits in its web address agree" in first.reasons


@pytest.mark.parametrize("day", ["December 31, 9999", "31.12.9999", "0001-01-01"])
def test_a_day_of_no_possible_year_is_no_day(day):
    dating = read(f"GENEVA, {day} (Reuters) - The delegations met on Wednesday, as planned.").dating
    assert (dating.stated, dating.candidates) == ("", ())


def test_an_article_without_a_day_gives_none():
    dating = read("Somebody said something somewhere, and nobody wrote down when.").dating
    assert (dating.stated, dating.candidates) == ("", ())


# Files


def docx(body: str, **more: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
            'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", body)
        for name, content in more.items():
            archive.writestr(name, content)
    return packed.getvalue()


def paragraphs(*texts: str, before: str = "") -> str:
    inside = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<?xml version="1.0"?>{before}<w:document xmlns:w="{space}"><w:body>{inside}</w:body></w:document>'


def pdf(*lines: str) -> bytes:
    """A page of print, as small as a PDF can be."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 50 700 Td {shown} ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(data)
    return data + b"xref\n0 6\n0000000000 65535 f \n" + table + end


SAID = "“Our bags are packed,” Foreign Minister Nora Quist said in Tarlenheim on Monday."


def test_a_word_file_is_read():
    proposal = intake.propose(intake.read("a.docx", docx(paragraphs("Ready for talks", SAID))), TODAY)
    assert [(one.speaker.name, one.words) for one in quotations(proposal)] == [("Nora Quist", "Our bags are packed")]


def test_a_pdf_is_read_with_its_lines_put_together():
    lines = (
        "Graustark is ready for a new round of talks on the missiles of medium",
        "range, its foreign minister said.",
        '"Our bags are packed, and the question is whether theirs are," Foreign',
        "Minister Nora Quist said.",
    )
    proposal = intake.propose(intake.read("a.pdf", pdf(*lines)), TODAY)
    assert [(one.speaker.name, one.words) for one in quotations(proposal)] == [
        ("Nora Quist", "Our bags are packed, and the question is whether theirs are")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_text_is_read_in_the_encodings_that_agencies_use(encoding):
    text = "Зенда готовится к встрече\n\n«Встретимся осенью», — сказал Антон Детчард."
    proposal = intake.propose(intake.read("a.txt", text.encode(encoding)), TODAY)
    assert [one.words for one in quotations(proposal)] == ["Встретимся осенью"]


def test_a_page_whose_code_page_nobody_knows_is_read_in_the_old_ones():
    for name in ("undefined", "windows-nothing", "punycode"):
        words = "<p>Зенда готовится к встрече в Стрельсау.</p>" * 5
        page = f'<html><head><meta charset="{name}"></head><body>{words}</body></html>'
        assert "Зенда готовится к встрече" in intake.read("a.html", page.encode("cp1251")).text


def rotten(archive: bytes) -> bytes:
    """A packed folder with its list of contents whole and a part of it spoilt."""
    begins = archive.index(b"word/document.xml") + len("word/document.xml")
    return archive[:begins] + b"\xff" * 20 + archive[begins + 20 :]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("big.pdf", b"%PDF-1.4\n" + b"0" * (50 * documents.MEGABYTE), "50 MB"),
        ("bad.pdf", b"%PDF-1.4\nnothing of the sort", "damaged"),
        ("not.pdf", b"plain words", "is none inside"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old kind"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\0", "not text"),
        ("empty.txt", b"  \n\n ", "no text"),
        ("long.txt", b"word " * 40_000, "one article"),
        ("archive.docx", docx("").replace(b"word/document.xml", b"word/documents.xm"), "no Word document"),
        ("torn.docx", docx(paragraphs("x"))[:300], "no Word document"),
        ("rotten.docx", rotten(docx(paragraphs("x"))), "no Word document"),
    ],
)
def test_what_is_no_article_is_refused_in_words(name, data, why):
    with pytest.raises(intake.Unreadable, match=why):
        intake.read(name, data)


def test_a_word_file_that_unpacks_without_end_is_refused():
    bomb = docx(paragraphs("x"), **{"word/media.xml": b"\0" * (documents.MOST_UNPACKED + 1)})
    assert len(bomb) < documents.MEGABYTE
    with pytest.raises(intake.Unreadable, match="unpacks to more"):
        intake.read("bomb.docx", bomb)


def test_a_word_file_that_redefines_its_own_words_is_refused():
    laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    with pytest.raises(intake.Unreadable, match="no Word document"):
        intake.read("laughs.docx", docx(paragraphs("&b;", before=laughs)))


def test_a_pdf_with_too_many_pages_is_refused():
    data = pdf("word").replace(b"[3 0 R] /Count 1", b"[" + b"3 0 R " * 200 + b"] /Count 200")
    with pytest.raises(intake.Unreadable, match="pages of the article"):
        intake.read("a.pdf", data)


@pytest.mark.parametrize(
    "text",
    ['"' * 5000, "«" * 5000, "“ ” " * 1500, "'a " * 2000, "Lavrov said, " * 400, "Aa " * 1600 + ".", "A." * 2500,
     '"We go," he said. ' * 280, "«Мы, — сказал Лавров. — Да». " * 170, "according to " * 380, "<div>" * 20_000],
)  # fmt: skip
def test_hostile_text_is_read_to_its_end(text):
    with contextlib.suppress(intake.Unreadable):
        intake.propose(intake.read_paste("\n\n".join([f"{text} end."] * 4)), TODAY)


def test_the_core_knows_nothing_of_the_database():
    for path in (ROOT / "negotiations/intake").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert "django.db" not in source
        assert "negotiations.models" not in source


# Turns of phrase


TURNS = {
    "on their own, after whom a report named last": (
        "Foreign Minister Ivan Petrov said that talks go on.\n\nDefense Minister Sergei Sidorov said he agreed.\n\n"
        "“We shall see what comes out of these long talks.”",
        ("Sergei Sidorov", "Defense Minister", ""),
    ),
    "after “as” and the verb": (
        "“We shall see what comes out of these long talks,” or, as noted Foreign Minister Ivan Petrov, nothing at all.",
        ("Ivan Petrov", "Foreign Minister", "noted"),
    ),
    "with a mark that is never closed": (
        "Ruritanian Foreign Minister Ivan Petrov said: “We shall see what comes out of these long talks.",
        ("Ivan Petrov", "Ruritanian Foreign Minister", "said"),
    ),
    "as an agency quotes him": (
        "«Мы посмотрим, что выйдет из этих долгих переговоров», — цитирует Сергея Лаврова ТАСС.",
        ("Сергей Лавров", "", "цитирует"),
    ),
    "as an agency quotes “him”": (
        "Сергей Лавров выступил в Женеве.\n\n«Мы посмотрим, что выйдет из этих переговоров», — цитирует его ТАСС.",
        ("Сергей Лавров", "", "цитирует"),
    ),
    "in somebody’s words, by a name in the genitive": (
        "«Мы посмотрим, что выйдет из этих долгих переговоров», — по словам Лаврова.",
        ("Лавров", "", "по словам"),
    ),
    "in somebody’s words, by an office in the genitive": (
        "«Мы посмотрим, что выйдет из этих долгих переговоров», — по словам главы МИД.",
        ("", "глава МИД", "по словам"),
    ),
    "in the words of an aide, who is not the minister": (
        "Сергей Лавров выступил в Женеве.\n\n«Мы посмотрим, что из этого выйдет», — по словам его представителя.",
        ("", "представитель", "по словам"),
    ),
    "in a statement, which is that of whom the report is about": (
        "Сергей Лавров выступил в Женеве.\n\n«Мы посмотрим, что из этого выйдет», — сказано в заявлении.",
        ("Сергей Лавров", "", "сказано"),
    ),
    "in a paper of a body named by two words": (
        "«Мы посмотрим, что выйдет из этих долгих переговоров», — говорится в заявлении российского МИДа.",
        ("", "российского МИДа", "говорится"),
    ),
}


def test_words_that_nobody_is_said_to_have_spoken_are_not_proposed():
    text = "“It holds.” Foreign Minister Ivan Petrov waited until all the others had gone before he said a word."
    assert quotations(read(f"4 March 2009\n\n{text}")) == []


@pytest.mark.parametrize("turn", TURNS)
def test_who_spoke_is_found_however_a_report_turns_it(turn):
    text, (name, office, verb) = TURNS[turn]
    (one,) = quotations(read(f"4 March 2009\n\n{text}"))
    assert (one.speaker.name, one.speaker.office, one.verb) == (name, office, verb)
