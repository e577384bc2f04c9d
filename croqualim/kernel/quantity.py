"""Quantities are whole grams, millilitres or pieces; the unit belongs to the product."""

import re
from enum import StrEnum

from croqualim.kernel.money import NARROW_SPACE, NO_BREAK_SPACE, in_euros, round_half_up


class Unit(StrEnum):
    """The base unit in which a product is counted."""

    GRAM = "g"
    MILLILITRE = "ml"
    PIECE = "piece"


# base unit -> (bigger unit's symbol, how many base units it holds, how it is said)
BIGGER = {Unit.GRAM: ("kg", 1000, "le kilo"), Unit.MILLILITRE: ("l", 1000, "le litre")}
IN_BASE_UNITS = {
    "g": (Unit.GRAM, 1),
    "gr": (Unit.GRAM, 1),
    "kg": (Unit.GRAM, 1000),
    "t": (Unit.GRAM, 1_000_000),
    "ml": (Unit.MILLILITRE, 1),
    "cl": (Unit.MILLILITRE, 10),
    "l": (Unit.MILLILITRE, 1000),
    "piece": (Unit.PIECE, 1),
    "pièce": (Unit.PIECE, 1),
    "pièces": (Unit.PIECE, 1),
    "": (Unit.PIECE, 1),
}


def in_words(quantity: int, unit: Unit | str) -> str:
    """(3500, GRAM) -> '3,5 kg'; (250, GRAM) -> '250 g'; (1, PIECE) -> '1 pièce'."""
    unit = Unit(unit)
    if unit is Unit.PIECE:
        return f"{_grouped(quantity)}{NO_BREAK_SPACE}pièce{'s' if abs(quantity) > 1 else ''}"
    symbol, size, _ = BIGGER[unit]
    if abs(quantity) < size:
        return f"{quantity}{NO_BREAK_SPACE}{unit.value}"
    sign = "−" if quantity < 0 else ""
    whole, rest = divmod(abs(quantity), size)
    decimals = f",{rest:03}".rstrip("0") if rest else ""
    return f"{sign}{_grouped(whole)}{decimals}{NO_BREAK_SPACE}{symbol}"


def price_in_words(price_cents: int, per_quantity: int, unit: Unit | str) -> str:
    """(320, 1000, GRAM) -> '3,20 € le kilo'; (450, 250, GRAM) -> '4,50 € les 250 g'."""
    unit = Unit(unit)
    if unit is Unit.PIECE:
        per = "la pièce" if per_quantity == 1 else f"les {in_words(per_quantity, unit)}"
    elif per_quantity == BIGGER[unit][1]:
        per = BIGGER[unit][2]
    else:
        per = f"les {in_words(per_quantity, unit)}"
    return f"{in_euros(price_cents)} {per}"


def price_of(quantity: int, price_cents: int, per_quantity: int) -> int:
    """What a quantity costs, in whole cents, rounded once, at the line."""
    return round_half_up(price_cents * quantity, per_quantity)


def parse_quantity(text: str, unit: Unit | str) -> int:
    """'2,5 kg', '2.5kg', '500 g' -> whole base units of the product's unit.

    A bare number is in base units. Raises ValueError on anything else, on a unit of another
    kind, on a negative number, and on what is finer than the base unit.
    """
    unit = Unit(unit)
    match = re.fullmatch(r"(\d{1,9})(?:[.,](\d{1,6}))?\s*([a-zè]*)", text.strip().lower())
    if match is None:
        raise ValueError(text)
    whole, decimals, symbol = match.groups()
    if symbol not in IN_BASE_UNITS:
        raise ValueError(text)
    kind, size = IN_BASE_UNITS[symbol] if symbol else (unit, 1)
    decimals = decimals or ""
    value, remainder = divmod(int(whole + decimals) * size, int("1" + "0" * len(decimals)))
    if kind is not unit or remainder:
        raise ValueError(text)
    return value


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", NARROW_SPACE)
