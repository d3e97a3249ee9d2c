"""The record read by hand: plain loops over the files, which share nothing with the site, for tests to compare it with.

A date is its first and its last day; a position counts from the first day of its start to the last day of its end,
or until the next one in the same line, and never longer than its party existed.
"""

import calendar
import re
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings

FAR = date.max


@cache
def rows(kind: str) -> list[dict]:
    return yaml.safe_load(Path(settings.BASE_DIR, "fixtures", f"{kind}.yaml").read_text("utf-8"))


def first_day(text: str) -> date:
    year, month, day = _numbers(text.split("/")[0])
    return date(year, month or 1, day or 1)


def last_day(text: str) -> date:
    year, month, day = _numbers(text.split("/")[-1])
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def _numbers(text: str) -> tuple[int, int, int]:
    found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?[?~%]?", text)
    return tuple(int(part or 0) for part in found.groups())


ROWS = rows("positions")
POSITIONS = {row["slug"]: row for row in ROWS}
PARTIES = {row["slug"]: row for row in rows("parties")}
LAST_DAYS = {slug: date.fromisoformat(row["active_until"]) for slug, row in PARTIES.items() if "active_until" in row}
PAIRS = sorted({(row["party"], row["issue"]) for row in ROWS})
ISSUES = [row["slug"] for row in rows("issues")]
OPTIONS = {row["slug"]: {option["slug"] for option in row["options"]} for row in rows("issues")}
# The day before and after what changed the record, and days on which nothing did.
DAYS = [
    date.fromisoformat(day)
    for day in (
        "1967-06-25", "1969-11-17", "1972-05-26", "1977-03-30", "1979-06-18", "1983-11-23", "1985-10-03", "1986-10-12",
        "1988-12-31", "1991-07-31", "1991-12-26", "1991-12-27", "1993-01-03", "1997-03-21", "2001-12-13", "2007-09-12",
        "2010-04-08", "2013-06-22", "2020-10-20", "2026-02-06",
    )
]  # fmt: skip


def line_of(row: dict) -> str:
    return row["scope"] if row.get("concurrent") else ""


def ended(row: dict) -> date:
    return last_day(row["to"]) if "to" in row else FAR


def seat(party: str, day: date) -> str:
    """Who sat in a party's seat: before Russia the Soviet Union."""
    if party == "russia" and day <= LAST_DAYS["soviet-union"]:
        return "soviet-union"
    return party


def read_by_hand(party: str, issue: str, day: date, negotiation: str | None = None) -> dict[str, tuple[str, bool]]:
    """For each line of the party on the issue: its last word by that day, and whether that was still held."""
    answer = {}
    for row in ROWS:
        if (row["party"], row["issue"]) != (party, issue) or day > LAST_DAYS.get(party, FAR):
            continue
        if negotiation and row.get("negotiation") != negotiation:
            continue
        begins = first_day(row["from"])
        line = line_of(row)
        if begins <= day and (line not in answer or begins > answer[line][0]):
            answer[line] = (begins, row["slug"], day <= ended(row))
    return {line: (slug, held) for line, (_, slug, held) in answer.items()}


def gap_by_hand(one: dict | None, other: dict | None) -> str:
    """How far two held answers are apart: two agree where one answer suits both, unless somebody names a condition."""
    if not one or not other:
        return "unknown"
    suits = [
        OPTIONS[row["issue"]] - {row["option"]} if row["stance"] == "opposes" else {row["option"]}
        for row in (one, other)
    ]
    both = suits[0] & suits[1]
    if not both:
        return "apart"
    return "partly" if len(both) > 1 or "conditional" in (one["stance"], other["stance"]) else "agreed"
