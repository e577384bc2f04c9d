"""XLSX, written as the rows come: nothing is kept but the rows at hand.

Source of the format: ECMA-376, part 1 (SpreadsheetML). Cells hold inline strings (18.3.1.53),
which need no table of all the texts before the first row is sent. A text is never a formula here;
`quotePrefix` (18.8.45) keeps it so when somebody edits the cell. docs/decisions/0008 says why ours.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import chain, islice
from typing import Any
from xml.sax.saxutils import escape

from croqualim.kernel.tables import xlsx_parts as parts
from croqualim.kernel.tables.columns import Amount, Column, Kind, Row, Table
from croqualim.kernel.tables.formulas import FORMULA_STARTS

MAX_ROWS = 1_048_576  # of one sheet, its heading included: the format's own limit
MAX_LETTERS = 32_767  # of one cell
MAX_TITLE = 31
ROWS_AT_ONCE = 500
DAY_NOUGHT = date(1899, 12, 30)
MIDNIGHT_NOUGHT = datetime(1899, 12, 30, tzinfo=UTC)
A_DAY = timedelta(days=1)
NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\']")
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xlsx_chunks(table: Table[Row], zone: tzinfo, *, max_rows: int = MAX_ROWS) -> Iterator[bytes]:
    """The file, piece by piece; moments are read in `zone`.

    What one sheet cannot hold goes on in the next.
    """
    sent = _Sent()
    cells = [_cell(column, zone) for column in table.columns]
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.FIRST_PARTS.items():
            package.writestr(name, content)
        sheets = 0
        for rows in _sheets_of(table.rows, max_rows - 1):
            sheets += 1
            with package.open(f"xl/worksheets/sheet{sheets}.xml", "w") as part:
                for piece in _sheet(table.columns, cells, rows):
                    part.write(piece.encode())
                    yield sent.taken()
        for name, content in parts.book(_titles(table.title, sheets)).items():
            package.writestr(name, content)
    yield sent.taken()


class _Sent(io.RawIOBase):
    """A file that only goes forward, and gives away what was written since it was last asked."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def _sheets_of(rows: Iterable[Row], size: int) -> Iterator[Iterable[Row]]:
    """As many as it takes; one where there is no row."""
    waiting = iter(rows)
    yield islice(waiting, size)
    for first in waiting:
        yield chain([first], islice(waiting, size - 1))


def _sheet(
    columns: Sequence[Column[Row]], cells: Sequence[Callable[[Row], str]], rows: Iterable[Row]
) -> Iterator[str]:
    headings = "".join(_text(column.heading, parts.HEADING) for column in columns)
    yield f"{parts.sheet_head([column.width for column in columns])}<row>{headings}</row>"
    waiting = iter(rows)
    while batch := list(islice(waiting, ROWS_AT_ONCE)):
        yield "".join(f"<row>{''.join([cell(row) for cell in cells])}</row>" for row in batch)
    yield parts.SHEET_FOOT


def _cell(column: Column[Row], zone: tzinfo) -> Callable[[Row], str]:
    read, write = column.read, _writer(column.kind, zone)

    def cell(row: Row) -> str:
        value = read(row)
        return "<c/>" if value is None or value == "" else write(value)

    return cell


def _writer(kind: Kind, zone: tzinfo) -> Callable[[Any], str]:
    style = parts.STYLE_OF[kind]

    def number(text: object) -> str:
        return f'<c s="{style}"><v>{text}</v></c>'

    writers: Mapping[Kind, Callable[[Any], str]] = {
        Kind.TEXT: _text,
        Kind.WHOLE: number,
        Kind.CENTS: lambda cents: number(_decimal(cents, 100)),
        Kind.QUANTITY: lambda amount: number(_amount(amount)),
        Kind.DAY: lambda day: number((day - DAY_NOUGHT).days),
        Kind.MOMENT: lambda at: number(_serial(at.astimezone(zone))),
    }
    return writers[kind]


def _text(text: str, style: int = parts.TEXT) -> str:
    if text.startswith(FORMULA_STARTS):
        style = parts.DISARMED
    kept = escape(NOT_IN_XML.sub("", text[:MAX_LETTERS]))
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'


def _amount(amount: Amount) -> str:
    return _decimal(*amount.scaled)


def _decimal(value: int, size: int) -> str:
    """(-1234, 100) -> '-12.34': digits, not a float, so that no cent is lost."""
    whole, rest = divmod(abs(value), size)
    decimals = len(str(size)) - 1
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{rest:0{decimals}}" if decimals else f"{sign}{whole}"


def _serial(local: datetime) -> str:
    """Days since day nought, as the clock on the wall says it."""
    return f"{(local.replace(tzinfo=UTC) - MIDNIGHT_NOUGHT) / A_DAY:.10f}"


def _titles(title: str, sheets: int) -> list[str]:
    """'Commandes', then 'Commandes 2', …: what a sheet may be called."""
    kept = NOT_IN_A_TITLE.sub(" ", NOT_IN_XML.sub("", title)).strip() or "Feuille"
    return [kept[:MAX_TITLE], *(f"{kept[:25]} {n}" for n in range(2, sheets + 1))]
