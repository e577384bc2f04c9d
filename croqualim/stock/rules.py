from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Shelf:
    """What of one lot may be taken from one place. Quantities are in the product's own unit."""

    level_id: int
    product_id: int
    quantity: int
    best_before_on: date | None
    received_at: datetime


def pick(
    shelves: Iterable[Shelf], wanted: Mapping[int, int]
) -> tuple[dict[int, int], dict[int, int]]:
    """How much to take from each level, and what is missing of each product.

    What expires first goes first (FEFO), what never expires goes last; then the oldest received.
    """
    left = {product_id: quantity for product_id, quantity in wanted.items() if quantity}
    taken: dict[int, int] = {}
    for shelf in sorted(shelves, key=_turn):
        quantity = min(left.get(shelf.product_id, 0), shelf.quantity)
        if quantity > 0:
            taken[shelf.level_id] = quantity
            left[shelf.product_id] -= quantity
    return taken, {product_id: quantity for product_id, quantity in left.items() if quantity}


def _turn(shelf: Shelf) -> tuple[date, datetime, int]:
    return (shelf.best_before_on or date.max, shelf.received_at, shelf.level_id)
