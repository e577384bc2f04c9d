"""Receiving what a producer delivers, and undoing it.

Locks the cycle first: two receptions of one month reprice the same orders, one after the other.
Then its shops: one that is being prepared has its goods before, or waits for its share.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy import letters
from croqualim.groupbuy.actions.books import hold_books
from croqualim.groupbuy.actions.delivery import (
    Delivery,
    hold,
    owe,
    owe_no_more,
    send_back,
    take_in,
)
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.repricing import reprice
from croqualim.groupbuy.models import (
    Cycle,
    DeliveryLine,
    EventKind,
    Popup,
    PurchaseOrder,
    PurchaseOrderLine,
)
from croqualim.groupbuy.queries.purchasing import lines_of, live_deliveries
from croqualim.groupbuy.queries.reception import Waiting, waiting_for
from croqualim.groupbuy.rules.reception import (
    Reason,
    Received,
    ReceptionRefused,
    is_complete,
)
from croqualim.kernel.quantity import in_words
from croqualim.ledger import actions as ledger


@transaction.atomic
def receive_delivery(
    *,
    purchase_order: PurchaseOrder,
    received: Mapping[int, Received],
    actor: Person,
    now: datetime,
) -> int:
    """Take in what came of each line (by line id), owe it to the producer, share out what lacks.

    More than ordered is taken and paid too. Receiving the same twice changes nothing the second
    time. Says how many orders were repriced. Raises ReceptionRefused.
    """
    purchase_order = _lock(purchase_order)
    lines = list(lines_of([purchase_order]))
    if not is_complete(received, [line.pk for line in lines]):
        raise ReceptionRefused(Reason.NOT_ALL_LINES)
    if purchase_order.received_at:
        _refuse_otherwise(Delivery(purchase_order, lines, time=_times_received(lines)), received)
        return 0
    delivery = Delivery(purchase_order, lines, time=_times_received(lines) + 1)
    _write_delivery(delivery, received, actor, now)
    waiting = waiting_for(lines)
    given = {
        line.offer_id: waiting[line.offer_id].shared(
            received[line.pk].quantity, line.offer.step_quantity
        )
        for line in lines
    }
    hold(delivery, {offer_id: sum(of.values()) for offer_id, of in given.items()}, now)
    owe(delivery, received, actor, now)
    return reprice(
        cycle=purchase_order.cycle,
        given={line: quantity for of in given.values() for line, quantity in of.items()},
        key=delivery.key,
        opening=letters.delivery_short(),
        actor=actor,
        now=now,
    )


@transaction.atomic
def undo_reception(
    *, purchase_order: PurchaseOrder, reason: str, actor: Person, now: datetime
) -> int:
    """Send goods and money back, as counter-movements; orders ask again for what they asked.

    What is not received stays as it is. Says how many orders were repriced. Raises
    ReceptionRefused when the goods have left, the producer is paid, or no reason is given.
    """
    if not reason.strip():
        raise ReceptionRefused(Reason.NO_REASON)
    purchase_order = _lock(purchase_order)
    if not purchase_order.received_at:
        return 0
    lines = list(lines_of([purchase_order]))
    delivery = Delivery(purchase_order, lines, time=_times_received(lines))
    waiting = waiting_for(lines)
    send_back(delivery, reason, actor, now)
    hold(delivery, _promised(waiting), now)
    owe_no_more(delivery, reason, actor, now)
    _mark_undone(delivery, reason, actor, now)
    try:
        return reprice(
            cycle=purchase_order.cycle,
            given={line: line.awaited_quantity for of in waiting.values() for line in of.lines},
            key=f"{delivery.key}:undone",
            opening=letters.delivery_undone(),
            reason=reason,
            actor=actor,
            now=now,
        )
    except ledger.NotEnough as short:
        raise ReceptionRefused(Reason.ENVELOPE_SHORT) from short


def _lock(purchase_order: PurchaseOrder) -> PurchaseOrder:
    """The purchase order as it is once everybody else has finished with the cycle."""
    hold_books(cycle_id=purchase_order.cycle_id)
    cycle = (
        Cycle.objects.select_related("collective__structure", "collective__warehouse")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=purchase_order.cycle_id)
    )
    if cycle.settled_at:
        raise ReceptionRefused(Reason.SETTLED)
    shops = Popup.objects.filter(cycle=cycle).order_by("pk")
    list(shops.select_for_update(no_key=True).values_list("pk"))
    fresh = PurchaseOrder.objects.select_related("producer").get(pk=purchase_order.pk)
    fresh.cycle = cycle
    return fresh


def _times_received(lines: Sequence[PurchaseOrderLine]) -> int:
    """Every reception, undone or not, has left a row for every line."""
    return DeliveryLine.objects.filter(purchase_line=lines[0]).count()


def _refuse_otherwise(delivery: Delivery, received: Mapping[int, Received]) -> None:
    """The same a second time is one reception; something else must be seen by somebody."""
    live = live_deliveries(delivery.lines)
    if any(
        _is_otherwise(live[line.pk], received[line.pk], delivery.code_of(line, received[line.pk]))
        for line in delivery.lines
    ):
        raise ReceptionRefused(Reason.RECEIVED_OTHERWISE)


def _is_otherwise(done: DeliveryLine, received: Received, code: str) -> bool:
    if done.quantity != received.quantity:
        return True
    lot = done.lot
    return lot is not None and (lot.code, lot.best_before_on) != (code, received.best_before_on)


def _write_delivery(
    delivery: Delivery, received: Mapping[int, Received], actor: Person, now: datetime
) -> None:
    lots = take_in(delivery, received, actor, now)
    DeliveryLine.objects.bulk_create(
        DeliveryLine(
            purchase_line=line,
            lot=lots.get(line.pk),
            quantity=received[line.pk].quantity,
            actor=actor,
            at=now,
        )
        for line in delivery.lines
    )
    order = delivery.purchase_order
    PurchaseOrder.objects.filter(pk=order.pk).update(received_at=now)
    said = [_said(line, received[line.pk].quantity) for line in delivery.lines]
    note(
        EventKind.DELIVERY_RECEIVED,
        cycle=order.cycle,
        lines=[[order.number, "", ""], *said],
        actor=actor,
        now=now,
    )


def _said(line: PurchaseOrderLine, quantity: int) -> list[str]:
    product = line.offer.product
    return [product.name, in_words(line.quantity, product.unit), in_words(quantity, product.unit)]


def _mark_undone(delivery: Delivery, reason: str, actor: Person, now: datetime) -> None:
    order = delivery.purchase_order
    deliveries = DeliveryLine.objects.filter(purchase_line__in=delivery.lines)
    deliveries.filter(undone_at=None).update(undone_at=now)
    PurchaseOrder.objects.filter(pk=order.pk).update(received_at=None)
    note(
        EventKind.DELIVERY_UNDONE,
        cycle=order.cycle,
        lines=[[order.number, "", ""]],
        reason=reason,
        actor=actor,
        now=now,
    )


def _promised(waiting: Mapping[int, Waiting]) -> dict[int, int]:
    """offer id -> what the warehouse holds for it again, as at the closing."""
    return {
        offer_id: min(of.promised, sum(line.awaited_quantity for line in of.lines))
        for offer_id, of in waiting.items()
    }
