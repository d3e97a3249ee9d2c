"""Tables for spreadsheet programs: CSV as RFC 4180 has it, with nothing in it that a program would run."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse

CONTENT_TYPE = "text/csv; charset=utf-8; header=present"
# What a spreadsheet program takes for the beginning of a formula.
FORMULA = re.compile(r"'*[=+\-@\t\r]")


class Line:
    """Takes what a writer writes and gives it back: a line of a table that nobody holds as a whole."""

    @staticmethod
    def write(text: str) -> str:
        return text


def neutral(value: object) -> str:
    """A value as text; one that would be a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if FORMULA.match(text) else text


def restored(text: str) -> str:
    """A text as it was before `neutral`, which for that reason adds an apostrophe to those that there are."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A table line by line, as it is read."""
    writer = csv.writer(Line, lineterminator="\r\n")
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([neutral(value) for value in row])


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    return HttpResponse(
        csv_lines(header, rows),
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
