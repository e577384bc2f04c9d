"""What is bought of a product once everybody has ordered: the warehouse first, whole packagings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Purchase:
    """Of one product, in its base units."""

    ordered: int
    from_stock: int  # what the warehouse gives
    packages: int  # what the producer is asked for …
    quantity: int  # … packages × packaging

    @property
    def needed(self) -> int:
        """What the orders ask beyond what the warehouse gives."""
        return self.ordered - self.from_stock

    @property
    def extra(self) -> int:
        """What the rounding up leaves for the warehouse."""
        return self.quantity - self.needed


def plan(ordered: int, available: int, packaging: int) -> Purchase:
    """Serve `ordered` from what is `available`, then by the fewest whole packagings.

    All in base units. Raises ValueError for a packaging that is not positive or for negative
    quantities.
    """
    if packaging <= 0 or ordered < 0 or available < 0:
        raise ValueError("quantities are not negative and a packaging holds something")
    from_stock = min(ordered, available)
    packages = -((from_stock - ordered) // packaging)
    return Purchase(ordered, from_stock, packages, packages * packaging)


def stock_key(cycle_id: int, product_id: int) -> str:
    """The reservation that holds, in the warehouse, what a cycle's orders will take."""
    return f"cycle:{cycle_id}:product:{product_id}"
