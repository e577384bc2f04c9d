"""Workbooks made to break their reader: refused or harmless, and quickly."""

import io
import time
import zipfile

import pytest
from openpyxl import Workbook

from croqualim.catalogue.rules.columns import read_sheet
from croqualim.catalogue.rules.reading import FileReason, FileRefused

SHEET = "xl/worksheets/sheet1.xml"
SPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">'
    + b"".join(
        b'<!ENTITY %s "%s">' % (bytes([98 + n]), b"&%s;" % bytes([97 + n]) * 40) for n in range(7)
    )
    + b"]>"
)
CELL = b'<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>'


def workbook(part, change):
    """A good workbook, one part of which is changed."""
    book = Workbook()
    for row in (["Nom", "Prix"], ["Riz", "3,20"]):
        book.active.append(row)
    content, made = io.BytesIO(), io.BytesIO()
    book.save(content)
    with zipfile.ZipFile(content) as good, zipfile.ZipFile(made, "w") as bad:
        for name in good.namelist():
            data = good.read(name)
            bad.writestr(name, change(data) if name == part else data)
    return made.getvalue()


def sheet(head, cell):
    body = CELL % cell
    return head + b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (SPACE, body)


BOMBS = {
    "laughs": workbook(SHEET, lambda _: sheet(LAUGHS, b"&h;")),
    "a file of the server": workbook(
        SHEET,
        lambda _: sheet(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', b"Nom &e;"),
    ),
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS)
def test_entities_are_refused(content):
    started = time.process_time()
    with pytest.raises(FileRefused) as refused:
        read_sheet(content)

    assert refused.value.reason is FileReason.NOT_A_SPREADSHEET
    assert time.process_time() - started < 2


def test_a_cell_a_million_rows_below_costs_nothing():
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    content = workbook(SHEET, lambda data: data.replace(b"</sheetData>", far))

    started = time.process_time()
    try:
        assert len(read_sheet(content).rows) <= 2
    except FileRefused as refused:
        assert refused.reason is FileReason.TOO_MANY_LINES
    assert time.process_time() - started < 5
