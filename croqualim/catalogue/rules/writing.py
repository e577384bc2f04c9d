"""A catalogue -> CSV or XLSX in our own columns, such that reading it back changes nothing."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from croqualim.catalogue.rules import words
from croqualim.catalogue.rules.cells import disarm
from croqualim.catalogue.rules.columns import OWN_HEADERS
from croqualim.catalogue.rules.entries import Value
from croqualim.catalogue.rules.season import months_of, season_in_words
from croqualim.kernel.money import NARROW_SPACE, NO_BREAK_SPACE, in_euros
from croqualim.kernel.quantity import in_words

HEADERS = tuple(several[0] for several in OWN_HEADERS.values())
WIDTHS = (28, 12, 34, 26, 40, 16, 20, 10, 12, 24, 26, 26, 10, 26)


@dataclass(frozen=True)
class Listed:
    producer: str
    values: Mapping[str, Value]


EXAMPLES = (
    Listed(
        "Ferme des Alpilles",
        {
            "sku": "LEN-V",
            "name": "Lentilles vertes",
            "family": "pulses",
            "description": "Récolte de l’été.",
            "unit": "g",
            "step_quantity": 500,
            "packaging_quantity": 25_000,
            "packaging_name": "sac",
            "price_cents": 320,
            "priced_quantity": 1000,
            "origin": "Arles",
            "labels": ["ab"],
            "allergens": [],
            "is_active": True,
            "season_months": [],
        },
    ),
    Listed(
        "Moulin du Luberon",
        {
            "sku": "SPAG",
            "name": "Spaghettis, paquet de 500 g",
            "family": "pasta",
            "description": "",
            "unit": "piece",
            "step_quantity": 1,
            "packaging_quantity": 12,
            "packaging_name": "carton",
            "price_cents": 185,
            "priced_quantity": 1,
            "origin": "Apt",
            "labels": ["ab", "farm"],
            "allergens": ["gluten"],
            "is_active": True,
            "season_months": [],
        },
    ),
)


def in_cells(listed: Listed) -> list[str]:
    """One line, as people write it, in the order of the headers."""
    values = listed.values
    unit = str(values["unit"])
    packaging = quantity(values["packaging_quantity"], unit)
    if values["packaging_name"]:
        packaging = f"{values['packaging_name']} de {packaging}"
    cells = {
        "producer": listed.producer,
        "family": words.written(words.FAMILY_WORDS, str(values["family"])),
        "step": quantity(values["step_quantity"], unit),
        "packaging": packaging,
        "price": plain(in_euros(whole(values["price_cents"]))).removesuffix("€").replace(" ", ""),
        "priced": quantity(values["priced_quantity"], unit),
        "labels": several(words.LABEL_WORDS, values["labels"]),
        "allergens": several(words.ALLERGEN_WORDS, values["allergens"]),
        "is_active": "oui" if values["is_active"] else "non",
        "season": season_in_words(months_of(values["season_months"])),
    }
    return [disarm(cells.get(column) or str(values.get(column, ""))) for column in OWN_HEADERS]


def whole(value: Value) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value


def quantity(value: Value, unit: str) -> str:
    return plain(in_words(whole(value), unit))


def plain(text: str) -> str:
    """With the spaces of a keyboard, which people can type and search for."""
    return text.replace(NARROW_SPACE, "").replace(NO_BREAK_SPACE, " ")


def several(known: Mapping[str, tuple[str, ...]], codes: Value) -> str:
    return (
        ", ".join(words.written(known, str(code)) for code in codes)
        if isinstance(codes, list)
        else ""
    )


def as_csv(lines: Iterable[Listed]) -> bytes:
    """For French spreadsheet programs: semicolons, and UTF-8 with its mark."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, delimiter=";")
    rows.writerow(HEADERS)
    rows.writerows(in_cells(line) for line in lines)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(lines: Iterable[Listed]) -> bytes:
    book = Workbook()
    sheet = book.create_sheet("Produits", 0)
    book.remove(book.worksheets[1])
    sheet.append(HEADERS)
    for line in lines:
        sheet.append(in_cells(line))
    for place, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.cell(1, place).font = Font(bold=True)
        sheet.cell(1, place).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
