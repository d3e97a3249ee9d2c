"""The desk: what an editor can do there, and what they are told when they cannot."""

import re
from datetime import date

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from negotiations.admin.base import DeskForm
from negotiations.admin.record import MilestoneForm
from negotiations.files import versions
from negotiations.models import (
    Citation,
    DataExchange,
    Delegation,
    Entry,
    ErrorReport,
    Evidence,
    FormerSlug,
    Issue,
    Limit,
    LinkCheck,
    LoadedRow,
    Milestone,
    Negotiation,
    Office,
    Option,
    Party,
    Person,
    Position,
    Revision,
    Round,
    Source,
    Statement,
    Subscription,
    Treaty,
)

from . import make

pytestmark = pytest.mark.django_db

# How to make one row of each list. A list must cost the same however many rows it shows, so each row of a list brings
# parties, people, sources and talks of its own.
MAKERS = {
    Citation: lambda: make.make_citation(make.make_statement()),
    DataExchange: make.make_data_exchange,
    Delegation: lambda: Delegation.objects.create(
        round=make.make_round(), party=make.make_party(), head=make.make_person()
    ),
    Entry: lambda: (make.make_round(), make.make_statement(), make.make_milestone(), make.make_position()),
    ErrorReport: lambda: ErrorReport.objects.create(entry=make.make_statement().entry, what="A date.", sender="x"),
    Evidence: make.make_position,
    FormerSlug: lambda: FormerSlug.objects.create(kind="entry", slug=make.unique("old"), object_id=1),
    Issue: make.make_issue,
    Limit: make.make_limit,
    LinkCheck: lambda: LinkCheck.objects.create(
        source=make.make_source(), url=make.make_source().url, checked_at=timezone.now(), problem="answers 404"
    ),
    LoadedRow: lambda: LoadedRow.objects.create(kind="parties", key=make.unique("row"), sha256="0" * 64),
    Milestone: lambda: make.make_milestone(party=make.make_party()),
    Negotiation: lambda: make.make_negotiation(treaty=make.make_treaty()),
    Office: make.make_office,
    Option: make.make_issue,
    Party: lambda: make.make_party(predecessor=make.make_party()),
    Person: lambda: make.make_office().person,
    Position: make.make_position,
    Revision: lambda: versions.keep(make.make_party()),
    Round: make.make_round,
    Source: lambda: make.make_citation(make.make_statement()).source,
    Statement: lambda: make.make_statement(negotiation=make.make_negotiation()),
    Treaty: lambda: make.make_milestone(
        treaty=make.make_treaty(follows=make.make_treaty(), negotiation=make.make_negotiation())
    ),
}
MODELS = sorted(MAKERS, key=lambda model: model.__name__)
BY_NAME = {"argnames": "model", "argvalues": MODELS, "ids": lambda model: model.__name__}

MOVES = {"in-review": "submit", "draft": "return", "published": "publish", "withdrawn": "withdraw"}

# Lists of which the rows are written elsewhere: nothing is added here.
WRITTEN_ELSEWHERE = {Entry, Delegation, ErrorReport, Evidence, FormerSlug, LinkCheck, LoadedRow, Option, Revision}


@pytest.fixture
def desk(client):
    """A browser at the desk, with an editor signed in."""
    client.force_login(User.objects.create_superuser("editor"))
    return client


def url_of(model, page="changelist", *args):
    return reverse(f"admin:negotiations_{model._meta.model_name}_{page}", args=args)


def filled_in(page) -> dict:
    """What a browser would send back from a form that nobody touched."""
    sent = {}
    formsets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    forms = [page.context["adminform"].form]
    for formset in formsets:
        forms += [formset.management_form, *formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is True:
                sent[field.html_name] = "on"
            elif value is not None and value is not False and value != "":
                sent[field.html_name] = [str(v) for v in value] if isinstance(value, list | tuple) else str(value)
    return sent


def sent_by(page, **typed):
    """The form with what an editor typed; None clears a field, `citations_0_source` names a field of a row."""
    sent = filled_in(page)
    if "state" in typed:
        # No field says it: a button takes the entry from one state to another.
        sent[f"_{MOVES[typed.pop('state')]}"] = "1"
    if not page.context.get("add"):
        typed = {"why": "Corrected by the source."} | typed
    for name, value in typed.items():
        name = re.sub(r"_(\d+)_", r"-\1-", name)
        sent.pop(name, None)
        if value is not None:
            many = isinstance(value, list | tuple)
            sent[name] = [getattr(v, "pk", v) for v in value] if many else getattr(value, "pk", value)
    return sent


def add(desk, model, **typed):
    url = url_of(model, "add")
    return desk.post(url, sent_by(desk.get(url), **typed))


def edit(desk, obj, **typed):
    url = url_of(type(obj), "change", obj.pk)
    return desk.post(url, sent_by(desk.get(url), **typed))


def select(desk, action, *objects, **more):
    sent = {"action": action, "_selected_action": [obj.pk for obj in objects], "index": 0} | more
    return desk.post(url_of(type(objects[0])), sent, follow=True)


def errors(page) -> str:
    """All that a refused form says. It must be a form, not an error page and not a farewell."""
    assert page.status_code == 200
    assert "adminform" in page.context
    return " ".join(re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', page.content.decode(), re.DOTALL))


def said(page) -> str:
    return " ".join(str(message) for message in get_messages(page.wsgi_request))


def a_statement(**typed):
    return {
        "party": make.make_party(),
        "speaker": make.make_person(),
        "date": "2013-06-22",
        "form": "interview",
        "city": "Moscow",
        "summary": "Says that cuts need missile defence to be settled.",
    } | typed


def a_position(**typed):
    issue = make.make_issue()
    return {
        "party": make.make_party(),
        "issue": issue,
        "option": issue.options.first(),
        "stance": "demands",
        "basis": "stated",
        "date": "2013-06-22",
    } | typed


# Opening


@pytest.mark.parametrize(**BY_NAME)
def test_every_list_and_form_opens(desk, model):
    MAKERS[model]()
    one = model.objects.first()

    assert desk.get(url_of(model)).status_code == 200
    assert desk.get(url_of(model), {"q": "Zenda тест"}).status_code == 200
    assert desk.get(url_of(model, "add")).status_code == (403 if model in WRITTEN_ELSEWHERE else 200)
    assert desk.get(url_of(model, "change", one.pk), follow=True).status_code == 200


def test_every_model_has_a_place_at_the_desk():
    registered = {model for model in admin.site._registry if model._meta.app_label == "negotiations"}
    assert registered == set(MODELS) | {Subscription}  # one page and no list: see test_followers


@pytest.mark.parametrize(**BY_NAME)
def test_a_list_costs_as_many_queries_for_many_rows_as_for_few(desk, model):
    MAKERS[model]()
    with CaptureQueriesContext(connection) as few:
        desk.get(url_of(model))
    for _ in range(6):
        MAKERS[model]()
    with CaptureQueriesContext(connection) as many:
        page = desk.get(url_of(model))

    assert len(page.context["cl"].result_list) >= 7
    assert len(many) == len(few) <= 10


@pytest.mark.parametrize(**BY_NAME)
def test_pages_keep_to_the_content_security_policy(desk, model):
    MAKERS[model]()
    pages = [desk.get(url_of(model)), desk.get(url_of(model, "change", model.objects.first().pk), follow=True)]
    for page in pages:
        html = page.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", html)
        assert not re.search(r"<style|<[^>]+\s(style|on[a-z]+)=", html)


def test_the_desk_bears_its_name_and_leads_to_the_site(desk):
    html = desk.get(reverse("admin:index")).content.decode()
    assert "Parley desk" in html
    assert '<a href="/">View site</a>' in html


def test_the_whole_record_is_one_list_that_leads_to_the_form_of_each_kind(desk):
    position = make.make_position()
    html = desk.get(url_of(Entry)).content.decode()

    assert url_of(Position, "change", position.pk) in html
    assert desk.get(url_of(Entry, "change", position.pk)).url == url_of(Position, "change", position.pk)


def test_a_treaty_lists_its_milestones_and_its_status(desk):
    milestone = make.make_milestone(date="2010-04-08", type="signed")
    html = desk.get(url_of(Treaty, "change", milestone.treaty.pk)).content.decode()

    assert url_of(Milestone, "change", milestone.pk) in html
    assert f"{url_of(Milestone, 'add')}?treaty={milestone.treaty.pk}" in html
    assert "signed, not in force" in html


# Finding


def choices(desk, model, field, term):
    """What an autocomplete offers."""
    query = {"app_label": "negotiations", "model_name": model._meta.model_name, "field_name": field, "term": term}
    return [found["text"] for found in desk.get(reverse("admin:autocomplete"), query).json()["results"]]


def test_people_are_found_by_the_name_in_their_own_script(desk):
    make.make_person(name="Sergei Testov", native_name="Сергей Тестов")
    assert choices(desk, Statement, "speaker", "Тестов") == ["Sergei Testov"]
    assert choices(desk, Statement, "speaker", "testov") == ["Sergei Testov"]


def test_evidence_is_chosen_among_statements_and_milestones_told_apart_by_their_days(desk):
    who = make.make_person(name="Grigory Evidenceman")
    for day in ("2011-05-04", "2011-06-07"):
        make.make_statement(speaker=who, occasion="Interview", date=day)
    make.make_round(title="Evidenceman consultations")

    found = choices(desk, Evidence, "entry", "evidencem inter")
    assert found == ["Grigory Evidenceman: Interview (2011-06-07)", "Grigory Evidenceman: Interview (2011-05-04)"]
    assert len(choices(desk, Evidence, "entry", "evidenceman")) == 2


@pytest.mark.parametrize("term", ["\0", "a\0b", "& | !", "'", ":*", "%", "x" * 5000])
def test_no_search_term_breaks_a_list(desk, term):
    for model, field in ((Statement, "speaker"), (Evidence, "entry"), (Citation, "source")):
        choices(desk, model, field, term)
    assert desk.get(url_of(Statement), {"q": term}, follow=True).status_code == 200


@pytest.mark.parametrize("nonsense", ["abc", "\0", "-1", "1,2,x", "9" * 30, "2013-02-31"])
def test_no_address_typed_by_hand_ends_in_an_error(desk, nonsense):
    for name in ("party", "party__id__exact", "issues", "slug", "earliest__year", "o", "p", "state"):
        assert desk.get(url_of(Statement), {name: nonsense}, follow=True).status_code == 200
        assert desk.get(url_of(Statement, "add"), {name: nonsense}).status_code == 200
    sent = {"action": "publish", "_selected_action": [nonsense], "index": 0}
    assert desk.post(url_of(Statement), sent, follow=True).status_code == 200


def test_words_of_an_edited_quotation_are_found(desk):
    statement = make.make_statement(quote="Nothing new")
    edit(desk, statement, quote="A moratorium on zirconium")

    assert statement.title in desk.get(url_of(Statement), {"q": "zirconi"}).content.decode()
    assert not desk.get(url_of(Statement), {"q": "nothing new"}).context["cl"].result_count


def test_a_person_renamed_is_renamed_in_the_titles_of_their_statements(desk):
    statement = make.make_statement(occasion="Interview")
    edit(desk, statement.speaker, name="Rupert of Hentzau", native_name="Руперт")

    statement.refresh_from_db()
    assert statement.title == "Rupert of Hentzau: Interview"
    assert Entry.objects.filter(search="руперт", pk=statement.pk).exists()


def test_an_option_reworded_is_reworded_in_the_titles_of_positions(desk):
    position = make.make_position()
    edit(desk, position.issue, options_0_label="a treaty carved in stone")

    position.refresh_from_db()
    assert position.title == "Ruritania demands: a treaty carved in stone"


def test_a_party_that_joins_the_talks_is_concerned_by_their_rounds(desk):
    round_ = make.make_round()
    newcomer = make.make_party()
    edit(desk, round_.negotiation, parties=[*round_.negotiation.parties.all(), newcomer])

    assert newcomer in round_.parties.all()


# Writing


def test_a_statement_is_added_with_its_source_published_and_seen(desk):
    issue, source = make.make_issue(), make.make_source()
    typed = a_statement(issues=[issue], occasion="Interview with the Gazette", citations_0_source=source)
    page = add(desk, Statement, **typed)
    assert page.status_code == 302, errors(page)

    statement = Statement.objects.get(speaker=typed["speaker"])
    assert (statement.state, statement.title) == ("draft", "Rudolf Rassendyll: Interview with the Gazette")
    assert [list(statement.parties.all()), list(statement.issues.all())] == [[typed["party"]], [issue]]
    assert statement.summary not in desk.get("/timeline/").content.decode()

    edit(desk, statement, state="published")
    statement.refresh_from_db()
    assert statement.is_published
    assert list(statement.sources.all()) == [source]
    assert statement.summary in desk.get("/timeline/").content.decode()
    assert statement.summary in desk.get(statement.get_absolute_url()).content.decode()


def test_an_address_is_suggested_where_none_is_given(desk):
    anna = make.make_person(name="Anna Flavia")
    for _ in range(2):
        add(desk, Statement, **a_statement(speaker=anna))
    slugs = Statement.objects.filter(speaker=anna).order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["flavia-moscow-2013-06-22", "flavia-moscow-2013-06-22-2"]


def test_a_suggested_address_was_never_that_of_another_page(desk):
    FormerSlug.objects.create(kind="entry", slug="flavia-moscow-2013-06-22", object_id=12345678)
    add(desk, Statement, **a_statement(speaker=make.make_person(name="Anna Flavia")))
    assert Statement.objects.get(speaker__name="Anna Flavia").slug == "flavia-moscow-2013-06-22-2"


def test_each_kind_of_entry_gets_an_address_from_what_it_is(desk):
    position = a_position(party=make.make_party(slug="ruritania-x"))
    issue = position["issue"]
    assert add(desk, Position, **position).status_code == 302
    assert Position.objects.get(issue=issue).slug == f"ruritania-x-{issue.slug}-{position['option'].slug}-2013-06-22"

    talks = make.make_negotiation()
    page = add(desk, Round, negotiation=talks, title="Round 3", date="2009-05-19/2009-05-20", form="round")
    assert page.status_code == 302
    assert Round.objects.get(negotiation=talks).slug == f"{talks.slug}-round-3"

    treaty = make.make_treaty()
    assert add(desk, Milestone, treaty=treaty, type="ratified", date="2011-01~").status_code == 302
    assert Milestone.objects.get(treaty=treaty).slug == f"{treaty.slug}-ratified-2011-01"


def test_a_changed_address_goes_on_leading_to_the_page(desk):
    statement = make.make_statement()
    before = statement.slug
    edit(desk, statement, slug=f"{before}-better")

    assert FormerSlug.objects.get(kind="entry", slug=before).object_id == statement.pk


def test_the_issue_of_a_position_follows_from_the_option(desk):
    typed = a_position()
    assert add(desk, Position, **typed | {"issue": None}).status_code == 302
    assert Position.objects.get(party=typed["party"]).issue == typed["issue"]


def test_a_statement_made_in_a_round_belongs_to_its_negotiation(desk):
    round_ = make.make_round()
    typed = a_statement(round=round_)
    add(desk, Statement, **typed)
    assert Statement.objects.get(party=typed["party"]).negotiation == round_.negotiation


def test_withdrawing_takes_a_reason_and_notes_the_day(desk):
    statement = make.make_statement()
    assert "Give the day and the reason" in errors(edit(desk, statement, state="withdrawn"))
    edit(desk, statement, state="withdrawn", withdrawn_reason="The transcript was a forgery.")

    statement.refresh_from_db()
    assert (statement.state, statement.withdrawn_on) == ("withdrawn", date.today())


def test_figures_may_be_marked_as_worked_out(desk):
    exchange = make.make_data_exchange()
    edit(desk, exchange, derived=["deployed_warheads"], from_chart=["total_launchers"])
    exchange.refresh_from_db()
    assert (exchange.derived, exchange.from_chart) == (["deployed_warheads"], ["total_launchers"])


# Refusing


def refused(desk, model, words, **typed):
    before = model.objects.count()
    page = add(desk, model, **typed)
    assert words in errors(page)
    assert model.objects.count() == before
    for name, value in typed.items():
        if isinstance(value, str) and value:
            assert value in page.content.decode(), f"{name} was typed and is lost"


def test_a_statement_without_a_source_is_not_published(desk):
    refused(desk, Statement, "A published statement needs a source.", **a_statement(state="published"))


def test_the_last_source_of_a_published_statement_stays(desk):
    statement = make.make_statement()
    page = edit(desk, statement, citations_0_DELETE="on")
    assert "A published statement needs a source." in errors(page)
    assert statement.citations.count() == 1

    citation = statement.citations.get()
    page = desk.post(url_of(Citation, "delete", citation.pk), {"post": "yes"}, follow=True)
    assert "A published statement needs a source." in said(page)
    page = select(desk, "delete_selected", citation, post="yes")
    assert "A published statement needs a source." in said(page)
    assert statement.citations.count() == 1


def test_a_position_without_evidence_is_not_published(desk):
    words = "A published position needs a statement, a milestone or a source as evidence."
    refused(desk, Position, words, **a_position(state="published"))
    statement = make.make_statement()
    page = add(desk, Position, **a_position(state="published", evidence_links_0_entry=statement))
    assert page.status_code == 302, errors(page)


def test_an_option_of_another_issue_is_refused(desk):
    other = make.make_issue().options.first()
    refused(desk, Position, "The option does not belong to the issue", **a_position(option=other))


def test_a_position_does_not_end_before_it_begins(desk):
    refused(desk, Position, "The position ends before it begins.", **a_position(end="2012"))


def test_a_conditional_position_says_its_condition(desk):
    refused(desk, Position, "says what it depends on", **a_position(stance="conditional"))


def test_two_positions_of_one_party_issue_and_day_are_refused(desk):
    position = make.make_position(date="2013-06-22")
    words = "This party has a position on this issue from that day already."
    typed = {"party": position.party, "issue": position.issue, "option": position.option, "state": "published"}
    refused(desk, Position, words, **a_position(**typed, citations_0_source=make.make_source()))


def test_a_milestone_is_taken_by_a_party_to_the_treaty(desk):
    typed = {"treaty": make.make_treaty(), "type": "ratified", "date": "2011", "party": make.make_party()}
    refused(desk, Milestone, "The party of the milestone is not a party to the treaty.", **typed)


def test_a_line_that_leads_back_to_its_beginning_is_refused_beside_its_field(desk):
    before = make.make_party()
    page = edit(desk, before, predecessor=make.make_party(predecessor=before))
    assert "The line of predecessors leads back to this party." in errors(page)
    text = make.make_treaty()
    page = edit(desk, text, follows=make.make_treaty(follows=text))
    assert "The line of texts that this one follows leads back to it." in errors(page)


def test_a_party_named_by_a_milestone_remains_a_party_to_the_treaty(desk):
    milestone = make.make_milestone(party=make.make_party())
    connection.check_constraints()  # as at the end of the request that made it
    page = edit(desk, milestone.treaty, parties=[make.make_party()])
    assert "A milestone of the treaty names this party." in errors(page)
    assert list(milestone.treaty.parties.all()) == [milestone.party]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("banana", "is not a date"),
        ("2013-02-30", "is not a date"),
        ("2014/2013", "ends before it begins"),
        ("9999-12-31", "does not lie in the years 1900 to 2200"),
        ("0213-06-22/2013-06-23", "does not lie in the years 1900 to 2200"),
    ],
)
def test_a_date_that_is_none_is_refused_in_the_words_of_the_record(desk, day, words):
    refused(desk, Statement, words, **a_statement(date=day))


def test_an_inferred_date_needs_a_note(desk):
    refused(desk, Statement, "Say in the note how the date was worked out.", **a_statement(date_basis="inferred"))


def test_a_quotation_needs_its_language(desk):
    refused(desk, Statement, "Say in which language the quotation is.", **a_statement(quote="Nyet means nyet"))


def test_a_former_address_of_another_page_is_refused(desk):
    FormerSlug.objects.create(kind="entry", slug="test-once-elsewhere", object_id=12345678)
    refused(desk, Statement, "This was the address of another page", **a_statement(slug="test-once-elsewhere"))


def test_kinds_of_entry_share_their_addresses(desk):
    position = make.make_position()
    refused(desk, Statement, "Another page already has this address.", **a_statement(slug=position.slug))


@pytest.mark.parametrize(**BY_NAME)
def test_an_empty_form_is_refused_and_never_fails(desk, model):
    if model in WRITTEN_ELSEWHERE:
        assert desk.post(url_of(model, "add"), {}).status_code == 403
    else:
        nothing = {name: None for name in filled_in(desk.get(url_of(model, "add"))) if not name.endswith("_FORMS")}
        assert errors(add(desk, model, **nothing))


def test_who_loses_a_race_for_an_address_keeps_what_they_typed(desk, monkeypatch):
    # As if the other page had been saved between the check of this form and its save.
    taken = make.make_milestone().slug
    monkeypatch.setattr(DeskForm, "validate_unique", lambda form: None)
    refused(desk, Statement, "Another page already has this address.", **a_statement(slug=taken))


def test_who_loses_a_race_for_a_position_is_told_the_rule(desk, monkeypatch):
    position = make.make_position(date="2013-06-22")
    monkeypatch.setattr(Position, "validate_constraints", lambda position, exclude: None)
    words = "This party has a position on this issue from that day already."
    typed = {"party": position.party, "issue": position.issue, "option": position.option, "state": "published"}
    refused(desk, Position, words, **a_position(**typed, citations_0_source=make.make_source()))


def test_a_reference_deleted_meanwhile_is_told_and_not_an_error(desk, monkeypatch):
    treaty = make.make_treaty()

    def clean(form):
        # As if another editor deleted the treaty just after this form found it.
        cleaned = super(MilestoneForm, form).clean()
        treaty.parties.clear()
        Treaty.objects.filter(pk=treaty.pk).delete()
        return cleaned

    monkeypatch.setattr(MilestoneForm, "clean", clean)
    page = add(desk, Milestone, treaty=treaty, type="signed", date="2011", slug=make.unique("gone"))
    assert errors(page)


def test_a_row_that_another_editor_removed_is_told_and_not_an_error(desk):
    statement = make.make_statement(sources=[make.make_source(), make.make_source()])
    url = url_of(Statement, "change", statement.pk)
    sent = sent_by(desk.get(url), summary="Meanwhile changed.")
    statement.citations.last().delete()

    assert "Somebody else has removed a row here meanwhile." in errors(desk.post(url, sent))


# Many at once


def test_bulk_publishing_says_what_it_refused_and_why(desk):
    whole = make.make_statement(state="draft")
    bare = make.make_statement(state="draft", sources=[])
    gone = make.make_statement(state="withdrawn", withdrawn_on="2020-01-01", withdrawn_reason="Misread.")
    page = select(desk, "publish", whole, bare, gone)

    assert list(Statement.objects.filter(state="published")) == [whole]
    assert "1 entry is now public." in said(page)
    assert "2 entries were left as they are" in said(page)
    assert "A published statement needs a source." in said(page)
    assert "It is withdrawn." in said(page)
    assert LogEntry.objects.filter(object_id=whole.pk).exists()


def test_bulk_publishing_keeps_one_position_a_day(desk):
    first = make.make_position(state="draft")
    typed = {"party": first.party, "issue": first.issue, "option": first.option, "date": first.date}
    second = make.make_position(state="draft", **typed)
    page = select(desk, "publish", first, second)

    assert Position.objects.published().count() == 1
    assert "This party has a position on this issue from that day already." in said(page)


def test_published_entries_return_to_draft_together(desk):
    one, two = make.make_round(), make.make_round()
    page = select(desk, "return_to_draft", one, two, why="Entered twice.")
    assert "2 entries are drafts again." in said(page)
    assert set(Round.objects.values_list("state", flat=True)) == {"draft"}


def test_what_is_public_returns_to_draft_only_with_a_reason_that_readers_see(desk):
    public, submitted = make.make_round(title="Round of gold"), make.make_round(state="in-review")
    asked = select(desk, "return_to_draft", public, submitted)
    assert "2 entries were chosen" in asked.content.decode()
    assert "Round of gold" in asked.content.decode()
    refused = select(desk, "return_to_draft", public, submitted, why="  ")
    assert "Say why" in refused.content.decode()
    assert set(Round.objects.values_list("state", flat=True)) == {"published", "in-review"}
    # What the page sends is what it was asked for.
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', asked.content.decode()))
    sent = fields | {"_selected_action": [public.pk, submitted.pk], "why": "Entered twice."}
    assert "2 entries are drafts again." in said(desk.post(url_of(Round), sent, follow=True))
    assert "Entered twice." in desk.get("/corrections/").content.decode()


def test_what_no_reader_has_seen_returns_to_draft_without_a_reason(desk):
    submitted = make.make_round(state="in-review")
    assert "1 entry is a draft again." in said(select(desk, "return_to_draft", submitted))


def test_many_refusals_are_summed_up(desk):
    drafts = [make.make_statement(state="draft", sources=[]) for _ in range(10)]
    page = select(desk, "publish", *drafts)
    assert "10 entries were left as they are" in said(page)
    assert "and 2 more" in said(page)


# Deleting


def test_what_was_public_is_withdrawn_and_never_deleted(desk):
    published = make.make_statement()
    withdrawn = make.make_statement(state="withdrawn", withdrawn_on="2020-01-01", withdrawn_reason="Misread.")
    for statement in (published, withdrawn):
        page = desk.post(url_of(Statement, "delete", statement.pk), {"post": "yes"}, follow=True)
        assert "Withdraw it instead" in said(page)
    page = select(desk, "delete_selected", published, withdrawn, post="yes")
    assert "Withdraw it instead" in said(page)
    assert Statement.objects.count() == 2


@pytest.mark.parametrize("maker", [make.make_round, make.make_statement, make.make_milestone, make.make_position])
def test_a_draft_is_deleted_with_all_that_is_its_own(desk, maker):
    draft, selected = maker(state="draft"), maker(state="draft")
    url = url_of(type(draft), "delete", draft.pk)
    assert "Yes, I’m sure" in desk.get(url).content.decode()
    desk.post(url, {"post": "yes"})
    select(desk, "delete_selected", selected, post="yes")
    assert not Entry.objects.filter(pk__in=[draft.pk, selected.pk]).exists()


def test_a_draft_that_is_evidence_is_protected_in_readable_words(desk):
    draft = make.make_statement(state="draft")
    make.make_position(evidence=[draft])
    html = desk.get(url_of(Statement, "delete", draft.pk)).content.decode()
    assert "protected related objects" in html
    desk.post(url_of(Statement, "delete", draft.pk), {"post": "yes"})
    assert Statement.objects.filter(pk=draft.pk).exists()


def test_an_option_that_a_position_takes_is_not_removed(desk):
    position = make.make_position()
    page = edit(desk, position.issue, options_0_DELETE="on")
    assert "would require deleting the following protected related objects" in errors(page)
    assert Option.objects.filter(pk=position.option.pk).exists()


def test_a_source_that_is_cited_is_protected(desk):
    source = make.make_statement().sources.get()
    desk.post(url_of(Source, "delete", source.pk), {"post": "yes"})
    assert Source.objects.filter(pk=source.pk).exists()


def test_an_issue_that_nobody_answers_is_deleted_with_its_options(desk):
    issue = make.make_issue()
    desk.post(url_of(Issue, "delete", issue.pk), {"post": "yes"})
    assert not Issue.objects.filter(pk=issue.pk).exists()


def test_only_staff_come_to_the_desk(client):
    client.force_login(User.objects.create_user("reader"))
    assert client.get(url_of(Statement)).status_code == 302


@pytest.mark.parametrize("nonsense", ["*", "0001-01-01", "²", "9" * 400, "a\0b"])
def test_what_cannot_be_a_key_is_refused_in_words_where_rows_are_suggested(desk, nonsense):
    statement = make.make_statement()
    answer = edit(desk, statement, party=nonsense, issues=[nonsense])
    assert errors(answer)


def test_a_form_that_claims_countless_rows_is_refused_in_words_and_not_drawn_with_all_of_them(desk):
    sent = sent_by(desk.get(url_of(Statement, "add"))) | {"citations-TOTAL_FORMS": "2147483647"}
    answer = desk.post(url_of(Statement, "add"), sent)
    assert "Please submit at most 100 forms." in answer.content.decode()
    assert len(answer.context["inline_admin_formsets"][0].formset.forms) == 100


def test_what_is_no_token_of_a_form_is_no_error(desk):
    sent = sent_by(desk.get(url_of(Statement, "add")))
    assert errors(desk.post(url_of(Statement, "add"), sent | {"token": "a\0b"}))


def test_a_year_that_no_calendar_has_filters_no_list(desk):
    answer = desk.get(url_of(Statement), {"earliest__year": "9" * 20})
    assert answer["Location"].endswith("/statement/?e=1")


@pytest.mark.parametrize("filter", [{"id__exact": ":*"}, {"earliest__year": "9" * 20}])
def test_a_table_of_a_list_whose_filters_say_nothing_leads_back_to_the_list(desk, filter):
    answer = desk.get(url_of(Statement, "export", "csv"), filter)
    assert answer.status_code == 302
    assert answer["Location"].endswith("/statement/?e=1")
