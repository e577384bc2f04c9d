"""Bytes of a spreadsheet -> tables of text. Nothing in them is executed.

A table is a list of lines; a line keeps the number that the spreadsheet program shows beside it.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from itertools import chain

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from croqualim.catalogue.rules.cells import clean_text, rearm

MAX_BYTES = 12_000_000
MAX_LINES = 50_000
# read at once below, a second or two; about 2,000 lines
LONG_TEXT_BYTES, LONG_WORKBOOK_BYTES = 250_000, 60_000
HEADING_LINES = 20  # titles and remarks above the headers
MAX_UNZIPPED_BYTES = 90_000_000
MAX_ROWS = 200_000  # blank ones among them: a sheet may claim a million
MAX_ZIP_PARTS = 500
MAX_COLUMNS = 60
DELIMITERS = (";", ",", "\t")
END = "end of the table"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class FileReason(StrEnum):
    EMPTY = "empty"
    TOO_BIG = "too big"
    TOO_MANY_LINES = "too many lines"
    NOT_A_SPREADSHEET = "not a spreadsheet"
    OLD_EXCEL = "old excel"
    OPEN_DOCUMENT = "open document"
    NO_HEADERS = "no headers"
    OPEN_QUOTE = "open quote"


class FileRefused(Exception):
    def __init__(self, reason: FileReason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Line:
    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The lines that say something. `is_text`: commas in it may have been taken for borders.

    `flaw`: why its end is missing. It matters only if this is the table that was meant.
    """

    lines: tuple[Line, ...]
    is_text: bool
    flaw: FileReason | None = None


def read_tables(content: bytes) -> list[Table]:
    """The tables that the bytes may mean: each sheet of a workbook, each way to cut a text.

    Raises FileRefused.
    """
    if len(content) > MAX_BYTES:
        raise FileRefused(FileReason.TOO_BIG)
    if not content.strip(b" \r\n\t;,"):
        raise FileRefused(FileReason.EMPTY)
    if content.startswith(OLD_EXCEL):
        raise FileRefused(FileReason.OLD_EXCEL)
    if content.startswith(b"PK"):
        return list(_sheets(content))
    text = _decoded(content)
    return [_cut(text, delimiter) for delimiter in DELIMITERS]


def is_long(content: bytes) -> bool:
    """Whether nobody should wait on a page for it."""
    is_workbook = content.startswith(b"PK")
    return len(content) > (LONG_WORKBOOK_BYTES if is_workbook else LONG_TEXT_BYTES)


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, Windows-1252. Raises FileRefused."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif marks := _bare_utf_16(content):
        encodings = [marks]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileRefused(FileReason.NOT_A_SPREADSHEET)


def _bare_utf_16(content: bytes) -> str:
    """UTF-16 that lost its mark: every second byte of an ordinary text is nought."""
    head = content[:400]
    half = max(len(head) // 2, 1)
    for encoding, odd in (("utf-16-le", 1), ("utf-16-be", 0)):
        if head[odd::2].count(0) > half * 0.8 and not head[1 - odd :: 2].count(0):
            return encoding
    return ""


def _cut(text: str, delimiter: str) -> Table:
    table = _table(_rows(text, delimiter), is_text=True)
    if table.flaw:
        return table
    if table.lines and table.lines[-1].cells == (END,):
        return replace(table, lines=table.lines[:-1])
    return replace(table, flaw=FileReason.OPEN_QUOTE)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """The rows, then one that says END: a quotation mark never closed would have swallowed it."""
    with suppress(csv.Error):  # a cell of more than 128 KiB: the same, in a long file
        yield from csv.reader(chain(io.StringIO(text, newline=""), [END]), delimiter=delimiter)


def _sheets(content: bytes) -> Iterator[Table]:
    _check_zip(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            yield _table(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), is_text=False)
        book.close()
    # openpyxl lets many kinds of exceptions through on a damaged file; all mean the same to people
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        SyntaxError,
        EOFError,
        OSError,
        OverflowError,
    ) as error:
        raise FileRefused(FileReason.NOT_A_SPREADSHEET) from error


def _check_zip(content: bytes) -> None:
    """What a workbook unpacks to is bounded before it is unpacked. Raises FileRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise FileRefused(FileReason.NOT_A_SPREADSHEET) from error
    names = {part.filename for part in parts}
    if len(parts) > MAX_ZIP_PARTS or sum(part.file_size for part in parts) > MAX_UNZIPPED_BYTES:
        raise FileRefused(FileReason.TOO_BIG)
    if "content.xml" in names and "mimetype" in names:
        raise FileRefused(FileReason.OPEN_DOCUMENT)
    if "[Content_Types].xml" not in names:
        raise FileRefused(FileReason.NOT_A_SPREADSHEET)


def _table(rows: Iterable[Iterable[object]], *, is_text: bool) -> Table:
    """The lines that are not blank, as far as we read."""
    lines: list[Line] = []
    for number, row in enumerate(rows, start=1):
        cells = tuple(in_text(value) for value in row)
        if any(cells):
            lines.append(Line(number, cells))
        if len(lines) > MAX_LINES * 1.1 + HEADING_LINES or number > MAX_ROWS:  # titles among them
            return Table(tuple(lines), is_text, FileReason.TOO_MANY_LINES)
    return Table(tuple(lines), is_text)


def in_text(value: object) -> str:
    """What a cell shows: 25000.0 -> '25000', 0.1 + 0.2 -> '0.3', a date as 2026-03-02."""
    match value:
        case str():
            return rearm(clean_text(value))
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case float():
            return _number_in_text(value)
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return rearm(clean_text(str(value)))


def _number_in_text(value: float) -> str:
    """Fifteen digits, as spreadsheets keep them: the sixteenth is the machine's, not people's."""
    return f"{Decimal(f'{value:.15g}').normalize():f}"
