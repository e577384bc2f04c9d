"""The goods and the money of one delivery: in, and back as counter-movements.

Keys hold which delivery of its purchase order it is: what was undone can be received again, and no
reception counts twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.costing import book_leaving
from croqualim.groupbuy.models import (
    Collective,
    Delivery,
    DeliveryLine,
    PurchaseOrder,
    PurchaseOrderLine,
)
from croqualim.groupbuy.queries.paying import is_in_payment
from croqualim.groupbuy.rules.closing import stock_key
from croqualim.groupbuy.rules.reception import Reason, Received, ReceptionRefused, delivery_key
from croqualim.kernel.quantity import price_of
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import AccountKind, Transfer
from croqualim.stock import actions as stock
from croqualim.stock.models import Location, LocationKind, Movement

DAMAGED = "delivery_damaged"  # the kind of transfer that books what came and cannot be eaten


@dataclass(frozen=True)
class Lorry:
    """A delivery as it is unloaded: what its goods and its money are written under."""

    purchase_order: PurchaseOrder
    lines: Sequence[PurchaseOrderLine]
    number: int
    actor: Person
    now: datetime

    @property
    def collective(self) -> Collective:
        return self.purchase_order.cycle.collective

    @property
    def key(self) -> str:
        return delivery_key(self.purchase_order.pk, self.number)

    def key_of(self, line: PurchaseOrderLine, nth: int) -> str:
        """Of its n-th lot, from 1."""
        return f"{self.key}:{line.pk}" if nth == 1 else f"{self.key}:{line.pk}:{nth}"

    def code_of(self, line: PurchaseOrderLine, nth: int, received: Received) -> str:
        """The lot's code as the farmer wrote it; where she wrote none, ours."""
        numbers = [list(self.lines).index(line) + 1]
        if self.number > 1 or nth > 1:
            numbers.append(self.number)
        if nth > 1:
            numbers.append(nth)
        ours = "-".join([self.purchase_order.number, *map(str, numbers)])
        return received.lot_code or ours

    def lots(
        self, received: Mapping[int, Sequence[Received]]
    ) -> Iterator[tuple[PurchaseOrderLine, int, Received]]:
        """Each lot that came, accepted or not: its line, its number in the line, what it is."""
        for line in self.lines:
            came = (one for one in received[line.pk] if not one.is_nothing)
            for nth, one in enumerate(came, start=1):
                yield line, nth, one


def unload(
    lorry: Lorry, delivery: Delivery, received: Mapping[int, Sequence[Received]]
) -> list[DeliveryLine]:
    """What came enters the warehouse at its price and is owed; what is lost is written off."""
    farm = stock.open_location(
        keeper=lorry.collective.structure,
        kind=LocationKind.PRODUCER,
        name=lorry.purchase_order.producer.name,
        structure=lorry.purchase_order.producer,
    )
    rows = {
        lorry.key_of(line, nth): _row(lorry, delivery, line, nth, one, farm)
        for line, nth, one in lorry.lots(received)
    }
    DeliveryLine.objects.bulk_create(rows.values())
    _owe(lorry, rows.values())
    for key, row in rows.items():
        if row.lost_quantity:
            _lose(lorry, key, row)
    return list(rows.values())


def _row(
    lorry: Lorry,
    delivery: Delivery,
    line: PurchaseOrderLine,
    nth: int,
    received: Received,
    farm: Location,
) -> DeliveryLine:
    asked = received.price_cents
    row = DeliveryLine(
        delivery=delivery,
        purchase_line=line,
        quantity=received.quantity,
        lost_quantity=received.lost_quantity,
        refused_quantity=received.refused_quantity,
        damage=received.damage,
        price_cents=line.offer.farmer_price_cents if asked is None else asked,
        priced_quantity=line.offer.priced_quantity,
    )
    if received.quantity:
        row.lot = stock.receive_lot(
            key=lorry.key_of(line, nth),
            product=line.offer.product,
            from_location=farm,
            to_location=lorry.collective.warehouse,
            quantity=received.quantity,
            code=lorry.code_of(line, nth, received),
            best_before_on=received.best_before_on,
            price_cents=row.price_cents,
            priced_quantity=row.priced_quantity,
            reference=lorry.purchase_order.number,
            now=lorry.now,
            actor=lorry.actor,
        )
    return row


def _owe(lorry: Lorry, rows: Iterable[DeliveryLine]) -> None:
    """Owe the producer what was accepted, each lot rounded once; nothing is not written."""
    if total := sum(price_of(r.quantity, r.price_cents, r.priced_quantity) for r in rows):
        ledger.transfer(
            key=lorry.key,
            from_account=books.goods(lorry.collective),
            to_account=books.producer(lorry.collective, lorry.purchase_order.producer),
            amount_cents=total,
            kind="delivery",
            reference=lorry.purchase_order.number,
            now=lorry.now,
            actor=lorry.actor,
        )


def _lose(lorry: Lorry, key: str, row: DeliveryLine) -> None:
    """Set aside what cannot be eaten, at the collective's loss, and say why."""
    assert row.lot is not None  # what is lost was accepted first  # noqa: S101
    movement = stock.write_off(
        key=f"{key}:lost",
        lot=row.lot,
        from_location=lorry.collective.warehouse,
        quantity=row.lost_quantity,
        to=LocationKind.LOSS,
        reason=row.damage,
        reference=lorry.purchase_order.number,
        now=lorry.now,
        actor=lorry.actor,
    )
    book_leaving(
        movements=[movement],
        collective=lorry.collective,
        to_charge=books.loss(lorry.collective),
        key=f"{key}:lost:cost",
        kind=DAMAGED,
        reference=lorry.purchase_order.number,
        now=lorry.now,
        actor=lorry.actor,
        reason=row.damage,
    )


def hold(lorry: Lorry, quantities: Mapping[int, int]) -> None:
    """Hold (by offer id) what this cycle's orders will take: another month cannot have it."""
    wanted = {line.offer.product_id: quantities[line.offer_id] for line in lorry.lines}
    cycle_id = lorry.purchase_order.cycle_id
    try:
        stock.reserve_each(
            keys={product_id: stock_key(cycle_id, product_id) for product_id in wanted},
            location=lorry.collective.warehouse,
            wanted=wanted,
            now=lorry.now,
        )
    except stock.NotEnoughGoods as gone:
        raise ReceptionRefused(Reason.GOODS_GONE) from gone


def send_back(lorry: Lorry, reason: str) -> None:
    """The goods go back to the producer. Raises ReceptionRefused when some have left."""
    for line in lorry.lines:  # `hold` holds again, but not on the lots that go back
        stock.release(key=stock_key(lorry.purchase_order.cycle_id, line.offer.product_id))
    moved = Movement.objects.filter(_under(lorry)).exclude(key=f"{lorry.key}:undone")
    movements = list(moved.select_related("lot", "from_location", "to_location").order_by("key"))
    if not movements:
        return
    try:
        stock.reverse_many(
            movements=movements,
            key=f"{lorry.key}:undone",
            reason=reason,
            now=lorry.now,
            actor=lorry.actor,
        )
    except stock.NotEnoughGoods as gone:
        raise ReceptionRefused(Reason.GOODS_GONE) from gone


def owe_no_more(lorry: Lorry, reason: str) -> None:
    """Raises ReceptionRefused when the producer has been paid for it, or is about to be."""
    transfers = Transfer.objects.filter(_under(lorry), reverses=None)
    # losses first: the goods they were made of come back before they go
    for transfer in transfers.select_related("from_account", "to_account").order_by("-pk"):
        if is_in_payment(transfer):
            raise ReceptionRefused(Reason.PRODUCER_PAID)
        try:
            ledger.reverse(
                transfer=transfer,
                key=f"{transfer.key}:undone",
                reason=reason,
                now=lorry.now,
                actor=lorry.actor,
            )
        except ledger.NotEnough as short:
            is_paid = short.account.kind == AccountKind.PRODUCER
            raise ReceptionRefused(
                Reason.PRODUCER_PAID if is_paid else Reason.GOODS_GONE
            ) from short


def _under(lorry: Lorry) -> Q:
    """What was written under the lorry's key, or under one that begins with it; the reference has
    an index, the beginning of a key has none."""
    under = Q(key=lorry.key) | Q(key__startswith=f"{lorry.key}:")
    return Q(reference=lorry.purchase_order.number) & under
