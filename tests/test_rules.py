"""Rules of the record: the database holds them, and says them in an editor's words."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from negotiations.models import Citation, Entry, FormerSlug, Party, Position, Statement, Treaty
from tests import make

pytestmark = pytest.mark.django_db


def breaks(name: str, act) -> None:
    """The act is refused by the constraint of that name, at once or when the transaction ends."""

    def act_to_the_end():
        with transaction.atomic():
            act()
            connection.check_constraints()

    with pytest.raises(IntegrityError) as refusal:
        act_to_the_end()
    assert refusal.value.__cause__.diag.constraint_name == name


def test_a_date_in_the_record_runs_forward():
    entry = make.make_statement()
    breaks("entry_dates_in_order", lambda: Entry.objects.filter(pk=entry.pk).update(latest="1900-01-01"))


def test_a_position_answers_one_issue_for_one_party():
    position = make.make_position()
    statement = make.make_statement()
    name = "entry_position_names_party_and_issue"
    breaks(name, lambda: Entry.objects.filter(pk=position.pk).update(issue=None))
    breaks(name, lambda: Entry.objects.filter(pk=statement.pk).update(issue=position.issue))


def test_an_inferred_date_says_how_it_was_worked_out():
    entry = make.make_statement()
    breaks("entry_inferred_date_has_note", lambda: Entry.objects.filter(pk=entry.pk).update(date_basis="inferred"))


def test_no_party_continues_its_own_record_by_however_many_steps():
    oldest = make.make_party()
    newest = make.make_party(predecessor=make.make_party(predecessor=oldest))
    for last in (oldest, newest):
        breaks(
            "party_is_not_its_own_forebear",
            lambda last=last: Party.objects.filter(pk=oldest.pk).update(predecessor=last),
        )


def test_no_text_follows_on_itself_by_however_many_steps():
    oldest = make.make_treaty()
    newest = make.make_treaty(follows=make.make_treaty(follows=oldest))
    for last in (oldest, newest):
        breaks(
            "treaty_is_not_its_own_forebear", lambda last=last: Treaty.objects.filter(pk=oldest.pk).update(follows=last)
        )


def test_a_withdrawn_entry_has_its_day_and_reason():
    entry = make.make_statement()
    breaks("entry_withdrawn_with_reason", lambda: Entry.objects.filter(pk=entry.pk).update(state="withdrawn"))


def test_a_published_statement_keeps_a_source():
    statement = make.make_statement()
    breaks("published_statement_has_source", statement.citations.all().delete)
    Statement.objects.filter(pk=statement.pk).update(state="draft")
    statement.citations.all().delete()
    connection.check_constraints()


def test_a_published_position_keeps_its_evidence():
    position = make.make_position()

    def remove_all():
        position.evidence_links.all().delete()
        position.citations.all().delete()

    breaks("published_position_has_evidence", remove_all)


def test_a_position_does_not_end_before_it_begins():
    position = make.make_position(date="2001-05-01")
    breaks(
        "position_ends_after_it_begins", lambda: Position.objects.filter(pk=position.pk).update(end_latest="2001-01-01")
    )


def test_a_milestone_is_taken_by_a_party_to_the_treaty():
    milestone = make.make_milestone()
    stranger = make.make_party()
    name = "milestone_party_is_party_to_treaty"
    breaks(name, lambda: Entry.objects.filter(pk=milestone.pk).update(party=stranger))


def test_a_party_with_milestones_stays_a_party_to_the_treaty():
    treaty = make.make_treaty()
    make.make_milestone(treaty=treaty, party=treaty.parties.first())
    connection.check_constraints()
    breaks("treaty_party_with_milestones_stays", treaty.parties.clear)


def test_a_conditional_position_and_no_other_has_a_condition():
    position = make.make_position()
    name = "position_condition_where_conditional"
    breaks(name, lambda: Position.objects.filter(pk=position.pk).update(stance="conditional", condition=""))
    breaks(name, lambda: Position.objects.filter(pk=position.pk).update(stance="demands", condition="if"))


def test_a_quotation_says_its_language():
    statement = make.make_statement()
    name = "statement_quote_has_language"
    breaks(name, lambda: Statement.objects.filter(pk=statement.pk).update(quote="Nyet", quote_language=""))


def test_a_web_page_is_in_the_record_once():
    source = make.make_source()
    breaks("source_url_once", lambda: make.make_source(url=source.url))


def test_a_check_of_a_quotation_names_the_text_it_was_found_in():
    citation = make.make_statement().citations.get()
    name = "citation_check_names_its_text"
    breaks(name, lambda: Citation.objects.filter(pk=citation.pk).update(checked_on="2026-01-01", checked_sha256=""))


def test_forms_say_what_the_database_would_refuse():
    first = make.make_position(date="2001-03-01")
    second = Position(
        slug="second", party=first.party, issue=first.issue, option=first.option, date="2001-03", state="published",
        stance="prefers", basis="stated",
    )  # fmt: skip
    with pytest.raises(ValidationError, match="has a position on this issue from that day"):
        second.full_clean()


def test_a_renamed_page_keeps_its_old_address_and_nobody_else_may_take_it():
    statement = make.make_statement(slug="first-name")
    statement = Statement.objects.get(pk=statement.pk)
    statement.slug = "second-name"
    statement.save()
    assert FormerSlug.objects.get(slug="first-name").object_id == statement.pk
    other = make.make_statement(slug="third-name")
    other.slug = "first-name"
    with pytest.raises(ValidationError, match="address of another page"):
        other.clean()


def test_a_page_may_take_its_old_address_back():
    statement = Statement.objects.get(pk=make.make_statement(slug="first-name").pk)
    for slug in ("second-name", "first-name"):
        statement.slug = slug
        statement.full_clean(exclude=["kind"])
        statement.save()
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["second-name"]


def test_the_hash_of_a_source_follows_its_text():
    source = make.make_source(text="Talks resume.")
    assert source.text_sha256 == hashlib.sha256(b"Talks resume.").hexdigest()
    source.text = "Talks end."
    source.save()
    assert source.text_sha256 == hashlib.sha256(b"Talks end.").hexdigest()


def test_the_dataset_holds_together(record, capsys):
    call_command("check_record")
    assert f"{Entry.objects.count()} entries, no problems." in capsys.readouterr().out


def test_an_entry_without_its_child_and_a_stale_title_are_found(capsys):
    position, statement = make.make_position(state="draft"), make.make_statement()
    Entry.objects.filter(pk=statement.pk).update(title="Old")
    elsewhere = make.make_statement()
    elsewhere.parties.clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM negotiations_evidence")
        cursor.execute("DELETE FROM negotiations_position")
    with pytest.raises(CommandError, match="3 problems"):
        call_command("check_record")
    said = capsys.readouterr().err
    assert f"entry {position.pk}: is a position and has nothing to show for it" in said
    assert f"{statement.slug}: title or search words are out of date" in said
    assert f"{elsewhere.slug}: the parties or issues it concerns are out of date" in said
