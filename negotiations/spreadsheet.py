"""Tables for spreadsheet programs: CSV as RFC 4180 has it, with nothing in it that a program would run."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# What a spreadsheet program takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def neutral(value: object) -> str:
    """A value as text; one that would be a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    response = HttpResponse(
        content_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
    writer = csv.writer(response, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([neutral(value) for value in row] for row in rows)
    return response
