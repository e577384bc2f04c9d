from collections.abc import Mapping

from croqualim.catalogue.models import Product


class NotEnoughGoods(Exception):
    """The place does not hold, free of reservations, what was asked of it.

    `missing` says how much of each product, in its own unit; `product` and `missing_quantity` are
    the first of them.
    """

    def __init__(self, missing: Mapping[Product, int]) -> None:
        super().__init__(", ".join(f"{product}: {missing[product]}" for product in missing))
        self.missing = missing
        self.product, self.missing_quantity = next(iter(missing.items()))

    @classmethod
    def of(cls, missing: Mapping[int, int]) -> "NotEnoughGoods":
        """The same, from product ids."""
        products = Product.objects.in_bulk(list(missing))
        return cls({products[product_id]: missing[product_id] for product_id in missing})
