from django.db.models import F, OuterRef, QuerySet, Sum
from django.db.models.expressions import Combinable

from croqualim.catalogue.models import Product
from croqualim.kernel.quantity import price_of
from croqualim.ledger.queries import total_of
from croqualim.ledger.rules import Discrepancy
from croqualim.stock.models import Level, Location, Lot, Movement, Reservation


def levels_of(location: Location) -> QuerySet[Level]:
    """What is there, lot by lot, in the order in which it goes."""
    return (
        Level.objects.filter(location=location)
        .exclude(quantity=0)
        .select_related("lot__product")
        .order_by(F("lot__best_before_on").asc(nulls_last=True), "lot__received_at", "pk")
    )


def quantity_of(product: Product, location: Location) -> int:
    """How much of a product is there, held or not, in its own unit."""
    return _by_product(Level.objects.filter(lot__product=product), location, F("quantity")).get(
        product.pk, 0
    )


def quantities_of(location: Location) -> dict[int, int]:
    """How much of each product (by id) is there, held or not."""
    return _by_product(Level.objects.all(), location, F("quantity"))


def available_of(location: Location) -> dict[int, int]:
    """How much of each product (by id) is there and held for nothing."""
    return _by_product(Level.objects.all(), location, F("quantity") - F("reserved_quantity"))


def history(lot: Lot) -> QuerySet[Movement]:
    """All that happened to a lot, oldest first."""
    return lot.movements.select_related("from_location", "to_location", "actor").order_by(
        "at", "pk"
    )


def value_of(location: Location) -> int:
    """What the goods there were paid, in cents; each lot is rounded once."""
    levels = Level.objects.filter(location=location).exclude(quantity=0).select_related("lot")
    return sum(_value(level.lot, level.quantity) for level in levels)


def value_of_movement(movement: Movement) -> int:
    """What the goods moved were paid, in cents."""
    return _value(movement.lot, movement.quantity)


def discrepancies() -> list[Discrepancy]:
    """What the movements do not add up to: levels, what is held, and each lot's sum of zero."""
    return [*_wrong_levels(), *_wrong_reservations(), *_wrong_lots()]


def _by_product(
    levels: QuerySet[Level], location: Location, quantity: Combinable
) -> dict[int, int]:
    rows = (
        levels.filter(location=location)
        .values("lot__product")
        .annotate(total=Sum(quantity))
        .exclude(total=0)
    )
    return dict(rows.values_list("lot__product", "total"))


def _value(lot: Lot, quantity: int) -> int:
    return price_of(quantity, lot.price_cents, lot.priced_quantity)


def _wrong_levels() -> list[Discrepancy]:
    of_lot = Movement.objects.filter(lot=OuterRef("lot"))
    came = of_lot.filter(to_location=OuterRef("location")).values("to_location")
    went = of_lot.filter(from_location=OuterRef("location")).values("from_location")
    levels = Level.objects.annotate(
        recomputed=total_of(came, "quantity") - total_of(went, "quantity")
    ).exclude(quantity=F("recomputed"))
    return [
        Discrepancy(_told(level), level.quantity, level.recomputed)
        for level in levels.select_related("lot__product", "location").order_by("pk")
    ]


def _wrong_reservations() -> list[Discrepancy]:
    held = Reservation.objects.filter(level=OuterRef("pk")).values("level")
    levels = Level.objects.annotate(recomputed=total_of(held, "quantity")).exclude(
        reserved_quantity=F("recomputed")
    )
    return [
        Discrepancy(f"{_told(level)} · réservé", level.reserved_quantity, level.recomputed)
        for level in levels.select_related("lot__product", "location").order_by("pk")
    ]


def _wrong_lots() -> list[Discrepancy]:
    levels = Level.objects.values("lot").annotate(total=Sum("quantity")).exclude(total=0)
    totals = dict(levels.values_list("lot", "total"))
    lots = Lot.objects.filter(pk__in=totals).select_related("product").order_by("pk")
    return [
        Discrepancy(f"{lot} ({lot.product.unit}) · somme des lieux", totals[lot.pk], 0)
        for lot in lots
    ]


def _told(level: Level) -> str:
    return f"{level} ({level.lot.product.unit})"
