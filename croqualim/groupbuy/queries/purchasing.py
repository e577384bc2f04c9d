"""Purchase orders: what each asks for, what came of it, and what a producer is owed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from croqualim.accounts.models import Person
from croqualim.groupbuy.access import farmer_purchase_orders
from croqualim.groupbuy.models import (
    Cycle,
    DeliveryLine,
    Event,
    EventKind,
    Popup,
    PurchaseOrder,
    PurchaseOrderLine,
)
from croqualim.groupbuy.queries.closing import farmer_cost, packaging_of
from croqualim.kernel.quantity import in_words, price_in_words


@dataclass(frozen=True)
class Wanted:
    """A line of a purchase order as people read it, and what came of it."""

    line: PurchaseOrderLine
    delivered: DeliveryLine | None

    @property
    def packages_in_words(self) -> str:
        return packaging_of(self.line.offer).in_words(self.line.packages)

    @property
    def quantity_in_words(self) -> str:
        return in_words(self.line.quantity, self.line.offer.product.unit)

    @property
    def is_counted_in_packages(self) -> bool:
        """False for single pieces, where '40 pièces = 40 pièces' says nothing."""
        return self.packages_in_words != self.quantity_in_words

    @property
    def received_in_words(self) -> str:
        return in_words(self.received_quantity, self.line.offer.product.unit)

    @property
    def price_in_words(self) -> str:
        offer = self.line.offer
        return price_in_words(offer.farmer_price_cents, offer.priced_quantity, offer.product.unit)

    @property
    def received_quantity(self) -> int:
        return self.delivered.quantity if self.delivered else 0

    @property
    def cost_cents(self) -> int:
        return farmer_cost(self.line.offer, self.line.quantity)

    @property
    def received_cents(self) -> int:
        return farmer_cost(self.line.offer, self.received_quantity)


@dataclass(frozen=True)
class Contents:
    """A whole purchase order."""

    purchase_order: PurchaseOrder
    wanted: Sequence[Wanted]

    @property
    def total_cents(self) -> int:
        return sum(wanted.cost_cents for wanted in self.wanted)

    @property
    def received_cents(self) -> int:
        return sum(wanted.received_cents for wanted in self.wanted)


def contents_of(purchase_order: PurchaseOrder) -> Contents:
    return _with_contents([purchase_order])[0]


def purchase_orders_of(cycle: Cycle) -> list[Contents]:
    """All of a cycle's, in a fixed number of queries."""
    return _with_contents(
        PurchaseOrder.objects.filter(cycle=cycle)
        .select_related("cycle__collective__structure", "producer")
        .order_by("producer__search_name")
    )


def orders_to_farmer(person: Person) -> list[Contents]:
    """Those sent to the farms she speaks for, the latest first."""
    return _with_contents(farmer_purchase_orders(person).order_by("-sent_at")[:200])


def lines_of(purchase_orders: Iterable[PurchaseOrder]) -> QuerySet[PurchaseOrderLine]:
    return (
        PurchaseOrderLine.objects.filter(purchase_order__in=list(purchase_orders))
        .select_related("offer__product")
        .order_by("offer__product__search_name", "pk")
    )


def live_deliveries(lines: Iterable[PurchaseOrderLine]) -> dict[int, DeliveryLine]:
    """line id -> what came, where something was received and not undone."""
    deliveries = DeliveryLine.objects.filter(purchase_line__in=list(lines), undone_at=None)
    return {delivery.purchase_line_id: delivery for delivery in deliveries.select_related("lot")}


def times_sent(purchase_order: PurchaseOrder) -> int:
    return Event.objects.filter(
        cycle=purchase_order.cycle_id,
        kind=EventKind.PURCHASE_SENT,
        details__lines__0__0=purchase_order.number,
    ).count()


def deliver_before(cycle: Cycle) -> Popup | None:
    """The first shop of the cycle: the goods are wanted before it."""
    return Popup.objects.filter(cycle=cycle).order_by("starts_at").first()


def _with_contents(purchase_orders: Iterable[PurchaseOrder]) -> list[Contents]:
    orders = list(purchase_orders)
    lines = list(lines_of(orders))
    delivered = live_deliveries(lines)
    wanted: dict[int, list[Wanted]] = {order.pk: [] for order in orders}
    for line in lines:
        wanted[line.purchase_order_id].append(Wanted(line, delivered.get(line.pk)))
    return [Contents(order, wanted[order.pk]) for order in orders]
