"""“Add from article” at the desk: bring an article, look at its proposals, confirm, and have drafts to check."""

import re
from io import BytesIO

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from negotiations.models import Entry, Intake, Person, Revision, Source, Statement

from . import make
from .test_intake import SEEDS, docx, paragraphs, with_seeds

pytestmark = pytest.mark.django_db

BRING = "/admin/negotiations/statement/from-article/"
STORY = """Talks to go on in autumn

STRELSAU, March 4, 2009 (Test Wire) - Talks on missiles go on in autumn.

“We want a treaty and nothing less,” Ruritanian Foreign Minister Rupert Hentzau told reporters in Strelsau.

He said the other side was slow.

"A handshake will do," said Anton Detchard, Graustark's chief negotiator. "Ink is cheap."
"""


@pytest.fixture
def editor():
    return User.objects.create_superuser("editor")


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def ruritania():
    return make.make_party(slug="ruritania")


def bring(desk, text=STORY, **more):
    page = desk.post(BRING, {"text": text} | more, follow=True)
    assert page.status_code == 200, page.context["form"].errors
    return page


def review_of(page) -> str:
    return page.request["PATH_INFO"]


def sent_by(page, **typed) -> dict:
    """What a browser sends back from the review; `s0_take="leave"` names a field of the first proposal."""
    sent = {}
    proposals = page.context["proposals"]
    for form in [page.context["source_form"], proposals.management_form, *proposals.forms]:
        for field in form:
            value = field.value()
            if value is True:
                sent[field.html_name] = "on"
            elif value is not None and value is not False and value != "":
                sent[field.html_name] = [str(v) for v in value] if isinstance(value, list | tuple) else str(value)
    for name, value in typed.items():
        key = re.sub(r"^s(\d+)_", r"s-\1-", name)
        key = re.sub(r"^source_", "source-", key)
        sent.pop(key, None)
        if value is not None:
            sent[key] = getattr(value, "pk", value)
    return sent


def confirm(desk, page, **typed):
    return desk.post(review_of(page), sent_by(page, **typed), follow=True)


def both(party) -> dict:
    return {"s0_party": party, "s2_party": party}


# Bringing an article


def test_the_way_to_it_leads_from_the_front_page_and_from_the_list(desk):
    for page in (reverse("admin:index"), reverse("admin:negotiations_statement_changelist")):
        assert f'href="{BRING}"' in desk.get(page).content.decode()
    assert desk.get(BRING).status_code == 200


def test_a_pasted_article_is_shown_beside_its_proposals_and_nothing_is_saved(desk):
    page = bring(desk)
    text = page.content.decode()
    assert '<mark id="w0"><a href="#p0">We want a treaty and nothing less</a></mark>' in text
    assert '<mark class="told" id="w1">' in text
    found = [form.matched.proposed.speaker.name for form in page.context["proposals"].proposed]
    assert found == ["Rupert Hentzau", "Rupert Hentzau", "Anton Detchard"]
    assert (Statement.objects.count(), Source.objects.count(), Person.objects.count()) == (0, 0, 0)


def test_an_uploaded_file_is_read(desk):
    story = docx(paragraphs("Ready for talks", "“Our bags are packed,” Foreign Minister Nora Quist said in Strelsau."))
    upload = BytesIO(story)
    upload.name = "story.docx"
    page = desk.post(BRING, {"file": upload}, follow=True)
    assert [form.matched.proposed.words for form in page.context["proposals"].proposed] == ["Our bags are packed"]


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({}, "Paste the article or choose a file"),
        ({"text": "   "}, "Paste the article or choose a file"),
        ({"text": "word " * 30_000}, "one article"),
        ({"text": "x", "url": "no address at all"}, "valid URL"),
    ],
)
def test_what_cannot_be_read_is_refused_and_what_was_typed_stays(desk, sent, why):
    page = desk.post(BRING, sent)
    assert page.status_code == 422
    assert why in page.content.decode()
    assert sent.get("url", "") in page.content.decode()
    assert not Intake.objects.exists()


def test_a_trap_in_a_file_is_refused_in_words(desk):
    upload = BytesIO(b"%PDF-1.4 and nothing more")
    upload.name = "story.pdf"
    page = desk.post(BRING, {"file": upload})
    assert page.status_code == 422
    assert "damaged" in page.content.decode()


def test_an_article_with_nobody_quoted_can_still_be_taken_by_hand(desk, ruritania):
    page = bring(desk, "Talks go on in Strelsau\n\nSTRELSAU, March 4, 2009 (Test Wire) - Talks went on all day.")
    assert page.context["proposals"].proposed == []
    confirm(desk, page, s0_quote="Talks went on all day", s0_office="Delegation", s0_party=ruritania)
    statement = Statement.objects.get()
    assert (statement.quote, statement.office) == ("Talks went on all day", "Delegation")
    assert statement.citations.get().is_verified


def test_markup_in_an_article_is_shown_as_text(desk):
    hostile = "“<script>alert(1)</script> is no treaty,” Minister <img src=x onerror=alert(2)> Rupert Hentzau said."
    story = f"Plain headline of the story\n\nSTRELSAU, March 4, 2009 (Test Wire) - {hostile}"
    text = bring(desk, story).content.decode()
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in text


# Confirming


def test_confirmed_proposals_become_drafts_with_their_source_its_words_and_checked_quotations(desk, editor, ruritania):
    page = bring(desk, url="https://example.org/story")
    page = confirm(desk, page, **both(ruritania))
    assert "2 drafts were made. 2 people were entered." in page.content.decode()
    assert page.context["cl"].result_count == 2
    assert "submit" in dict(page.context["cl"].model_admin.get_actions(page.wsgi_request))
    source = Source.objects.get()
    assert (source.publisher, source.title) == ("Test Wire", "Talks to go on in autumn")
    assert (source.date, source.date_basis, source.language) == ("2009-03-04", "stated", "en")
    assert source.text == STORY
    first, second = Statement.objects.order_by("pk")
    assert {first.state, second.state} == {Entry.State.DRAFT}
    assert (first.speaker.name, first.office) == ("Rupert Hentzau", "Ruritanian Foreign Minister")
    assert (first.date, first.date_basis, first.city) == ("2009-03-04", "stated", "Strelsau")
    assert (first.form, first.quote_language) == ("press-conference", "en")
    assert second.quote == "A handshake will do […] Ink is cheap."
    for statement in (first, second):
        citation = statement.citations.get()
        assert citation.is_verified
        assert citation.checked_sha256 == source.text_sha256
        assert STORY[citation.start : citation.end].startswith(statement.quote.split(" […] ")[0])
        assert set(statement.parties.all()) == {ruritania}
        revision = Revision.objects.of(statement).get()
        assert (revision.by, revision.why) == (editor, f"From article: {source.title}")


def test_no_reader_sees_a_draft_or_the_words_of_the_article(desk, client, ruritania):
    confirm(desk, bring(desk), **both(ruritania))
    client.logout()
    statement = Statement.objects.first()
    assert client.get(statement.get_absolute_url()).status_code == 404
    page = client.get(Source.objects.get().get_absolute_url())
    assert "Talks on missiles go on" not in page.content.decode()


def test_a_form_sent_twice_saves_once(desk, ruritania):
    page = bring(desk)
    confirm(desk, page, **both(ruritania))
    again = confirm(desk, page, **both(ruritania))
    assert "have been made already" in again.content.decode()
    assert (Statement.objects.count(), Source.objects.count(), Person.objects.count()) == (2, 1, 2)


def test_what_is_left_out_is_not_saved(desk, ruritania):
    page = bring(desk)
    confirm(desk, page, s0_take="leave", **both(ruritania))
    assert Statement.objects.get().speaker.name == "Anton Detchard"


def test_nothing_chosen_is_told(desk):
    page = confirm(desk, bring(desk), s0_take="leave", s2_take="leave")
    assert page.status_code == 422
    assert "Nothing is chosen" in page.content.decode()


def test_no_form_makes_it_ask_about_more_than_was_found(desk):
    page = bring(desk)
    answer = desk.post(review_of(page), sent_by(page) | {"s-TOTAL_FORMS": "2147483647"})
    assert len(answer.context["proposals"].forms) == len(page.context["proposals"].forms)


def test_what_an_editor_changes_is_what_is_saved(desk, ruritania):
    issue = make.make_issue()
    page = bring(desk)
    confirm(
        desk, page, s2_take="leave", s0_party=ruritania, s0_office="Minister", s0_occasion="Briefing",
        s0_date="2009-03",
        s0_quote="We want a treaty", s0_summary="Insists on a treaty.", s0_issues=[issue.pk], s0_city="Zenda",
    )  # fmt: skip
    statement = Statement.objects.get()
    assert (statement.office, statement.occasion, statement.date) == ("Minister", "Briefing", "2009-03")
    assert (statement.quote, statement.summary, statement.city) == ("We want a treaty", "Insists on a treaty.", "Zenda")
    assert list(statement.issues.all()) == [issue]


def test_reported_speech_becomes_a_draft_only_in_our_own_words(desk, ruritania):
    page = bring(desk)
    refused = confirm(desk, page, s1_take="draft", s1_party=ruritania, **both(ruritania))
    assert refused.status_code == 422
    assert "Say in our own words" in refused.content.decode()
    assert not Statement.objects.exists()
    confirm(desk, page, s1_take="draft", s1_party=ruritania, s1_summary="Calls the other side slow.", **both(ruritania))
    statement = Statement.objects.get(summary="Calls the other side slow.")
    citation = statement.citations.get()
    assert not citation.is_verified
    assert STORY[citation.start : citation.end] == "He said the other side was slow."


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"s0_quote": "We want no treaty"}, "do not stand in the article"),
        ({"s0_party": None}, "For whom was it said?"),
        ({"s0_new_person": None}, "Nobody of this name is in the record"),
        ({"s0_date": "yesterday"}, "is not a date"),
        ({"s0_take": "merge", "s0_merge_with": "nowhere"}, "No statement has this address"),
        ({"source_other_day": None}, "Choose the day on which the article appeared"),
        ({"source_publisher": None}, "A source needs this"),
        ({"s0_speaker": None, "s0_office": None}, "Name the speaker"),
        ({"s0_party": "999999"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_saved(desk, ruritania, typed, why):
    page = confirm(desk, bring(desk), **both(ruritania) | typed)
    assert page.status_code == 422
    assert why in page.content.decode()
    assert (Statement.objects.count(), Source.objects.count(), Person.objects.count()) == (0, 0, 0)


def test_if_one_draft_is_refused_by_the_database_none_is_saved(desk, ruritania, monkeypatch):
    page = bring(desk)
    seen = []
    link = Statement.link

    def fail(self):
        seen.append(self)
        if len(seen) == 2:
            Statement.objects.filter(pk=self.pk).update(quote_language="")
        return link(self)

    monkeypatch.setattr(Statement, "link", fail)
    page = confirm(desk, page, **both(ruritania))
    assert "Say in which language the quotation is." in page.content.decode()
    assert not Statement.objects.exists()
    assert not Source.objects.exists()
    assert Intake.objects.get().saved_at is None


def test_a_person_in_the_record_is_used_and_the_office_of_that_day_with_them(desk, ruritania):
    person = make.make_person(name="Rupert Hentzau")
    make.make_office(person=person, party=ruritania, title="Minister of Foreign Affairs", start="2004")
    page = bring(desk)
    confirm(desk, page, s2_take="leave")
    statement = Statement.objects.get()
    assert (statement.speaker, statement.party, statement.office) == (person, ruritania, "Minister of Foreign Affairs")


def test_an_unclear_day_must_be_chosen_and_is_inferred_with_its_reasons(desk, ruritania):
    page = bring(desk, STORY.replace("March 4, 2009", "March 4").replace("go on in autumn.", "went on Wednesday."))
    refused = confirm(desk, page, **both(ruritania))
    assert "Choose the day on which the article appeared" in refused.content.decode()
    confirm(desk, page, source_day="2009-03-04", **both(ruritania))
    statement = Statement.objects.first()
    assert (statement.date, statement.date_basis) == ("2009-03-04", "inferred")
    assert "4 March was a Wednesday in 2009" in statement.note
    assert Source.objects.get().date_basis == "inferred"


def test_an_article_can_be_put_away(desk):
    page = bring(desk)
    gone = desk.post(review_of(page), {"discard": "1"}, follow=True)
    assert "put away" in gone.content.decode()
    assert not Intake.objects.exists()
    assert desk.get(review_of(page)).status_code == 404


# What is in the record already


def test_the_same_words_in_the_record_are_offered_to_be_added_to(desk, ruritania):
    known = make.make_statement(
        quote="We want a treaty and nothing less", speaker=make.make_person(name="Rupert Hentzau"), date="2009-03-04"
    )
    page = bring(desk)
    first = page.context["proposals"].forms[0]
    assert first["take"].value() == "merge"
    assert first["merge_with"].value() == known.slug
    confirm(desk, page, s2_take="leave")
    assert Statement.objects.count() == 1
    assert known.citations.count() == 2
    assert known.citations.get(source=Source.objects.get(publisher="Test Wire")).is_verified
    # Feeds and sitemaps tell of one more source too.
    assert Statement.objects.get().updated_at > known.updated_at


@pytest.mark.parametrize(
    ("quote", "date"),
    [
        ("We want a treaty, and nothing less than a treaty will do", "1999-01-01"),
        ("We want a treaty, and nothing less than “a treaty” will do", "2009-03-04"),
        ("We want a treaty, and nothing less than a treaty will do. That is all", "2001"),
    ],
)
def test_a_quotation_that_the_record_has_otherwise_dated_or_marked_is_no_new_draft(desk, ruritania, quote, date):
    make.make_statement(quote=quote, speaker=make.make_person(name="Rupert Hentzau"), date=date, slug="known")
    story = STORY.replace("treaty and nothing less,", "treaty, and nothing less than a treaty will do,")
    first = bring(desk, story).context["proposals"].forms[0]
    assert (first["take"].value(), first["merge_with"].value()) == ("merge", "known")


def test_the_same_words_of_another_are_another_statement(desk, ruritania):
    make.make_person(name="Rupert Hentzau")
    make.make_statement(quote="We want a treaty and nothing less", speaker=make.make_person(name="Fritz Tarlenheim"))
    assert bring(desk).context["proposals"].forms[0]["take"].value() == "draft"


def test_the_same_article_brought_again_is_the_same_source(desk, ruritania):
    confirm(desk, bring(desk), **both(ruritania))
    page = bring(desk)
    assert page.context["source_form"].recorded == Source.objects.get()
    confirm(desk, page)
    assert (Source.objects.count(), Statement.objects.count()) == (1, 2)
    assert all(statement.citations.count() == 1 for statement in Statement.objects.all())


@with_seeds
def test_a_founding_article_finds_itself_in_the_record(record, desk):
    page = bring(desk, (SEEDS / "ria-novosti-2007-09-12.txt").read_text(encoding="utf-8"))
    assert page.context["source_form"].recorded.slug == "ria-novosti-2007-09-12"
    direct = [form for form in page.context["proposals"].proposed if form.matched.proposed.direct]
    assert [form["merge_with"].value() for form in direct] == ["antonov-rome-2007", "antonov-rome-outlook-2007"]
    before = Statement.objects.count()
    confirm(desk, page)
    assert Statement.objects.count() == before
    source = Source.objects.get(slug="ria-novosti-2007-09-12")
    assert source.text_sha256 == "1d66c17ce176e8d0805eb1238ad5d343937317faea6da6f95d990d63574a5f11"
    assert all(citation.is_verified for citation in source.citations.filter(entry__as_statement__quote__gt=""))


# Who may


def test_nobody_else_sees_an_editors_article(desk, client):
    address = review_of(bring(desk))
    client.force_login(User.objects.create_superuser("other"))
    assert client.get(address).status_code == 404


def test_who_may_not_add_statements_or_sources_may_not_take_articles(client):
    user = User.objects.create_user("half", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["add_statement", "view_statement"]))
    client.force_login(user)
    assert client.get(BRING).status_code == 403
    assert BRING not in client.get(reverse("admin:index")).content.decode()
    assert BRING not in client.get(reverse("admin:negotiations_statement_changelist")).content.decode()


def test_readers_are_sent_to_sign_in_and_come_back_to_the_article(desk, client):
    address = review_of(bring(desk))
    client.logout()
    away = client.post(address, {})
    assert away.status_code == 302
    assert away.url.endswith(f"?next={address}")
    client.force_login(User.objects.get(username="editor"))
    assert client.get(address).context["proposals"].proposed


def test_a_contributor_neither_sees_nor_changes_what_others_drafted(client, ruritania):
    others = make.make_statement(
        quote="We want a treaty and nothing less", date="2009-03-04", state=Entry.State.DRAFT,
        speaker=make.make_person(name="Rupert Hentzau"), slug="draft-of-another",
    )  # fmt: skip
    user = User.objects.create_user("contributor", is_staff=True)
    user.groups.add(Group.objects.get(name="Contributor"))
    client.force_login(user)
    page = bring(client)
    assert others.slug not in page.content.decode()
    refused = confirm(client, page, s0_take="merge", s0_merge_with=others.slug, s2_take="leave")
    assert "No statement has this address" in refused.content.decode()
    public = make.make_statement(slug="public-one")
    refused = confirm(client, page, s0_take="merge", s0_merge_with=public.slug, s2_take="leave")
    assert "Only editors may do that." in refused.content.decode()
    confirm(client, page, s2_take="leave", s0_party=ruritania)
    assert Statement.objects.filter(state=Entry.State.DRAFT).count() == 2
    assert others.citations.count() == public.citations.count() == 1
