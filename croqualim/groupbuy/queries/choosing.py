"""The ordering page: what is on the shelves, what is in the basket, what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from croqualim.catalogue.models import Allergen, Family, Label
from croqualim.groupbuy.models import Membership, Offer, Order, Popup
from croqualim.groupbuy.queries import orders
from croqualim.groupbuy.rules.ordering import Offered
from croqualim.groupbuy.rules.pricing import Amounts, line_amounts, total
from croqualim.groupbuy.rules.stages import Stage
from croqualim.kernel.money import percent_of
from croqualim.kernel.text import fold

# as people say them, on a small screen
SHORT = {
    Label.ORGANIC: "bio",
    Label.CONVERSION: "en conversion bio",
    Label.FAIR: "équitable",
    Label.FARM: "fermier",
}


@dataclass(frozen=True)
class Shelf:
    """One offer as a member sees it."""

    offer: Offer
    offered: Offered
    quantity: int
    amounts: Amounts
    own_price_cents: int  # at her share, for the offer's priced quantity

    @property
    def is_last(self) -> bool:
        """True when nothing more can be added."""
        left = self.offered.left
        return self.offered.is_withdrawn or (
            left is not None and self.quantity + self.offered.step_quantity > left
        )

    @property
    def is_scarce(self) -> bool:
        """Worth saying how much is left."""
        left = self.offered.left
        return left is not None and left < 20 * self.offered.step_quantity

    @property
    def labels(self) -> list[str]:
        return [SHORT.get(code, str(Label(code).label)) for code in self.offer.product.labels]

    @property
    def allergens(self) -> list[str]:
        return [str(Allergen(code).label) for code in self.offer.product.allergens]


@dataclass(frozen=True)
class Choosing:
    """Everything the ordering pages show for one household and one shop."""

    popup: Popup
    membership: Membership
    order: Order | None
    stage: Stage
    shelves: list[Shelf] = field(repr=False)
    is_touched: bool  # the basket says something else than the order

    @property
    def chosen(self) -> list[Shelf]:
        return [shelf for shelf in self.shelves if shelf.quantity]

    @property
    def amounts(self) -> Amounts:
        return total([shelf.amounts for shelf in self.chosen])

    @property
    def basket(self) -> dict[int, int]:
        return {shelf.offer.pk: shelf.quantity for shelf in self.chosen}

    @property
    def offered(self) -> dict[int, Offered]:
        return {shelf.offer.pk: shelf.offered for shelf in self.shelves}

    def shelf(self, offer_id: int) -> Shelf | None:
        return next((shelf for shelf in self.shelves if shelf.offer.pk == offer_id), None)

    def families(self, search: str = "") -> list[tuple[Family, list[Shelf]]]:
        """By family, in the order of the shelves; only what the search words are in."""
        found = [shelf for shelf in self.shelves if _is_found(shelf, fold(search).split())]
        by_family: dict[str, list[Shelf]] = {}
        for shelf in found:
            by_family.setdefault(shelf.offer.product.family, []).append(shelf)
        return [(family, by_family[family]) for family in Family if family in by_family]


def choosing(popup: Popup, membership: Membership, now: datetime) -> Choosing:
    """Read it all in a fixed number of queries, whatever the number of products."""
    order = orders.live_order(popup.cycle_id, membership)
    held = orders.quantities_of(order)
    touched = orders.basket_of(popup.cycle, membership)
    wanted = held if touched is None else touched
    offers = list(orders.offers_of(popup.cycle))
    offered = orders.as_offered(offers, held)
    return Choosing(
        popup=popup,
        membership=membership,
        order=order,
        stage=popup.cycle.stage(now),
        shelves=[
            _shelf(offer, offered, wanted, membership.share_percent)
            for offer in offers
            if offer.withdrawn_at is None or offer.pk in wanted
        ],
        is_touched=touched is not None,
    )


def _shelf(
    offer: Offer, offered: Mapping[int, Offered], wanted: Mapping[int, int], share_percent: int
) -> Shelf:
    quantity = wanted.get(offer.pk, 0)
    return Shelf(
        offer=offer,
        offered=offered[offer.pk],
        quantity=quantity,
        amounts=line_amounts(
            quantity,
            cost_price_cents=offer.cost_price_cents,
            priced_quantity=offer.priced_quantity,
            share_percent=share_percent,
        ),
        own_price_cents=percent_of(offer.cost_price_cents, share_percent),
    )


def _is_found(shelf: Shelf, words: list[str]) -> bool:
    product = shelf.offer.product
    text = f"{product.search_name} {product.producer.search_name} {fold(product.origin)}"
    return all(word in text for word in words)
