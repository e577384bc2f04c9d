"""What arrived, at what price, and who gets what of it when it is less than what was asked.

There is no rule that serves reduced shares first: whoever reads two orders of a short delivery side
by side would know who pays one (docs/decisions/0013-short-deliveries.md). Small orders first helps
those who buy little and tells nothing that the orders do not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from croqualim.kernel.quantity import price_of
from croqualim.solvers import sharing


class Rule(StrEnum):
    """How what came is shared out; the first is what happens when nobody chooses."""

    PRO_RATA = "pro rata"
    EQUAL_CEILING = "equal ceiling"
    FIRST_COME = "first come"
    SMALLEST_FIRST = "smallest first"


SHARED_BY: Mapping[Rule, sharing.Share] = {
    Rule.PRO_RATA: sharing.pro_rata,
    Rule.EQUAL_CEILING: sharing.equal_ceiling,
    Rule.FIRST_COME: sharing.first_come,
    Rule.SMALLEST_FIRST: sharing.smallest_first,
}


@dataclass(frozen=True)
class Price:
    """Cents for so many base units."""

    cents: int
    per_quantity: int

    def of(self, quantity: int) -> int:
        return price_of(quantity, self.cents, self.per_quantity)


@dataclass(frozen=True)
class Received:
    """What came of one lot of a line of a purchase order, in base units."""

    quantity: int  # accepted, and owed to the producer
    lot_code: str = ""
    best_before_on: date | None = None
    lost_quantity: int = 0  # of it, too damaged to be shared out; owed all the same
    refused_quantity: int = 0  # besides it, sent back with the lorry; not owed
    damage: str = ""  # why there is something lost or refused
    price_cents: int | None = None  # what the producer asks today, if it is not the offer's price

    @property
    def is_nothing(self) -> bool:
        return not self.quantity and not self.refused_quantity

    @property
    def kept_quantity(self) -> int:
        return self.quantity - self.lost_quantity


@dataclass(frozen=True)
class Asked:
    """A line that waits for what its closing promised it. Sequences go by who ordered first."""

    line_id: int
    quantity: int


def delivery_key(purchase_order_id: int, number: int) -> str:
    """What all that a delivery writes in the books begins with."""
    return f"delivery:{purchase_order_id}:{number}"


class Reason(StrEnum):
    """Why a reception, or its undoing, is refused."""

    NOT_ALL_LINES = "not all lines"
    RECEIVED_OTHERWISE = "received otherwise"
    SETTLED = "settled"
    NO_REASON = "no reason"
    GOODS_GONE = "goods gone"
    PRODUCER_PAID = "producer paid"
    ENVELOPE_SHORT = "envelope short"
    NOT_THE_LAST = "not the last"


class ReceptionRefused(Exception):
    """Nothing was written; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def shares(
    asked: Sequence[Asked], available: int, step: int, rule: Rule = Rule.PRO_RATA
) -> dict[int, int]:
    """line id -> what it gets of what is available; everything asked when there is enough."""
    if available >= sum(line.quantity for line in asked):
        return {line.line_id: line.quantity for line in asked}
    given = SHARED_BY[rule]([line.quantity for line in asked], max(available, 0), step)
    return {line.line_id: quantity for line, quantity in zip(asked, given, strict=True)}


@dataclass(frozen=True)
class Effect:
    """What receiving so much of a line does, in base units; to be read before it is done."""

    expected: int  # still awaited of the purchase order
    received: int  # that can be shared out
    asked: int  # by orders that still wait for the goods
    available: int  # for them: the warehouse's part and all that came
    adjusted_orders: int  # that get less than they asked if nothing else comes

    @property
    def is_short(self) -> bool:
        return self.available < self.asked

    @property
    def to_warehouse(self) -> int:
        """What nobody ordered and the warehouse keeps."""
        return max(0, min(self.received, self.available - self.asked))


def effect(
    *,
    expected: int,
    received: int,
    before: int,
    asked: Sequence[Asked],
    step: int,
    rule: Rule = Rule.PRO_RATA,
) -> Effect:
    """`before`: what those orders could already count on."""
    available = before + received
    given = shares(asked, available, step, rule)
    return Effect(
        expected=expected,
        received=received,
        asked=sum(line.quantity for line in asked),
        available=available,
        adjusted_orders=sum(given[line.line_id] < line.quantity for line in asked),
    )


def is_complete(received: Mapping[int, Sequence[Received]], line_ids: Sequence[int]) -> bool:
    """Each line is answered: a line forgotten is not a line of which nothing came."""
    return set(received) == set(line_ids)


def members_price_cents(announced: Price, cost_price_cents: int, asked: Iterable[int]) -> int:
    """What members pay at the full price, for as much as `announced`: the cost price follows the
    producer down and never up (docs/decisions/0013-short-deliveries.md).

    `announced` was her price when people ordered, `cost_price_cents` what it came to with the
    collective's handling share; `asked` are her prices of what came since. The dearest decides.
    """
    dearest = max(asked, default=announced.cents)
    return max(0, cost_price_cents - max(0, announced.cents - dearest))
