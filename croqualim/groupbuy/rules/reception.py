"""What arrived, and who gets what of it when it is less than what was asked.

The rule, said on the page: pro rata of what each asked, by the steps in which the product is
ordered, the last steps to the largest remainders, ties to who ordered first
(`solvers.sharing.share_out`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from croqualim.solvers.sharing import share_out


@dataclass(frozen=True)
class Received:
    """What came of one line of a purchase order; 0 when nothing did."""

    quantity: int
    lot_code: str = ""
    best_before_on: date | None = None


@dataclass(frozen=True)
class Asked:
    """A line that waits for what its closing promised it. Sequences go by who ordered first."""

    line_id: int
    quantity: int


class Reason(StrEnum):
    """Why a reception, or its undoing, is refused."""

    NOT_ALL_LINES = "not all lines"
    RECEIVED_OTHERWISE = "received otherwise"
    SETTLED = "settled"
    NO_REASON = "no reason"
    GOODS_GONE = "goods gone"
    PRODUCER_PAID = "producer paid"
    ENVELOPE_SHORT = "envelope short"


class ReceptionRefused(Exception):
    """Nothing was written; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def shares(asked: Sequence[Asked], available: int, step: int) -> dict[int, int]:
    """line id -> what it gets of what is available; everything asked when there is enough."""
    if available >= sum(line.quantity for line in asked):
        return {line.line_id: line.quantity for line in asked}
    given = share_out([line.quantity for line in asked], max(available, 0), step)
    return {line.line_id: quantity for line, quantity in zip(asked, given, strict=True)}


@dataclass(frozen=True)
class Effect:
    """What receiving so much of a line does, in base units; to be read before it is done."""

    expected: int  # on the purchase order
    received: int
    asked: int  # by orders that still wait for the goods
    available: int  # for them: the warehouse's part and what is received
    adjusted_orders: int  # that get less than they asked

    @property
    def is_short(self) -> bool:
        return self.available < self.asked

    @property
    def to_warehouse(self) -> int:
        """What nobody ordered and the warehouse keeps."""
        return max(0, min(self.received, self.available - self.asked))


def effect(
    *, expected: int, received: int, promised: int, asked: Sequence[Asked], step: int
) -> Effect:
    """`promised`: what the warehouse gives to those orders."""
    available = promised + received
    given = shares(asked, available, step)
    return Effect(
        expected=expected,
        received=received,
        asked=sum(line.quantity for line in asked),
        available=available,
        adjusted_orders=sum(given[line.line_id] < line.quantity for line in asked),
    )


def is_complete(received: Mapping[int, Received], line_ids: Sequence[int]) -> bool:
    """Each line is answered, once: a line forgotten is not a line of which nothing came."""
    return set(received) == set(line_ids)
