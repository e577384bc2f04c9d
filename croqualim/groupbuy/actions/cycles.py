"""Composing a cycle, announcing it, withdrawing a product from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.catalogue.models import Product
from croqualim.groupbuy.actions.announcing import announce
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.models import (
    Collective,
    Cycle,
    EventKind,
    Group,
    Offer,
    OrderLine,
    Popup,
)
from croqualim.groupbuy.rules.pricing import cost_price_cents
from croqualim.groupbuy.rules.stages import BEFORE_OPENING
from croqualim.kernel.quantity import in_words, price_in_words
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
    """A cycle to compose; the one already there under this name and these dates."""
    Collective.objects.select_for_update(no_key=True).get(pk=collective.pk)
    cycle, is_new = Cycle.objects.get_or_create(
        collective=collective, name=name, opens_at=opens_at, closes_at=closes_at
    )
    if not is_new:
        return cycle
    for shop in shops:
        open_shop(cycle, shop)
    note(EventKind.CYCLE_MADE, cycle=cycle, actor=actor, now=now)
    return cycle


def open_shop(cycle: Cycle, shop: ShopPlan) -> Popup:
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
    *, cycle: Cycle, limits: Mapping[Product, int | None], actor: Person | None, now: datetime
) -> None:
    """Offer exactly these products, each with its limit (None: no limit), at today's prices.

    A product already offered keeps its price once orders are open or somebody ordered it; before,
    it takes the catalogue's of the day. One that somebody ordered cannot be left out
    (withdraw it instead), nor limited below what is ordered: raises CycleRefused.
    """
    cycle = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    if cycle.bought_at:
        raise CycleRefused("bought")
    present = {
        offer.product_id: offer
        for offer in Offer.objects.filter(cycle=cycle).select_for_update(no_key=True).order_by("pk")
    }
    kept = {product.pk for product in limits}
    left_out = [offer for product_id, offer in present.items() if product_id not in kept]
    if any(offer.ordered_quantity for offer in left_out):
        raise CycleRefused("ordered")
    _leave_out(left_out, now)
    Offer.objects.filter(cycle=cycle, product__in=kept, ordered_quantity=0).update(
        withdrawn_at=None
    )
    added = [
        _new_offer(cycle, product, limit)
        for product, limit in limits.items()
        if product.pk not in present
    ]
    Offer.objects.bulk_create(added)
    lines = _follow_catalogue(cycle, limits, present, now) + _change_limits(limits, present)
    if added or left_out:
        lines.insert(0, ["produits", str(len(present)), str(len(limits))])
    if lines:
        note(EventKind.CYCLE_CHANGED, cycle=cycle, lines=lines, actor=actor, now=now)


def _leave_out(offers: Sequence[Offer], now: datetime) -> None:
    """Take them away; one that a cancelled order holds stays, withdrawn, for its history."""
    remembered = set(OrderLine.objects.filter(offer__in=offers).values_list("offer", flat=True))
    Offer.objects.filter(pk__in=remembered).update(withdrawn_at=now)
    Offer.objects.filter(pk__in=[o.pk for o in offers if o.pk not in remembered]).delete()


CATALOGUE_FIELDS = (
    "farmer_price_cents",
    "cost_price_cents",
    "priced_quantity",
    "step_quantity",
    "packaging_quantity",
    "rounding",
)


def _follow_catalogue(
    cycle: Cycle, products: Iterable[Product], present: Mapping[int, Offer], now: datetime
) -> list[list[str]]:
    """Write today's prices where nobody has ordered yet; say which changed, in words."""
    if cycle.stage(now) not in BEFORE_OPENING:
        return []
    lines, changed = [], []
    for product in products:
        offer = present.get(product.pk)
        if offer is None or offer.ordered_quantity:
            continue
        before, today = _price_of(offer), _new_offer(cycle, product, offer.limit_quantity)
        for name in CATALOGUE_FIELDS:
            setattr(offer, name, getattr(today, name))
        changed.append(offer)
        if before != _price_of(offer):
            lines.append(
                [
                    product.name,
                    *(_in_words(*price, product) for price in (before, _price_of(offer))),
                ]
            )
    Offer.objects.bulk_update(changed, CATALOGUE_FIELDS)
    return lines


def _price_of(offer: Offer) -> tuple[int, int]:
    return offer.farmer_price_cents, offer.priced_quantity


def _in_words(price_cents: int, per: int, product: Product) -> str:
    return price_in_words(price_cents, per, product.unit)


def _change_limits(
    limits: Mapping[Product, int | None], present: Mapping[int, Offer]
) -> list[list[str]]:
    """Write the limits that changed; say which, in words."""
    lines = []
    for product, limit in limits.items():
        offer = present.get(product.pk)
        if offer is None or offer.limit_quantity == limit:
            continue
        if limit is not None and limit < offer.ordered_quantity:
            raise CycleRefused("limit below orders")
        before, offer.limit_quantity = offer.limit_quantity, limit
        lines.append([product.name, *(_limit_in_words(n, product) for n in (before, limit))])
        offer.save(update_fields=["limit_quantity"])
    return lines


def _limit_in_words(limit: int | None, product: Product) -> str:
    return "sans limite" if limit is None else in_words(limit, product.unit)


def _new_offer(cycle: Cycle, product: Product, limit: int | None) -> Offer:
    return Offer(
        cycle=cycle,
        product=product,
        farmer_price_cents=product.price_cents,
        cost_price_cents=cost_price_cents(product.price_cents, cycle.collective.handling_percent),
        priced_quantity=product.priced_quantity,
        step_quantity=product.step_quantity,
        packaging_quantity=product.packaging_quantity,
        rounding=product.rounding,
        limit_quantity=limit,
    )


@transaction.atomic
def publish_cycle(*, cycle: Cycle, actor: Person | None, now: datetime) -> None:
    """Announce it: members see it and order from its opening on. Raises CycleRefused when empty."""
    if not cycle.offers.exists():
        raise CycleRefused("no offer")
    if not cycle.popups.exists():
        raise CycleRefused("no shop")
    if Cycle.objects.filter(pk=cycle.pk, published_at=None).update(published_at=now):
        note(EventKind.CYCLE_PUBLISHED, cycle=cycle, actor=actor, now=now)
        announce(cycle=cycle, now=now)
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
