"""What machines ask: does it live, can it serve, whom to tell of a hole, what went wrong, how much was answered."""

import json
import logging

import pytest
from django.db import OperationalError

from config import journal
from negotiations.queries import generation


def test_a_living_process_says_so_without_asking_the_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_a_site_that_can_serve_says_which_state_of_the_record(client, db):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "database": "ok", "migrations": "ok", "generation": generation.read()}


def test_a_site_without_its_database_is_not_ready(client, db, monkeypatch):
    def away():
        raise OperationalError("connection refused")

    monkeypatch.setattr(generation, "read", away)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "unavailable"
    assert client.get("/healthz").status_code == 200


def test_a_site_whose_tables_are_older_is_not_ready(client, db):
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="negotiations").latest("id").delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "missing"


def test_holes_can_be_told_to_whom_the_setting_names(client, settings):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = ["mailto:security@parley.example"]
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:security@parley.example\n" in text
    assert "Expires: 20" in text


def test_every_answer_says_what_browsers_may_do_with_it(client, db):
    for path in ("/", "/admin/login/", "/issues/never/", "/healthz"):
        headers = client.get(path).headers
        assert "camera=()" in headers["Permissions-Policy"]
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "report-uri /csp-report/" in policy


# What browsers report


def report(client, body, **how):
    return client.post("/csp-report/", data=body, content_type="application/csp-report", **how)


@pytest.mark.parametrize(
    "body",
    [
        {"csp-report": {"effective-directive": "script-src-elem", "blocked-uri": "https://evil.example/x.js"}},
        [
            {
                "type": "csp-violation",
                "body": {"effectiveDirective": "script-src-elem", "blockedURL": "https://evil.example"},
            }
        ],
    ],
)
def test_a_violation_is_logged_without_who_told_of_it(client, caplog, body):
    assert report(client, json.dumps(body), REMOTE_ADDR="192.0.2.77").status_code == 204
    assert "evil.example" in caplog.text
    assert "192.0.2.77" not in caplog.text


@pytest.mark.parametrize("body", ["", "nonsense", "[1, null]", '{"csp-report": 7}', "[" * 5000, '"x"'])
def test_reports_that_are_none_do_no_harm(client, caplog, body):
    assert report(client, body).status_code in (204, 400)
    assert "violated" not in caplog.text


def test_a_report_cannot_forge_lines_of_the_log(client, caplog):
    report(client, json.dumps({"csp-report": {"blocked-uri": "x\n2026-01-01 CRITICAL all is lost"}}))
    assert len(caplog.records) == 1
    assert "\n" not in caplog.records[0].getMessage()


def test_an_endless_report_is_refused(client):
    assert report(client, "x" * 100_000).status_code == 413


# The journal


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, "parley.requests")
    formatter = journal.Json()
    return lambda: [json.loads(formatter.format(record)) for record in caplog.records if record.name[:7] == "parley."]


def test_each_request_leaves_one_line_without_words_or_addresses(client, db, lines):
    response = client.get("/search/?q=Geneva", REMOTE_ADDR="192.0.2.77")
    (line,) = lines()
    assert line["path"] == "/search/"
    assert line["status"] == 200
    assert line["view"] == "search"
    assert line["ms"] > 0
    assert "Geneva" not in str(line)
    assert "192.0.2.77" not in str(line)
    assert len(response["X-Request-ID"]) == 16


@pytest.mark.parametrize("address", ["/follow/stop/{}/", "/ru/follow/confirm/{}/", "/reports/{}/"])
def test_the_key_to_what_somebody_follows_or_reported_is_not_written_down(client, db, lines, address):
    client.get(address.format("MzQ_1vNkQ2_qUv7"))
    (line,) = lines()
    assert line["path"] == address.format("…")
    assert "MzQ" not in str(line)


@pytest.mark.parametrize(
    ("given", "taken"), [("abcdef-0123456789", True), ("x\ny", False), ("<b>", False), ("a" * 99, False)]
)
def test_a_proxys_request_id_is_taken_on_if_it_looks_like_one(client, db, given, taken):
    assert (client.get("/healthz", HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given) is taken


def test_a_slow_query_is_logged_without_its_values(client, db, settings, caplog):
    settings.SLOW_QUERY = 0
    client.get("/search/?q=Strelsau")
    slow = [record.getMessage() for record in caplog.records if record.name == "parley.queries"]
    assert any("negotiations_entry" in line for line in slow)
    assert "Strelsau" not in "".join(slow)


# Metrics


def test_metrics_are_for_the_bearer_of_the_token_only(client, db, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "s3same"  # noqa: S105
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer open").status_code == 404
    client.get("/timeline/")
    page = client.get("/metrics", HTTP_AUTHORIZATION="Bearer s3same").content.decode()
    assert 'parley_requests_total{method="GET",status="200",view="timeline"}' in page
    assert "parley_request_seconds_bucket" in page
