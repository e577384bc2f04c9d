"""Who waits for what a lorry brings, and what of it is still to come."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Sum

from croqualim.groupbuy.models import (
    Delivery,
    DeliveryLine,
    Offer,
    OrderLine,
    Popup,
    PurchaseOrder,
    PurchaseOrderLine,
)
from croqualim.groupbuy.queries.preparation import SENT
from croqualim.groupbuy.queries.weighing import IS_WEIGHED
from croqualim.groupbuy.rules.reception import (
    Asked,
    Price,
    Rule,
    members_price_cents,
    shares,
)
from croqualim.stock.models import Movement


@dataclass(frozen=True)
class Waiting:
    """For one offer: who waits for it, first come first, and what they can count on already."""

    offer: Offer
    lines: Sequence[OrderLine]
    settled: Sequence[OrderLine]  # in their shop, or weighed: only their price may change
    weighed_quantity: int  # of them, what is still in the warehouse
    there: int  # for all of these: the warehouse's part and what came, less what has left
    prices: Sequence[int]  # what the producer asked for what came, in cents

    @property
    def at_hand(self) -> int:
        """What `lines` can count on; below zero, what was weighed and is not there."""
        return self.there - self.weighed_quantity

    @property
    def asked(self) -> list[Asked]:
        return [Asked(line.pk, line.awaited_quantity) for line in self.lines]

    def given(self, received: int, *, is_last: bool, rule: Rule) -> dict[OrderLine, int]:
        """What each line gets when so much more is received. Until the last lorry, all she asked:
        nothing is cut for what may still come."""
        all_of_it = {line: line.awaited_quantity for line in self.lines}
        if not is_last:
            return all_of_it
        given = shares(self.asked, self.at_hand + received, self.offer.step_quantity, rule)
        return {line: given[line.pk] for line in all_of_it}

    @property
    def announced_cents(self) -> int:
        """The members' price, at the full price, when they ordered."""
        announced = self.offer.announced_price_cents
        return self.offer.cost_price_cents if announced is None else announced

    def price_cents(self, asked: Iterable[int] = ()) -> int:
        """The same once these prices too were asked."""
        price = Price(self.offer.farmer_price_cents, self.offer.priced_quantity)
        return members_price_cents(price, self.announced_cents, [*self.prices, *asked])


def waiting_for(lines: Iterable[PurchaseOrderLine]) -> dict[int, Waiting]:
    """offer id -> who waits. Shops whose goods have left have theirs, and wait for nothing."""
    offers = {line.offer_id: line.offer for line in lines}
    live = OrderLine.objects.filter(offer__in=offers, order__cancelled_at=None)
    gone = _gone_of(offers.values())
    came, prices = _came_of(offers)
    waiting: dict[int, list[OrderLine]] = {offer_id: [] for offer_id in offers}
    settled: dict[int, list[OrderLine]] = {offer_id: [] for offer_id in offers}
    weighed = dict.fromkeys(offers, 0)
    still = live.filter(order__collected_at=None, order__absent_at=None)
    for line in (
        still.annotate(is_weighed=IS_WEIGHED)
        .select_related("offer__product", "order__membership", "order__popup", "order__stop")
        .order_by("order__placed_at", "order_id")
    ):
        is_gone = line.order.popup.prepared_at is not None
        (settled if is_gone or line.is_weighed else waiting)[line.offer_id].append(line)
        weighed[line.offer_id] += 0 if is_gone or not line.is_weighed else line.quantity
    return {
        pk: Waiting(
            offer=offer,
            lines=waiting[pk],
            settled=settled[pk],
            weighed_quantity=weighed[pk],
            there=max(0, offer.from_stock_quantity + came.get(pk, 0) - gone[pk]),
            prices=prices[pk],
        )
        for pk, offer in offers.items()
    }


def _gone_of(offers: Collection[Offer]) -> dict[int, int]:
    """offer id -> what of it left for shops: the goods themselves, for orders may have become
    smaller since."""
    shops = Popup.objects.filter(cycle__in={offer.cycle_id for offer in offers})
    sent = Movement.objects.filter(
        to_location__in=shops.values("location"), kind=SENT, reversed_by=None
    )
    gone = dict(sent.values_list("lot__product").annotate(Sum("quantity")).order_by())
    return {offer.pk: gone.get(offer.product_id, 0) for offer in offers}


def _came_of(offers: Iterable[int]) -> tuple[dict[int, int], dict[int, list[int]]]:
    """offer id -> what came of it and can be shared out; and at which prices."""
    came = dict.fromkeys(offers, 0)
    prices: dict[int, list[int]] = {offer_id: [] for offer_id in came}
    live = DeliveryLine.objects.filter(purchase_line__offer__in=came, delivery__undone_at=None)
    rows = live.filter(quantity__gt=0).values_list(
        "purchase_line__offer", F("quantity") - F("lost_quantity"), "price_cents"
    )
    for offer_id, kept, cents in rows:
        came[offer_id] += kept
        prices[offer_id].append(cents)
    return came, prices


def awaited(lines: Sequence[PurchaseOrderLine]) -> dict[int, int]:
    """line id -> what is still to come of it, as it was ordered."""
    live = DeliveryLine.objects.filter(purchase_line__in=lines, delivery__undone_at=None)
    came = dict(live.values_list("purchase_line").annotate(Sum("quantity")).order_by())
    return {line.pk: max(0, line.quantity - came.get(line.pk, 0)) for line in lines}


def next_number(purchase_order: PurchaseOrder) -> int:
    """Of the next delivery of a purchase order; those that were undone keep theirs."""
    return Delivery.objects.filter(purchase_order=purchase_order).count() + 1


def last_delivery(purchase_order: PurchaseOrder) -> Delivery | None:
    """The last one that stands: the only one that can be undone."""
    return Delivery.objects.filter(purchase_order=purchase_order, undone_at=None).last()


def given_of(
    waiting: Mapping[int, Waiting], kept: Mapping[int, int], *, is_last: bool, rule: Rule
) -> dict[OrderLine, int]:
    """What each line gets when so much more comes (by offer id); those that are in their shop, or
    weighed, keep what they have."""
    given: dict[OrderLine, int] = {}
    for offer_id, of in waiting.items():
        given |= of.given(kept.get(offer_id, 0), is_last=is_last, rule=rule)
        given |= {line: line.quantity for line in of.settled}
    return given
