"""What members choose from and what they have chosen."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from django.db.models import QuerySet

from croqualim.groupbuy.models import (
    Basket,
    Cycle,
    Membership,
    Offer,
    Order,
    OrderLine,
    Popup,
)
from croqualim.groupbuy.rules.ordering import Offered
from croqualim.groupbuy.rules.stages import Moments, Stage, stage_at
from croqualim.storage.prepared import Prepared

LIVE_ORDER = Prepared(
    lambda cycle, membership: Order.objects.filter(
        cycle=cycle, membership=membership, cancelled_at=None
    ).order_by()
)
ASKED = Prepared(
    lambda order: OrderLine.objects.filter(order=order).values_list(
        "offer_id", "asked_quantity", "extra_quantity"
    )
)
BASKET = Prepared(
    lambda cycle, membership: Basket.objects.filter(cycle=cycle, membership=membership).values_list(
        "quantities", "extras"
    )
)

MOMENTS = Prepared(
    lambda cycle: (
        Cycle.objects.filter(pk=cycle)
        .order_by()
        .values_list("opens_at", "closes_at", "published_at", "bought_at", "settled_at")
    )
)


class Asked(NamedTuple):
    """By offer id: how much, and as much more where that completes a packaging."""

    quantities: dict[int, int]
    extras: dict[int, int]


def offers_of(cycle: Cycle) -> QuerySet[Offer]:
    return Offer.objects.filter(cycle=cycle).select_related("product__producer")


def stage_of(cycle_id: int, now: datetime) -> Stage:
    """Read anew: for those who hold a lock."""
    return stage_at(moments_of(cycle_id), now)


def moments_of(cycle_id: int) -> Moments:
    """Read anew."""
    ((opens_at, closes_at, published_at, bought_at, settled_at),) = MOMENTS(cycle_id)
    return Moments(
        opens_at=opens_at,
        closes_at=closes_at,
        published_at=published_at,
        bought_at=bought_at,
        settled_at=settled_at,
    )


def live_order(cycle_id: int, membership: Membership) -> Order | None:
    return LIVE_ORDER.first(cycle_id, membership.pk)


def order_at_another_share(membership: Membership, share_percent: int) -> Order | None:
    """Her order of an open cycle, when it was confirmed at another share than this one."""
    orders = Order.objects.filter(membership=membership, cancelled_at=None, cycle__bought_at=None)
    return orders.exclude(share_percent=share_percent).order_by("-placed_at").first()


def quantities_of(order: Order | None) -> dict[int, int]:
    """offer id -> what the order asks for."""
    return asked_of(order).quantities


def asked_of(order: Order | None) -> Asked:
    rows = ASKED(order.pk) if order else []
    return Asked(
        {offer_id: quantity for offer_id, quantity, _extra in rows},
        {offer_id: extra for offer_id, _quantity, extra in rows if extra},
    )


def lines_of(order: Order) -> QuerySet[OrderLine]:
    return order.lines.select_related("offer__product__producer").order_by(
        "offer__product__family", "offer__product__search_name"
    )


def basket_of(cycle: Cycle, membership: Membership) -> dict[int, int] | None:
    """offer id -> quantity being chosen; None when nothing was touched since the last order."""
    found = BASKET.first(cycle.pk, membership.pk)
    return None if found is None else _by_offer(found[0])


class Wanted(NamedTuple):
    """What she has before her, and what her order says."""

    now: Asked
    order: Order | None
    held: Asked
    is_touched: bool  # the basket was touched since the order


def wanted_of(cycle: Cycle, membership: Membership) -> Wanted:
    basket = BASKET.first(cycle.pk, membership.pk)  # read first: confirming makes an order of it
    order = live_order(cycle.pk, membership)
    held = asked_of(order)
    if basket is None:
        return Wanted(held, order, held, is_touched=False)
    quantities, extras = basket
    more = held.extras if extras is None else _by_offer(extras)
    return Wanted(Asked(_by_offer(quantities), more), order, held, is_touched=True)


def _by_offer(stored: Mapping[str, int]) -> dict[int, int]:
    return {int(offer_id): quantity for offer_id, quantity in stored.items()}


def has_draft(order: Order) -> bool:
    """Whether something else was chosen since, and not confirmed."""
    wanted, _order, held, is_touched = wanted_of(order.cycle, order.membership)
    return is_touched and (
        {offer_id: quantity for offer_id, quantity in wanted.quantities.items() if quantity}
        != held.quantities
        or {pk: n for pk, n in wanted.extras.items() if n and wanted.quantities.get(pk)}
        != held.extras
    )


class Limited(Protocol):
    """An offer, or a row of one."""

    @property
    def pk(self) -> int: ...
    @property
    def step_quantity(self) -> int: ...
    @property
    def limit_quantity(self) -> int | None: ...
    @property
    def ordered_quantity(self) -> int: ...
    @property
    def withdrawn_at(self) -> datetime | None: ...


def as_offered(offers: Iterable[Limited], held: Mapping[int, int]) -> dict[int, Offered]:
    """Offers as the rules see them; what the order already holds counts as free for it."""
    return {
        offer.pk: Offered(
            step_quantity=offer.step_quantity,
            left=_left(offer, held.get(offer.pk, 0)),
            is_withdrawn=offer.withdrawn_at is not None,
        )
        for offer in offers
    }


def _left(offer: Limited, held: int) -> int | None:
    if offer.withdrawn_at is not None:
        return held
    if offer.limit_quantity is None:
        return None
    return offer.limit_quantity - offer.ordered_quantity + held


def orders_of_household(household_id: int) -> QuerySet[Order]:
    return (
        Order.objects.filter(membership__household=household_id)
        .select_related("cycle", "popup__group", "stop")
        .order_by("-placed_at")
    )


def popups_to_order_from(household_id: int, now: datetime) -> QuerySet[Popup]:
    """Shops of the household's groups whose cycle is announced and not over yet."""
    return (
        Popup.objects.filter(
            group__memberships__household=household_id,
            group__memberships__left_at=None,
            cycle__published_at__isnull=False,
            cycle__closes_at__gt=now,
            cycle__bought_at=None,
        )
        .select_related("cycle", "group")
        .order_by("cycle__closes_at")
    )
