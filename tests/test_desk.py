"""The front page of the desk: what there is to do, each a link to the rows that need it."""

import http.server
import re
import threading
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from negotiations import fetching
from negotiations.models import Entry, ErrorReport, LinkCheck, Statement
from negotiations.queries import desk
from negotiations.queries.treaties import POWERS

from . import make
from .test_admin import a_statement, add

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = User.objects.create_superuser("editor")
    client.force_login(user)
    return user


def to_do(client) -> dict[str, str]:
    """Each task of the front page and what stands beside it."""
    page = client.get(reverse("admin:index")).content.decode()
    rows = re.findall(r'<th scope="row"><a href="[^"]*task=([\w-]+)">.*?</th>\s*<td>(.*?)</td>', page, re.DOTALL)
    return {key: re.sub("<[^>]+>", "", shown) for key, shown in rows}


def listed(client, key) -> set[str]:
    """The slugs on the list that a task leads to."""
    page = client.get(reverse("admin:index")).content.decode()
    (url,) = re.findall(rf'<a href="([^"]*task={key})">', page)
    return {obj.slug for obj in client.get(url).context["cl"].result_list}


def only(client, key, thing):
    """A task that has one row, counts it, and leads to it."""
    assert to_do(client)[key] == "1"
    assert listed(client, key) == {thing.slug}


# Tasks


def test_a_desk_with_nothing_to_do_says_so_of_each_task(client, editor):
    shown = to_do(client)
    assert list(shown) == [task.key for task in desk.TASKS]
    assert set(shown.values()) == {"0", "never checked"}


def test_my_drafts_are_those_i_began(client, editor):
    assert add(client, Statement, **a_statement(slug="begun-by-me")).status_code == 302
    mine = Entry.objects.get(slug="begun-by-me")
    make.make_statement(state="draft")
    only(client, "my-drafts", mine)

    client.force_login(User.objects.create_superuser("another"))
    assert to_do(client)["my-drafts"] == "0"


def test_what_was_handed_in_waits_for_review(client, editor):
    make.make_statement(state="draft")
    only(client, "waiting", make.make_round(state="in-review"))


def test_what_readers_report_waits_for_an_answer(client, editor):
    entry = make.make_statement().entry
    open_ = ErrorReport.objects.create(entry=entry, what="The day.", sender="x")
    answered = {"state": "dismissed", "answer": "It is right.", "answered_at": timezone.now()}
    ErrorReport.objects.create(entry=entry, what="The year.", sender="x", **answered)
    assert to_do(client)["reports"] == "1"
    page = client.get(reverse("admin:negotiations_errorreport_changelist"), {"task": "reports"})
    assert list(page.context["cl"].result_list) == [open_]


def test_a_quotation_found_in_no_source_is_unverified(client, editor):
    checked = make.make_statement(sources=[])
    make.make_citation(checked, checked_on="2026-01-01", checked_sha256="0" * 64)
    make.make_statement(quote="", quote_language="")
    make.make_statement(state="withdrawn", withdrawn_on="2026-01-01", withdrawn_reason="Misread.")
    only(client, "unverified", make.make_statement())


def test_a_statement_on_an_issue_that_bears_out_nothing_carries_no_position(client, editor):
    make.make_position()  # with a statement that bears it out
    make.make_statement()  # on no issue: nothing to take a position on
    only(client, "no-position", make.make_statement(issues=[make.make_issue()]))


def test_a_position_that_only_others_tell_of_is_known_from_the_other_side(client, editor):
    make.make_position()
    told = make.make_statement(party=make.make_party(short_name="Graustark"))
    only(client, "told-by-others", make.make_position(evidence=[told], basis="attributed"))
    both = make.make_party()
    make.make_position(party=both, evidence=[told, make.make_statement(party=both)])
    assert len(listed(client, "told-by-others")) == 1


def test_two_answers_of_one_party_on_one_day_contradict_each_other(client, editor):
    party, issue = make.make_party(), make.make_issue()
    first, second = issue.options.all()
    published = make.make_position(party=party, issue=issue, option=first)
    draft = make.make_position(party=party, issue=issue, option=second, state="draft")
    make.make_position(party=party, issue=issue, option=second, scope="sea-based missiles", concurrent=True)
    make.make_position(party=party, issue=issue, option=second, date="2008")
    assert listed(client, "contradictory") == {published.slug, draft.slug}
    assert to_do(client)["contradictory"] == "2"


def test_old_evidence_counts_where_the_powers_still_differ(client, editor):
    one, other = (make.make_party(code=code) for code in POWERS)
    issue, settled = make.make_issue(), make.make_issue()
    today = timezone.localdate()
    recent = (today - timedelta(days=100)).isoformat()
    old = make.make_position(party=one, issue=issue, option=issue.options.first(), date="2010-01-01")
    make.make_position(party=other, issue=issue, option=issue.options.last(), date=recent)
    for party in (one, other):
        make.make_position(party=party, issue=settled, option=settled.options.first(), date="2010-01-01")
    only(client, "stale", old)

    old.evidence_links.create(entry=make.make_statement(party=one, date=recent).entry)
    assert to_do(client)["stale"] == "0"


def test_a_round_that_was_held_lacks_delegations(client, editor):
    make.make_round()
    make.make_round(delegations=[], held=False)
    only(client, "no-delegations", make.make_round(delegations=[]))


def test_a_source_of_something_published_needs_a_second_address(client, editor):
    bare = make.make_source()
    make.make_statement(sources=[bare])
    make.make_statement(sources=[make.make_source()], state="draft")
    make.make_statement(sources=[make.make_source(archived_url="https://archive.example/copy")])
    only(client, "not-archived", bare)


def test_inferred_dates_are_listed_until_a_source_states_them(client, editor):
    make.make_round()
    entry = make.make_round(date_basis="inferred", note="The day before was a Tuesday.")
    only(client, "inferred", entry)


def test_links_are_said_to_be_unchecked_until_they_are(client, editor):
    source = make.make_source()
    assert to_do(client)["dead-links"] == "never checked"
    check = LinkCheck.objects.create(source=source, url=source.url, checked_at=timezone.now(), problem="answers 404")
    only(client, "dead-links", source)
    source.url = "https://example.org/moved"
    source.save()
    assert to_do(client)["dead-links"] == "0"
    LinkCheck.objects.filter(pk=check.pk).update(url=source.url, problem="")
    assert to_do(client)["dead-links"] == "0"


def test_an_unknown_task_lists_everything_and_breaks_nothing(client, editor):
    make.make_round()
    page = client.get(reverse("admin:negotiations_round_changelist"), {"task": "banana"}, follow=True)
    assert page.status_code == 200


# Cost, and who sees it


def test_the_front_page_costs_as_many_queries_for_many_rows_as_for_few(client, editor):
    issue = make.make_issue()
    powers = [make.make_party(code=code) for code in POWERS]

    def work():
        for party, option in zip(powers, issue.options.all(), strict=True):
            day = date(2000, 1, 1) + timedelta(days=Entry.objects.count())
            make.make_position(party=party, issue=issue, option=option, date=day.isoformat())
        make.make_round(delegations=[], state="in-review")

    work()
    client.get(reverse("admin:index"))  # what Django looks up once in the life of a process
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("admin:index"))
    for _ in range(5):
        work()
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("admin:index"))
    assert len(many) == len(few) <= 14


def test_a_long_task_is_counted_no_further_than_its_length_matters(client, editor, monkeypatch):
    monkeypatch.setattr(desk, "COUNTED", 2)
    for _ in range(4):
        make.make_round(state="in-review")
    assert to_do(client)["waiting"] == "2+"


def test_an_editor_sees_the_tasks_of_the_lists_they_may_open(client):
    user = User.objects.create_user("archivist", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_source"))
    client.force_login(user)
    assert list(to_do(client)) == ["not-archived", "dead-links"]


def test_a_contributor_counts_no_drafts_of_others(client):
    make.make_round(state="in-review")
    contributor = User.objects.create_user("contributor", is_staff=True)
    contributor.groups.add(Group.objects.get(name="Contributor"))
    client.force_login(contributor)
    shown = to_do(client)
    assert (shown["waiting"], shown["my-drafts"]) == ("0", "0")
    assert "reports" not in shown


# Links


class Answering(http.server.BaseHTTPRequestHandler):
    """A server with a page that is there, one that is not, and ones that lead elsewhere."""

    def do_HEAD(self):
        found = {"/here": (200, ""), "/moved": (301, "/here"), "/away": (302, "http://elsewhere.example/")}
        found["/round"] = (302, "/round")
        status, target = found.get(self.path, (405 if self.path == "/shy" else 404, ""))
        self.answer(status, target)

    def do_GET(self):
        self.answer(200 if self.path == "/shy" else 404, "")

    def answer(self, status, target):
        self.send_response(status)
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/here", ""),
        ("/moved", ""),
        ("/shy", ""),
        ("/gone", "answers 404"),
        ("/away", "moved to elsewhere.example, which is not listed"),
        ("/round", "redirects without end"),
    ],
)
def test_a_link_is_dead_when_its_page_is_not_there(server, path, problem):
    # The server of this test stands in for one on the public net.
    assert fetching.problem_with(f"http://{server}{path}", [server], may_connect=lambda address: True) == problem


def test_a_server_that_is_gone_does_not_answer(server):
    host = "127.0.0.1:9"
    assert "does not answer" in fetching.problem_with(f"http://{host}/", [host], may_connect=lambda address: True)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fd00::1", "224.0.0.1", "100.64.0.1"],
)
def test_no_private_address_is_ever_asked(address):
    assert not fetching.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:5432/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "http://example.org.evil.example/",
        "http://evil.example/example.org",
        "http://example.org@evil.example/",
        "http://example.org:8080/",
        "http://[",
    ],
)
def test_no_host_is_asked_that_is_not_listed(url):
    assert not fetching.is_listed(url, ["example.org", ".example.net"])


def test_a_dot_lists_all_hosts_below():
    assert fetching.is_listed("https://www.example.net/a", [".example.net"])
    assert fetching.is_listed("https://example.net/a", [".example.net"])
    assert not fetching.is_listed("https://badexample.net/a", [".example.net"])


def test_no_link_is_checked_unless_hosts_are_listed(settings):
    assert settings.LINK_CHECK_HOSTS == []
    with pytest.raises(CommandError, match="LINK_CHECK_HOSTS lists no host"):
        call_command("check_links")


def test_a_listed_host_inside_the_network_is_not_asked_either(server, settings, capsys):
    settings.LINK_CHECK_HOSTS = [server]
    make.make_source(url=f"http://{server}/here")
    make.make_source(url="https://example.org/elsewhere")
    call_command("check_links")
    said = capsys.readouterr()
    assert "not public" in said.err
    assert "0 addresses checked" in said.out
    assert "1 on hosts that are not listed" in said.out
    assert not LinkCheck.objects.exists()


def test_what_links_answered_is_kept_and_corrected_addresses_are_forgotten(server, settings, monkeypatch, capsys):
    monkeypatch.setattr(fetching.problem_with, "__defaults__", (lambda address: True,))
    settings.LINK_CHECK_HOSTS = [server]
    source = make.make_source(url=f"http://{server}/gone", archived_url=f"http://{server}/here")
    call_command("check_links")
    assert "2 addresses checked, 1 with a problem" in capsys.readouterr().out
    assert dict(LinkCheck.objects.values_list("url", "problem")) == {source.url: "answers 404", source.archived_url: ""}

    source.url = f"http://{server}/moved"
    source.save()
    call_command("check_links", at_most=1)
    assert "1 addresses checked, 0 with a problem; 1 left" in capsys.readouterr().out
    assert set(LinkCheck.objects.values_list("url", "problem")) == {(source.url, ""), (source.archived_url, "")}
