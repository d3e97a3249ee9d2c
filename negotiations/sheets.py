"""Tables that editors take away and send back, as CSV or as a workbook of Excel; read with suspicion."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Protocol

from .spreadsheet import neutral, restored

# An upload of a few megabytes can unpack to anything.
UNPACKED_AT_MOST = 60 * 2**20
MOST_COLUMNS = 100
LONGEST_CELL = 32_767  # what Excel takes; more it would cut off without a word
LONGEST_FIELD = 131_072  # of CSV; Python's own limit, which any library may have raised for the whole process
# What a workbook cannot hold letter by letter, and what would be taken for such a letter when it is read.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f]|_x[0-9A-Fa-f]{4}_|x005F_")


class Sent(Protocol):
    """A file from a form, whose kind is known by its ending; see `UploadField`."""

    kind: str

    def read(self, size: int = ..., /) -> bytes: ...
    def seek(self, place: int, _from: int = ..., /) -> int: ...
    def tell(self) -> int: ...


class Unreadable(Exception):
    """The file is not a table; or the table would not fit into such a file."""


def write_csv(header: list[str], lines: Iterable[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([neutral(cell) for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")  # by the mark at the beginning Excel knows the letters


def write_xlsx(header: list[str], lines: Iterable[list[str]]) -> bytes:
    from openpyxl import Workbook  # a quarter of a second that only this needs

    harmless = [[neutral(cell) for cell in line] for line in lines]
    for cells in harmless:
        if any(UNWRITABLE.search(cell) or len(cell) > LONGEST_CELL for cell in cells):
            raise Unreadable(f"{cells[0]} has a text that Excel cannot hold; take CSV instead")
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for cells in (header, *harmless):
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(file: "Sent", most_rows: int) -> list[list[str]]:
    """The rows of an uploaded `.csv` or `.xlsx`, all as text, as they were before an export made them harmless."""
    rows = _read_xlsx(file, most_rows) if file.kind == ".xlsx" else _read_csv(file.read(), most_rows)
    if not rows:
        raise Unreadable("the table is empty")
    return [[restored(cell) for cell in row] for row in rows]


def _read_csv(data: bytes, most_rows: int) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("it is not UTF-8: save it as “CSV UTF-8”") from error
    first = text.split("\n", 1)[0]
    csv.field_size_limit(LONGEST_FIELD)
    delimiter = max(",;\t", key=first.count)  # Excel writes semicolons where the comma is for decimals
    try:
        return _limited(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), most_rows)
    except csv.Error as error:
        raise Unreadable(f"it is not CSV: {error}") from error


def _read_xlsx(file: "Sent", most_rows: int) -> list[list[str]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > UNPACKED_AT_MOST:
                raise Unreadable("it is far larger unpacked than any table")
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size need not be true
        return _limited(([_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)), most_rows)
    except Unreadable:
        raise
    except Exception as error:  # a damaged workbook fails in as many ways as it can be damaged
        raise Unreadable("it is not a workbook of Excel, or is damaged") from error


def _limited(rows: Iterator[list[str]], most_rows: int) -> list[list[str]]:
    found: list[list[str]] = []
    for row in rows:
        if len(found) > most_rows:
            raise Unreadable(f"it has more than {most_rows} rows")
        if len(row) > MOST_COLUMNS:
            raise Unreadable(f"it has more than {MOST_COLUMNS} columns")
        found.append(list(row))
    return found


def _text(value: object) -> str:
    """What a cell of Excel shows, as the record writes it: days as EDTF, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
