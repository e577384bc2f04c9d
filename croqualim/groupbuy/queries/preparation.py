"""What is put into which bag: by product, by order, by group. Names and quantities alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max, QuerySet, Sum

from croqualim.accounts.models import Person
from croqualim.catalogue.models import Product
from croqualim.groupbuy.models import Cycle, Event, EventKind, FreeSale, OrderLine, Popup
from croqualim.groupbuy.queries.till import live_orders, names_of, with_people
from croqualim.groupbuy.rules.preparation import KEPT_COLD, portions, short_name
from croqualim.kernel.quantity import in_words
from croqualim.stock.models import Reservation
from croqualim.stock.queries import quantities_of


@dataclass(frozen=True)
class ToPrepare:
    """One product of a shop: what to take from the warehouse, for whom."""

    product: Product
    parts: list[tuple[str, int]] = field(default_factory=list)  # reference, quantity

    @property
    def quantity(self) -> int:
        return sum(quantity for _reference, quantity in self.parts)

    @property
    def quantity_in_words(self) -> str:
        return in_words(self.quantity, self.product.unit)

    @property
    def portions(self) -> str:
        return portions((quantity for _reference, quantity in self.parts), self.product.unit)


@dataclass(frozen=True)
class Bag:
    """One order as it is prepared."""

    reference: str
    number: int
    names: tuple[str, ...]
    short_name: str
    lines: list[OrderLine]

    @property
    def kept_cold(self) -> list[OrderLine]:
        """What is not in the bag: its owner takes it with her from the cold."""
        return [line for line in self.lines if line.offer.product.family in KEPT_COLD]


@dataclass(frozen=True)
class InWarehouse:
    """One product of a cycle: what each shop takes, and what there is."""

    product: Product
    by_popup: list[int]  # in the order of the shops
    there: int

    @property
    def total(self) -> int:
        return sum(self.by_popup)

    @property
    def missing(self) -> int:
        return max(0, self.total - self.there)


def by_product(popup: Popup) -> list[ToPrepare]:
    found: dict[int, ToPrepare] = {}
    for line in _lines(popup).select_related("order"):
        to_prepare = found.setdefault(line.offer.product_id, ToPrepare(line.offer.product))
        to_prepare.parts.append((line.order.reference, line.quantity))
    return list(found.values())


def by_order(popup: Popup) -> list[Bag]:
    """By reference; an order of which nothing arrived has a bag without lines."""
    lines: defaultdict[int, list[OrderLine]] = defaultdict(list)
    for line in _lines(popup):
        lines[line.order_id].append(line)
    return [
        Bag(
            reference=order.reference,
            number=order.membership.number,
            names=names_of(order.membership),
            short_name=_short_name(order.membership.household.here, order.placed_by_id),  # type: ignore[attr-defined]
            lines=lines[order.pk],
        )
        for order in with_people(live_orders(popup)).order_by("reference")
    ]


def by_group(cycle: Cycle) -> tuple[list[Popup], list[InWarehouse]]:
    """The shops still to be sent their goods, and each product's quantities in the same order."""
    popups = list(
        Popup.objects.filter(cycle=cycle, prepared_at=None).select_related("group").order_by("pk")
    )
    lines = OrderLine.objects.filter(order__popup__in=popups, order__cancelled_at=None)
    totals = lines.values_list("offer__product", "order__popup").annotate(total=Sum("quantity"))
    wanted = {(product_id, popup_id): total for product_id, popup_id, total in totals.order_by()}
    there = quantities_of(cycle.collective.warehouse)
    products = Product.objects.filter(pk__in={product_id for product_id, _popup in wanted})
    rows = [
        InWarehouse(
            product, [wanted.get((product.pk, p.pk), 0) for p in popups], there.get(product.pk, 0)
        )
        for product in products
    ]
    return popups, [row for row in rows if row.total]


def quantities_to_send(popup: Popup) -> dict[int, int]:
    """product id -> what its live orders take away."""
    return _per_product(OrderLine.objects.filter(order__in=live_orders(popup)))


def held_under(keys: Mapping[int, str]) -> dict[int, int]:
    """product id -> what its key holds."""
    rows = Reservation.objects.filter(key__in=keys.values()).values_list("key")
    held = dict(rows.annotate(held=Sum("quantity")).order_by())
    return {product_id: held[key] for product_id, key in keys.items() if key in held}


def missing_in_warehouse(popup: Popup, rows: Sequence[ToPrepare]) -> dict[int, int]:
    """product id -> what the warehouse lacks to serve this shop."""
    there = quantities_of(popup.cycle.collective.warehouse)
    lacking = {row.product.pk: row.quantity - there.get(row.product.pk, 0) for row in rows}
    return {product_id: lacks for product_id, lacks in lacking.items() if lacks > 0}


def was_used(popup: Popup) -> bool:
    """Whether goods have left the shop: handed over, or sold."""
    sold = FreeSale.objects.filter(popup=popup, undone_at=None)
    return live_orders(popup).filter(collected_at__isnull=False).exists() or sold.exists()


def changed_at(popup: Popup) -> datetime | None:
    """When an order of this shop last changed: the state of things that a paper shows."""
    changes = (EventKind.ORDER_PLACED, EventKind.ORDER_CHANGED, EventKind.ORDER_CANCELLED)
    events = Event.objects.filter(popup=popup, kind__in=(*changes, EventKind.ORDER_REPRICED))
    last: datetime | None = events.aggregate(last=Max("at"))["last"]
    return last


def _lines(popup: Popup) -> QuerySet[OrderLine]:
    return (
        OrderLine.objects.filter(order__in=live_orders(popup), quantity__gt=0)
        .select_related("offer__product")
        .order_by("offer__product__family", "offer__product__search_name", "order__reference")
    )


def _per_product(lines: QuerySet[OrderLine]) -> dict[int, int]:
    totals = lines.values_list("offer__product").annotate(total=Sum("quantity")).order_by()
    return {product_id: total for product_id, total in totals if total}


def _short_name(people: Sequence[Person], placed_by_id: int) -> str:
    """Of whoever ordered when she is of the household, of its first person otherwise."""
    someone = next((p for p in people if p.pk == placed_by_id), people[0] if people else None)
    return short_name(someone.given_name, someone.family_name) if someone else ""
