"""The files hold what was researched: nothing lost, nothing added, no fact changed on the way."""

from pathlib import Path

import pytest
from django.conf import settings

from negotiations.files import text
from negotiations.files.kinds import KINDS

FIXTURES = Path(settings.BASE_DIR, "fixtures")
RESEARCH = Path(settings.BASE_DIR).parent / "shared" / "research"

FILES = {
    kind.name: {row.key: row.data for row in text.read(FIXTURES / f"{kind.name}.yaml", kind.name)[0]} for kind in KINDS
}
COUNTS = {
    "parties": 16,
    "sources": 1068,
    "people": 185,
    "issues": 27,
    "negotiations": 32,
    "treaties": 32,
    "data_exchanges": 47,
    "rounds": 208,
    "statements": 607,
    "milestones": 94,
    "positions": 338,
}

# Where our files say the same under another name, and the values that go without saying.
RENAMED = {"id": "slug", "alt_url": "archived_url"}
UNSAID = {"held": True}
# What we added: order in lists, the years of the two states, the check of the founding articles' text.
ADDED = {"rank", "active_from", "active_until", "text_sha256"}
# What we say otherwise, and what the notes say there. Launchers of interceptors are no missiles, launchers or bombers.
OTHERWISE = {"abm-treaty-limit-abm-launchers-at-test-sites": {"unit": "launchers"}}


def test_the_files_hold_as_many_rows_as_were_researched():
    assert {name: len(rows) for name, rows in FILES.items()} == COUNTS


def test_the_database_holds_as_many_published_entries_as_the_files(record):
    assert {kind.name: kind.model.objects.count() for kind in KINDS} == COUNTS
    assert all(kind.model.objects.published().count() == COUNTS[kind.name] for kind in KINDS if kind.is_entry)


def plain(value):
    """A value without what does not matter: the order of lists, empty fields, the details of a citation."""
    if isinstance(value, dict):
        if "source" in value:
            return value["source"]
        value = value | OTHERWISE.get(value.get("slug"), {})
        row = {RENAMED.get(key, key): plain(v) for key, v in value.items() if key not in ADDED}
        if "keywords" in row:
            row |= {f"keywords_{language}": words for language, words in row.pop("keywords").items()}
        return {k: v for k, v in row.items() if v not in (None, "", [], {}) and UNSAID.get(k) != v}
    if isinstance(value, list):
        return sorted((plain(v) for v in value), key=repr)
    return value


def researched(kind: str) -> dict[str, dict]:
    if kind == "milestones":
        treaties = text.read(RESEARCH / "treaties.yaml", "treaties")[0]
        return {m["id"]: m | {"treaty": t.data["slug"]} for t in treaties for m in t.data["milestones"]}
    rows = [row.data for row in text.read(RESEARCH / f"{kind}.yaml", kind)[0]]
    return {row.get("slug") or row["id"]: {k: v for k, v in row.items() if k != "milestones"} for row in rows}


@pytest.mark.skipif(not RESEARCH.is_dir(), reason="the research notes are not beside this clone")
@pytest.mark.parametrize("kind", COUNTS)
def test_every_fact_that_was_researched_stands_in_the_files(kind):
    ours, theirs = FILES[kind], researched(kind)
    assert ours.keys() == theirs.keys()
    different = {key: (plain(ours[key]), plain(theirs[key])) for key in ours if plain(ours[key]) != plain(theirs[key])}
    assert not different
