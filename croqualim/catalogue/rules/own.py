"""Our own columns: quantities as people write them, '500 g', 'sac de 25 kg', '3,20' pour '1 kg'."""

from functools import partial

from croqualim.catalogue.rules import words
from croqualim.catalogue.rules.cells import (
    Amount,
    Problem,
    Reason,
    Unreadable,
    read_amount,
    read_codes,
    read_packaging,
    read_price,
    read_text,
    read_yes_or_no,
)
from croqualim.catalogue.rules.columns import Row
from croqualim.catalogue.rules.entries import Entry, Reader, Value
from croqualim.catalogue.rules.season import read_season
from croqualim.kernel.quantity import Unit
from croqualim.kernel.text import fold


def own_entry(row: Row) -> Entry:
    reader = Reader(row)
    producer = reader.producer()
    said: dict[str, Value | None] = {
        "sku": reader.line_of_text("sku"),
        "name": reader.line_of_text("name"),
        "family": reader.read("family", read_family),
        "description": reader.read("description", partial(read_text, "description")),
        "origin": reader.line_of_text("origin"),
        "labels": reader.read(
            "labels", lambda text: read_codes(words.LABELS, text, Reason.UNKNOWN_LABEL)
        ),
        "allergens": reader.read(
            "allergens", lambda text: read_codes(words.ALLERGENS, text, Reason.UNKNOWN_ALLERGEN)
        ),
        "is_active": reader.read("is_active", read_yes_or_no),
        "season_months": reader.read("season", read_season),
        "price_cents": reader.read("price", read_price),
    }
    quantities, assumed = quantities_of(reader)
    return reader.entry(producer, said | quantities, {"family": "grocery"} | assumed)


def read_family(text: str) -> str:
    if family := words.FAMILIES.get(fold(text)):
        return family
    raise Unreadable(Reason.UNKNOWN_FAMILY, text)


def quantities_of(reader: Reader) -> tuple[dict[str, Value | None], dict[str, Value]]:
    """The three quantities of a line, in one unit; a new product goes by the priced quantity."""
    step = reader.read("step", read_amount)
    packaging = reader.read("packaging", read_packaging)
    priced = reader.read("priced", read_amount)
    amounts = [a for a in (step, packaging.amount if packaging else None, priced) if a]
    units = {amount.unit for amount in amounts}
    if len(units - {Unit.PIECE, None}) + bool(units & {Unit.PIECE, None}) > 1:
        cells = (reader.row.cells.get(column, "") for column in ("step", "packaging", "priced"))
        reader.problems.append(
            Problem(Reason.UNITS_DIFFER, "unit", ", ".join(cell for cell in cells if cell))
        )
    unit = next((amount.unit or Unit.PIECE for amount in amounts), None)
    said: dict[str, Value | None] = {
        "unit": unit.value if unit else None,
        "step_quantity": step.quantity if step else None,
        "packaging_quantity": packaging.amount.quantity if packaging else None,
        "packaging_name": packaging.name if packaging else None,
        "priced_quantity": priced.quantity if priced else None,
    }
    return said, assumed_quantities(step or priced)


def assumed_quantities(amount: Amount | None) -> dict[str, Value]:
    if amount is None:
        return {}
    return {"step_quantity": amount.quantity, "packaging_quantity": amount.quantity}
