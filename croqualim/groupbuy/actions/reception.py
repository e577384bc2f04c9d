"""Receiving what a producer delivers, in one lorry or several, and undoing the last of them.

Locks the cycle first: two receptions of one month reprice the same orders, one after the other.
Then its shops: one that is being prepared has its goods before, or waits for its share.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy import letters
from croqualim.groupbuy.actions.books import hold_books_of_cycle
from croqualim.groupbuy.actions.delivery import Lorry, hold, owe_no_more, send_back, unload
from croqualim.groupbuy.actions.delivery_history import (
    damage_of,
    is_as_noted,
    note_received,
    note_undone,
)
from croqualim.groupbuy.actions.repricing import reprice
from croqualim.groupbuy.models import (
    Cycle,
    Delivery,
    DeliveryLine,
    Offer,
    OrderLine,
    Popup,
    PurchaseOrder,
)
from croqualim.groupbuy.queries.purchasing import lines_of
from croqualim.groupbuy.queries.waiting import (
    Waiting,
    awaited,
    given_of,
    last_delivery,
    next_number,
    waiting_for,
)
from croqualim.groupbuy.rules.reception import (
    Reason,
    Received,
    ReceptionRefused,
    Rule,
    is_complete,
)
from croqualim.ledger import actions as ledger


@transaction.atomic
def receive_delivery(
    *,
    purchase_order: PurchaseOrder,
    received: Mapping[int, Sequence[Received]],
    number: int,
    is_last: bool = True,
    rule: Rule = Rule.PRO_RATA,
    actor: Person,
    now: datetime,
) -> int:
    """Take in the lots that came of each line (by line id) and owe them to the producer.

    `number` is which delivery of the order this is: the same twice is noted once. When it
    `is_last`, what lacks is shared out by the rule; until then no order is cut for what may still
    come. More than ordered is taken and paid too. Says how many orders were repriced. Raises
    ReceptionRefused.
    """
    purchase_order = _lock(purchase_order)
    lorry = Lorry(purchase_order, list(lines_of([purchase_order])), number, actor, now)
    if not is_complete(received, [line.pk for line in lorry.lines]):
        raise ReceptionRefused(Reason.NOT_ALL_LINES)
    if number != next_number(purchase_order):
        if not is_as_noted(lorry, received, is_last=is_last):
            raise ReceptionRefused(Reason.RECEIVED_OTHERWISE)
        return 0
    expected, waiting = awaited(lorry.lines), waiting_for(lorry.lines)
    delivery = Delivery.objects.create(
        purchase_order=purchase_order,
        number=number,
        is_last=is_last,
        rule=rule,
        actor=actor,
        at=now,
    )
    rows = unload(lorry, delivery, received)
    note_received(lorry, rows, expected, is_last=is_last)
    return _share_anew(
        lorry,
        waiting,
        _came_of(rows),
        is_last=is_last,
        rule=rule,
        opening=letters.delivery_counted(
            rule if is_last and _is_shared(waiting, rows) else None, damage_of(rows)
        ),
    )


@transaction.atomic
def undo_reception(*, delivery: Delivery, reason: str, actor: Person, now: datetime) -> int:
    """Send goods and money back, as counter-movements; what came before stands, and is shared out
    if nothing else was awaited then; otherwise orders ask again for what they asked.

    Only the last delivery that stands. A second time changes nothing. Says how many orders were
    repriced. Raises ReceptionRefused when another came since, the goods have left, the producer is
    paid, or no reason is given.
    """
    if not reason.strip():
        raise ReceptionRefused(Reason.NO_REASON)
    purchase_order = _lock(delivery.purchase_order)
    delivery = Delivery.objects.get(pk=delivery.pk)
    if delivery.undone_at:
        return 0
    if last_delivery(purchase_order) != delivery:
        raise ReceptionRefused(Reason.NOT_THE_LAST)
    lines = list(lines_of([purchase_order]))
    lorry = Lorry(purchase_order, lines, delivery.number, actor, now)
    send_back(lorry, reason)
    owe_no_more(lorry, reason)
    Delivery.objects.filter(pk=delivery.pk).update(undone_at=now)
    note_undone(lorry, reason)
    before = last_delivery(purchase_order)
    return _share_anew(
        lorry,
        waiting_for(lines),
        {},
        is_last=before is not None and before.is_last,
        rule=Rule(before.rule) if before else Rule.PRO_RATA,
        opening=letters.delivery_undone(),
        reason=reason,
    )


def _lock(purchase_order: PurchaseOrder) -> PurchaseOrder:
    """The purchase order as it is once everybody else has finished with the cycle."""
    hold_books_of_cycle(purchase_order.cycle_id)
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


def _share_anew(
    lorry: Lorry,
    waiting: Mapping[int, Waiting],
    came: Mapping[int, Sequence[DeliveryLine]],
    *,
    is_last: bool,
    rule: Rule,
    opening: str,
    reason: str = "",
) -> int:
    """Give the orders what they get now that this (by offer id) came since `waiting` was read."""
    order = lorry.purchase_order
    PurchaseOrder.objects.filter(pk=order.pk).update(received_at=lorry.now if is_last else None)
    kept = {offer_id: sum(row.kept_quantity for row in rows) for offer_id, rows in came.items()}
    given = given_of(waiting, kept, is_last=is_last, rule=rule)
    hold(lorry, _to_hold(waiting, kept, given))
    _follow_prices(waiting, came, given)
    try:
        return reprice(
            cycle=order.cycle,
            given=given,
            key=f"{lorry.key}:undone" if reason else lorry.key,
            opening=opening,
            reason=reason or opening,
            actor=lorry.actor,
            now=lorry.now,
        )
    except ledger.NotEnough as short:
        raise ReceptionRefused(Reason.ENVELOPE_SHORT) from short


def _came_of(rows: Iterable[DeliveryLine]) -> dict[int, list[DeliveryLine]]:
    """offer id -> its lots."""
    came: dict[int, list[DeliveryLine]] = {}
    for row in rows:
        came.setdefault(row.purchase_line.offer_id, []).append(row)
    return came


def _is_shared(waiting: Mapping[int, Waiting], rows: Iterable[DeliveryLine]) -> bool:
    """Whether there is something of a product, and less than was asked."""
    came = _came_of(rows)
    return any(
        0
        < of.at_hand + sum(row.kept_quantity for row in came.get(offer_id, ()))
        < sum(line.awaited_quantity for line in of.lines)
        for offer_id, of in waiting.items()
    )


def _to_hold(
    waiting: Mapping[int, Waiting], kept: Mapping[int, int], given: Mapping[OrderLine, int]
) -> dict[int, int]:
    """offer id -> what the warehouse holds for it: what is given, as far as it is there."""
    return {
        offer_id: min(
            of.there + kept.get(offer_id, 0),
            of.weighed_quantity + sum(given[line] for line in of.lines),
        )
        for offer_id, of in waiting.items()
    }


def _follow_prices(
    waiting: Mapping[int, Waiting],
    came: Mapping[int, Sequence[DeliveryLine]],
    given: Iterable[OrderLine],
) -> None:
    """Members pay what the producer asked that day when it is less than was announced."""
    changed: dict[int, int] = {}
    for offer_id, of in waiting.items():
        asked = [row.price_cents for row in came.get(offer_id, ()) if row.quantity]
        cents = of.price_cents(asked)
        if cents != of.offer.cost_price_cents:
            changed[offer_id] = cents
            Offer.objects.filter(pk=offer_id).update(
                announced_price_cents=of.announced_cents, cost_price_cents=cents
            )
    for line in given:
        line.offer.cost_price_cents = changed.get(line.offer_id, line.offer.cost_price_cents)
