"""Open Food Network's columns, as they are.

A line is a variant: `price` is for `units` of `unit_type` (g, kg, T, mL, L, kL), or for `units`
items called `variant_unit_name` when there is no `unit_type`. Several lines may be variants of one
`name`; what tells them apart is the sku, or else the display name and the size.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import partial

from croqualim.catalogue.rules import words
from croqualim.catalogue.rules.cells import (
    MAX_QUANTITY,
    Amount,
    Reason,
    Unreadable,
    read_price,
    read_text,
)
from croqualim.catalogue.rules.columns import Row
from croqualim.catalogue.rules.entries import Entry, Reader, Value
from croqualim.kernel.quantity import Unit, in_words
from croqualim.kernel.text import fold

UNIT_TYPES: Mapping[str, tuple[Unit, int]] = {
    "g": (Unit.GRAM, 1),
    "kg": (Unit.GRAM, 1000),
    "t": (Unit.GRAM, 1_000_000),
    "ml": (Unit.MILLILITRE, 1),
    "cl": (Unit.MILLILITRE, 10),
    "l": (Unit.MILLILITRE, 1000),
    "kl": (Unit.MILLILITRE, 1_000_000),
    "": (Unit.PIECE, 1),
}
IMPERIAL = {"lb", "oz"}


def ofn_entry(row: Row) -> Entry:
    reader = Reader(row)
    producer = reader.producer()
    amount = reader.read("units", lambda units: read_units(units, row.cells.get("unit_type", "")))
    sku = reader.line_of_text("sku")
    item = reader.read("variant_unit_name", partial(read_text, "packaging_name"))
    said: dict[str, Value | None] = {
        "sku": sku,
        "name": reader.read("name", lambda name: variant_name(name, row, amount, sku)),
        "description": reader.read("description", partial(read_text, "description")),
        "price_cents": reader.read("price", read_price),
        "priced_quantity": amount.quantity if amount else None,
        "unit": amount.unit.value if amount and amount.unit else None,
    }
    return reader.entry(producer, said, assumed(row, amount, item))


def read_units(units: str, unit_type: str) -> Amount:
    """'0.25', 'kg' -> 250 g. Raises Unreadable; an ounce is no whole number of grams."""
    given = f"{units} {unit_type}".strip()
    if fold(unit_type) in IMPERIAL:
        raise Unreadable(Reason.NOT_METRIC, given)
    try:
        unit, size = UNIT_TYPES[fold(unit_type)]
        value = Decimal(units.replace(",", ".")) * size
    except (KeyError, InvalidOperation) as error:
        raise Unreadable(Reason.NOT_A_QUANTITY, given) from error
    if not value.is_finite() or value != int(value) or not 0 < value <= MAX_QUANTITY:
        raise Unreadable(Reason.NOT_A_QUANTITY, given)
    return Amount(int(value), unit)


def variant_name(name: str, row: Row, amount: Amount | None, sku: str | None) -> str:
    """'Pommes · Fuji'; without a sku, the size too: 'Pommes · Fuji · 1 kg'. Raises Unreadable."""
    display = row.cells.get("display_name", "")
    parts = [name, display if fold(display) != fold(name) else ""]
    if amount and amount.unit and not sku:
        parts.append(in_words(amount.quantity, amount.unit))
    return read_text("name", " · ".join(" ".join(part.split()) for part in parts if part))


def assumed(row: Row, amount: Amount | None, item: str | None) -> dict[str, Value]:
    """What the coordinator may set otherwise afterwards, without the next import undoing it."""
    family = words.FAMILIES.get(fold(row.cells.get("category", "")), "grocery")
    quantities: dict[str, Value] = {}
    if amount:
        quantities = {"step_quantity": amount.quantity, "packaging_quantity": amount.quantity}
    return {"family": family, "packaging_name": item or ""} | quantities
