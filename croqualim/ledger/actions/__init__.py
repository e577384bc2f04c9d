"""What may happen to money. Each thing carries a key: done twice under one key, it is done once.

transfers     from an account to another, and back (a reversal)
reservations  an amount held before it moves
envelopes     a funder's money, opened and filled
"""

from croqualim.ledger.actions.accounts import open_account
from croqualim.ledger.actions.envelopes import open_envelope, top_up_envelope
from croqualim.ledger.actions.refusals import AlreadyReversed, KeyReused, NotEnough
from croqualim.ledger.actions.reservations import (
    pay_reserved,
    release,
    release_many,
    reserve,
    reserve_many,
)
from croqualim.ledger.actions.transfers import reverse, transfer

__all__ = [
    "AlreadyReversed",
    "KeyReused",
    "NotEnough",
    "open_account",
    "open_envelope",
    "pay_reserved",
    "release",
    "release_many",
    "reserve",
    "reserve_many",
    "reverse",
    "top_up_envelope",
    "transfer",
]
