"""What a household usually takes, and its favourites: what it is offered first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from croqualim.groupbuy.models import Favourite, Membership, Order, OrderLine
from croqualim.groupbuy.rules.habits import LAST_ORDERS, refill, usual
from croqualim.groupbuy.rules.ordering import Offered
from croqualim.storage.prepared import Prepared

_LAST = Prepared(
    lambda membership: (
        OrderLine.objects.filter(
            order__in=Order.objects.filter(membership=membership, collected_at__isnull=False)
            .order_by("-collected_at")
            .values("pk")[:LAST_ORDERS]
        )
        .order_by("-order__collected_at", "pk")
        .values_list("order_id", "offer__product_id", "offer__product__name", "asked_quantity")
    )
)
_FAVOURITES = Prepared(
    lambda household: Favourite.objects.filter(household=household).values_list("product_id")
)


@dataclass(frozen=True)
class Habits:
    """By product id, how much she usually takes and what it is called."""

    quantities: Mapping[int, int]
    names: Mapping[int, str]


@dataclass(frozen=True)
class Usual:
    """What one press adds to a basket, and what it cannot."""

    changes: Mapping[int, int]  # offer id -> quantity
    less: tuple[str, ...] = ()  # names: less than usual is left
    missing: tuple[str, ...] = ()  # names: not this month, or none left


class OfProduct(Protocol):
    """An offer, or a row of one."""

    @property
    def pk(self) -> int: ...
    @property
    def product_id(self) -> int: ...


def habits_of(membership: Membership) -> Habits:
    """From the orders she took away; one query."""
    orders: dict[int, dict[int, int]] = {}
    names: dict[int, str] = {}
    for order, product, name, quantity in _LAST(membership.pk):
        orders.setdefault(order, {})[product] = quantity
        names[product] = name
    return Habits(usual(list(orders.values())), names)


def favourites_of(membership: Membership) -> frozenset[int]:
    """Ids of her household's favourite products."""
    return frozenset(product for (product,) in _FAVOURITES(membership.household_id))


def usual_in(
    habits: Habits,
    offers: Iterable[OfProduct],
    offered: Mapping[int, Offered],
    basket: Mapping[int, int],
) -> Usual:
    """What the basket lacks of her habits; what is in it already stays as it is."""
    offer_of = {offer.product_id: offer.pk for offer in offers}
    lacking = {p: n for p, n in habits.quantities.items() if not basket.get(offer_of.get(p, 0))}
    had = refill(lacking, {product: offered[pk] for product, pk in offer_of.items()})
    return Usual(
        changes={offer_of[product]: quantity for product, quantity in had.quantities.items()},
        less=tuple(sorted(habits.names[product] for product in had.less)),
        missing=tuple(sorted(habits.names[product] for product in had.missing)),
    )
