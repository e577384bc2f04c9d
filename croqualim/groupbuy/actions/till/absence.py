"""Those who did not come: nothing is due, and what an envelope held for them is let go."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions.noting import note, note_orders
from croqualim.groupbuy.actions.repricing import reprice_untold
from croqualim.groupbuy.actions.subsidies import hold_subsidy, subsidy_key
from croqualim.groupbuy.actions.till.opening import (
    ShopRefused,
    already_served,
    live_order,
    open_shop,
)
from croqualim.groupbuy.models import EventKind, Order, OrderLine, Popup
from croqualim.groupbuy.queries import shelf
from croqualim.groupbuy.queries import till as queries
from croqualim.groupbuy.rules.till import Missing, Problem, Reason
from croqualim.ledger import actions as ledger

SOLD = "Vendu pendant l’absence."


@transaction.atomic
def mark_absent(*, order: Order, actor: Person, now: datetime) -> None:
    """A second time changes nothing. Raises ShopRefused."""
    open_shop(order.popup_id)
    order = live_order(order.pk)
    if order.collected_at:
        raise already_served(order)
    if not order.absent_at:
        let_go([order], actor, now)


@transaction.atomic
def mark_all_absent(*, popup: Popup, actor: Person, now: datetime) -> int:
    """Those who are not even here; say how many. Raises ShopRefused."""
    open_shop(popup.pk)
    missed = list(queries.waited_for(popup).filter(checked_in_at=None))
    let_go(missed, actor, now)
    return len(missed)


def let_go(orders: Sequence[Order], actor: Person, now: datetime) -> None:
    """Mark orders absent, under the shop's lock."""
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(absent_at=now)
    ledger.release_many(keys=[subsidy_key(order) for order in orders if order.share_percent < 100])
    note_orders(EventKind.ABSENT, lines=dict.fromkeys(orders, ()), actor=actor, now=now)


@transaction.atomic
def undo_absent(*, order: Order, actor: Person, now: datetime) -> tuple[Missing, ...]:
    """She is here after all; say what of hers was sold meanwhile: she gets, and pays, the rest.

    A second time changes nothing. Raises ShopRefused when the envelope holds no more what it held
    for her (ENVELOPE_SHORT).
    """
    popup = open_shop(order.popup_id)
    order = live_order(order.pk)
    if not order.absent_at:
        return ()
    given = shelf.left_for(popup, order) if popup.prepared_at else {}
    missing = tuple(_missing(line, quantity) for line, quantity in given.items())
    try:
        reprice_untold(cycle=popup.cycle, given=given, reason=SOLD, actor=actor, now=now)
    except ledger.NotEnough as short:
        raise ShopRefused(Problem(Reason.ENVELOPE_SHORT)) from short
    order.refresh_from_db(fields=["cost_cents", "due_cents"])
    _hold_again(order, now)
    here_at = order.checked_in_at or now
    Order.objects.filter(pk=order.pk).update(absent_at=None, checked_in_at=here_at)
    note(EventKind.ABSENCE_UNDONE, order=order, actor=actor, now=now)
    return missing


def _missing(line: OrderLine, quantity: int) -> Missing:
    product = line.offer.product
    return Missing(product.name, line.quantity - quantity, product.unit)


def _hold_again(order: Order, now: datetime) -> None:
    if order.share_percent >= 100:
        return
    try:
        hold_subsidy(order, now, is_promised=True)
    except ledger.NotEnough as short:
        raise ShopRefused(Problem(Reason.ENVELOPE_SHORT)) from short
