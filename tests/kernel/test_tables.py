"""A table says in a spreadsheet what it says on the screen, and runs nothing."""

# ruff: noqa: DTZ001 (a spreadsheet knows no zone)

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from croqualim.kernel.tables import (
    Amount,
    Column,
    Kind,
    Table,
    csv_chunks,
    disarm,
    rearm,
    xlsx_chunks,
)

HEAVY = Amount(2500, "g")
PARIS = ZoneInfo("Europe/Paris")
FORMULAS = ('=HYPERLINK("x")', "+33", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1")


@dataclass(frozen=True)
class Line:
    name: str | None
    number: int | None = 3
    cents: int | None = -1234
    amount: Amount | None = HEAVY
    on: date | None = date(2026, 3, 2)
    at: datetime | None = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


COLUMNS = (
    Column("Nom", attrgetter("name")),
    Column("Numéro", attrgetter("number"), Kind.WHOLE),
    Column("Prix", attrgetter("cents"), Kind.CENTS),
    Column("Quantité", attrgetter("amount"), Kind.QUANTITY),
    Column("Jour", attrgetter("on"), Kind.DAY),
    Column("Moment", attrgetter("at"), Kind.MOMENT),
)


def as_csv(*lines: Line) -> list[list[str]]:
    content = b"".join(csv_chunks(Table("Essai", COLUMNS, lines), PARIS))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def as_book(*lines: Line, **limits: int):
    content = b"".join(xlsx_chunks(Table("Essai", COLUMNS, lines), PARIS, **limits))
    return load_workbook(io.BytesIO(content))


def test_csv_is_what_a_french_spreadsheet_opens():
    table = Table("Essai", COLUMNS, [Line("Pâtes\u00a0; riz")])

    content = b"".join(csv_chunks(table, PARIS))

    assert content.startswith(b"\xef\xbb\xbf")
    heading, line = content.decode("utf-8-sig").split("\r\n")[:2]
    assert heading == "Nom;Numéro;Prix;Quantité;Jour;Moment"
    assert line == '"Pâtes ; riz";3;-12,34;2,500;02/03/2026;03/03/2026 00:30'


def test_a_workbook_holds_real_numbers_and_real_dates():
    sheet = as_book(Line("Pâtes")).active

    assert sheet.title == "Essai"
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == [column.heading for column in COLUMNS]
    assert [cell.value for cell in sheet[2]] == [
        "Pâtes",
        3,
        -12.34,
        2.5,
        datetime(2026, 3, 2),
        datetime(2026, 3, 3, 0, 30),
    ]
    assert sheet["C2"].number_format == "#,##0.00"


@pytest.mark.parametrize("typed", FORMULAS)
def test_nothing_that_somebody_typed_runs(typed):
    """In CSV an apostrophe stands before it; in a workbook it is text, and stays so when edited."""
    [cell, *_numbers] = as_csv(Line(typed))[1]
    assert cell == f"'{typed}"

    written = as_book(Line(typed)).active["A2"]
    assert written.data_type == "s"
    assert written.quotePrefix
    assert written.value.replace("\r\n", "\n").replace("\r", "\n") == typed.replace("\r", "\n")


def test_numbers_stay_numbers():
    below_zero = as_csv(Line("Reprise", number=-2, amount=Amount(-500, "ml")))[1]

    assert below_zero[1:4] == ["-2", "-12,34", "-0,500"]


def test_what_is_not_there_is_an_empty_cell():
    nothing = Line(None, None, None, None, None, None)

    assert as_csv(nothing)[1] == [""] * 6
    assert [cell.value for cell in as_book(nothing).active[2]] == [None] * 6


def test_an_empty_table_has_its_headings():
    assert as_csv() == [[column.heading for column in COLUMNS]]
    assert as_book().active.max_row == 1


@pytest.mark.parametrize(("lines", "sizes"), [(4, [5]), (5, [5, 2]), (9, [5, 5, 2])])
def test_what_one_sheet_cannot_hold_goes_on_in_the_next(lines, sizes):
    book = as_book(*(Line(str(n)) for n in range(lines)), max_rows=5)

    assert [sheet.max_row for sheet in book] == sizes
    names = [row[0] for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert names == [str(n) for n in range(lines)]
    assert len({sheet.title for sheet in book}) == len(sizes)


def test_a_workbook_takes_any_title_and_any_length():
    table = Table("[a]:*?/\\'" + "b" * 50, COLUMNS, [Line("c" * 40_000)])

    book = load_workbook(io.BytesIO(b"".join(xlsx_chunks(table, PARIS))))

    assert len(book.active.title) <= 31
    assert len(book.active["A2"].value) == 32_767


@pytest.mark.parametrize("write", [csv_chunks, xlsx_chunks])
def test_rows_are_taken_as_the_file_is_sent(write):
    """Nothing waits for the last row: the reader of an endless table gets its beginning."""
    taken = []

    def endless() -> Iterator[Line]:
        while True:
            taken.append(1)
            yield Line("x" * 50, number=len(taken))

    chunks = write(Table("Essai", COLUMNS, endless()), PARIS)
    sent = sum(len(next(chunks)) for _ in range(20))

    assert sent > 1000
    assert len(taken) <= 20 * 500


@given(st.text(max_size=40))
def test_disarmed_it_no_longer_starts_a_formula_and_comes_back(text):
    assert not disarm(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert rearm(disarm(text)) == text


@settings(max_examples=60)
@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60),
    st.integers(-(10**12), 10**12),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
)
def test_whatever_it_holds_a_table_reads_back(text, cents, local):
    line = Line(text, cents=cents, at=local.replace(tzinfo=PARIS), on=local.date())

    [_heading, cells] = as_csv(line)
    assert int(cells[2].replace(",", "")) == cents
    [name, _n, euros, _q, on, at] = next(as_book(line).active.iter_rows(2, 2, values_only=True))
    assert (name or "") == text.replace("\ufffe", "").replace("\uffff", "")
    assert round(euros * 100) == cents
    assert on.date() == local.date()
    assert abs(at - local) < timedelta(seconds=1)
