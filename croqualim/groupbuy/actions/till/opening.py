"""Before anything is done at a shop: one phone at a time, and only while it is open.

Every action begins by locking the shop's row. Two phones on one order, or a sale during the
closing, so happen one after the other; forty people in an hour do not notice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from croqualim.accounts.models import Person
from croqualim.catalogue.models import Product
from croqualim.groupbuy.actions.books import hold_books_of_popup
from croqualim.groupbuy.models import EventKind, Order, Popup
from croqualim.groupbuy.queries import till as queries
from croqualim.groupbuy.rules.till import (
    Missing,
    Problem,
    Reason,
    ShopMoments,
    problem_with_shop,
)


class ShopRefused(Exception):
    """Nothing was written; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Deed:
    """One thing being done at a shop: under which key, about what, by whom, when, and why."""

    popup: Popup
    key: str
    reference: str
    actor: Person
    now: datetime
    reason: str = ""


def lock_shop(popup_id: int) -> Popup:
    """The shop as it is now; others wait until this transaction ends."""
    hold_books_of_popup(popup_id)
    return (
        Popup.objects.select_related("cycle__collective__structure", "location", "group")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=popup_id)
    )


def open_shop(popup_id: int) -> Popup:
    """`lock_shop`, where things may still happen. Raises ShopRefused."""
    popup = lock_shop(popup_id)
    problem = problem_with_shop(
        ShopMoments(
            bought_at=popup.cycle.bought_at,
            settled_at=popup.cycle.settled_at,
            prepared_at=popup.prepared_at,
            closed_at=popup.closed_at,
        )
    )
    if problem:
        raise ShopRefused(problem)
    return popup


def open_prepared_shop(popup_id: int) -> Popup:
    """`open_shop`, with its goods. Raises ShopRefused."""
    popup = open_shop(popup_id)
    if not popup.prepared_at:
        raise ShopRefused(Problem(Reason.NOT_PREPARED))
    return popup


def live_order(order_id: int) -> Order:
    """The order as it is now, under the shop's lock. Raises ShopRefused when cancelled."""
    order = Order.objects.select_related("membership__household").get(pk=order_id)
    if order.cancelled_at:
        raise ShopRefused(Problem(Reason.CANCELLED, at=order.cancelled_at))
    return order


def already_served(order: Order) -> ShopRefused:
    """Says when, and by whom."""
    event = queries.last_event(order, EventKind.COLLECTED)
    by = event.actor.given_name if event and event.actor else ""
    return ShopRefused(Problem(Reason.ALREADY_SERVED, at=order.collected_at, by=by))


class Undoable(Protocol):
    undone_at: datetime | None


Done = TypeVar("Done", bound=Undoable)


def once(found: Done, *, is_same: bool) -> Done:
    """What a form's nonce did already, for an impatient thumb: sent twice, a form is one deed.

    Raises ShopRefused (PAGE_USED) when the form now says something else, or when what it did was
    undone since: she would believe it done again.
    """
    if found.undone_at or not is_same:
        raise ShopRefused(Problem(Reason.PAGE_USED))
    return found


def goods_missing(missing: Mapping[Product, int], reason: Reason) -> ShopRefused:
    return ShopRefused(
        Problem(
            reason,
            missing=tuple(
                Missing(product.name, quantity, product.unit)
                for product, quantity in missing.items()
            ),
        )
    )
