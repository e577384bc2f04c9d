"""Purchase orders: what each asks for, what came of it, and what a producer is owed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

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
from croqualim.kernel.quantity import in_words, price_in_words, price_of


@dataclass(frozen=True)
class Wanted:
    """A line of a purchase order as people read it, and what came of it."""

    line: PurchaseOrderLine
    delivered: Sequence[DeliveryLine]  # what stands, lot by lot

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
        """Accepted, and owed to the producer."""
        return sum(row.quantity for row in self.delivered)

    @property
    def awaited_quantity(self) -> int:
        return max(0, self.line.quantity - self.received_quantity)

    @property
    def lots_in_words(self) -> str:
        return ", ".join(dict.fromkeys(row.lot.code for row in self.delivered if row.lot))

    @property
    def cost_cents(self) -> int:
        return farmer_cost(self.line.offer, self.line.quantity)

    @property
    def notes(self) -> list[str]:
        """What the producer must know of what she brought: refused, spoilt, at another price."""
        unit = self.line.offer.product.unit
        return [said for row in self.delivered for said in _notes(row, unit)]

    @property
    def received_cents(self) -> int:
        return sum(owed_for(row) for row in self.delivered)


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

    @property
    def has_arrived(self) -> bool:
        """All of it, or a part."""
        is_over = self.purchase_order.received_at is not None
        return is_over or any(wanted.delivered for wanted in self.wanted)


def contents_of(purchase_order: PurchaseOrder) -> Contents:
    return with_contents([purchase_order])[0]


def purchase_orders_of(cycle: Cycle) -> list[Contents]:
    """All of a cycle's, in a fixed number of queries."""
    return with_contents(
        PurchaseOrder.objects.filter(cycle=cycle)
        .select_related("cycle__collective__structure", "producer")
        .order_by("producer__search_name")
    )


def orders_to_farmer(person: Person) -> list[Contents]:
    """Those sent to the farms she speaks for, the latest first."""
    return with_contents(farmer_purchase_orders(person).order_by("-sent_at")[:200])


def lines_of(purchase_orders: Iterable[PurchaseOrder]) -> QuerySet[PurchaseOrderLine]:
    return (
        PurchaseOrderLine.objects.filter(purchase_order__in=list(purchase_orders))
        .select_related("offer__product")
        .order_by("offer__product__search_name", "pk")
    )


def owed_for(delivered: DeliveryLine) -> int:
    """What the producer asked for what was accepted, in cents."""
    return price_of(delivered.quantity, delivered.price_cents, delivered.priced_quantity)


def _notes(row: DeliveryLine, unit: str) -> Iterator[str]:
    words = {"why": row.damage}
    if row.refused_quantity:
        quantity = in_words(row.refused_quantity, unit)
        yield _("%(quantity)s refusés (%(why)s)") % {**words, "quantity": quantity}
    if row.lost_quantity:
        quantity = in_words(row.lost_quantity, unit)
        yield _("dont %(quantity)s perdus (%(why)s)") % {**words, "quantity": quantity}
    if row.quantity and row.price_cents != row.purchase_line.offer.farmer_price_cents:
        price = price_in_words(row.price_cents, row.priced_quantity, unit)
        yield _("à %(price)s ce jour-là") % {"price": price}


def _delivered(lines: Iterable[PurchaseOrderLine]) -> dict[int, list[DeliveryLine]]:
    """line id -> what came of it and was not undone, lot by lot."""
    rows = DeliveryLine.objects.filter(purchase_line__in=list(lines), delivery__undone_at=None)
    delivered: dict[int, list[DeliveryLine]] = {}
    for row in rows.select_related("lot", "purchase_line__offer"):
        delivered.setdefault(row.purchase_line_id, []).append(row)
    return delivered


def times_sent(purchase_order: PurchaseOrder) -> int:
    return Event.objects.filter(
        cycle=purchase_order.cycle_id,
        kind=EventKind.PURCHASE_SENT,
        details__lines__0__0=purchase_order.number,
    ).count()


def deliver_before(cycle: Cycle) -> Popup | None:
    """The first shop of the cycle: the goods are wanted before it."""
    return Popup.objects.filter(cycle=cycle).order_by("starts_at").first()


def with_contents(purchase_orders: Iterable[PurchaseOrder]) -> list[Contents]:
    """Each with what it asks for and what came, in a fixed number of queries."""
    orders = list(purchase_orders)
    lines = list(lines_of(orders))
    delivered = _delivered(lines)
    wanted: dict[int, list[Wanted]] = {order.pk: [] for order in orders}
    for line in lines:
        wanted[line.purchase_order_id].append(Wanted(line, delivered.get(line.pk, ())))
    return [Contents(order, wanted[order.pk]) for order in orders]
