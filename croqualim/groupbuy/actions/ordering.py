"""Choosing, confirming, changing, cancelling an order.

Locks, in this order and once each: the membership (two phones of one household), then the offers
by id (everybody else, and the closing). The offers' CHECK stands behind.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice

from django.db import connection, transaction
from django.utils.timezone import localdate

from croqualim.accounts.models import Person
from croqualim.groupbuy import letters
from croqualim.groupbuy.actions.joining import be_member_on
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.subsidies import hold_subsidy, subsidy_key
from croqualim.groupbuy.actions.telling import Telling, tell_many
from croqualim.groupbuy.models import (
    Basket,
    Cycle,
    EventKind,
    Membership,
    Offer,
    Order,
    OrderLine,
    Popup,
)
from croqualim.groupbuy.queries import orders as queries
from croqualim.groupbuy.rules import ordering as rules
from croqualim.groupbuy.rules.pricing import Amounts, line_amounts, total
from croqualim.groupbuy.rules.stages import Stage
from croqualim.kernel.quantity import in_words
from croqualim.ledger import actions as ledger

LOCKED = (
    "step_quantity",
    "limit_quantity",
    "ordered_quantity",
    "withdrawn_at",
    "cost_price_cents",
    "priced_quantity",
    "product__name",
    "product__unit",
)
ADD_ORDERED = "UPDATE groupbuy_offer SET ordered_quantity = ordered_quantity + %s WHERE id = %s"


class OrderRefused(Exception):
    """Nothing was written; `problems` say why."""

    def __init__(self, problems: Sequence[rules.Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


@transaction.atomic
def fill_basket(
    *, popup: Popup, membership: Membership, quantities: Mapping[int, int], now: datetime
) -> None:
    """Keep what is being chosen. Refuses nothing: that is for the confirmation."""
    Basket.objects.update_or_create(
        cycle_id=popup.cycle_id,
        membership=membership,
        defaults={
            "quantities": {str(offer): n for offer, n in quantities.items()},
            "updated_at": now,
        },
    )


@transaction.atomic
def confirm_order(
    *, popup: Popup, membership: Membership, basket: rules.Basket, actor: Person, now: datetime
) -> Order:
    """Make the household's order of this cycle say exactly what the basket says.

    Confirming the same basket twice changes nothing the second time. Raises OrderRefused.
    """
    membership = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    order = queries.live_order(popup.cycle_id, membership)
    held = queries.quantities_of(order)
    offers = _lock_offers(popup.cycle_id, {*basket, *held})
    cycle = Cycle.objects.get(pk=popup.cycle_id)  # read after the locks: a closing has won or waits
    if problems := rules.problems_with(
        basket, queries.as_offered(offers.values(), held), stage=cycle.stage(now)
    ):
        raise OrderRefused(problems)

    wanted = {offer_id: asked for offer_id, asked in basket.items() if asked}
    Basket.objects.filter(cycle=cycle, membership=membership).delete()
    if order is not None and wanted == held and order.share_percent == membership.share_percent:
        return order
    kind = EventKind.ORDER_CHANGED if order else EventKind.ORDER_PLACED
    order = order or _new_order(popup, membership, actor, now)
    _write_lines(order, membership.share_percent, wanted, offers, now)
    _change_ordered(_changes(held, wanted))
    _hold_subsidy(order, now)
    be_member_on(membership=membership, day=localdate(popup.starts_at))
    note(kind, order=order, lines=_differences(held, wanted, offers), actor=actor, now=now)
    _tell_confirmed(order, popup, now)
    return order


@transaction.atomic
def cancel_order(*, order: Order, actor: Person, now: datetime, reason: str = "") -> None:
    """Give everything back; a second time changes nothing. Raises OrderRefused when closed."""
    Membership.objects.select_for_update(no_key=True).get(pk=order.membership_id)
    order.refresh_from_db(fields=["cancelled_at"])
    if order.cancelled_at:
        return
    held = queries.quantities_of(order)
    offers = _lock_offers(order.cycle_id, set(held))
    cycle = Cycle.objects.get(pk=order.cycle_id)
    if cycle.stage(now) is not Stage.OPEN:
        raise OrderRefused([rules.Problem(rules.Reason.NOT_OPEN)])
    _change_ordered(_changes(held, {}))
    order.cancelled_at = now
    order.save(update_fields=["cancelled_at"])
    Basket.objects.filter(cycle=cycle, membership=order.membership_id).delete()
    ledger.release(key=subsidy_key(order))
    note(
        EventKind.ORDER_CANCELLED,
        order=order,
        lines=_differences(held, {}, offers),
        reason=reason,
        actor=actor,
        now=now,
    )


def _lock_offers(cycle_id: int, offer_ids: set[int]) -> dict[int, Offer]:
    offers = (
        Offer.objects.filter(cycle=cycle_id, pk__in=offer_ids)
        .select_related("product")
        .only(*LOCKED)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    return {offer.pk: offer for offer in offers}


def _new_order(popup: Popup, membership: Membership, actor: Person, now: datetime) -> Order:
    candidates = list(
        islice(rules.references(membership.number * 4007 + popup.cycle_id * 1009), 24)
    )
    taken = set(
        Order.objects.filter(cycle=popup.cycle_id, reference__in=candidates).values_list(
            "reference", flat=True
        )
    )
    return Order(
        cycle_id=popup.cycle_id,
        popup=popup,
        membership=membership,
        reference=next(c for c in candidates if c not in taken),
        placed_at=now,
        placed_by=actor,
    )


def _write_lines(
    order: Order,
    share_percent: int,
    wanted: rules.Basket,
    offers: Mapping[int, Offer],
    now: datetime,
) -> None:
    lines = [
        _line(offers[offer_id], quantity, share_percent)
        for offer_id, quantity in sorted(wanted.items())
    ]
    amounts = total([Amounts(line.cost_cents, line.due_cents) for line in lines])
    order.cost_cents, order.due_cents = amounts.cost_cents, amounts.due_cents
    order.share_percent = share_percent
    if order.pk:
        order.changed_at = now
        OrderLine.objects.filter(order=order).delete()  # what they said stays in the history
    order.save()
    for line in lines:
        line.order = order
    OrderLine.objects.bulk_create(lines)


def _line(offer: Offer, quantity: int, share_percent: int) -> OrderLine:
    amounts = line_amounts(
        quantity,
        cost_price_cents=offer.cost_price_cents,
        priced_quantity=offer.priced_quantity,
        share_percent=share_percent,
    )
    return OrderLine(
        offer=offer,
        asked_quantity=quantity,
        quantity=quantity,
        cost_cents=amounts.cost_cents,
        due_cents=amounts.due_cents,
    )


def _changes(before: rules.Basket, after: rules.Basket) -> dict[int, int]:
    return {
        offer_id: after.get(offer_id, 0) - before.get(offer_id, 0)
        for offer_id in sorted({*before, *after})
    }


def _change_ordered(changes: Mapping[int, int]) -> None:
    """Add to what live orders ask for; the CHECK refuses an oversale.

    Plain SQL: a CASE of twelve branches takes Django ten times as long to build.
    """
    changed = [(change, offer_id) for offer_id, change in changes.items() if change]
    with connection.cursor() as cursor:
        cursor.executemany(ADD_ORDERED, changed)


def _hold_subsidy(order: Order, now: datetime) -> None:
    """Hold on the envelope what this order leaves it to pay: it is not promised twice."""
    if order.share_percent >= 100:
        if order.changed_at:  # she may have paid less before
            ledger.release(key=subsidy_key(order))
        return
    try:
        hold_subsidy(order, now)
    except ledger.NotEnough as short:
        raise OrderRefused([rules.Problem(rules.Reason.ENVELOPE_SHORT)]) from short


def _differences(
    before: rules.Basket, after: rules.Basket, offers: Mapping[int, Offer]
) -> list[list[str]]:
    return [
        [
            offers[offer_id].product.name,
            in_words(before[offer_id], offers[offer_id].product.unit) if offer_id in before else "",
            in_words(after.get(offer_id, 0), offers[offer_id].product.unit),
        ]
        for offer_id in sorted({*before, *after})
        if before.get(offer_id, 0) != after.get(offer_id, 0)
    ]


def _tell_confirmed(order: Order, popup: Popup, now: datetime) -> None:
    telling = Telling(
        order.membership,
        key=f"order:{order.pk}:confirmed:{now.isoformat()}",
        letter=letters.order_confirmed(order, popup),
    )
    tell_many(tellings=[telling], now=now)
