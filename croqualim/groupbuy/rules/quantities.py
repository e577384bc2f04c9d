"""Quantities as people say them: '2', '1,5 kg', '3 kilos', '500'."""

import re

from croqualim.kernel.quantity import BIGGER, Unit, parse_quantity

# what is said -> what is written
SPOKEN = {
    "kilo": "kg",
    "kilos": "kg",
    "k": "kg",
    "gramme": "g",
    "grammes": "g",
    "litre": "l",
    "litres": "l",
    "pieces": "pièces",
    "x": "",
}


def said_quantity(text: str, unit: Unit | str) -> int:
    """'2' of something weighed -> 2000 g; '12' of something counted -> 12. Base units.

    Raises ValueError on what is no quantity, or of another kind of unit.
    """
    return parse_quantity(with_unit(_written(text), unit), unit)


def with_unit(text: str, unit: Unit | str) -> str:
    """A bare number is said in kilos or litres, as the price is: '2' -> '2 kg'; '500' -> '500 g'.

    Nobody asks for 500 kilos of lentils, nor for 2 grams.
    """
    bare = text.strip().replace(",", ".")
    if unit == Unit.PIECE or not bare.replace(".", "", 1).isdecimal():
        return text
    is_big = "." in bare or len(bare) <= 2
    return f"{text} {BIGGER[Unit(unit)][0] if is_big else Unit(unit).value}"


def _written(text: str) -> str:
    match = re.fullmatch(r"([\d.,]+)\s*([^\W\d]+)", text.strip().lower())
    if match is None:
        return text
    number, symbol = match.groups()
    return f"{number} {SPOKEN.get(symbol, symbol)}".strip()
