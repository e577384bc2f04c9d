"""Composing a cycle, announcing it, withdrawing a product from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.catalogue.models import Product
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.models import Collective, Cycle, EventKind, Group, Offer, Popup
from croqualim.groupbuy.rules.pricing import cost_price_cents
from croqualim.stock import actions as stock
from croqualim.stock.models import LocationKind


class CycleRefused(Exception):
    """The cycle is not at the stage where this can be done, or lacks something; `why` says it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class ShopPlan:
    """Where and when one group will collect."""

    group: Group
    place: str
    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def make_cycle(
    *,
    collective: Collective,
    name: str,
    opens_at: datetime,
    closes_at: datetime,
    shops: Sequence[ShopPlan],
    actor: Person,
    now: datetime,
) -> Cycle:
    cycle = Cycle.objects.create(
        collective=collective, name=name, opens_at=opens_at, closes_at=closes_at
    )
    for shop in shops:
        _open_shop(cycle, shop)
    note(EventKind.CYCLE_MADE, cycle=cycle, actor=actor, now=now)
    return cycle


def _open_shop(cycle: Cycle, shop: ShopPlan) -> Popup:
    return Popup.objects.create(
        cycle=cycle,
        group=shop.group,
        place=shop.place,
        starts_at=shop.starts_at,
        ends_at=shop.ends_at,
        location=stock.open_location(
            keeper=cycle.collective.structure,
            kind=LocationKind.POPUP,
            name=f"{shop.group.name} · {cycle.name}",
            subject=f"cycle:{cycle.pk}:group:{shop.group.pk}",
        ),
    )


@transaction.atomic
def set_offers(
    *, cycle: Cycle, limits: Mapping[Product, int | None], actor: Person, now: datetime
) -> None:
    """Offer exactly these products, each with its limit (None: no limit), at today's prices.

    A product already offered keeps its price. One that somebody ordered cannot be left out
    (withdraw it instead), nor limited below what is ordered: raises CycleRefused.
    """
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if cycle.bought_at:
        raise CycleRefused("bought")
    present = {
        offer.product_id: offer
        for offer in Offer.objects.filter(cycle=cycle).select_for_update().order_by("pk")
    }
    kept = {product.pk for product in limits}
    left_out = [offer for product_id, offer in present.items() if product_id not in kept]
    if any(offer.ordered_quantity for offer in left_out):
        raise CycleRefused("ordered")
    Offer.objects.filter(pk__in=[offer.pk for offer in left_out]).delete()
    Offer.objects.bulk_create(
        _new_offer(cycle, product, limit)
        for product, limit in limits.items()
        if product.pk not in present
    )
    for product, limit in limits.items():
        offer = present.get(product.pk)
        if offer is not None and offer.limit_quantity != limit:
            if limit is not None and limit < offer.ordered_quantity:
                raise CycleRefused("limit below orders")
            Offer.objects.filter(pk=offer.pk).update(limit_quantity=limit)
    note(EventKind.CYCLE_CHANGED, cycle=cycle, actor=actor, now=now)


def _new_offer(cycle: Cycle, product: Product, limit: int | None) -> Offer:
    return Offer(
        cycle=cycle,
        product=product,
        farmer_price_cents=product.price_cents,
        cost_price_cents=cost_price_cents(product.price_cents, cycle.collective.handling_percent),
        priced_quantity=product.priced_quantity,
        step_quantity=product.step_quantity,
        packaging_quantity=product.packaging_quantity,
        limit_quantity=limit,
    )


@transaction.atomic
def publish_cycle(*, cycle: Cycle, actor: Person, now: datetime) -> None:
    """Announce it: members see it and order from its opening on. Raises CycleRefused when empty."""
    if not cycle.offers.exists():
        raise CycleRefused("no offer")
    if not cycle.popups.exists():
        raise CycleRefused("no shop")
    if Cycle.objects.filter(pk=cycle.pk, published_at=None).update(published_at=now):
        note(EventKind.CYCLE_PUBLISHED, cycle=cycle, actor=actor, now=now)
    cycle.refresh_from_db()


@transaction.atomic
def withdraw_offer(*, offer: Offer, reason: str, actor: Person, now: datetime) -> None:
    """Nobody can add it any more; baskets and orders keep it until people change them."""
    if Offer.objects.filter(pk=offer.pk, withdrawn_at=None).update(withdrawn_at=now):
        note(
            EventKind.OFFER_WITHDRAWN,
            cycle=offer.cycle,
            lines=[[offer.product.name, "", ""]],
            reason=reason,
            actor=actor,
            now=now,
        )
