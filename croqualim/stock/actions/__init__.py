"""What may happen to goods. Each thing carries a key: done twice under one key, it is done once.

lots          goods that arrive, and goods that are lost
movements     of one lot from a place to another, and back (a reversal)
picking       of a product, whichever lots expire first
reservations  a quantity held before it moves
"""

from croqualim.ledger.actions import AlreadyReversed, KeyReused
from croqualim.stock.actions.locations import open_location
from croqualim.stock.actions.lots import receive_lot, write_off
from croqualim.stock.actions.movements import move, move_lots, reverse, reverse_many
from croqualim.stock.actions.picking import move_many, move_out, move_reserved
from croqualim.stock.actions.refusals import NotEnoughGoods
from croqualim.stock.actions.reservations import release, reserve, reserve_each, reserve_many

__all__ = [
    "AlreadyReversed",
    "KeyReused",
    "NotEnoughGoods",
    "move",
    "move_lots",
    "move_many",
    "move_out",
    "move_reserved",
    "open_location",
    "receive_lot",
    "release",
    "reserve",
    "reserve_each",
    "reserve_many",
    "reverse",
    "reverse_many",
    "write_off",
]
