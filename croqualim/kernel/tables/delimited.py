"""CSV as French spreadsheets open it: UTF-8 with its mark, semicolons, decimal commas."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import tzinfo
from itertools import islice
from typing import Any

from croqualim.kernel.money import NARROW_SPACE, NO_BREAK_SPACE
from croqualim.kernel.tables.columns import Amount, Column, Kind, Row, Table
from croqualim.kernel.tables.formulas import disarm

MARK = b"\xef\xbb\xbf"
ROWS_AT_ONCE = 500


def csv_chunks(table: Table[Row], zone: tzinfo) -> Iterator[bytes]:
    """The file, piece by piece; moments are read in `zone`."""
    cells = [_cell(column, zone) for column in table.columns]
    yield MARK + _written([[disarm(column.heading) for column in table.columns]])
    rows = iter(table.rows)
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield _written([[cell(row) for cell in cells] for row in batch])


def _written(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _cell(column: Column[Row], zone: tzinfo) -> Callable[[Row], str]:
    read, write = column.read, _writer(column.kind, zone)

    def cell(row: Row) -> str:
        value = read(row)
        return "" if value is None else write(value)

    return cell


def _writer(kind: Kind, zone: tzinfo) -> Callable[[Any], str]:
    writers: Mapping[Kind, Callable[[Any], str]] = {
        Kind.TEXT: _text,
        Kind.WHOLE: str,
        Kind.CENTS: lambda cents: _comma(cents, 100),
        Kind.QUANTITY: _amount,
        Kind.DAY: lambda day: day.strftime("%d/%m/%Y"),
        Kind.MOMENT: lambda at: at.astimezone(zone).strftime("%d/%m/%Y %H:%M"),
    }
    return writers[kind]


def _text(text: str) -> str:
    """With the spaces of a keyboard, which people can type and search for."""
    return disarm(text.replace(NARROW_SPACE, " ").replace(NO_BREAK_SPACE, " "))


def _amount(amount: Amount) -> str:
    return _comma(*amount.scaled)


def _comma(value: int, size: int) -> str:
    """(-1234, 100) -> '-12,34'; always as many decimals as the size has noughts."""
    whole, rest = divmod(abs(value), size)
    decimals = len(str(size)) - 1
    sign = "-" if value < 0 else ""
    return f"{sign}{whole},{rest:0{decimals}}" if decimals else f"{sign}{whole}"
