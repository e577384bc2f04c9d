"""The goods of a shop: what lies there, what is still due, what may be sold to anybody."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum

from croqualim.groupbuy.models import FreeSale, FreeSaleLine, Offer, Order, OrderLine, Popup
from croqualim.groupbuy.queries.till import waited_for
from croqualim.groupbuy.rules.till import LeftToSell, free_to_sell, still_served
from croqualim.kernel.quantity import price_of
from croqualim.stock.models import Movement
from croqualim.stock.queries import quantities_of


@dataclass(frozen=True)
class Left:
    """A product that may be sold freely, and how much of it."""

    offer: Offer
    quantity: int

    def price_cents(self, quantity: int) -> int:
        """What so much of it is sold for, to anybody."""
        return price_of(quantity, self.offer.cost_price_cents, self.offer.priced_quantity)


def as_left(rows: Iterable[Left]) -> dict[int, LeftToSell]:
    """The same by offer, as the rules see it."""
    return {row.offer.pk: LeftToSell(row.quantity, row.offer.step_quantity) for row in rows}


def wanted_of(order: Order) -> dict[int, int]:
    """product id -> what she takes away."""
    lines = OrderLine.objects.filter(order=order, quantity__gt=0)
    return dict(lines.values_list("offer__product", "quantity"))


def movements_under(key: str) -> list[Movement]:
    """What was moved as one thing, with all that sending it back needs."""
    moved = Movement.objects.filter(key=key).order_by("line")
    return list(moved.select_related("lot", "from_location", "to_location"))


def still_due(popup: Popup) -> dict[int, int]:
    """product id -> what people who may still come have ordered."""
    lines = OrderLine.objects.filter(order__in=waited_for(popup))
    return dict(lines.values_list("offer__product").annotate(due=Sum("quantity")).order_by())


def left_to_sell(popup: Popup, *, before: FreeSale | None = None) -> list[Left]:
    """What nobody who may still come has ordered, by family and name; with `before`, as if that
    sale had not been made."""
    free = free_to_sell(quantities_of(popup.location), still_due(popup))
    if before is not None:
        sold = FreeSaleLine.objects.filter(sale=before).values_list("offer__product", "quantity")
        free = {**free, **{product: free.get(product, 0) + n for product, n in sold}}
    offers = Offer.objects.filter(cycle=popup.cycle_id, product__in=free).select_related("product")
    return [Left(offer, free[offer.product_id]) for offer in offers]


def on_shelf(popup: Popup) -> list[Left]:
    """What lies in the shop, whoever it is for."""
    there = quantities_of(popup.location)
    offers = Offer.objects.filter(cycle=popup.cycle_id, product__in=there).select_related("product")
    return [Left(offer, there[offer.product_id]) for offer in offers if there[offer.product_id]]


def left_for(popup: Popup, order: Order) -> dict[OrderLine, int]:
    """The lines of an absent member's order of which less is on the shelf, and how much of each
    she may have, others' orders set aside."""
    free = free_to_sell(quantities_of(popup.location), still_due(popup))
    lines = (
        OrderLine.objects.filter(order=order)
        .select_related("order__membership", "order__popup", "order__stop", "offer__product")
        .order_by("offer__product__family", "offer__product__search_name")
    )
    given = {
        line: still_served(
            line.quantity,
            free=free.get(line.offer.product_id, 0),
            step_quantity=line.offer.step_quantity,
        )
        for line in lines
    }
    return {line: quantity for line, quantity in given.items() if quantity < line.quantity}
