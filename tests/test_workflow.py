"""From draft to published to withdrawn: who may take which step, and that nobody else reads a draft anywhere."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from negotiations.files import versions
from negotiations.models import Entry, Position, Revision, Source, Statement

from . import make
from .test_admin import a_statement, add, edit, errors, said, select, sent_by, url_of

pytestmark = pytest.mark.django_db

ROLES = ("Contributor", "Editor", "Administrator")
FORBIDDEN, GONE, MISSING = 403, 410, 404


@pytest.fixture(autouse=True)
def four_eyes(settings):
    settings.PUBLISH_OWN = False


def signed_in(role: str, name: str = "") -> Client:
    """A browser in which a member of a group has signed in; an empty role is a reader."""
    client = Client()
    if role:
        client.user = User.objects.create_user(name or make.unique(role.lower()), is_staff=True)
        client.user.groups.add(Group.objects.get(name=role))
        client.force_login(client.user)
    return client


def drafted_by(user, state="draft", **values) -> Statement:
    statement = make.make_statement(state=state, **values)
    versions.keep(statement, by=user)
    return statement


def state_of(entry) -> str:
    return Entry.objects.get(pk=entry.pk).state


def press(client, entry, state: str, **typed) -> str:
    """Open an entry, press the button that leads to a state, and say in which state the entry is then."""
    page = client.get(url_of(type(entry), "change", entry.pk))
    if page.status_code == 200 and page.context.get("adminform") and page.context["has_change_permission"]:
        client.post(url_of(type(entry), "change", entry.pk), sent_by(page, state=state, **typed))
    return state_of(entry)


# What each role may do with an entry, by whose it is and in which state: the step, and where it leads (or leaves) it.
TABLE = [
    # role, whose, state, button, state afterwards
    ("Contributor", "own", "draft", "in-review", "in-review"),
    ("Contributor", "own", "draft", "published", "draft"),
    ("Contributor", "own", "in-review", "published", "in-review"),
    ("Contributor", "own", "published", "withdrawn", "published"),
    ("Contributor", "own", "published", "draft", "published"),
    ("Contributor", "other", "draft", "in-review", "draft"),
    ("Contributor", "other", "draft", "published", "draft"),
    ("Contributor", "other", "in-review", "draft", "in-review"),
    ("Contributor", "other", "published", "withdrawn", "published"),
    *(
        row
        for role in ("Editor", "Administrator")
        for row in (
            (role, "own", "draft", "in-review", "in-review"),
            (role, "own", "draft", "published", "draft"),
            (role, "own", "in-review", "published", "in-review"),
            (role, "other", "draft", "published", "published"),
            (role, "other", "in-review", "published", "published"),
            (role, "other", "in-review", "draft", "draft"),
            (role, "own", "published", "withdrawn", "withdrawn"),
            (role, "other", "published", "withdrawn", "withdrawn"),
            (role, "other", "published", "draft", "draft"),
            (role, "other", "withdrawn", "published", "published"),
        )
    ),
]
WITHDRAWN = {"withdrawn_on": "2020-01-01", "withdrawn_reason": "Misread."}


@pytest.mark.parametrize(("role", "whose", "state", "button", "afterwards"), TABLE)
def test_each_role_takes_the_steps_that_are_its_own(role, whose, state, button, afterwards):
    client = signed_in(role)
    author = client.user if whose == "own" else User.objects.create_user("another")
    entry = drafted_by(author, state, **WITHDRAWN if state == "withdrawn" else {})
    reason = {"withdrawn_reason": "A forgery."} if button == "withdrawn" and role != "Contributor" else {}
    assert press(client, entry, button, **reason) == afterwards


@pytest.mark.parametrize(
    ("role", "whose", "state", "may_read", "may_edit", "may_delete"),
    [
        ("Contributor", "own", "draft", True, True, True),
        ("Contributor", "own", "in-review", True, False, False),
        ("Contributor", "own", "published", True, False, False),
        ("Contributor", "other", "draft", False, False, False),
        ("Contributor", "other", "in-review", False, False, False),
        ("Contributor", "other", "published", True, False, False),
        ("Editor", "other", "draft", True, True, True),
        ("Editor", "other", "in-review", True, True, True),
        ("Editor", "other", "published", True, True, False),
        ("Administrator", "other", "draft", True, True, True),
        ("Administrator", "other", "published", True, True, False),
    ],
)
def test_each_role_reads_edits_and_deletes_what_it_may(role, whose, state, may_read, may_edit, may_delete):
    client = signed_in(role)
    entry = drafted_by(client.user if whose == "own" else User.objects.create_user("another"), state)
    page = client.get(url_of(Statement, "change", entry.pk))
    assert (page.status_code == 200) == may_read
    assert bool(page.status_code == 200 and page.context["has_change_permission"]) == may_edit
    assert (f"/{entry.pk}/change/" in client.get(url_of(Statement)).content.decode()) == may_read
    client.post(url_of(Statement, "change", entry.pk), {"summary": "Overwritten"})
    client.post(url_of(Statement, "delete", entry.pk), {"post": "yes"})
    assert Entry.objects.filter(pk=entry.pk).exists() != may_delete


@pytest.mark.parametrize(
    ("role", "models"),
    [
        ("", {}),
        ("Contributor", {"statement": 200, "source": 200, "person": 200, "treaty": 403, "issue": 403, "citation": 403}),
        ("Editor", {"statement": 200, "source": 200, "treaty": 200, "issue": 200, "citation": 200}),
        ("Administrator", {"statement": 200, "treaty": 200}),
    ],
)
def test_each_role_adds_what_it_may(role, models):
    client = signed_in(role)
    for model, status in models.items():
        assert client.get(reverse(f"admin:negotiations_{model}_add")).status_code == status
    accounts = 200 if role == "Administrator" else FORBIDDEN if role else 302
    assert client.get("/admin/auth/user/").status_code == accounts
    assert client.get("/admin/auth/user/add/").status_code == accounts


def test_a_contributor_corrects_no_published_citation_from_its_own_page():
    contributor, published = signed_in("Contributor"), drafted_by(None, "published")
    citation = published.citations.get()
    page = contributor.post(f"/admin/negotiations/citation/{citation.pk}/change/", {"locator": "p. 1"})
    assert page.status_code == FORBIDDEN


# A whole life


def test_an_entry_is_drafted_submitted_published_by_another_and_withdrawn():
    contributor, editor, reader = signed_in("Contributor"), signed_in("Editor"), Client()
    source = make.make_source()
    add(contributor, Statement, **a_statement(citations_0_source=source, state="in-review"))
    statement = Statement.objects.get()
    assert statement.state == "in-review"
    address = statement.get_absolute_url()
    assert reader.get(address).status_code == MISSING

    assert press(editor, statement, "published") == "published"
    assert reader.get(address).status_code == 200

    press(editor, statement, "withdrawn", withdrawn_reason="The transcript was a forgery.")
    gone = reader.get(address)
    assert gone.status_code == GONE
    assert "The transcript was a forgery." in gone.content.decode()
    hands = [(version.action, version.by, version.why) for version in reversed(Revision.objects.of(statement))]
    assert hands == [
        ("created", contributor.user, ""),
        ("published", editor.user, "Corrected by the source."),
        ("withdrawn", editor.user, "The transcript was a forgery."),
    ]


def test_a_setting_lets_editors_publish_what_they_drafted(settings):
    settings.PUBLISH_OWN = True
    editor = signed_in("Editor")
    add(editor, Statement, **a_statement(citations_0_source=make.make_source(), state="published"))
    assert Statement.objects.get().is_published


def test_who_may_not_publish_their_own_is_told_why():
    editor = signed_in("Editor")
    entry = drafted_by(editor.user)
    page = editor.get(url_of(Statement, "change", entry.pk))
    assert 'name="_publish"' not in page.content.decode()
    assert "another editor has to publish it" in errors(edit(editor, entry, state="published"))
    assert "another editor has to publish it" in said(select(editor, "publish", entry))


def test_the_first_account_of_a_new_clone_does_everything(settings):
    settings.PUBLISH_OWN = True
    client = Client()
    client.force_login(User.objects.create_superuser("editor"))
    add(client, Statement, **a_statement(citations_0_source=make.make_source(), state="published"))
    statement = Statement.objects.get()
    assert press(client, statement, "withdrawn", withdrawn_reason="A test.") == "withdrawn"
    assert press(client, statement, "published") == "published"
    assert press(client, statement, "draft") == "draft"


def test_a_correction_of_what_is_public_says_why():
    editor, published = signed_in("Editor"), drafted_by(None, "published")
    assert "Say what you change and why" in errors(edit(editor, published, summary="Anew.", why=None))
    edit(editor, published, summary="Anew.", why="The transcript says otherwise.")
    last = Revision.objects.of(published)[0]
    assert (last.row["summary"], last.why, last.corrects) == ("Anew.", "The transcript says otherwise.", True)


def test_an_author_takes_back_what_waits_for_review():
    contributor = signed_in("Contributor")
    entry = drafted_by(contributor.user, "in-review")
    page = contributor.get(url_of(Statement, "change", entry.pk)).content.decode()
    assert 'value="return_to_draft" formaction="/admin/negotiations/statement/"' in page
    select(contributor, "return_to_draft", entry)
    assert state_of(entry) == "draft"


def test_what_was_ever_public_is_not_deleted_as_a_draft():
    editor, entry = signed_in("Editor"), drafted_by(None, "published")
    press(editor, entry, "draft")
    assert state_of(entry) == "draft"
    editor.post(url_of(Statement, "delete", entry.pk), {"post": "yes"})
    assert "It is or was public." in said(select(editor, "delete_selected", entry))
    assert Entry.objects.filter(pk=entry.pk).exists()


# Previews


@pytest.mark.parametrize(
    "maker", [make.make_round, make.make_statement, make.make_milestone, make.make_position], ids=lambda m: m.__name__
)
@pytest.mark.parametrize("language", ["", "/ru"])
def test_the_desk_sees_a_draft_on_the_page_that_readers_will_get(maker, language):
    draft = maker(state="draft")
    address = language + draft.get_absolute_url()
    page = signed_in("Editor").get(address)
    assert page.status_code == 200
    assert ("Предпросмотр" if language else "Preview of a draft.") in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert page["X-Robots-Tag"] == "noindex"
    for other in (Client(), signed_in("Contributor")):
        hidden = other.get(address)
        assert hidden.status_code == MISSING
        assert not re.search("Предпросмотр|Preview|Strelsau", hidden.content.decode())


@pytest.mark.parametrize("form", ["brief/", "brief.pdf", "debate.xml", "cite.bib"])
def test_the_desk_sees_a_draft_of_a_round_in_each_of_its_forms(form):
    address = make.make_round(state="draft").get_absolute_url() + form
    assert signed_in("Editor").get(address).status_code == 200
    assert Client().get(address).status_code == MISSING


def test_a_published_page_is_no_preview_and_asks_for_no_session():
    published = make.make_statement()
    page = signed_in("Editor").get(published.get_absolute_url())
    assert "Preview of a draft." not in page.content.decode()
    assert "X-Robots-Tag" not in page


# Nobody else reads a draft anywhere

CANARY = "Zirconium"


@pytest.fixture
def canaries(record):
    """Drafts of every kind on things that the record knows well, each with a word that nothing else has."""
    russia, usa = (Statement.party.get_queryset().get(slug=slug) for slug in ("russia", "united-states"))
    example = Position.objects.published().filter(party=russia).select_related("issue", "option").first()
    round_example = Entry.objects.published().filter(kind="round").first()
    milestone_example = Entry.objects.published().filter(kind="milestone").first().child
    source = Source.objects.filter(citations__isnull=False).first()
    published = Statement.objects.published().filter(party=russia).first()
    for state in ("draft", "in-review"):
        words = {"state": state, "sources": [source], "note": f"{CANARY}-note", "summary": f"{CANARY}-summary"}
        round_ = make.make_round(
            negotiation=round_example.negotiation, title=f"{CANARY}-round", city=f"{CANARY}-city", **words
        )
        said_ = make.make_statement(
            party=russia, date="2013-06-22", quote=f"{CANARY}-quote", occasion=f"{CANARY}-day", issues=[example.issue],
            speaker=published.speaker, negotiation=round_example.negotiation, round=round_, **words,
        )  # fmt: skip
        make.make_milestone(treaty=milestone_example.treaty, date="2011-01-01", city=f"{CANARY}-city", **words)
        make.make_position(
            party=usa, issue=example.issue, option=example.option, date="2013-06-22", scope=f"{CANARY}-{state}",
            concurrent=True, evidence=[said_], **words,
        )  # fmt: skip
        Statement.objects.filter(pk=published.pk).update(round=round_)
    drafts = list(Entry.objects.filter(note=f"{CANARY}-note"))
    assert len(drafts) == 8
    for draft in drafts:
        versions.keep(draft)
    return [example, round_example, milestone_example, source, published, *drafts]


def everywhere(known) -> list[str]:
    """Every address a reader can ask for, that could have shown a draft."""
    example, round_, milestone, source, published, *drafts = known
    plain = [
        "/", "/?on=2013-06-22", "/timeline/", f"/timeline/?q={CANARY}", f"/search/?q={CANARY}", "/issues/",
        "/negotiations/", "/treaties/", "/sources/", "/parties/", "/people/", "/positions/?on=2013-06-22",
        "/positions/?view=moves&since=2013", "/positions/?view=waits", "/positions.csv?on=2013-06-22",
        "/positions.json?on=2013-06-22", "/timeline/?date=2013-06-22", "/timeline/?from=2013-06&to=2013-07",
    ]  # fmt: skip
    things = [example, example.issue, example.party, round_, round_.negotiation, milestone, milestone.treaty, source]
    things += [published, published.speaker]
    return [*plain, *(thing.get_absolute_url() for thing in things), *(draft.get_absolute_url() for draft in drafts)]


@pytest.mark.parametrize("role", ["", "Contributor"])
def test_nobody_else_reads_a_draft_on_any_page(canaries, role):
    client = signed_in(role)
    for address in everywhere(canaries):
        page = client.get(address)
        body = b"".join(page.streaming_content) if page.streaming else page.content
        assert f"{CANARY}-" not in body.decode(), address


def test_nobody_else_reads_a_draft_at_the_desk(canaries):
    client = signed_in("Contributor")
    lists = ["round", "statement", "milestone", "position", "entry", "citation", "delegation", "evidence", "revision"]
    addresses = [f"/admin/negotiations/{name}/?q={CANARY}" for name in lists] + ["/admin/"]
    addresses += [
        f"/admin/autocomplete/?app_label=negotiations&model_name={model}&field_name={field}&term={CANARY}"
        for model, field in (("statement", "round"), ("evidence", "entry"), ("citation", "entry"))
    ]
    milestone = canaries[2]
    addresses.append(f"/admin/negotiations/treaty/{milestone.treaty.pk}/change/")
    for address in addresses:
        page = client.get(address)
        assert f"{CANARY}-" not in page.content.decode(), address
    for draft in canaries[5:]:
        page = client.get(url_of(type(draft.child), "change", draft.pk), follow=True)
        assert f"{CANARY}-" not in page.content.decode()


def test_a_draft_of_another_cannot_be_named_by_its_number():
    contributor, hidden = signed_in("Contributor"), drafted_by(None)
    own = make.make_position(state="draft")
    versions.keep(own, by=contributor.user)
    page = edit(contributor, own, evidence_links_0_entry=hidden)
    assert "Select a valid choice" in errors(page)
