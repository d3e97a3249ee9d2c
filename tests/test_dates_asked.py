"""Every date that a reader may name in an address: in whatever form EDTF knows it is read, and nonsense is told."""

import html
import json
import re
from itertools import product
from urllib.parse import urlencode

import pytest

# What each means: its first and last day. Where one day is asked for, a span stands for its last.
GOOD = {
    "2013": ("2013-01-01", "2013-12-31"),
    "2013-06": ("2013-06-01", "2013-06-30"),
    "2013-06-22": ("2013-06-22", "2013-06-22"),
    "2013-06-22/2013-07": ("2013-06-22", "2013-07-31"),
    "2012/2013": ("2012-01-01", "2013-12-31"),
    "2013~": ("2013-01-01", "2013-12-31"),
    "2013-06?": ("2013-06-01", "2013-06-30"),
    "2013-06-22%": ("2013-06-22", "2013-06-22"),
    "198X": ("1980-01-01", "1989-12-31"),
    "2013-21": ("2013-03-01", "2013-05-31"),
    " 2013-06-22 ": ("2013-06-22", "2013-06-22"),
}
BAD = [
    "banana", "2013-02-31", "2013-13", "22.06.2013", "yesterday", "-1", "0", "2014/2013", "../..", "2013-06-22T10:00",
    "\0", "2013\0", "12 июня 2013 года", "２０１３", "۲۰۱۳", "\u202e2013", "2013\u200f", "вчера", "אתמול", "July 2013",
    "<script>alert(1)</script>", "9" * 10_000, "x" * 10_000, "'; DROP TABLE", "20130622",
]  # fmt: skip
DAYS = ["/", "/issues/", "/issues/legal-form/", "/treaties/", "/treaties/new-start/", "/parties/russia/", "/positions/"]
PAGES = [
    *((path, "on") for path in DAYS),
    ("/ru/issues/legal-form/", "on"),
    ("/positions/?on=2026-01-01", "since"),
    ("/timeline/?party=ukraine", "from"),
    ("/timeline/?party=ukraine", "to"),
]
FILES = [
    *product(["/positions.json", "/positions.csv"], ["on", "since"]),
    *((f"/timeline.{ending}?party=ukraine", "from") for ending in ("json", "csv", "ndjson")),
]
FEEDS = list(product(["/timeline.atom?party=ukraine", "/timeline.ics?party=ukraine"], ["from", "to"]))


def shared(addresses: list) -> list:
    """Each address with a third of the values, so that every value is asked of several."""
    good = list(GOOD)
    return [(*address, good[place % 3 :: 3], BAD[place % 3 :: 3]) for place, address in enumerate(addresses)]


def named(value) -> str:
    return value if isinstance(value, str) else ""


pytestmark = pytest.mark.usefixtures("record")


def ask(client, path: str, name: str, value: str):
    return client.get(path + ("&" if "?" in path else "?") + urlencode({name: value}))


def alert(page: str) -> str:
    """What the page says that it did not understand."""
    found = re.search(r'<div class="note" role="alert">(.*?)</div>', page, re.S)
    return html.unescape(re.sub("<[^>]+>", " ", found[1])) if found else ""


def repeated(value: str) -> str:
    """As much of a value as is told back to the reader."""
    return re.sub("[\\x00-\\x1f\\x7f-\\x9f]+", "�", value.strip())[:40]


@pytest.mark.parametrize(("path", "name", "good", "bad"), shared(PAGES), ids=named)
def test_a_page_reads_a_date_and_tells_nonsense(client, path, name, good, bad):
    for value in good:
        response = ask(client, path, name, value)
        assert response.status_code == 200, value
        assert not alert(response.content.decode()), value
    for value in bad:
        response = ask(client, path, name, value)
        assert response.status_code == 200, value
        page = response.content.decode()
        assert repeated(value) in alert(page), value
        assert "<script>alert" not in page
        assert "</main>" in page


@pytest.mark.parametrize(("path", "name", "good", "bad"), shared(FILES), ids=named)
def test_a_file_reads_a_date_and_refuses_nonsense_in_words(client, path, name, good, bad):
    for value in good:
        assert ask(client, path, name, value).status_code == 200, value
    for value in bad:
        response = ask(client, path, name, value)
        assert response.status_code == 400, value
        told = response.content.decode()
        told = " ".join(json.loads(told)["problems"]) if told.startswith("{") else told
        assert repeated(value) in told, value


@pytest.mark.parametrize(("path", "name", "good", "bad"), shared(FEEDS), ids=named)
def test_a_feed_reads_a_date_and_tells_nonsense_without_breaking_off(client, path, name, good, bad):
    for value in good:
        response = ask(client, path, name, value)
        assert (response.status_code, response.headers.get("Parley-Problems")) == (200, None), value
    for value in bad:
        response = ask(client, path, name, value)
        assert response.status_code == 200, value
        assert repeated(value) in " ".join(json.loads(response.headers["Parley-Problems"])), value


@pytest.mark.parametrize("path", ["/", "/issues/", "/treaties/new-start/"])
def test_a_span_stands_for_its_last_day(client, path):
    def links(value: str) -> set[str]:
        """A page leads on to others with the day that it understood."""
        return set(re.findall(r"\?on=([0-9-]{10})", ask(client, path, "on", value).content.decode()))

    for value, (_, last) in GOOD.items():
        assert last in links(value), value


def test_the_matrix_of_a_span_is_that_of_its_last_day(client):
    def cells(name: str, value: str) -> dict:
        return ask(client, "/positions.json?on=2026-01-01", name, value).json()

    for value, (_, last) in GOOD.items():
        assert ask(client, "/positions.json", "on", value).json()["on"] == last, value
    assert cells("since", "2013-06-22")["since"] == "2013-06-22"
    assert cells("since", "2013")["since"] == "2012-12-31"
    assert cells("since", "198X")["since"] == "1979-12-31"


def test_the_stream_from_and_to_a_span_has_what_its_days_have(client):
    def ids(**asked) -> set[str]:
        return {entry["id"] for entry in json.loads(client.get("/timeline.json", asked).getvalue())["entries"]}

    for value, (first, last) in GOOD.items():
        assert ids(**{"from": value, "to": value}) == ids(**{"from": first, "to": last}) != set(), value
