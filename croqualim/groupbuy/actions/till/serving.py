"""Who is here; goods given and money taken, at once; and both back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.till import goods, money
from croqualim.groupbuy.actions.till.opening import (
    Deed,
    ShopRefused,
    already_served,
    live_order,
    open_prepared_shop,
    open_shop,
)
from croqualim.groupbuy.actions.weighing_difference import Shelf, find_grams
from croqualim.groupbuy.models import (
    EventKind,
    MembershipYear,
    Order,
    OrderLine,
    PaymentPurpose,
    Popup,
)
from croqualim.groupbuy.queries import payouts, shelf, takings
from croqualim.groupbuy.queries import till as queries
from croqualim.groupbuy.queries.due import Due, due_of
from croqualim.groupbuy.queries.weighing import all_weighed
from croqualim.groupbuy.rules.till import Part, Problem, Reason, parts_of
from croqualim.stock.queries import quantities_of


@transaction.atomic
def check_in(*, order: Order, actor: Person, now: datetime) -> None:
    """She is here. A second time changes nothing. Raises ShopRefused."""
    open_shop(order.popup_id)
    order = live_order(order.pk)
    if order.collected_at:
        raise already_served(order)
    if order.absent_at:
        raise ShopRefused(Problem(Reason.IS_ABSENT))
    if Order.objects.filter(pk=order.pk, checked_in_at=None).update(checked_in_at=now):
        note(EventKind.CHECKED_IN, order=order, actor=actor, now=now)


@transaction.atomic
def undo_check_in(*, order: Order, actor: Person, now: datetime) -> None:
    """It was somebody else. A second time changes nothing. Raises ShopRefused."""
    open_shop(order.popup_id)
    order = live_order(order.pk)
    if order.collected_at:
        raise already_served(order)
    if Order.objects.filter(pk=order.pk, checked_in_at__isnull=False).update(checked_in_at=None):
        note(EventKind.CHECK_IN_UNDONE, order=order, actor=actor, now=now)


@transaction.atomic
def hand_over(*, order: Order, payments: Mapping[str, int], actor: Person, now: datetime) -> None:
    """Give the goods and take the money: `payments` is method -> cents, and sums to what is due.

    An unpaid membership year is paid first. Raises ShopRefused, and then nothing has changed.
    """
    popup = open_prepared_shop(order.popup_id)
    order = live_order(order.pk)
    if order.collected_at:
        raise already_served(order)
    if order.absent_at:
        raise ShopRefused(Problem(Reason.IS_ABSENT))
    due = due_of(order, localdate(now))
    if sum(payments.values()) != due.total_cents:
        raise ShopRefused(Problem(Reason.AMOUNT_CHANGED, amount_cents=due.total_cents))
    parts = parts_of(
        payments,
        {
            PaymentPurpose.MEMBERSHIP: due.fee_cents,
            PaymentPurpose.ORDER: due.order_cents,
            PaymentPurpose.CONTAINERS: due.deposit_cents,
        },
    )
    deed = _deed(popup, order, actor, now)
    _find_grams(deed, order)
    goods.give(deed, shelf.wanted_of(order), kind="collection")
    _take_money(deed, order, due, parts)
    goods.lend_containers(deed, order, due.deposits)
    order.collected_at, order.checked_in_at = now, order.checked_in_at or now
    order.save(update_fields=["collected_at", "checked_in_at"])
    note(EventKind.COLLECTED, order=order, lines=money.said(parts), actor=actor, now=now)


@transaction.atomic
def undo_hand_over(*, order: Order, reason: str, actor: Person, now: datetime) -> None:
    """Goods and money go back by counter-movements, and she may be served again.

    A second time changes nothing. Raises ShopRefused, ValueError without a reason.
    """
    popup = open_shop(order.popup_id)
    order = live_order(order.pk)
    if not order.collected_at:
        return
    if payouts.live_refunds(order).exists():
        raise ShopRefused(Problem(Reason.HAS_REFUNDS))
    deed = _deed(popup, order, actor, now, reason)
    goods.take_back(deed)
    goods.take_containers_again(deed, order)
    for payment in takings.payments_of(order):
        money.give_back(payment, deed)
        if payment.membership_year_id:
            MembershipYear.objects.filter(pk=payment.membership_year_id).update(paid_at=None)
    order.collected_at = None
    order.save(update_fields=["collected_at"])
    note(EventKind.COLLECTION_UNDONE, order=order, reason=reason, actor=actor, now=now)


def _find_grams(deed: Deed, order: Order) -> None:
    """Of what was weighed here, what the shop's goods lack because scales differ."""
    weighed = all_weighed(OrderLine.objects.filter(order=order))
    if not weighed:
        return
    popup, wanted = deed.popup, shelf.wanted_of(order)
    find_grams(
        Shelf(popup.cycle, popup.location, deed.key, deed.actor, deed.now),
        wanted={pk: wanted[pk] for pk in weighed},
        there=quantities_of(popup.location),
    )


def _deed(popup: Popup, order: Order, actor: Person, now: datetime, reason: str = "") -> Deed:
    """This handing over: undone and done again, it is another."""
    undone = queries.times(EventKind.COLLECTION_UNDONE, popup=popup, order=order)
    key = f"order:{order.pk}:collected:{undone}"
    return Deed(popup, key, order.reference, actor, now, reason)


def _take_money(deed: Deed, order: Order, due: Due, parts: Sequence[Part]) -> None:
    cycle = deed.popup.cycle
    money.take(
        deed,
        parts,
        into={
            PaymentPurpose.MEMBERSHIP: books.income(cycle.collective),
            PaymentPurpose.ORDER: books.sales(cycle),
            PaymentPurpose.CONTAINERS: books.deposits(cycle.collective),
        },
        household=order.membership.household,
        order=order,
        year=due.year,
    )
    if due.year:
        MembershipYear.objects.filter(pk=due.year.pk).update(paid_at=deed.now)
