"""Nobody reads what is not public: every address there is, asked by a reader and by a contributor, drafts in its way.

The addresses are those that the site itself lists, so a new one is asked for as well; a new part of an address, and an
address that answers nothing here, fail the tests until somebody has thought of them.
"""

import io
import itertools
import zipfile

import pypdf
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import translation
from django.utils.translation import get_language

from negotiations.files import versions
from negotiations.models import Entry, Evidence, Position, Source, Statement
from negotiations.package import release
from negotiations.sitemaps import SITEMAPS
from negotiations.views.citing import FILES

from . import make
from .test_workflow import signed_in

pytestmark = pytest.mark.django_db

WORD = "Zirconium"
REASON = "The transcript was forged."
DAY = "2013-06-22"
# What can be asked of lists and views, to bring out whatever an answer might be made of.
ASKED = ("", f"q={WORD}", f"on={DAY}", f"date={DAY}", "from=2013-06&to=2013-07", "view=moves&since=2013", "view=waits")
# Answered only to who has the key, or to who sends something; and what is asked for in vain.
UNANSWERED = {"metrics", "follow-confirm", "follow-stop", "report-status", "csp-report", "security-txt"}
UNANSWERED |= {"api:None", "api:root"}  # nothing at all is there


def routes(patterns=None, before: str = "", space: str = ""):
    """Every address of the site but the desk's: its name, its pattern and the parts that are to be filled in."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        written = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", written, tuple(pattern.pattern.converters)
        elif pattern.namespace != "admin":
            name = f"{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, written, name)


def marked(kind: str) -> dict:
    return {"note": f"{WORD}-note", "summary": f"{WORD}-summary", "city": f"{WORD}-city" if kind != "position" else ""}


class Record:
    """Drafts, entries in review and withdrawn ones of every kind, on things that the record knows well."""

    def __init__(self):
        self.position = Position.objects.published().filter(party__slug="russia").select_related("issue").first()
        self.round = Entry.objects.published().filter(kind="round").first().child
        self.milestone = Entry.objects.published().filter(kind="milestone").first().child
        self.statement = Statement.objects.published().filter(party__slug="russia", speaker__isnull=False).first()
        self.source = Source.objects.filter(citations__isnull=False).first()
        self.hidden = [entry for state in ("draft", "in-review", "withdrawn") for entry in self.of_every_kind(state)]
        # What is public leans on what is not.
        draft_round, draft_statement = self.hidden[0], self.hidden[1]
        Statement.objects.filter(pk=self.statement.pk).update(round=draft_round)
        Evidence.objects.create(position=self.position, entry_id=draft_statement.pk)
        versions.keep(self.position.child, self.statement)

    def of_every_kind(self, state: str) -> list[Entry]:
        party, issue, negotiation = self.position.party, self.position.issue, self.round.negotiation
        states = {"state": "published" if state == "withdrawn" else state, "sources": [self.source]}
        # A withdrawn entry goes on being called what it was, in the history and the ledger.
        called, occasion = (
            ({}, {}) if state == "withdrawn" else ({"title": f"{WORD}-title"}, {"occasion": f"{WORD}-day"})
        )
        round_ = make.make_round(negotiation=negotiation, date=DAY, **marked("round") | called | states)
        statement = make.make_statement(
            party=party, speaker=self.statement.speaker, date=DAY, quote=f"{WORD}-quote", quote_language="en",
            issues=[issue], negotiation=negotiation, round=round_, **marked("statement"), **occasion, **states,
        )  # fmt: skip
        milestone = make.make_milestone(treaty=self.milestone.treaty, date=DAY, **marked("milestone"), **states)
        position = make.make_position(
            party=party, issue=issue, option=self.position.option, date=DAY, scope=f"{WORD}-{state}", concurrent=True,
            evidence=[statement], **marked("position"), **states,
        )  # fmt: skip
        made = [round_, statement, milestone, position]
        versions.keep(*made)
        if state == "withdrawn":
            for entry in made:
                entry.state, entry.withdrawn_on, entry.withdrawn_reason = state, "2020-01-01", REASON
                entry.save()
            versions.keep(*made, why=REASON)
        return made

    def values(self, part: str) -> list[str]:
        """What may stand in a part of an address; a part that is not named here has to be thought of first."""
        negotiation, treaty = self.round.negotiation, self.milestone.treaty
        things = [self.position, self.position.issue, self.position.party, self.round, negotiation, self.milestone]
        things += [treaty, self.statement, self.statement.speaker, self.source, *self.hidden]
        rounds = [self.round, *self.hidden[::4]]
        latest = release.latest()
        files = [path.relative_to(latest.folder).as_posix() for path in latest.folder.rglob("*") if path.is_file()]
        return {
            "slug": [thing.slug for thing in things],
            "negotiation": [negotiation.slug],
            "path": [one.path for one in rounds],
            "ending": list(FILES),
            "kind": ["round", "statement", "milestone", "position", "treaty", "issue", "source"],
            "token": ["no-such-token"],
            "version": [latest.version],
            "name": files,
            "section": list(SITEMAPS),
            "rest": [""],
        }[part]

    def addresses(self, name: str, parts: tuple[str, ...]):
        for values in itertools.product(*map(self.values, parts)):
            filled = dict(zip(parts, values, strict=True))
            address = reverse(name, kwargs=filled) if name != "api:None" else "/api/v1/nothing"
            if name == "oembed":
                yield from (f"{address}?url=http://testserver{entry.get_absolute_url()}" for entry in self.shown())
            elif parts:
                yield address
            else:
                asked = ASKED if get_language() == "en" and not name.endswith("-pdf") else ASKED[:3]
                yield from (f"{address}?{one}" if one else address for one in asked)

    def shown(self) -> list:
        return [self.statement, self.position.issue, self.milestone.treaty, *self.hidden]


def words_of(answer) -> str:
    """All that an answer says, in whatever form."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(map(archive.read, archive.namelist()))
    return body.decode(errors="replace") + "".join(f"{name}: {value}\n" for name, value in answer.items())


@pytest.fixture
def hiding(sample, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    found = Record()
    call_command("build_data", verbosity=0)
    return found


@pytest.mark.parametrize(("role", "language"), [("", "en"), ("Contributor", "en"), ("", "ru")])
def test_nobody_reads_what_is_not_public_at_any_address(hiding, role, language):
    client, silent, told = signed_in(role), [], []
    with translation.override(language):
        for name, written, parts in routes():
            if language == "ru" and not written.startswith("ru/"):
                continue  # in no language, and asked in English already
            answered = False
            for address in hiding.addresses(name, parts):
                answer = client.get(address)
                answered |= answer.status_code < 400
                if f"{WORD}-" in words_of(answer):
                    told.append(address)
            if not answered and name not in UNANSWERED:
                silent.append(name)
    assert told == []
    # What answers nobody has not been tried.
    assert silent == []


def test_who_may_read_a_draft_does_find_the_word_on_its_page(hiding):
    """Or the test above would find nothing because nothing is there."""
    editor = signed_in("Editor")
    drafts = [entry for entry in hiding.hidden if entry.state != "withdrawn"]
    assert len(drafts) == 8
    for entry in drafts:
        assert f"{WORD}-" in words_of(editor.get(entry.get_absolute_url()))


def test_the_word_of_an_entry_is_everywhere_once_it_is_public(hiding):
    statement = hiding.hidden[1]
    Entry.objects.filter(pk__in=[hiding.hidden[0].pk, statement.pk]).update(state="published")
    versions.keep(statement)
    call_command("build_data", verbosity=0)
    shown = {
        "timeline", "timeline-atom", "timeline-csv", "timeline-json", "timeline-ndjson", "timeline-ics", "statement",
        "api:entries", "api:entry", "data-file", "embed-statement", "history", "round", "round-brief-pdf",
        "round-debate", "search", "person", "source",
    }  # fmt: skip
    for name, _written, parts in routes():
        if name in shown:
            assert any(f"{WORD}-" in words_of(Client().get(one)) for one in hiding.addresses(name, parts)), name


def test_no_picture_is_drawn_from_what_is_not_public(record, client):
    position = Position.objects.published().filter(party__slug="russia").select_related("issue").first()
    milestone = Entry.objects.published().filter(kind="milestone").first().child
    addresses = [f"{thing.get_absolute_url()}picture.png" for thing in (position.issue, milestone.treaty)]
    before = [client.get(address).content for address in addresses]
    Record()
    assert [Client().get(address).content for address in addresses] == before
