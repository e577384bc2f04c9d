"""What is put into which bag: by product, by order, by group. Names and quantities alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import F, QuerySet, Sum

from croqualim.accounts.models import Person
from croqualim.catalogue.models import Product
from croqualim.groupbuy.models import Cycle, FreeSale, OrderLine, Popup, Stop
from croqualim.groupbuy.queries.till import live_orders, names_of, with_people
from croqualim.groupbuy.rules.preparation import KEPT_COLD, portions, short_name
from croqualim.kernel.quantity import in_words
from croqualim.stock.models import Reservation
from croqualim.stock.queries import quantities_of

SENT = "preparation"  # the kind of movement that takes goods from the warehouse to a shop
# what is collected at the shop itself comes first, on both engines
_BY_STOP = (F("stop__starts_at").asc(nulls_first=True), "stop__position")


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
    stop: Stop | None = None  # where it is handed over, when the shop goes round

    @property
    def who(self) -> str:
        """'Amina E. · n° 12'."""
        number = f"n°\u00a0{self.number}"
        return f"{self.short_name} · {number}" if self.short_name else number

    @property
    def kept_cold(self) -> list[OrderLine]:
        """What is not in the bag: its owner takes it with her from the cold."""
        return [line for line in self.lines if line.offer.product.family in KEPT_COLD]


@dataclass(frozen=True)
class InWarehouse:
    """One product of a cycle: what each shop takes, and what there is."""

    product: Product
    cells: list[tuple[Popup, int]]
    there: int

    @property
    def total(self) -> int:
        return sum(quantity for _popup, quantity in self.cells)

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
    """By stop and reference; an order of which nothing arrived has a bag without lines."""
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
            stop=order.stop,
        )
        for order in with_people(live_orders(popup))
        .select_related("stop")
        .order_by(*_BY_STOP, "reference")
    ]


def shops_of(cycle: Cycle) -> list[Popup]:
    return list(Popup.objects.filter(cycle=cycle).select_related("group"))


def by_group(cycle: Cycle, popups: Sequence[Popup]) -> list[InWarehouse]:
    """What each of these shops is still to be sent, product by product."""
    lines = OrderLine.objects.filter(order__popup__in=popups, order__cancelled_at=None)
    totals = lines.values_list("offer__product", "order__popup").annotate(total=Sum("quantity"))
    wanted = {(product_id, popup_id): total for product_id, popup_id, total in totals.order_by()}
    there = quantities_of(cycle.collective.warehouse)
    rows = (
        InWarehouse(
            product,
            [(popup, wanted.get((product.pk, popup.pk), 0)) for popup in popups],
            there.get(product.pk, 0),
        )
        for product in Product.objects.filter(pk__in={product_id for product_id, _ in wanted})
    )
    return [row for row in rows if row.total]


def quantities_to_send(popup: Popup) -> dict[int, int]:
    """product id -> what its live orders take away."""
    return _per_product(OrderLine.objects.filter(order__in=live_orders(popup)))


def held_under(keys: Mapping[int, str]) -> dict[int, int]:
    """product id -> what its key holds."""
    rows = Reservation.objects.filter(key__in=keys.values()).values_list("key")
    held = dict(rows.annotate(held=Sum("quantity")).order_by())
    return {product_id: held[key] for product_id, key in keys.items() if key in held}


def shelf_list(popup: Popup) -> list[tuple[ToPrepare, int]]:
    """`by_product`, each with what the warehouse lacks to serve this shop; 0 once it is sent."""
    rows = by_product(popup)
    if popup.prepared_at:
        return [(row, 0) for row in rows]
    there = quantities_of(popup.cycle.collective.warehouse)
    return [(row, max(0, row.quantity - there.get(row.product.pk, 0))) for row in rows]


def was_used(popup: Popup) -> bool:
    """Whether goods have left the shop: handed over, or sold."""
    sold = FreeSale.objects.filter(popup=popup, undone_at=None)
    return live_orders(popup).filter(collected_at__isnull=False).exists() or sold.exists()


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
