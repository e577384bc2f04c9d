"""The goods and the money of one delivery: in, and back as counter-movements.

Keys hold how many times the purchase order has been received: what was undone can be received
again, and no reception counts twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.models import Collective, PurchaseOrder, PurchaseOrderLine
from croqualim.groupbuy.queries.closing import farmer_cost
from croqualim.groupbuy.queries.paying import is_in_payment
from croqualim.groupbuy.rules.closing import stock_key
from croqualim.groupbuy.rules.reception import Reason, Received, ReceptionRefused
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import AccountKind, Transfer
from croqualim.stock import actions as stock
from croqualim.stock.models import LocationKind, Lot, Movement


@dataclass(frozen=True)
class Delivery:
    """A purchase order as it is received for the n-th `time`."""

    purchase_order: PurchaseOrder
    lines: Sequence[PurchaseOrderLine]
    time: int

    @property
    def collective(self) -> Collective:
        return self.purchase_order.cycle.collective

    @property
    def key(self) -> str:
        return f"delivery:{self.purchase_order.pk}:{self.time}"

    def code_of(self, line: PurchaseOrderLine, received: Received) -> str:
        """The lot's code as the farmer wrote it; where she wrote none, ours."""
        number = list(self.lines).index(line) + 1
        return received.lot_code or f"{self.purchase_order.number}-{number}"

    def key_of(self, line: PurchaseOrderLine) -> str:
        return f"{self.key}:{line.pk}"


def take_in(
    delivery: Delivery, received: Mapping[int, Received], actor: Person, now: datetime
) -> dict[int, Lot]:
    """line id -> the lot that came, in the warehouse, at the farmer's price. Nothing: no lot."""
    order = delivery.purchase_order
    farm = stock.open_location(
        keeper=delivery.collective.structure,
        kind=LocationKind.PRODUCER,
        name=order.producer.name,
        structure=order.producer,
    )
    return {
        line.pk: stock.receive_lot(
            key=delivery.key_of(line),
            product=line.offer.product,
            from_location=farm,
            to_location=delivery.collective.warehouse,
            quantity=received[line.pk].quantity,
            code=delivery.code_of(line, received[line.pk]),
            best_before_on=received[line.pk].best_before_on,
            price_cents=line.offer.farmer_price_cents,
            priced_quantity=line.offer.priced_quantity,
            reference=order.number,
            now=now,
            actor=actor,
        )
        for line in delivery.lines
        if received[line.pk].quantity
    }


def owe(delivery: Delivery, received: Mapping[int, Received], actor: Person, now: datetime) -> None:
    """Owe the producer what came, each line rounded once; what costs nothing is not written."""
    amounts = (farmer_cost(line.offer, received[line.pk].quantity) for line in delivery.lines)
    if total := sum(amounts):
        ledger.transfer(
            key=delivery.key,
            from_account=books.goods(delivery.collective),
            to_account=books.producer(delivery.collective, delivery.purchase_order.producer),
            amount_cents=total,
            kind="delivery",
            reference=delivery.purchase_order.number,
            now=now,
            actor=actor,
        )


def hold(delivery: Delivery, quantities: Mapping[int, int], now: datetime) -> None:
    """Hold (by offer id) what this cycle's orders will take: another month cannot have it."""
    try:
        for line in delivery.lines:
            stock.reserve(
                key=stock_key(delivery.purchase_order.cycle_id, line.offer.product_id),
                product=line.offer.product,
                location=delivery.collective.warehouse,
                quantity=quantities[line.offer_id],
                now=now,
            )
    except stock.NotEnoughGoods as gone:
        raise ReceptionRefused(Reason.GOODS_GONE) from gone


def send_back(delivery: Delivery, reason: str, actor: Person, now: datetime) -> None:
    """The goods go back to the producer. Raises ReceptionRefused when some have left."""
    for line in delivery.lines:  # `hold` holds again, but not on the lots that go back
        stock.release(key=stock_key(delivery.purchase_order.cycle_id, line.offer.product_id))
    movements = (
        Movement.objects.filter(key__in=[delivery.key_of(line) for line in delivery.lines])
        .select_related("lot", "from_location", "to_location")
        .order_by("key")
    )
    if not movements:
        return
    try:
        stock.reverse_many(
            movements=list(movements),
            key=f"{delivery.key}:undone",
            reason=reason,
            now=now,
            actor=actor,
        )
    except stock.NotEnoughGoods as gone:
        raise ReceptionRefused(Reason.GOODS_GONE) from gone


def owe_no_more(delivery: Delivery, reason: str, actor: Person, now: datetime) -> None:
    """Raises ReceptionRefused when the producer has been paid for it, or is about to be."""
    transfers = Transfer.objects.select_related("from_account", "to_account")
    owed = transfers.filter(key=delivery.key).first()
    if owed is None:
        return
    if is_in_payment(owed):
        raise ReceptionRefused(Reason.PRODUCER_PAID)
    try:
        ledger.reverse(
            transfer=owed, key=f"{delivery.key}:undone", reason=reason, now=now, actor=actor
        )
    except ledger.NotEnough as short:
        is_paid = short.account.kind == AccountKind.PRODUCER
        raise ReceptionRefused(Reason.PRODUCER_PAID if is_paid else Reason.GOODS_GONE) from short
