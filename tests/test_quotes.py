"""Verified quotations: a mark that stands only as long as the words stand in the text of their source."""

import hashlib
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from negotiations.models import Citation, Source, Statement

from . import make

pytestmark = pytest.mark.django_db

TEXT = "Minister speaks\n\n“We want a treaty\u00a0and   nothing less,” Rassendyll said. “We can wait.”"
SHA = hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.fixture
def source():
    return make.make_source(text=TEXT)


@pytest.fixture
def citation(source):
    return make.make_statement(sources=[source]).citations.get()


def fresh(citation) -> Citation:
    return Citation.objects.get(pk=citation.pk)


def check(**options):
    call_command("check_quotes", **options)


def test_a_quotation_that_stands_in_the_text_is_marked_with_day_text_and_place(citation):
    assert citation.is_verified
    assert (citation.checked_on, citation.checked_sha256) == (timezone.localdate(), SHA)
    assert TEXT[citation.start : citation.end] == "We want a treaty\u00a0and   nothing less"
    assert citation.prefix == "Minister speaks “"
    assert citation.suffix == ",” Rassendyll said. “We can wait.”"


def test_a_quotation_that_does_not_stand_there_is_not(source):
    citation = make.make_statement(sources=[source], quote="We want no treaty").citations.get()
    assert not citation.is_verified
    assert citation.checked_sha256 == ""


def test_a_quotation_with_a_gap_is_verified_piece_by_piece(source):
    quote = "We want a treaty and nothing less […] We can wait."
    assert make.make_statement(sources=[source], quote=quote).citations.get().is_verified
    turned = "We can wait. […] We want a treaty"
    assert not make.make_statement(sources=[source], quote=turned).citations.get().is_verified


def test_a_summary_in_our_words_is_never_marked_as_verbatim(source):
    assert not make.make_statement(sources=[source], quote="", quote_language="").citations.get().is_verified


def test_changing_the_quotation_checks_it_again(citation):
    statement = Statement.objects.get(pk=citation.entry_id)
    statement.quote = "We want a treaty or nothing"
    statement.save()
    assert not fresh(citation).is_verified
    statement.quote = "We can wait."
    statement.save()
    assert fresh(citation).is_verified


def test_changing_the_text_checks_what_is_quoted_from_it_again(citation, source):
    source = Source.objects.get(pk=source.pk)
    source.text = TEXT.replace("nothing less", "nothing more")
    source.save()
    assert not fresh(citation).is_verified
    source.text = f"{TEXT} More was said."
    source.save()
    assert fresh(citation).is_verified
    assert fresh(citation).checked_sha256 == source.text_sha256 != SHA


def test_spelling_out_a_passage_checks_that_passage_too(citation):
    citation = fresh(citation)
    citation.exact = "We wait no longer"
    citation.save()
    assert not fresh(citation).is_verified


def test_whoever_changes_the_words_past_the_models_loses_the_mark_as_well(citation):
    Statement.objects.filter(pk=citation.entry_id).update(quote="Other words")
    assert not fresh(citation).is_verified
    Statement.objects.filter(pk=citation.entry_id).update(quote="We can wait.")
    fresh(citation).save()
    assert fresh(citation).is_verified
    with connection.cursor() as cursor:
        cursor.execute("UPDATE negotiations_source SET text = 'x', text_sha256 = repeat('0', 64)")
    assert not fresh(citation).is_verified


def test_where_the_text_is_not_kept_the_recorded_check_stands_until_the_words_change():
    source = make.make_source(text_sha256=SHA)
    statement = make.make_statement(sources=[])
    citation = make.make_citation(statement, source, checked_on="2026-11-22", checked_sha256=SHA)
    statement = Statement.objects.get(pk=statement.pk)
    statement.summary = "Another summary."
    statement.save()
    assert fresh(citation).checked_on == date(2026, 11, 22)
    statement.quote = "Other words"
    statement.save()
    assert not fresh(citation).is_verified


def test_a_recorded_check_is_not_carried_over_to_another_passage():
    source = make.make_source(text_sha256=SHA)
    citation = make.make_citation(make.make_statement(sources=[]), source, checked_on="2026-11-22", checked_sha256=SHA)
    citation = fresh(citation)
    citation.locator = "p. 3"
    citation.save()
    assert fresh(citation).is_verified
    citation.exact = "Other words"
    citation.save()
    assert not fresh(citation).is_verified


def test_nobody_sets_the_mark_by_hand(admin_client):
    citation = make.make_statement(quote="Never said").citations.get()
    for page in (
        f"/admin/negotiations/statement/{citation.entry_id}/change/",
        f"/admin/negotiations/citation/{citation.pk}/change/",
    ):
        text = admin_client.get(page).content.decode()
        assert 'name="citations-0-prefix"' in text or 'name="prefix"' in text
        assert not re.search(r'name="[^"]*checked_(on|sha256)"', text)


def test_the_mark_of_a_verified_quotation_is_shown_to_readers_and_goes_with_it(client, citation):
    statement = Statement.objects.get(pk=citation.entry_id)
    mark = "Verbatim, checked against source"
    assert mark in client.get(statement.get_absolute_url()).content.decode()
    statement.quote = "We want a treaty or nothing"
    statement.save()
    assert mark not in client.get(statement.get_absolute_url()).content.decode()


# The command


def test_the_command_finds_nothing_wrong_with_the_published_record(record, capsys):
    check()
    assert "none of the marks is wrong" in capsys.readouterr().out


def test_the_command_lists_marks_that_are_wrong_and_mends_those_it_can(citation, capsys):
    Citation.objects.filter(pk=citation.pk).update(checked_on=None, checked_sha256="", start=None, end=None)
    other = make.make_citation(make.make_statement(quote="Never said"), citation.source)
    Citation.objects.filter(pk=other.pk).update(checked_on="2026-01-01", checked_sha256=SHA)
    with pytest.raises(CommandError, match="2 marks are wrong"):
        check()
    out = capsys.readouterr().out
    assert f"{citation.entry.slug}, {citation.source.slug}: The words stand in the text" in out
    assert f"{other.entry.slug}, {other.source.slug}: The words do not stand" in out
    check(mend=True)
    assert fresh(citation).is_verified
    assert not fresh(other).is_verified
    check()


def test_the_command_holds_recorded_checks_against_texts_that_are_not_kept(tmp_path, capsys):
    (tmp_path / "article.txt").write_text(TEXT, encoding="utf-8")
    source = make.make_source(text_sha256=SHA)
    for quote in ("We can wait.", "We cannot wait."):
        citation = make.make_citation(make.make_statement(sources=[], quote=quote), source)
        Citation.objects.filter(pk=citation.pk).update(checked_on="2026-01-01", checked_sha256=SHA)
    check()
    with pytest.raises(CommandError, match="1 marks are wrong"):
        check(texts=tmp_path)
    with pytest.raises(CommandError, match="no folder"):
        check(texts=tmp_path / "nowhere")


def test_the_command_tells_of_a_check_against_another_text():
    source = make.make_source(text_sha256="1" * 64)
    citation = make.make_citation(make.make_statement(sources=[]), source)
    Citation.objects.filter(pk=citation.pk).update(checked_on="2026-01-01", checked_sha256=SHA)
    with pytest.raises(CommandError):
        check()
