"""The paragraph that tells the course of a dispute, checked against a plain reading of the files, in both languages."""

import re
from datetime import date, timedelta
from functools import cache
from html import unescape
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation

from negotiations.models import Issue
from negotiations.queries.issues import history
from negotiations.stories import story
from tests import make
from tests.by_hand import (
    DAYS,
    ISSUES,
    LAST_DAYS,
    POSITIONS,
    ROWS,
    ended,
    first_day,
    gap_by_hand,
    line_of,
    read_by_hand,
    rows,
    seat,
)

POWERS = ("united-states", "russia")
LABELS = {(row["slug"], option["slug"]): option["label"] for row in rows("issues") for option in row["options"]}
NAMES = {row["slug"]: row["short_name"] for row in rows("parties")}
NEXT = timedelta(days=1)

# How each language says the facts: the words around them and their order are all that is taken for granted.
ENGLISH = {
    "nothing": "{party} has no position on record so far.",
    "silent": "{party} has had no stand on record since {date}.",
    "demands": "{party} has demanded {answer} since {date}.",
    "prefers": "{party} has preferred {answer} since {date}.",
    "accepts": "{party} has accepted {answer} since {date}.",
    "conditional": "{party} has accepted {answer} since {date}, on a condition: {condition}.",
    "opposes": "{party} has opposed {answer} since {date}.",
    "before demands": "Before that it demanded {answer}, from {date}.",
    "before prefers": "Before that it preferred {answer}, from {date}.",
    "before accepts": "Before that it accepted {answer}, from {date}.",
    "before conditional": "Before that it accepted {answer} on a condition, from {date}.",
    "before opposes": "Before that it opposed {answer}, from {date}.",
    "nothing of its own": "{party} has no position of its own on record so far.",
    "inherited demands": "Before it, {party} demanded {answer}, from {date}.",
    "inherited prefers": "Before it, {party} preferred {answer}, from {date}.",
    "inherited accepts": "Before it, {party} accepted {answer}, from {date}.",
    "inherited conditional": "Before it, {party} accepted {answer} on a condition, from {date}.",
    "inherited opposes": "Before it, {party} opposed {answer}, from {date}.",
    "agreed": "On this they have agreed since {date}.",
    "partly": "On this they have agreed in part since {date}.",
    "apart": "On this they have been apart since {date}.",
}
RUSSIAN = {
    "nothing": "{party}: позиция пока не записана.",
    "silent": "{party}: с {date} позиция не записана.",
    "demands": "{party}: с {date} выдвигается требование «{answer}».",
    "prefers": "{party}: с {date} предпочтение отдаётся ответу «{answer}».",
    "accepts": "{party}: с {date} приемлемым считается ответ «{answer}».",
    "conditional": "{party}: с {date} условно приемлемым считается ответ «{answer}». Условие: {condition}.",
    "opposes": "{party}: с {date} неприемлемым считается ответ «{answer}».",
    "before demands": "До этого, с {date}, выдвигалось требование «{answer}».",
    "before prefers": "До этого, с {date}, предпочтение отдавалось ответу «{answer}».",
    "before accepts": "До этого, с {date}, приемлемым считался ответ «{answer}».",
    "before conditional": "До этого, с {date}, условно приемлемым считался ответ «{answer}».",
    "before opposes": "До этого, с {date}, неприемлемым считался ответ «{answer}».",
    "nothing of its own": "{party}: собственная позиция пока не записана.",
    "inherited demands": "{party}: до этого, с {date}, выдвигалось требование «{answer}».",
    "inherited prefers": "{party}: до этого, с {date}, предпочтение отдавалось ответу «{answer}».",
    "inherited accepts": "{party}: до этого, с {date}, приемлемым считался ответ «{answer}».",
    "inherited conditional": "{party}: до этого, с {date}, условно приемлемым считался ответ «{answer}».",
    "inherited opposes": "{party}: до этого, с {date}, неприемлемым считался ответ «{answer}».",
    "agreed": "По этому вопросу позиции совпадают с {date}.",
    "partly": "По этому вопросу позиции частично совпадают с {date}.",
    "apart": "По этому вопросу позиции расходятся с {date}.",
}
MONTHS = {
    "en": [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ],
    "ru": [
        "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
        "декабря",
    ],
}  # fmt: skip


def spelled(text: str, language: str) -> str:
    year, *rest = text.split("-")
    month = MONTHS[language][int(rest[0]) - 1] if rest else ""
    if not rest:
        return f"{year} года" if language == "ru" else year
    return f"{int(rest[1])} {month} {year}" if len(rest) > 1 else f"{month} {year}"


@cache
def catalogue() -> dict[str, str]:
    path = Path(settings.BASE_DIR, "locale", "ru", "LC_MESSAGES", "django.po")
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if not entry.msgctxt}


def called(name: str, language: str) -> str:
    return catalogue()[name] if language == "ru" else name


# The facts, by hand


def main_line(party: str, issue: str) -> list[dict]:
    line = [row for row in ROWS if (row["party"], row["issue"], line_of(row)) == (party, issue, "")]
    return sorted(line, key=lambda row: first_day(row["from"]))


def same(one: dict, other: dict, *names: str) -> bool:
    return all(one.get(name) == other.get(name) for name in names)


def begun(line: list[dict], row: dict) -> int:
    """Said again while it still held, an answer has been given since it was first said."""
    place = line.index(row)
    while (
        place
        and same(line[place - 1], line[place], "option", "stance", "condition")
        and ended(line[place - 1]) >= first_day(line[place]["from"]) - NEXT
    ):
        place -= 1
    return place


def inherited_by_hand(party: str, issue: str, day: date) -> list[tuple[str, dict]]:
    """Of a side that has said nothing itself: what the Soviet Union said last, if the side is Russia after it."""
    line = main_line("soviet-union", issue) if party == "russia" else []
    if not line:
        return [("nothing", {"party": party})]
    row = line[-1]
    before = {"party": "soviet-union", "date": line[begun(line, row)]["from"], "answer": row}
    return [("nothing of its own", {"party": party}), (f"inherited {row['stance']}", before)]


def side_by_hand(power: str, issue: str, day: date) -> list[tuple[str, dict]]:
    """What is to be said of a side: which sentence, and its facts."""
    party = seat(power, day)
    last, held = read_by_hand(party, issue, day).get("", (None, False))
    if not last:
        return inherited_by_hand(party, issue, day)
    row = POSITIONS[last]
    if not held:
        silent = [("silent", {"party": party, "date": row["to"]})]
    line = main_line(party, issue)
    place = begun(line, row)
    if not held:
        return [*silent, (f"before {row['stance']}", {"date": line[place]["from"], "answer": row})]
    said = [(row["stance"], {"party": party, "date": line[place]["from"], "answer": row, "condition": row})]
    before = line[place - 1] if place else None
    if before and not same(before, row, "option", "stance"):
        said.append((f"before {before['stance']}", {"date": before["from"], "answer": before}))
    return said


@cache
def held_by_hand(power: str, issue: str, day: date) -> dict | None:
    last, held = read_by_hand(seat(power, day), issue, day).get("", (None, False))
    return POSITIONS[last] if held else None


def gap_on(issue: str, day: date) -> str:
    return gap_by_hand(*(held_by_hand(power, issue, day) for power in POWERS))


def distance_by_hand(issue: str, day: date) -> list[tuple[str, dict]]:
    """How far apart both are, and since when: back day by day, until it was otherwise."""
    gap = gap_on(issue, day)
    if gap == "unknown":
        return []
    while gap_on(issue, day - NEXT) == gap:
        day -= NEXT
    began = [row["from"] for row in ROWS if row["issue"] == issue and first_day(row["from"]) == day]
    ours = [row["from"] for power in POWERS for row in [held_by_hand(power, issue, day)] if row["from"] in began]
    return [(gap, {"date": min(ours, key=len)})]


def facts(issue: str, day: date) -> list[tuple[str, dict]]:
    powers = {*POWERS, "soviet-union"}
    if not any(row["issue"] == issue and row["party"] in powers and not line_of(row) for row in ROWS):
        return []
    sides = [fact for power in POWERS for fact in side_by_hand(power, issue, day)]
    return sides + distance_by_hand(issue, day)


def paragraph(issue: str, day: date, language: str) -> str:
    """The facts as a language says them."""
    sentences = []
    for name, known in facts(issue, day):
        values = {}
        if "party" in known:
            values["party"] = called(NAMES[known["party"]], language)
            if language == "en" and known["party"] in ("united-states", "soviet-union"):
                values["party"] = f"the {values['party']}"
        if "date" in known:
            values["date"] = spelled(known["date"], language)
        if "answer" in known:
            values["answer"] = called(LABELS[issue, known["answer"]["option"]], language)
        if "condition" in known:
            values["condition"] = known["condition"].get("condition")
        sentence = (RUSSIAN if language == "ru" else ENGLISH)[name].format(**values)
        sentences.append(sentence[0].upper() + sentence[1:])
    return " ".join(sentences)


def plain(markup: str) -> str:
    """The words of a page; where a line must not break is nothing to compare."""
    return " ".join(unescape(re.sub("<[^>]+>", "", markup)).split())


# The site


@pytest.mark.parametrize("slug", ISSUES)
def test_the_paragraph_of_any_issue_on_twenty_days_says_what_the_files_say_in_both_languages(record, slug):
    found = history(Issue.objects.get(slug=slug))
    for day in DAYS:
        for language in ("en", "ru"):
            with translation.override(language):
                assert plain(story(found, day)) == paragraph(slug, day, language), (day, language)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_tells_it(client, record, language):
    for slug, day in (("missile-defence", "1986-10-12"), ("third-country-forces", "2013-06-22")):
        page = client.get(f"{'/ru' if language == 'ru' else ''}/issues/{slug}/?on={day}").content.decode()
        told = paragraph(slug, date.fromisoformat(day), language)
        assert told
        assert told in plain(page)


def test_the_reading_by_hand_meets_every_kind_of_fact(record):
    """Else the comparison would prove less than it says."""
    met = {name for slug in ISSUES for day in DAYS for name, _ in facts(slug, day)}
    seldom = {"before opposes"} | {name for name in ENGLISH if name.startswith("inherited")}
    assert met >= set(ENGLISH) - seldom
    assert {name for name in met if name.startswith("inherited")}
    assert LAST_DAYS["soviet-union"] in DAYS


def test_an_answer_said_again_has_been_given_since_it_was_first_said(client, db):
    issue = make.make_issue()
    us, russia = make.make_party(code="US", short_name="United States"), make.make_party(code="RU")
    for day in ("2001-03", "2005-01-01"):
        make.make_position(party=us, issue=issue, option=issue.options.first(), date=day, stance="demands")
    make.make_position(party=russia, issue=issue, option=issue.options.last(), date="2003-05", stance="accepts")
    page = plain(client.get(f"/issues/{issue.slug}/?on=2010-01-01").content.decode())
    assert "The United States has demanded a legally binding agreement since March 2001." in page
    assert "On this they have been apart since May 2003." in page


def test_a_condition_is_marked_as_english_on_a_russian_page_and_nothing_in_it_is_markup(client, db):
    issue = make.make_issue()
    us = make.make_party(code="US", short_name="United States")
    make.make_party(code="RU", short_name="Russia")
    make.make_position(party=us, issue=issue, date="2001", stance="conditional", condition="if <b>they</b> do")
    page = client.get(f"/ru/issues/{issue.slug}/").content.decode()
    assert 'Условие: <span lang="en">if &lt;b&gt;they&lt;/b&gt; do</span>.' in page
