"""What a cycle's closing buys, before it is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from croqualim.groupbuy.models import Cycle, Offer
from croqualim.groupbuy.rules.closing import Purchase, plan
from croqualim.groupbuy.rules.packaging import Packaging, ordered_in_words
from croqualim.kernel.quantity import in_words, price_of
from croqualim.network.models import Structure
from croqualim.stock import queries as stock


@dataclass(frozen=True)
class Planned:
    """One product: what the closing does about it."""

    offer: Offer
    purchase: Purchase

    @property
    def cost_cents(self) -> int:
        """What the producer is paid for it, at her price."""
        return farmer_cost(self.offer, self.purchase.quantity)

    @property
    def ordered_in_words(self) -> str:
        """'93 kg commandés', '144 pièces commandées'."""
        return ordered_in_words(self.purchase.ordered, self.offer.product.unit)

    @property
    def packages_in_words(self) -> str:
        return packaging_of(self.offer).in_words(self.purchase.packages)

    @property
    def quantity_in_words(self) -> str:
        return in_words(self.purchase.quantity, self.offer.product.unit)

    @property
    def is_counted_in_packages(self) -> bool:
        """False for single pieces, where saying '40 pièces = 40 pièces' says nothing."""
        return self.packages_in_words != self.quantity_in_words


@dataclass(frozen=True)
class ProducerPlan:
    """All that is bought from one producer, or given by the warehouse of what she makes."""

    producer: Structure
    planned: Sequence[Planned]

    @property
    def total_cents(self) -> int:
        return sum(planned.cost_cents for planned in self.planned)

    @property
    def bought(self) -> list[Planned]:
        return [planned for planned in self.planned if planned.purchase.quantity]


def ordered_offers(cycle: Cycle) -> Iterable[Offer]:
    """Those that somebody ordered, withdrawn or not, by producer and product."""
    return (
        Offer.objects.filter(cycle=cycle, ordered_quantity__gt=0)
        .select_related("product__producer")
        .order_by("product__producer__search_name", "product__producer", "product__search_name")
    )


def plan_of(cycle: Cycle, offers: Iterable[Offer]) -> list[ProducerPlan]:
    """What closing with these offers would buy: by producer, in the order given."""
    available = stock.available_of(cycle.collective.warehouse)
    planned = (
        Planned(
            offer,
            plan(
                offer.ordered_quantity,
                max(available.get(offer.product_id, 0), 0),
                offer.packaging_quantity,
            ),
        )
        for offer in offers
    )
    return [
        ProducerPlan(producer, list(of_producer))
        for producer, of_producer in groupby(planned, key=lambda p: p.offer.product.producer)
    ]


def farmer_cost(offer: Offer, quantity: int) -> int:
    """What a quantity is paid to its producer, in cents, rounded at the line."""
    return price_of(quantity, offer.farmer_price_cents, offer.priced_quantity)


def packaging_of(offer: Offer) -> Packaging:
    return Packaging(offer.product.packaging_name, offer.packaging_quantity, offer.product.unit)
