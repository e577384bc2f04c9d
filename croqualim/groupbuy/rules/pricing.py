"""What a line costs, and what a member pays of it.

The farmer's price plus the collective's handling share is the cost price; a member pays a share
of the cost. Each is rounded once, half up, at the line (`kernel.money.round_half_up`).
"""

from dataclasses import dataclass

from croqualim.kernel.money import percent_of
from croqualim.kernel.quantity import price_of


@dataclass(frozen=True)
class Amounts:
    cost_cents: int
    due_cents: int

    @property
    def subsidy_cents(self) -> int:
        """What an envelope pays; negative when the member gives more than the cost."""
        return self.cost_cents - self.due_cents

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(self.cost_cents + other.cost_cents, self.due_cents + other.due_cents)


NOTHING = Amounts(0, 0)


def cost_price_cents(farmer_price_cents: int, handling_percent: int) -> int:
    return farmer_price_cents + percent_of(farmer_price_cents, handling_percent)


def line_amounts(
    quantity: int, *, cost_price_cents: int, priced_quantity: int, share_percent: int
) -> Amounts:
    """A line's full cost and what is due at a share, in cents."""
    cost = price_of(quantity, cost_price_cents, priced_quantity)
    return Amounts(cost, percent_of(cost, share_percent))


def total(amounts: "list[Amounts]") -> Amounts:
    return sum(amounts, NOTHING)
