"""What goods cost that leave the house: what the lot is worth before, less what it is worth after.

Rounding each handful on its own would not add up to what the lot was bought for (fifty times half
a kilo at 3,33 € the kilo is 83,50 €, the sack was 83,25 €), and the book of goods would run dry
before the shelf. So the rounding follows the lot: its parts add up to the cent, whatever they are.
"""

from croqualim.kernel.quantity import price_of


def cost_of_leaving(
    quantity: int, *, remaining: int, price_cents: int, priced_quantity: int
) -> int:
    """Cents. `remaining`: what is left of the lot in the house once `quantity` has gone."""
    before = price_of(remaining + quantity, price_cents, priced_quantity)
    return before - price_of(remaining, price_cents, priced_quantity)
