"""What is sold by its real weight: what of it is to be weighed, and what the scale said."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from croqualim.catalogue.models import Product
from croqualim.groupbuy.models import Order, OrderLine, Popup, Weighing
from croqualim.groupbuy.queries.till import waited_for
from croqualim.kernel.quantity import in_words

IS_WEIGHED = Exists(Weighing.objects.filter(line=OuterRef("pk")))


@dataclass(frozen=True)
class ToWeigh:
    """One line that somebody puts on a scale."""

    line: OrderLine
    last: Weighing | None

    @property
    def expected(self) -> int:
        """What it weighs more or less: what she gets before anybody weighed it."""
        return self.line.quantity if self.last is None else self.line.awaited_quantity

    @property
    def about_in_words(self) -> str:
        """'2 × environ 800 g' says how many to put on the scale."""
        offer = self.line.offer
        step = offer.step_quantity
        pieces, rest = divmod(self.expected, step)
        if pieces < 2 or rest:
            return in_words(self.expected, offer.product.unit)
        return f"{pieces}\u00a0×\u00a0{in_words(step, offer.product.unit)}"

    @property
    def weight_in_words(self) -> str:
        return in_words(self.last.quantity, self.line.offer.product.unit) if self.last else ""


@dataclass(frozen=True)
class WeighedProduct:
    """One product of a shop, and how far its weighing is."""

    product: Product
    lines: Sequence[ToWeigh]

    @property
    def left(self) -> int:
        return sum(row.last is None for row in self.lines)


def to_weigh(popup: Popup, *, product_id: int | None = None) -> list[WeighedProduct]:
    """By product, then by reference, of those who may still come."""
    lines = _lines(OrderLine.objects.filter(order__in=waited_for(popup)))
    if product_id is not None:
        lines = lines.filter(offer__product=product_id)
    by_product: dict[Product, list[ToWeigh]] = {}
    for line in lines:
        by_product.setdefault(line.offer.product, []).append(_to_weigh(line))
    return [WeighedProduct(product, rows) for product, rows in by_product.items()]


def to_weigh_of(order: Order) -> list[ToWeigh]:
    return [_to_weigh(line) for line in _lines(OrderLine.objects.filter(order=order))]


def all_weighed(order_lines: QuerySet[OrderLine]) -> set[int]:
    """Products of which every one of these lines is weighed."""
    lines = order_lines.filter(offer__product__is_weighed=True, quantity__gt=0)
    rows = set(lines.annotate(is_done=IS_WEIGHED).values_list("offer__product", "is_done"))
    return {pk for pk, is_done in rows if is_done and (pk, False) not in rows}


def _lines(lines: QuerySet[OrderLine]) -> QuerySet[OrderLine]:
    return (
        lines.filter(offer__product__is_weighed=True, quantity__gt=0)
        .select_related("offer__product", "order__membership", "order__popup", "order__stop")
        .prefetch_related(Prefetch("weighings", to_attr="scale"))
        .order_by("offer__product__search_name", "order__reference")
    )


def _to_weigh(line: OrderLine) -> ToWeigh:
    readings: list[Weighing] = line.scale  # type: ignore[attr-defined]
    return ToWeigh(line, readings[-1] if readings else None)
