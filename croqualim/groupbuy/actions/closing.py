"""Closing a cycle: from what everybody ordered to what is bought, once and for all.

Locks the cycle, then all its offers by id. An order locks the offers it touches: one in flight is
either counted here or finds the cycle bought (see `actions.ordering`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions.books import hold_books
from croqualim.groupbuy.actions.cycles import CycleRefused
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.models import Cycle, EventKind, Offer, PurchaseOrder, PurchaseOrderLine
from croqualim.groupbuy.queries.closing import Planned, ProducerPlan, ordered_offers, plan_of
from croqualim.groupbuy.rules.closing import stock_key
from croqualim.groupbuy.rules.stages import Stage
from croqualim.stock import actions as stock


@transaction.atomic
def close_cycle(*, cycle: Cycle, actor: Person, now: datetime) -> None:
    """Hold what the warehouse gives, and make one purchase order per producer for the rest.

    A cycle that is bought already stays as it is. Raises CycleRefused before closing time, and
    when the warehouse has just lost what it was to give.
    """
    hold_books(cycle_id=cycle.pk)
    # no_key: orders that refer to the cycle need not wait, nor we for them
    cycle = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    if cycle.bought_at:
        return
    if cycle.stage(now) is not Stage.OVER:
        raise CycleRefused("not over")
    _lock_offers(cycle)
    plans = plan_of(cycle, ordered_offers(cycle))
    _hold_in_warehouse(cycle, [planned for plan in plans for planned in plan.planned], now)
    _make_purchase_orders(cycle, [plan for plan in plans if plan.bought], now)
    Cycle.objects.filter(pk=cycle.pk).update(bought_at=now)
    note(EventKind.CYCLE_BOUGHT, cycle=cycle, lines=_said(plans), actor=actor, now=now)


def _lock_offers(cycle: Cycle) -> None:
    """Wait for every order in flight. Read again afterwards: they have changed what is ordered."""
    list(Offer.objects.filter(cycle=cycle).select_for_update().order_by("pk").values_list("pk"))


def _hold_in_warehouse(cycle: Cycle, planned: Iterable[Planned], now: datetime) -> None:
    given = [p for p in planned if p.purchase.from_stock]
    for p in given:
        p.offer.from_stock_quantity = p.purchase.from_stock
        try:
            stock.reserve(
                key=stock_key(cycle.pk, p.offer.product_id),
                product=p.offer.product,
                location=cycle.collective.warehouse,
                quantity=p.purchase.from_stock,
                now=now,
            )
        except stock.NotEnoughGoods as gone:  # somebody took it since we looked
            raise CycleRefused("stock changed") from gone
    Offer.objects.bulk_update([p.offer for p in given], ["from_stock_quantity"])


def _make_purchase_orders(cycle: Cycle, plans: Sequence[ProducerPlan], now: datetime) -> None:
    made = PurchaseOrder.objects.bulk_create(
        PurchaseOrder(cycle=cycle, producer=plan.producer, number=f"BC-{cycle.pk}-{n}", made_at=now)
        for n, plan in enumerate(plans, start=1)
    )
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(
            purchase_order=purchase_order,
            offer=p.offer,
            needed_quantity=p.purchase.needed,
            packages=p.purchase.packages,
            quantity=p.purchase.quantity,
        )
        for purchase_order, plan in zip(made, plans, strict=True)
        for p in plan.bought
    )


def _said(plans: Iterable[ProducerPlan]) -> list[list[str]]:
    return [[p.offer.product.name, "", p.packages_in_words] for plan in plans for p in plan.bought]
