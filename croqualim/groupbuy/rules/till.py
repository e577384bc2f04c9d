"""The evening at the shop: who is where, what stands in the way, how a payment is shared out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from croqualim.kernel.text import fold

# What is in the box, biggest first, in cents: notes, then coins.
NOTES = (10_000, 5_000, 2_000, 1_000, 500)
COINS = (200, 100, 50, 20, 10, 5, 2, 1)


class State(StrEnum):
    """Where an order is, in the order in which the till looks at them."""

    TO_COME = "to_come"
    ARRIVED = "arrived"
    SERVED = "served"
    ABSENT = "absent"


class Reason(StrEnum):
    NOT_BOUGHT = "not bought"
    NOT_PREPARED = "not prepared"
    SHOP_CLOSED = "shop closed"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    ALREADY_SERVED = "already served"
    IS_ABSENT = "is absent"
    AMOUNT_CHANGED = "amount changed"
    PREPAID_SHORT = "prepaid short"
    BOX_SHORT = "box short"
    GOODS_MISSING = "goods missing"
    NOT_IN_WAREHOUSE = "not in warehouse"
    HANDED_OVER = "handed over"
    ENVELOPE_SHORT = "envelope short"
    NOTHING_CHOSEN = "nothing chosen"
    NOT_A_STEP = "not a step"
    NOT_ENOUGH_LEFT = "not enough left"
    NOT_COUNTED = "not counted"
    LOST_TOO_MUCH = "lost too much"
    NO_REASON = "no reason"
    PAGE_USED = "page used"
    NOT_SERVED = "not served"
    TOO_MUCH_BACK = "too much back"
    NOT_IN_BOX = "not in box"
    DIFFERENCE_UNSAID = "difference unsaid"
    COUNTS_DIFFER = "counts differ"
    KEPT_TOO_MUCH = "kept too much"
    BANK_SHORT = "bank short"
    CONTAINERS_BACK = "containers back"
    NO_CONTAINER = "no container"
    TOO_MANY_CONTAINERS = "too many containers"
    SHOP_OPEN = "shop open"
    HAS_REFUNDS = "has refunds"
    NO_SHOP = "no shop"


@dataclass(frozen=True)
class Missing:
    """A product of which there is not enough, in its base unit."""

    name: str
    quantity: int
    unit: str


@dataclass(frozen=True)
class Problem:
    reason: Reason
    at: datetime | None = None  # for ALREADY_SERVED: when, by whom
    by: str = ""
    amount_cents: int = 0  # for AMOUNT_CHANGED: what is due now
    missing: tuple[Missing, ...] = ()
    about: int | None = None  # which offer, in a free sale; which product, in a closing
    left: int = 0  # for NOT_ENOUGH_LEFT and LOST_TOO_MUCH: how much there is


@dataclass(frozen=True)
class ShopMoments:
    bought_at: datetime | None
    settled_at: datetime | None
    prepared_at: datetime | None
    closed_at: datetime | None


def problem_with_shop(shop: ShopMoments) -> Problem | None:
    """Why nothing may be taken or given at this shop now; None while it may."""
    if shop.settled_at:
        return Problem(Reason.SETTLED)
    if shop.closed_at:
        return Problem(Reason.SHOP_CLOSED)
    if not shop.bought_at:
        return Problem(Reason.NOT_BOUGHT)
    return None


def state_of(
    *, checked_in_at: datetime | None, collected_at: datetime | None, absent_at: datetime | None
) -> State:
    if collected_at:
        return State.SERVED
    if absent_at:
        return State.ABSENT
    return State.ARRIVED if checked_in_at else State.TO_COME


@dataclass(frozen=True)
class Part:
    """Some cents that pay for one purpose by one method."""

    purpose: str
    method: str
    amount_cents: int


def parts_of(payments: Mapping[str, int], purposes: Mapping[str, int]) -> list[Part]:
    """Which method pays what: purposes one after another, with methods one after another.

    Both in cents and of the same sum; ValueError otherwise, and for a negative amount.
    """
    if sum(payments.values()) != sum(purposes.values()):
        raise ValueError("what is paid is what is due")
    if any(cents < 0 for cents in (*payments.values(), *purposes.values())):
        raise ValueError("nothing is paid back here")
    return list(_parts(payments, purposes))


def _parts(payments: Mapping[str, int], purposes: Mapping[str, int]) -> Iterator[Part]:
    left = dict(payments)
    for purpose, due in purposes.items():
        for method in left:
            paid = min(due, left[method])
            if paid:
                yield Part(purpose, method, paid)
            due -= paid
            left[method] -= paid


def free_to_sell(on_shelf: Mapping[int, int], still_due: Mapping[int, int]) -> dict[int, int]:
    """What nobody who may still come has ordered. By product, in its base unit."""
    left = {
        product_id: quantity - still_due.get(product_id, 0)
        for product_id, quantity in on_shelf.items()
    }
    return {product_id: quantity for product_id, quantity in left.items() if quantity > 0}


def still_served(wanted: int, *, free: int, step_quantity: int) -> int:
    """How much of a product a latecomer gets: all that she ordered, or whole steps of the rest."""
    return wanted if wanted <= free else free - free % step_quantity


@dataclass(frozen=True)
class LeftToSell:
    quantity: int
    step_quantity: int


def free_sale_problems(chosen: Mapping[int, int], left: Mapping[int, LeftToSell]) -> list[Problem]:
    """Why these quantities (by offer) cannot be sold freely, all at once; none when they can."""
    if not chosen:
        return [Problem(Reason.NOTHING_CHOSEN)]
    found = (_not_sold(offer_id, chosen[offer_id], left.get(offer_id)) for offer_id in chosen)
    return [problem for problem in found if problem]


def _not_sold(offer_id: int, quantity: int, there: LeftToSell | None) -> Problem | None:
    if there is None or quantity > there.quantity:
        return Problem(Reason.NOT_ENOUGH_LEFT, about=offer_id, left=there.quantity if there else 0)
    # the last of a lot may be less than a step
    if quantity < 0 or (quantity % there.step_quantity and quantity != there.quantity):
        return Problem(Reason.NOT_A_STEP, about=offer_id)
    return None


def lost_problems(lost: Mapping[int, int], there: Mapping[int, int], reason: str) -> list[Problem]:
    """Why these losses (by product) cannot be noted, all at once; none when they can."""
    found = [
        Problem(Reason.LOST_TOO_MUCH, about=product_id, left=there.get(product_id, 0))
        for product_id, quantity in lost.items()
        if not 0 <= quantity <= there.get(product_id, 0)
    ]
    if lost and not reason.strip():
        found.append(Problem(Reason.NO_REASON))
    return found


# A difference that is worth counting twice for, in cents: the smallest note.
RECOUNTED_ABOVE = 500


def is_far(counted_cents: int, expected_cents: int) -> bool:
    """Whether so large a difference is more likely a miscount than change given wrong."""
    return abs(counted_cents - expected_cents) > RECOUNTED_ABOVE


def in_box(counts: Mapping[int, int]) -> int:
    """{2000: 3, 50: 4} -> 6200 cents: how many of each note and coin."""
    return sum(value * number for value, number in counts.items())


def is_found(query: str, *, reference: str, number: int, names: Sequence[str]) -> bool:
    """Does somebody who says this mean this order? "radis 42", "42", "ami ex", "n° 7".

    Each word said begins a word of a name or of the reference, or is the member's number.
    """
    words = [*fold(reference).split(), *(word for name in names for word in fold(name).split())]
    said = fold(query.replace("°", " ")).split()
    said = [word for word in said if word != "n"] or said
    return all(word == str(number) or any(w.startswith(word) for w in words) for word in said)
