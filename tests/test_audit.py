"""The audit of dependencies: exceptions end on their day, and a closed network is said."""

from datetime import date

import pytest

from config import audit

TEXT = """
# a remark
GHSA-aaaa 2026-12-31 Concerns Windows only.
GHSA-bbbb 2026-01-31 Concerned a feature that we did not use.
"""


def test_an_exception_counts_until_its_day(capsys):
    assert audit.excused(TEXT, date(2026, 11, 26)) == ["GHSA-aaaa"]
    assert "GHSA-bbbb ended on 2026-01-31" in capsys.readouterr().err
    assert audit.excused(TEXT, date(2026, 1, 31)) == ["GHSA-aaaa", "GHSA-bbbb"]


@pytest.mark.parametrize("line", ["GHSA-aaaa", "GHSA-aaaa soon harmless", "GHSA-aaaa 2026-12-31"])
def test_an_exception_without_day_or_reason_is_refused(line):
    with pytest.raises(SystemExit, match="line 1"):
        audit.excused(line, date(2026, 11, 26))


def test_where_the_network_is_closed_that_is_said_and_nothing_fails(monkeypatch, capsys):
    # Nothing listens on this port of our own machine.
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    assert audit.main() == 0
    assert "nothing was checked" in capsys.readouterr().err


def test_a_hole_fails_and_a_package_that_nobody_knows_is_named(capsys):
    hole = {"id": "GHSA-cccc", "fix_versions": ["5.2.20"]}
    found = [{"name": "django", "version": "5.2.19", "vulns": [hole]}, {"name": "edtf", "skip_reason": "not found"}]
    assert audit.told(found) == 1
    output = capsys.readouterr()
    assert output.out == "django 5.2.19: GHSA-cccc, mended in 5.2.20\n"
    assert "edtf" in output.err
    assert "1 of 2 packages checked, 1 holes" in output.err
