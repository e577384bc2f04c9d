"""The ordering page: what is on the shelves, what is in the basket, what it comes to.

The page that everybody opens at the same hour. So it reads rows, not models, and a `Shelf` holds
plain values: two equal shelves look the same, and their HTML is made once (views/shelves.py).
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import F, Sum
from django.utils.timezone import localdate, localtime

from croqualim.catalogue.models import Family, Label
from croqualim.catalogue.rules.season import is_fresh
from croqualim.groupbuy.models import Container, Membership, Offer, Order, Popup
from croqualim.groupbuy.queries import orders
from croqualim.groupbuy.queries.containers import Deposit
from croqualim.groupbuy.queries.due import Due, fee_on
from croqualim.groupbuy.queries.habits import Usual, habits_of, usual_in
from croqualim.groupbuy.rules.closing import is_nearly_full, plan
from croqualim.groupbuy.rules.containers import containers_for, containers_in_words
from croqualim.groupbuy.rules.ordering import Offered
from croqualim.groupbuy.rules.packaging import with_article
from croqualim.groupbuy.rules.pricing import line_amounts
from croqualim.groupbuy.rules.stages import Stage
from croqualim.kernel.money import percent_of
from croqualim.kernel.text import fold
from croqualim.stock.models import Level
from croqualim.storage.prepared import Prepared

# as people say them, on a small screen
SHORT = {
    Label.ORGANIC: "bio",
    Label.CONVERSION: "en conversion bio",
    Label.FAIR: "équitable",
    Label.FARM: "fermier",
}


class Goods(NamedTuple):
    """An offer and its product, as the database says them."""

    pk: int
    product_id: int
    step_quantity: int
    packaging_quantity: int
    limit_quantity: int | None
    ordered_quantity: int
    withdrawn_at: datetime | None
    cost_price_cents: int
    priced_quantity: int
    name: str
    search_name: str
    family: str
    unit: str
    packaging_name: str
    origin: str
    label_codes: list[str]
    season_months: list[int]
    is_weighed: bool
    producer: str
    producer_search_name: str
    container: str | None  # that it goes home in, with a deposit
    deposit_cents: int | None
    holds_quantity: int | None

    def containers_of(self, quantity: int) -> int:
        """How many go home with so much of it."""
        return containers_for(quantity, self.holds_quantity) if self.holds_quantity else 0


COLUMNS = (
    "pk",
    "product_id",
    "step_quantity",
    "packaging_quantity",
    "limit_quantity",
    "ordered_quantity",
    "withdrawn_at",
    "cost_price_cents",
    "priced_quantity",
    "product__name",
    "product__search_name",
    "product__family",
    "product__unit",
    "product__packaging_name",
    "product__origin",
    "product__labels",
    "product__season_months",
    "product__is_weighed",
    "product__producer__name",
    "product__producer__search_name",
    "product__container__container__name",
    "product__container__container__deposit_cents",
    "product__container__holds_quantity",
)

ON_OFFER = Prepared(lambda cycle: Offer.objects.filter(cycle=cycle).values_list(*COLUMNS))
AVAILABLE = Prepared(
    lambda collective: (
        Level.objects.filter(location__collective=collective)
        .order_by()
        .values_list("lot__product")
        .annotate(free=Sum(F("quantity") - F("reserved_quantity")))
    )
)


class Shelf(NamedTuple):
    """One offer as a member sees it: all that shelf.html shows, and nothing else.

    To say one thing more on a shelf: a plain value here, a line in shelf.html.
    """

    popup_id: int
    offer_id: int
    family: str
    name: str
    producer: str
    label_codes: tuple[str, ...]
    unit: str
    own_price_cents: int  # at her share, for priced_quantity
    priced_quantity: int
    quantity: int  # in her basket
    due_cents: int  # for what is in her basket, at her share
    left: int | None  # where little is left; in the product's units
    is_gone: bool  # withdrawn since she put it in her basket
    is_last: bool  # nothing more can be added
    is_open: bool  # one may order
    is_fresh: bool | None  # collected in its season; None when it has none
    lacks: int | None  # to complete a packaging, where it is little
    packaging: str  # 'le sac', where something lacks
    extra: int  # as much more she would take, to complete it
    origin: str
    deposit_cents: int | None  # on each container, where it goes home in one
    container: str  # its name
    containers: str  # that what is in her basket goes home in: '2 bocaux d’un litre'
    about: int | None  # what a step weighs more or less, of what is sold by its real weight

    @property
    def labels(self) -> list[str]:
        return labels_in_words(self.label_codes)


@dataclass(frozen=True)
class Choosing:
    """Everything the ordering pages show for one household and one shop."""

    popup: Popup
    membership: Membership
    order: Order | None
    stage: Stage
    goods: Sequence[Goods] = field(repr=False)
    offered: Mapping[int, Offered] = field(repr=False)
    wanted: Mapping[int, int]  # offer id -> quantity
    extras: Mapping[int, int]  # offer id -> as much more, if that completes a packaging
    held: Mapping[int, int] = field(repr=False)  # offer id -> what her order says
    available: Mapping[int, int] = field(repr=False)  # product id -> in the warehouse
    is_touched: bool  # the basket says something else than the order

    @cached_property
    def chosen(self) -> list[Shelf]:
        return [self._shelf(goods) for goods in self.goods if self.wanted.get(goods.pk)]

    @property
    def gone(self) -> list[Shelf]:
        """What she chose and cannot have any more: hers to take out."""
        return [shelf for shelf in self.chosen if shelf.is_gone]

    @property
    def due_cents(self) -> int:
        return sum(shelf.due_cents for shelf in self.chosen)

    @cached_property
    def due(self) -> Due:
        """All that she brings to the shop; in one more query."""
        day = localdate(self.popup.starts_at)
        fee_cents = fee_on(self.membership, day) if self.chosen else 0
        return Due(self.due_cents, fee_cents, None, self._deposits)

    @property
    def _deposits(self) -> list[Deposit]:
        return [
            Deposit(Container(name=goods.container, deposit_cents=goods.deposit_cents), number)
            for goods in self.goods
            if goods.container
            and goods.deposit_cents
            and (number := goods.containers_of(self.wanted.get(goods.pk, 0)))
        ]

    @property
    def basket(self) -> dict[int, int]:
        return {shelf.offer_id: shelf.quantity for shelf in self.chosen}

    def shelf(self, offer_id: int) -> Shelf | None:
        return next((self._shelf(goods) for goods in self.goods if goods.pk == offer_id), None)

    def with_basket(self, basket: Mapping[int, int], extras: Mapping[int, int]) -> "Choosing":
        """The same shelves with another basket."""
        return replace(self, wanted=basket, extras=extras, is_touched=True)

    def shelves_of(self, products: Set[int]) -> list[Shelf]:
        """In their order, those of these products."""
        return [self._shelf(goods) for goods in self.goods if goods.product_id in products]

    def families(
        self, search: str = "", *, apart: Set[int] = frozenset()
    ) -> list[tuple[Family, list[Shelf]]]:
        """By family, in the order of the shelves: only what the search words are in, and without
        the products that stand apart."""
        words = fold(search).split()
        by_family: dict[str, list[Shelf]] = {}
        for goods in self.goods:
            if goods.product_id not in apart and _is_found(goods, words):
                by_family.setdefault(goods.family, []).append(self._shelf(goods))
        return [(family, by_family[family]) for family in Family if family in by_family]

    def _shelf(self, goods: Goods) -> Shelf:
        offered = self.offered[goods.pk]
        quantity = self.wanted.get(goods.pk, 0)
        share_percent = self.membership.share_percent
        lacks = self._lacks(goods, quantity)
        return Shelf(
            popup_id=self.popup.pk,
            offer_id=goods.pk,
            family=goods.family,
            name=goods.name,
            producer=goods.producer,
            label_codes=tuple(goods.label_codes),
            unit=goods.unit,
            own_price_cents=percent_of(goods.cost_price_cents, share_percent),
            priced_quantity=goods.priced_quantity,
            quantity=quantity,
            due_cents=self.due_of(goods, quantity) if quantity else 0,
            left=offered.left if offered.is_scarce and not offered.is_withdrawn else None,
            is_gone=offered.is_gone_for(quantity),
            is_last=not offered.has_room_above(quantity),
            is_open=self.stage is Stage.OPEN,
            is_fresh=is_fresh(goods.season_months, self._month) if goods.season_months else None,
            lacks=lacks,
            packaging=with_article(goods.packaging_name) if lacks else "",
            extra=self.extras.get(goods.pk, 0) if quantity else 0,
            origin=goods.origin,
            deposit_cents=goods.deposit_cents,
            container=goods.container or "",
            containers=_containers_in_words(goods, quantity),
            about=goods.step_quantity if goods.is_weighed else None,
        )

    def _lacks(self, goods: Goods, quantity: int) -> int | None:
        """What lacks to the last packaging with what is before her, where saying it helps all."""
        if goods.packaging_quantity <= goods.step_quantity or goods.withdrawn_at:
            return None
        ordered = goods.ordered_quantity - self.held.get(goods.pk, 0) + quantity
        if not ordered:
            return None
        there = max(self.available.get(goods.product_id, 0), 0)
        up = plan(ordered, there, goods.packaging_quantity)
        is_little = is_nearly_full(up, packaging=goods.packaging_quantity, step=goods.step_quantity)
        return up.extra if is_little else None

    @cached_property
    def _month(self) -> int:
        """In which it is collected, 1 to 12."""
        return localtime(self.popup.starts_at).month

    def due_of(self, goods: Goods, quantity: int) -> int:
        """What so much of it is at her share, in cents."""
        return line_amounts(
            quantity,
            cost_price_cents=goods.cost_price_cents,
            priced_quantity=goods.priced_quantity,
            share_percent=self.membership.share_percent,
        ).due_cents


def choosing(popup: Popup, membership: Membership, now: datetime) -> Choosing:
    """Read it all in a fixed number of queries, whatever the number of products."""
    wanted, order, held, is_touched = orders.wanted_of(popup.cycle, membership)
    rows = map(Goods._make, ON_OFFER(popup.cycle_id))
    goods = [row for row in rows if row.withdrawn_at is None or row.pk in wanted.quantities]
    return Choosing(
        popup=popup,
        membership=membership,
        order=order,
        stage=popup.cycle.stage(now),
        goods=goods,
        offered=orders.as_offered(goods, held.quantities),
        wanted=wanted.quantities,
        extras=wanted.extras,
        held=held.quantities,
        available=dict(AVAILABLE(membership.collective_id)),
        is_touched=is_touched,
    )


def usual_of(choice: Choosing) -> Usual:
    """What her habits would add to the basket; one query."""
    return usual_in(habits_of(choice.membership), choice.goods, choice.offered, choice.wanted)


def labels_in_words(codes: Sequence[str]) -> list[str]:
    return [SHORT.get(Label(code), str(Label(code).label)) for code in codes]


def _containers_in_words(goods: Goods, quantity: int) -> str:
    number = goods.containers_of(quantity)
    return containers_in_words(number, goods.container) if number and goods.container else ""


def _is_found(goods: Goods, words: list[str]) -> bool:
    text = f"{goods.search_name} {goods.producer_search_name} {fold(goods.origin)}" if words else ""
    return all(word in text for word in words)
