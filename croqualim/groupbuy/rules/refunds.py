"""What is given back for a product that comes back: what she paid for it, no more, no less.

Refunding handful by handful must add up to refunding the line, whatever the roundings: so what is
given back is what the line cost before, less what it costs after.
"""

from dataclasses import dataclass

from croqualim.groupbuy.rules.pricing import Amounts, line_amounts


@dataclass(frozen=True)
class Bought:
    """A line that was taken home. Quantities in the product's unit, prices in cents."""

    quantity: int  # that she still has, after what she brought back earlier
    cost_price_cents: int
    priced_quantity: int
    share_percent: int

    def amounts(self, quantity: int) -> Amounts:
        return line_amounts(
            quantity,
            cost_price_cents=self.cost_price_cents,
            priced_quantity=self.priced_quantity,
            share_percent=self.share_percent,
        )


def refund_of(line: Bought, quantity: int) -> Amounts:
    """What she gets (`due_cents`) and what the product was worth (`cost_cents`); the envelope gets
    the rest, `subsidy_cents`. ValueError for more than she has, or nothing."""
    if not 0 < quantity <= line.quantity:
        raise ValueError(quantity)
    before, after = line.amounts(line.quantity), line.amounts(line.quantity - quantity)
    return Amounts(before.cost_cents - after.cost_cents, before.due_cents - after.due_cents)
