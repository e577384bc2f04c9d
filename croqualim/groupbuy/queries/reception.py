"""Who waits for what a lorry brings, and what its arriving would do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Sum

from croqualim.groupbuy.models import OrderLine, PurchaseOrder, PurchaseOrderLine
from croqualim.groupbuy.queries.closing import farmer_cost
from croqualim.groupbuy.queries.purchasing import lines_of
from croqualim.groupbuy.rules.reception import Asked, Effect, effect, shares


@dataclass(frozen=True)
class Waiting:
    """For one offer: the order lines that wait, first come first, and the warehouse's part."""

    lines: Sequence[OrderLine]
    promised: int

    @property
    def asked(self) -> list[Asked]:
        return [Asked(line.pk, line.awaited_quantity) for line in self.lines]

    def shared(self, received: int, step: int) -> dict[OrderLine, int]:
        """What each line gets when so much is received."""
        given = shares(self.asked, self.promised + received, step)
        return {line: given[line.pk] for line in self.lines}


@dataclass(frozen=True)
class Arrival:
    """One line of a purchase order and what receiving so much of it does."""

    line: PurchaseOrderLine
    effect: Effect
    cost_cents: int


def waiting_for(lines: Iterable[PurchaseOrderLine]) -> dict[int, Waiting]:
    """offer id -> who waits. Shops whose goods have left have theirs, and wait for nothing."""
    offers = {line.offer_id: line.offer for line in lines}
    live = OrderLine.objects.filter(offer__in=offers, order__cancelled_at=None)
    gone = live.filter(order__popup__prepared_at__isnull=False).order_by()
    taken = dict(gone.values_list("offer").annotate(Sum("quantity")))
    by_offer: dict[int, list[OrderLine]] = {offer_id: [] for offer_id in offers}
    still = live.filter(
        order__popup__prepared_at=None, order__collected_at=None, order__absent_at=None
    )
    for line in still.select_related(
        "offer__product", "order__membership", "order__popup"
    ).order_by("order__placed_at", "order"):
        by_offer[line.offer_id].append(line)
    return {
        offer_id: Waiting(
            by_offer[offer_id], max(0, offer.from_stock_quantity - taken.get(offer_id, 0))
        )
        for offer_id, offer in offers.items()
    }


def arrivals(purchase_order: PurchaseOrder, quantities: Mapping[int, int]) -> list[Arrival]:
    """line id -> quantity, read before it is done: what would become of each line."""
    lines = list(lines_of([purchase_order]))
    waiting = waiting_for(lines)
    return [
        Arrival(
            line,
            effect(
                expected=line.quantity,
                received=quantities[line.pk],
                promised=waiting[line.offer_id].promised,
                asked=waiting[line.offer_id].asked,
                step=line.offer.step_quantity,
            ),
            farmer_cost(line.offer, quantities[line.pk]),
        )
        for line in lines
    ]
