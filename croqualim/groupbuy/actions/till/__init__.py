"""What a volunteer does at the shop of one evening. One lock: the shop's row (see `opening`).

serving    who is here; goods given, money taken; and back
absence    those who did not come
selling    what is left, to whoever is there
prepaid    money put on a household's account
counting   the cash beside what the payments say
shutting   the rest sent back, the shop closed
"""

from croqualim.groupbuy.actions.till.absence import mark_absent, mark_all_absent, undo_absent
from croqualim.groupbuy.actions.till.counting import count_till
from croqualim.groupbuy.actions.till.opening import ShopRefused
from croqualim.groupbuy.actions.till.prepaid import top_up, undo_top_up
from croqualim.groupbuy.actions.till.selling import sell_freely, undo_free_sale
from croqualim.groupbuy.actions.till.serving import (
    check_in,
    hand_over,
    undo_check_in,
    undo_hand_over,
)
from croqualim.groupbuy.actions.till.shutting import close_shop

__all__ = [
    "ShopRefused",
    "check_in",
    "close_shop",
    "count_till",
    "hand_over",
    "mark_absent",
    "mark_all_absent",
    "sell_freely",
    "top_up",
    "undo_absent",
    "undo_check_in",
    "undo_free_sale",
    "undo_hand_over",
    "undo_top_up",
]
