"""What a household usually takes: what was in at least half of its last orders, as much of it as
in the middle one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from croqualim.groupbuy.rules.ordering import Offered

LAST_ORDERS = 4


def usual(orders: Sequence[Mapping[int, int]]) -> dict[int, int]:
    """product id -> its usual quantity, from what the last orders asked for, the latest first.

    A product counts when at least half of the last four orders have it (of two orders: one of
    them); its quantity is the median of those it was asked in, the lower of two in the middle.
    """
    last = [order for order in orders if order][:LAST_ORDERS]
    asked: dict[int, list[int]] = {}
    for order in last:
        for product, quantity in order.items():
            asked.setdefault(product, []).append(quantity)
    return {
        product: median_low(quantities)
        for product, quantities in asked.items()
        if 2 * len(quantities) >= len(last)
    }


@dataclass(frozen=True)
class Refill:
    """What of her habits can be had this month, and what cannot."""

    quantities: Mapping[int, int]  # product id -> quantity, on a step and within what is left
    less: frozenset[int] = frozenset()  # of which there is less than usual
    missing: frozenset[int] = frozenset()  # not offered, or none left


def refill(habits: Mapping[int, int], offered: Mapping[int, Offered]) -> Refill:
    """`offered`: by product id. A step that changed since rounds up to the next whole one."""
    had = {
        product: _had(quantity, offered[product]) if product in offered else 0
        for product, quantity in habits.items()
    }
    return Refill(
        quantities={product: quantity for product, quantity in had.items() if quantity},
        less=frozenset(p for p, quantity in had.items() if 0 < quantity < habits[p]),
        missing=frozenset(product for product, quantity in had.items() if not quantity),
    )


def _had(quantity: int, offer: Offered) -> int:
    if offer.is_withdrawn:
        return 0
    wanted = min(-(-quantity // offer.step_quantity) * offer.step_quantity, offer.most)
    if offer.left is None:
        return wanted
    return max(min(wanted, offer.left // offer.step_quantity * offer.step_quantity), 0)
