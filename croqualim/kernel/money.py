"""Money is a whole number of euro cents, in code and in the database."""

import re

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"


def round_half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator to the nearest whole, halves away from zero. The one rounding rule.

    Raises ZeroDivisionError; the denominator must be positive.
    """
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def percent_of(cents: int, percent: int) -> int:
    """A share of an amount, in whole cents: percent_of(333, 50) -> 167."""
    return round_half_up(cents * percent, 100)


def in_euros(cents: int) -> str:
    """1_234_567 -> '12 345,67 €', with the spaces French typography asks for."""
    sign = "−" if cents < 0 else ""
    euros, rest = divmod(abs(cents), 100)
    grouped = f"{euros:,}".replace(",", NARROW_SPACE)
    return f"{sign}{grouped},{rest:02}{NO_BREAK_SPACE}€"


def parse_euros(text: str) -> int:
    """'1 234,5 €' or '1234.50' -> 123450 cents. Raises ValueError on anything else.

    Either the comma or the point marks the decimals, at most two of them; spaces group thousands.
    """
    bare = re.sub(r"[\s\u00a0\u202f€]", "", text)
    match = re.fullmatch(r"(-?)(\d{1,9})(?:[.,](\d{1,2}))?", bare)
    if match is None:
        raise ValueError(text)
    sign, euros, cents = match.groups()
    value = int(euros) * 100 + int((cents or "").ljust(2, "0"))
    return -value if sign else value
