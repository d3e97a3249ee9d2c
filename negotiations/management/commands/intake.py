"""What an article would give for the record: its source, its date, and who is quoted in it as saying what."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from negotiations import intake
from negotiations.queries.intake import Match, Matched, match


class Command(BaseCommand):
    help = (
        "Read an article (.txt, .html, .pdf or .docx; - for text on standard input) and print what it would give for "
        "the record. Saves nothing: articles are confirmed at the desk, under “Add from article”."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the article")
        parser.add_argument("--url", default="", help="where the article was found; nothing is fetched from there")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: object, file: str, url: str, **options: object) -> None:
        try:
            data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
            article = intake.read(file, data)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except intake.Unreadable as error:
            raise CommandError(f"{file}: {error}") from error
        article.url = url or article.url
        found = match(intake.propose(article, timezone.localdate()))
        if options["json"]:
            self.stdout.write(json.dumps(as_data(found), ensure_ascii=False, indent=2))
        else:
            self.print(found)

    def print(self, found: Match) -> None:
        data = as_data(found)
        for key in ("publisher", "title", "author", "url", "language", "city", "round", "source_in_record"):
            if data[key]:
                self.stdout.write(f"{key.replace('_', ' '):17} {data[key]}")
        when = data["date"]
        if when["stated"]:
            self.stdout.write(f"{'date':17} {when['stated']} ({when['where']})")
        for number, candidate in enumerate(when["candidates"], 1):
            told = "; ".join([*candidate["reasons"], *(f"but {why}" for why in candidate["against"])])
            self.stdout.write(f"{f'date, guess {number}':17} {candidate['date']}: {told}")
        for key in ("treaties", "issues"):
            if data[key]:
                self.stdout.write(f"{key:17} {', '.join(data[key])}")
        for one in data["statements"]:
            self.stdout.write("")
            who = one["speaker"] or one["office_named"] or "unknown"
            known = f" [{one['person']}]" if one["person"] else " [new]"
            meant = f", called “{one['resolved_from']}”" if one["resolved_from"] else ""
            self.stdout.write(f"{who}{known}, {one['office_named'] or 'no office'} ({one['verb'] or 'goes on'}{meant})")
            self.stdout.write(f"  “{one['words']}”" if one["direct"] else f"  reported: {one['words']}")
            for slug in one["likely_in_record"]:
                self.stdout.write(f"  perhaps in the record already: {slug}")
        if not data["statements"]:
            self.stdout.write("\nNobody is quoted in it.")


def as_data(found: Match) -> dict[str, Any]:
    """The proposals as plain data."""
    proposal, article = found.proposal, found.proposal.article
    return {
        "publisher": proposal.publisher,
        "title": article.title,
        "author": article.author,
        "url": article.url,
        "language": article.language,
        "city": found.city,
        "country": found.country,
        "date": {
            "stated": proposal.dating.stated,
            "where": proposal.dating.where,
            "candidates": [
                {"date": one.date, "reasons": list(one.reasons), "against": list(one.against)}
                for one in ([] if proposal.dating.stated else found.candidates)
            ],
        },
        "source_in_record": found.source.slug if found.source else "",
        "round": found.round.slug if found.round else "",
        "treaties": [treaty.slug for treaty in found.treaties],
        "issues": [issue.slug for issue in found.issues],
        "statements": [_statement(one) for one in found.statements],
    }


def _statement(one: Matched) -> dict[str, Any]:
    proposed = one.proposed
    return {
        "direct": proposed.direct,
        "words": proposed.words,
        "key_phrases": list(proposed.phrases),
        "speaker": proposed.speaker.name,
        "office_named": proposed.speaker.office,
        "resolved_from": proposed.speaker.resolved_from,
        "verb": proposed.verb,
        "date": one.date,
        "person": one.person.slug if one.person else "",
        "party": one.party.slug if one.party else "",
        "office": one.office,
        "issues": [issue.slug for issue in one.issues],
        "selector": {
            "type": "TextQuoteSelector",
            "exact": proposed.selector.exact,
            "prefix": proposed.selector.prefix,
            "suffix": proposed.selector.suffix,
        },
        "start": proposed.place.start,
        "end": proposed.place.end,
        "likely_in_record": [other.slug for other in one.likely],
    }
