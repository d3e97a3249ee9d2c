"""Every form of a filtered view holds the same entries: the page, the feed, the calendar, tables, data and the API."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from negotiations.models import Entry, Issue, Party, Position
from tests.test_exports import calendar, document, events, feed_pages, get, lines, slug_in, table
from tests.test_timeline import everything

SHORT = 7  # entries on a page, where several are wanted


def documents(client, **asked) -> list[dict]:
    """One JSON document after the other, as each says where the view goes on."""
    parts = [document(client, **asked)]
    while parts[-1]["next"]:
        parts.append(json.loads(get(client, parts[-1]["next"])))
    return parts


def told_to_programs(client, **asked) -> list[str]:
    """The same view by the API, page by page."""
    answer, ids = json.loads(get(client, "/api/v1/entries", limit=SHORT, **asked)), []
    while True:
        ids += [one["id"] for one in answer["entries"]]
        if not answer["next"]:
            return ids
        answer = client.get(answer["next"]).json()


@pytest.fixture
def short_pages(monkeypatch):
    """Pages, feeds, documents and stretches so short that most views take several of each."""
    for length in ("timeline.PAGE_SIZE", "feed.PAGE_SIZE", "stream.FIRST", "stream.STRETCH"):
        monkeypatch.setattr(f"negotiations.queries.{length}", SHORT)
    monkeypatch.setattr("negotiations.views.exports.DOCUMENT", SHORT * 2)


def fitting(entry: Entry, moved: set[int]) -> dict[str, list[str]]:
    """What may be asked for so that this entry answers, by filter."""
    child, day = entry.child, entry.earliest.isoformat()
    people = [entry.speaker] if entry.speaker else []
    treaties = [entry.negotiation.treaty, *entry.negotiation.treaties.all()] if entry.negotiation else []
    if entry.kind == "round":
        people += [delegation.head for delegation in child.delegations.all()]
    if entry.kind == "statement":
        people += child.joint_speakers.all()
    if entry.kind == "milestone":
        treaties.append(child.treaty)
    parties = [party.slug for party in entry.parties.all() if party.existed_on(entry.earliest)]
    return {
        "party": parties,
        "predecessor": ["no"] if parties else [],
        "issue": [issue.slug for issue in entry.issues.all()],
        "negotiation": [entry.negotiation.slug] if entry.negotiation else [],
        "treaty": [treaty.slug for treaty in treaties if treaty],
        "person": [person.slug for person in people if person],
        "kind": [entry.kind],
        "q": re.findall(r"\b[^\W\d_]{7,}\b", entry.title),
        "from": [day[:4], day[:7], day],
        "to": [day[:4], day[:7], day],
        "moves": ["only"] if entry.kind == "position" and entry.pk in moved else [],
        "order": ["oldest"],
    }


SEVERAL = {"party": Party, "issue": Issue, "kind": None}  # of which an address may name more than one
FILTERS = (
    "party", "predecessor", "issue", "negotiation", "treaty", "person", "kind", "q", "from", "to", "moves", "order",
)  # fmt: skip


@pytest.mark.parametrize("name", FILTERS)
def test_every_form_of_a_view_holds_the_same_entries(client, sample, short_pages, name):
    """Five random views by each filter, with up to three others; every page of every form; in both languages."""
    published = Entry.objects.published().select_related("negotiation", "speaker").order_by("pk")
    moved = set(Position.objects.published().moves().values_list("pk", flat=True))
    known = [(entry, found) for entry in published if (found := fitting(entry, moved))[name]]
    others = {
        several: model.objects.values_list("slug", flat=True) if model else Entry.Kind.values
        for several, model in SEVERAL.items()
    }

    @settings(max_examples=5, suppress_health_check=list(HealthCheck))
    @given(data=some.data())
    def compare(data):
        entry, found = data.draw(some.sampled_from(known))
        more = [filter for filter in FILTERS if found[filter] and filter != name]
        names = [name, *data.draw(some.lists(some.sampled_from(more), max_size=3, unique=True))]
        if "predecessor" in names and "party" not in names:
            names.append("party")
        asked = {filter: [data.draw(some.sampled_from(found[filter]))] for filter in names}
        for filter in set(asked) & set(SEVERAL):
            asked[filter] += data.draw(some.lists(some.sampled_from(sorted(others[filter])), max_size=2))
            asked[filter] = list(dict.fromkeys(asked[filter]))
        compare_forms(client, asked, entry)

    compare()


def test_every_form_of_the_whole_record_holds_the_same_entries(client, sample, short_pages):
    assert len(compare_forms(client, {})) > 5 * SHORT


def compare_forms(client, asked: dict[str, list[str]], entry: Entry | None = None) -> list[str]:
    """See that all forms of a view hold the same, the entry among it; the slugs it holds."""
    page = everything(client, **asked)
    assert entry is None or entry.slug in page
    assert len(page) == len(set(page))
    russian = [slug_in(one.id) for part in feed_pages(client, "/ru/timeline.atom", **asked) for one in part.entries]
    fed = [slug_in(one.id) for part in feed_pages(client, **asked) for one in part.entries]
    assert sorted(fed) == sorted(russian) == sorted(page)
    parts = documents(client, **asked)
    assert {part["count"] for part in parts} == {len(page)}
    of_documents = [one["id"] for part in parts for one in part["entries"]]
    assert sorted(of_documents) == sorted(page)
    assert [line["id"] for line in table(client, **asked)] == of_documents
    assert [one["id"] for one in lines(client, **asked)] == of_documents
    assert told_to_programs(client, **asked) == of_documents
    if "moves" in asked:
        moves = {name: values for name, values in asked.items() if name != "moves"}
        told = [slug_in(one.id) for part in feed_pages(client, "/moves.atom", **moves) for one in part.entries]
        assert sorted(told) == sorted(page)
    # A calendar holds whatever has days of its own, and counts all else.
    dated = {
        one["id"]
        for part in parts
        for one in part["entries"]
        if one["kind"] in ("round", "milestone") and re.fullmatch(r"\d{4}-\d\d-\d\d(/\d{4}-\d\d-\d\d)?", one["date"])
    }
    assert set(events(client, **asked)) == dated
    left_out = sum(
        map(int, re.findall(r": (\d+) (?:meeting|statement)", str(calendar(client, **asked)["description"])))
    )
    assert left_out == len(page) - len(dated)
    return page
