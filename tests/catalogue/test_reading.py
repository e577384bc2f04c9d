"""A spreadsheet reads the same however it was saved; what is not one is refused in a word."""

import contextlib
import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from croqualim.catalogue.rules import reading
from croqualim.catalogue.rules.columns import OWN_HEADERS, Layout, read_sheet
from croqualim.catalogue.rules.reading import FileReason, FileRefused, in_text
from tests.catalogue.spreadsheets import HEADERS, HONEY, LENTILS, as_csv, as_xlsx, saved

# Letters that Windows-1252 and UTF-8 cannot mistake for one another; and what cuts badly read CSV.
TEXT = st.text(alphabet="abz éèàçÉ,;'\"\n.", max_size=12).map(reading.clean_text)
NAMES = st.text(alphabet="abcdé", min_size=1, max_size=6)


@st.composite
def tables(draw):
    columns = draw(st.permutations(list(OWN_HEADERS)))
    columns = ["producer", "name", *draw(st.lists(st.sampled_from(columns), unique=True))]
    columns = draw(st.permutations(list(dict.fromkeys(columns))))
    rows = draw(
        st.lists(
            st.fixed_dictionaries({c: NAMES if c == "name" else TEXT for c in columns}),
            min_size=1,
            max_size=5,
        )
    )
    return columns, rows


@settings(deadline=None)
@given(
    tables(),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    st.sampled_from(reading.DELIMITERS),
    st.sampled_from(["\r\n", "\n"]),
    st.integers(0, 2),
    st.randoms(use_true_random=False),
)
def test_a_table_reads_the_same_however_it_was_saved(
    table, encoding, delimiter, ends, blanks, random
):
    columns, rows = table
    headers = [random.choice(OWN_HEADERS[column]) for column in columns]
    headers = [random.choice([header, header.upper(), f" {header} "]) for header in headers]
    lines = [[row[column] for column in columns] for row in rows]

    content = as_csv(
        *[[""] for _ in range(blanks)],
        [h.replace("€", "eur") for h in headers],
        *lines,
        encoding=encoding,
        delimiter=delimiter,
        ends=ends,
    )

    sheet = read_sheet(content)
    assert [dict(row.cells) for row in sheet.rows] == rows
    assert [row.number for row in sheet.rows] == [blanks + 2 + i for i in range(len(rows))]
    assert sheet.ignored == ()
    assert not any(row.overflows for row in sheet.rows)


@settings(max_examples=25, deadline=None)
@given(tables(), st.integers(0, 3))
def test_a_workbook_reads_as_its_text(table, title_rows):
    columns, rows = table
    lines = [[row[column] for column in columns] for row in rows]
    headers = [OWN_HEADERS[column][0] for column in columns]

    sheet = read_sheet(as_xlsx(headers, *lines, title_rows=title_rows))

    assert [dict(row.cells) for row in sheet.rows] == rows
    assert sheet.rows[0].number == title_rows + 2


def test_line_numbers_are_those_that_the_spreadsheet_program_shows():
    long = [*LENTILS[:2], "Lentilles\nvertes", *LENTILS[3:]]

    sheet = read_sheet(as_csv(HEADERS, long, [""] * 7, HONEY))

    assert [row.number for row in sheet.rows] == [2, 4]


def test_a_title_above_and_columns_of_no_use_do_not_disturb():
    content = as_csv(["Catalogue", "mars"], [], ["Photo", *HEADERS], ["a.jpg", *LENTILS])

    sheet = read_sheet(content)

    assert sheet.ignored == ("Photo",)
    assert sheet.rows[0].cells["name"] == "Lentilles vertes"


def test_the_sheet_that_has_the_headers_is_the_one_that_is_read():
    book = Workbook()
    book.active.append(["Lisez-moi"])
    second = book.create_sheet("Produits")
    second.append(HEADERS)
    second.append(LENTILS)

    assert len(read_sheet(saved(book)).rows) == 1


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1 + 0.2, "0.3"),
        (25000.0, "25000"),
        (3760123456789.0, "3760123456789"),
        (1e-07, "0.0000001"),
        (7, "7"),
        (True, "oui"),
        (None, ""),
        (date(2026, 3, 2), "2026-03-02"),
        ("  a\x00\x07\r\nb ", "a\nb"),
        ("'=1+1", "=1+1"),
    ],
)
def test_a_cell_says_what_the_spreadsheet_program_shows(value, shown):
    assert in_text(value) == shown


def test_a_formula_counts_for_its_value_and_is_never_run():
    book = Workbook()
    book.active.append(HEADERS)
    book.active.append([*LENTILS[:5], "=1+2", "1 kg"])

    assert read_sheet(saved(book)).rows[0].cells["price"] == ""


def test_open_food_network_is_recognised_by_its_columns():
    content = as_csv(["producer", "sku", "name", "units", "unit_type", "price"], delimiter=",")

    assert read_sheet(content).layout is Layout.OPEN_FOOD_NETWORK


def test_an_unquoted_comma_is_seen():
    content = as_csv(HEADERS, delimiter=",") + b"Ferme,LEN,Lentilles,500 g,25 kg,3,20,1 kg\r\n"

    assert read_sheet(content).rows[0].overflows


def zipped(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


BOMB = {"[Content_Types].xml": b"", "xl/worksheets/sheet1.xml": b"0" * 100_000_000}
NOT_SPREADSHEETS = {
    "empty": (b"", FileReason.EMPTY),
    "blank": (b" \r\n ;;\r\n", FileReason.EMPTY),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00", FileReason.NOT_A_SPREADSHEET),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileReason.OLD_EXCEL),
    "prose": ("Bonjour à toutes".encode(), FileReason.NO_HEADERS),
    "broken zip": (b"PK\x03\x04 rest", FileReason.NOT_A_SPREADSHEET),
    "some zip": (zipped({"a.txt": b"a"}), FileReason.NOT_A_SPREADSHEET),
    "damaged workbook": (zipped({"[Content_Types].xml": b"<a"}), FileReason.NOT_A_SPREADSHEET),
    "LibreOffice": (zipped({"mimetype": b"a", "content.xml": b"a"}), FileReason.OPEN_DOCUMENT),
    "bomb": (zipped(BOMB), FileReason.TOO_BIG),
    "too heavy": (b"a" * 12_000_001, FileReason.TOO_BIG),
    "a quote never closed": (
        as_csv(HEADERS) + b'Ferme;LEN;"Lentilles;500 g;25 kg;3,20;1 kg\r\nFerme;B;Riz\r\n',
        FileReason.OPEN_QUOTE,
    ),
    "a quote never closed in a long file": (
        as_csv(HEADERS) + b'Ferme;LEN;"Lentilles\r\n' + b"Ferme;B;Riz\r\n" * 20_000,
        FileReason.OPEN_QUOTE,
    ),
    "too long": (as_csv(HEADERS, *[LENTILS] * 50_001), FileReason.TOO_MANY_LINES),
}


@pytest.mark.parametrize(("content", "reason"), NOT_SPREADSHEETS.values(), ids=NOT_SPREADSHEETS)
def test_what_cannot_be_read_is_refused_in_a_word(content, reason):
    with pytest.raises(FileRefused) as refused:
        read_sheet(content)

    assert refused.value.reason is reason


def test_lines_are_counted_as_the_table_has_them_not_as_the_text_has():
    tall = [*LENTILS[:2], "a\nb\nc", *LENTILS[3:]]

    assert len(read_sheet(as_csv(HEADERS, *[tall] * 3000)).rows) == 3000


def test_fifty_thousand_lines_are_read():
    assert len(read_sheet(as_csv(HEADERS, *[LENTILS] * 50_000)).rows) == 50_000


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda b: b"PK\x03\x04" + b))
def test_no_bytes_make_it_fall(content):
    with contextlib.suppress(FileRefused):
        read_sheet(content)
