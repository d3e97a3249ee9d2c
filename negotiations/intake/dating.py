"""When an article appeared: the day it states, or else the years in which its day and weekday meet, and why.

A report from a wire often gives day and month only. Its year is then proposed with reasons and chosen by the editor,
never by the program.
"""

import re
from dataclasses import dataclass
from datetime import date

from .article import Article
from .datelines import Dateline, dateline
from .days import days_in, read_day, weekdays_in

FIRST_YEAR = 1967
LISTED_AT_MOST = 10
_AHEAD = re.compile(
    r"(?:expir\w+|lapse[sd]?|run[s]?\s+out|due|until|till|by|scheduled|take\s+place|begin\w*|end[s]?"
    r"|истека\w+|истеч\w+|до|заканчива\w+|состо[ия]тся|намечен\w*|назначен\w*|запланирован\w*)"
    r"(?:\s+(?:on|in|at|for|as\s+of|на))?\s*$",
    re.IGNORECASE,
)
_WAS = re.compile(
    r"\b(?:was|were|had|expired|ended|began|lapsed|ran|истек(?:ла?)?|состоял\w+)\b[^.]{0,25}$", re.IGNORECASE
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Candidate:
    """A day on which an article may have appeared, with what speaks for it and against."""

    date: str
    reasons: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dating:
    """The day an article states, with where; or else candidates, the likeliest first."""

    stated: str = ""
    where: str = ""
    candidates: tuple[Candidate, ...] = ()
    weekday: int | None = None

    @property
    def likeliest(self) -> str:
        return self.stated or (self.candidates[0].date if self.candidates else "")


def head(article: Article) -> Dateline:
    """The dateline, which opens the report's first or second paragraph."""
    for paragraph in article.body[:2]:
        if (found := dateline(article.text[paragraph.start : paragraph.end])).end:
            return found
    return Dateline()


def date_of(article: Article, today: date) -> Dating:
    line = head(article)
    weekday = _weekday(article)
    if article.date:
        return Dating(article.date, "in the page’s own metadata", weekday=weekday)
    found = read_day(line.date) if line.date else None
    if found and (iso := _iso(*found)):
        return Dating(iso, f"in the dateline: {line.date}", weekday=weekday)
    printed = _above(article)
    if not found and printed:
        words, found = printed
        if iso := _iso(*found):
            return Dating(iso, f"at the head of the page: {words}", weekday=weekday)
    if not found:
        return Dating(weekday=weekday)
    return Dating(candidates=_years(article, found[1], found[2], weekday, today), weekday=weekday)


def _iso(year: int | None, month: int, day: int) -> str:
    """A day in full; empty where its year is not given."""
    return date(year, month, day).isoformat() if year else ""


def _above(article: Article) -> tuple[str, tuple[int | None, int, int]] | None:
    """A date printed above or below the report; one with a year if there is any."""
    found = []
    for paragraph in article.paragraphs:
        words = article.text[paragraph.start : paragraph.end]
        if not paragraph.body and len(words) < 120 and "©" not in words:
            found += [(words[start:end], day) for start, end, day in days_in(words)]
    return min(found, key=lambda item: item[1][0] is None, default=None)


def _weekday(article: Article) -> int | None:
    """The day of the week on which the report says things happened, in its first two paragraphs."""
    for paragraph in article.body[:2]:
        words = re.sub(r"[“\"«„][^”\"»]*[”\"»]", "", article.text[paragraph.start : paragraph.end])
        if found := weekdays_in(words):
            return found[0][1]
    return None


def _years(article: Article, month: int, day: int, weekday: int | None, today: date) -> tuple[Candidate, ...]:
    past, ahead = _bounds(article)
    ranked = []
    for year in range(FIRST_YEAR, today.year + 1):
        try:
            possible = date(year, month, day)
        except ValueError:
            continue
        if possible > today or (weekday is not None and possible.weekday() != weekday):
            continue
        reasons, against = _weigh(article, possible, weekday, past, ahead)
        distance = abs((possible - past).days) if past else today.year - year
        ranked.append((len(against), -len(reasons), distance, Candidate(possible.isoformat(), reasons, against)))
    ranked.sort(key=lambda item: item[:3])
    return tuple(candidate for *_, candidate in ranked[:LISTED_AT_MOST])


def _weigh(
    article: Article, day: date, weekday: int | None, past: date | None, ahead: date | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    reasons: list[str] = []
    against: list[str] = []
    words = f"{day.day} {day:%B}"
    if weekday is not None:
        reasons.append(f"{words} was a {_WEEKDAYS[weekday]} in {day.year}")
    if ahead:
        told = f"{ahead.day} {ahead:%B} {ahead.year}, of which the text speaks as still to come"
        (reasons if day <= ahead else against).append(("before " if day <= ahead else "after ") + told)
    if past:
        told = f"{past.day} {past:%B} {past.year}, of which the text speaks as past"
        (reasons if day >= past else against).append(("after " if day >= past else "before ") + told)
    digits = re.sub(r"\D", "", "".join(re.findall(r"/(\d{4}/?\d\d/?\d\d)", article.url)))
    if digits.startswith(f"{day:%Y%m%d}"):
        reasons.append("the digits in its web address agree")
    return tuple(reasons), tuple(against)


def _bounds(article: Article) -> tuple[date | None, date | None]:
    """The latest full date the report speaks of as past, and the earliest it speaks of as still to come."""
    past: list[date] = []
    ahead: list[date] = []
    text = article.body_text
    for start, _, (year, month, day) in days_in(text):
        if year:
            before = text[max(0, start - 60) : start]
            coming = _AHEAD.search(before) and not _WAS.search(before)
            (ahead if coming else past).append(date(year, month, day))
    earliest_ahead = min(ahead, default=None)
    past = [day for day in past if not earliest_ahead or day < earliest_ahead]
    return max(past, default=None), earliest_ahead
