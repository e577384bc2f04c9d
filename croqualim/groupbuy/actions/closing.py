"""Closing a cycle: from what everybody ordered to what is bought, once and for all.

Locks the cycle, then all its offers by id. An order locks the offers it touches: one in flight is
either counted here or finds the cycle bought (see `actions.ordering`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from croqualim.accounts.models import Person
from croqualim.groupbuy import letters
from croqualim.groupbuy.actions.books import hold_books_of_cycle
from croqualim.groupbuy.actions.cycles import CycleRefused
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.repricing import reprice
from croqualim.groupbuy.models import (
    Cycle,
    EventKind,
    Offer,
    OrderLine,
    PurchaseOrder,
    PurchaseOrderLine,
)
from croqualim.groupbuy.queries.closing import (
    Choices,
    Planned,
    ProducerPlan,
    changed_lines,
    choice_in_words,
    ordered_offers,
    plan_of,
    rule_of,
    seal_of,
)
from croqualim.groupbuy.rules.closing import stock_key
from croqualim.groupbuy.rules.stages import Stage
from croqualim.ledger import actions as ledger
from croqualim.stock import actions as stock


@transaction.atomic
def close_cycle(
    *,
    cycle: Cycle,
    choices: Choices = MappingProxyType({}),
    seen: str | None = None,
    actor: Person | None,
    now: datetime,
) -> int:
    """Hold what the warehouse gives, make one purchase order per producer for the rest, reprice
    the orders that get more or less than they asked; say how many.

    `choices` (by offer id) replace products' rules this once. With `seen`, the seal of the plan
    that the actor has read, nothing else is done than that. A cycle that is bought already stays
    as it is. Raises CycleRefused before closing time, when the plan is no longer what was seen,
    and when an envelope lacks what completing a packaging would ask of it.
    """
    hold_books_of_cycle(cycle.pk)
    # no_key: orders that refer to the cycle need not wait, nor we for them
    cycle = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    if cycle.bought_at:
        return 0
    if cycle.stage(now) is not Stage.OVER:
        raise CycleRefused("not over")
    _lock_offers(cycle)
    plans = _plans(cycle, choices, seen)
    planned = [p for plan in plans for p in plan.planned]
    _hold_in_warehouse(cycle, planned, now)
    _make_purchase_orders(cycle, [plan for plan in plans if plan.bought], now)
    Cycle.objects.filter(pk=cycle.pk).update(bought_at=now)
    _note_choices(cycle, planned, actor, now)
    note(EventKind.CYCLE_BOUGHT, cycle=cycle, lines=_said(plans), actor=actor, now=now)
    return _change_orders(cycle, plans, actor, now)


def _lock_offers(cycle: Cycle) -> None:
    """Wait for every order in flight. Read again afterwards: they have changed what is ordered."""
    list(Offer.objects.filter(cycle=cycle).select_for_update().order_by("pk").values_list("pk"))


def _plans(cycle: Cycle, choices: Choices, seen: str | None) -> list[ProducerPlan]:
    """Raises CycleRefused when this is not what somebody has seen."""
    try:
        plans = plan_of(cycle, ordered_offers(cycle), choices)
    except ValueError as too_many:  # of packagings: less is needed than when they were chosen
        raise CycleRefused("changed") from too_many
    if seen is not None and seal_of(plans) != seen:
        raise CycleRefused("changed")
    return plans


def _hold_in_warehouse(cycle: Cycle, planned: Iterable[Planned], now: datetime) -> None:
    given = [p for p in planned if p.purchase.from_stock]
    wanted = {p.offer.product_id: p.purchase.from_stock for p in given}
    try:
        stock.reserve_each(
            keys={product_id: stock_key(cycle.pk, product_id) for product_id in wanted},
            location=cycle.collective.warehouse,
            wanted=wanted,
            now=now,
        )
    except stock.NotEnoughGoods as gone:  # somebody took it since we looked
        raise CycleRefused("changed") from gone
    for p in given:
        p.offer.from_stock_quantity = p.purchase.from_stock
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


def _change_orders(
    cycle: Cycle, plans: Sequence[ProducerPlan], actor: Person | None, now: datetime
) -> int:
    given = changed_lines(plans)
    try:
        changed = reprice(
            cycle=cycle,
            given=given,
            key="closing",
            opening=letters.whole_packagings(),
            reason=_("Pour acheter des sacs et des cartons entiers"),
            actor=actor,
            now=now,
        )
    except ledger.NotEnough as short:
        raise CycleRefused("envelope short") from short
    lines = OrderLine.objects.filter(order__cycle=cycle).exclude(quantity=F("asked_quantity"))
    lines.update(agreed_quantity=F("quantity"))
    return changed


def _note_choices(
    cycle: Cycle, planned: Iterable[Planned], actor: Person | None, now: datetime
) -> None:
    lines = [
        [
            p.offer.product.name,
            choice_in_words(p.offer, rule_of(p.offer)),
            choice_in_words(p.offer, p.choice),
        ]
        for p in planned
        if p.is_chosen
    ]
    if lines:
        note(EventKind.ROUNDING_CHOSEN, cycle=cycle, lines=lines, actor=actor, now=now)


def _said(plans: Iterable[ProducerPlan]) -> list[list[str]]:
    return [[p.offer.product.name, "", p.packages_in_words] for plan in plans for p in plan.bought]
