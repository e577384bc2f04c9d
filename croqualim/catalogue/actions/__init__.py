"""What people do with a catalogue. Whatever changes one holds its buyer's row: one at a time.

products    add, describe, price, retire
importing   a spreadsheet: draft, apply
"""

from croqualim.catalogue.actions.products import (
    ProductRefused,
    add_product,
    bring_back,
    change_product,
    retire_product,
    set_price,
)

__all__ = [
    "ProductRefused",
    "add_product",
    "bring_back",
    "change_product",
    "retire_product",
    "set_price",
]
