"""A month made again: what the catalogue says otherwise than last time, before it is made."""

from dataclasses import dataclass
from enum import StrEnum

from croqualim.kernel.money import round_half_up


@dataclass(frozen=True)
class Terms:
    """What a product was offered at, or would be today. Quantities in its units."""

    price_cents: int  # the producer's, for priced_quantity
    priced_quantity: int
    step_quantity: int
    packaging_quantity: int


class Remark(StrEnum):
    DEARER = "dearer"
    CHEAPER = "cheaper"
    PACKAGING = "packaging"
    STEP = "step"
    OUT_OF_SEASON = "out of season"
    WITHDRAWN = "withdrawn"  # taken off the last cycle while it ran


def remarks(
    then: Terms, today: Terms, *, is_fresh: bool = True, was_withdrawn: bool = False
) -> list[Remark]:
    """All that is worth a look before offering it again; nothing when it is as it was."""
    difference = _difference(then, today)
    said = {
        Remark.DEARER: difference > 0,
        Remark.CHEAPER: difference < 0,
        Remark.PACKAGING: then.packaging_quantity != today.packaging_quantity,
        Remark.STEP: then.step_quantity != today.step_quantity,
        Remark.OUT_OF_SEASON: not is_fresh,
        Remark.WITHDRAWN: was_withdrawn,
    }
    return [remark for remark, is_so in said.items() if is_so]


def percent_change(then: Terms, today: Terms) -> int | None:
    """By how much the same quantity costs more (or less, below 0), in whole per cent.

    None when it cost nothing. A change below half a per cent is 0.
    """
    before = then.price_cents * today.priced_quantity
    return round_half_up(100 * _difference(then, today), before) if before else None


def _difference(then: Terms, today: Terms) -> int:
    """Of the prices of the same quantity: cents times units, so that nothing is rounded."""
    return today.price_cents * then.priced_quantity - then.price_cents * today.priced_quantity
