"""Those who did not come: nothing is due, and what an envelope held for them is let go."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions.noting import note, note_orders
from croqualim.groupbuy.actions.ordering import subsidy_key
from croqualim.groupbuy.actions.till.opening import (
    ShopRefused,
    already_served,
    goods_missing,
    live_order,
    open_shop,
)
from croqualim.groupbuy.models import EventKind, Order, Popup, ShareOption
from croqualim.groupbuy.queries import shelf
from croqualim.groupbuy.queries import till as queries
from croqualim.groupbuy.rules.till import Problem, Reason
from croqualim.ledger import actions as ledger


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
    for order in orders:
        if order.share_percent < 100:
            ledger.release(key=subsidy_key(order))
    note_orders(EventKind.ABSENT, lines=dict.fromkeys(orders, ()), actor=actor, now=now)


@transaction.atomic
def undo_absent(*, order: Order, actor: Person, now: datetime) -> None:
    """She came after all. A second time changes nothing.

    Raises ShopRefused when her goods were sold meanwhile (GOODS_GONE) or when the envelope holds
    no more what it held for her (ENVELOPE_SHORT).
    """
    popup = open_shop(order.popup_id)
    order = live_order(order.pk)
    if not order.absent_at:
        return
    if popup.prepared_at and (gone := shelf.gone_meanwhile(popup, order)):
        raise goods_missing(gone, Reason.GOODS_GONE)
    _hold_again(order, now)
    Order.objects.filter(pk=order.pk).update(absent_at=None)
    note(EventKind.ABSENCE_UNDONE, order=order, actor=actor, now=now)


def _hold_again(order: Order, now: datetime) -> None:
    if order.share_percent >= 100:
        return
    option = ShareOption.objects.select_related("envelope__account").get(
        collective=order.membership.collective_id, share_percent=order.share_percent
    )
    assert option.envelope is not None  # the table's CHECK says so  # noqa: S101
    try:
        ledger.reserve(
            key=subsidy_key(order),
            account=option.envelope.account,
            amount_cents=order.cost_cents - order.due_cents,
            now=now,
        )
    except ledger.NotEnough as short:
        raise ShopRefused(Problem(Reason.ENVELOPE_SHORT)) from short
