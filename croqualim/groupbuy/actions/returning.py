"""Goods that come back from a home, lot by lot, and what they are worth in the books."""

from collections.abc import Sequence

from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.costing import book_leaving, book_return
from croqualim.groupbuy.actions.till.opening import goods_missing
from croqualim.groupbuy.models import Cycle, Fate, Order, Refund
from croqualim.groupbuy.queries import payouts as queries
from croqualim.groupbuy.queries.shelf import movements_under
from croqualim.groupbuy.rules.till import Reason
from croqualim.kernel.quantity import price_of
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Account, Transfer
from croqualim.stock import actions as stock
from croqualim.stock.models import Location, LocationKind, Lot, Movement


def take_back(made: Refund, order: Order, cycle: Cycle) -> None:
    """Good goods return to the shelf of their own shop while it is open, to the warehouse
    otherwise; bad ones are lost. What they had cost leaves the charge of the sale."""
    home = _virtual(cycle, LocationKind.HOUSEHOLDS)
    is_lost = made.fate == Fate.LOST
    to = _virtual(cycle, LocationKind.LOSS) if is_lost else _shelf(made, order, cycle)
    moved = _move(made, order, home, to)
    if not is_lost:
        book_return(
            movements=moved,
            collective=cycle.collective,
            to_relieve=_charge(made, cycle),
            key=f"{_key(made, order)}:cost",
            kind="collection",
            reference=order.reference,
            now=made.at,
            actor=made.actor,
            reason=made.reason,
        )
    elif not made.is_after_settlement:  # afterwards, the collective's loss is the money it gives
        _book_loss(made, order, cycle, moved)


def bring_home(refund: Refund, order: Order, cycle: Cycle) -> None:
    """The other way. Raises ShopRefused (GOODS_MISSING) when they are no longer there."""
    key = _key(refund, order)
    moved = movements_under(key)
    try:
        stock.reverse_many(
            movements=moved,
            key=f"{key}:back",
            reason=refund.reason,
            now=refund.at,
            actor=refund.actor,
        )
    except stock.NotEnoughGoods as short:
        raise goods_missing(short.missing, Reason.GOODS_MISSING) from short
    if refund.fate == Fate.KEPT:
        book_leaving(
            movements=moved,
            collective=cycle.collective,
            to_charge=_charge(refund, cycle),
            key=f"{key}:cost:back",
            kind="collection",
            reference=order.reference,
            now=refund.at,
            actor=refund.actor,
            reason=refund.reason,
        )
    elif booked := Transfer.objects.filter(key=f"{key}:lost").first():
        ledger.reverse(
            transfer=booked,
            key=f"{key}:lost:back",
            reason=refund.reason,
            now=refund.at,
            actor=refund.actor,
        )


def _move(made: Refund, order: Order, home: Location, to: Location) -> list[Movement]:
    """Of the lots that she took, whichever comes first."""
    lots = queries.lots_taken(order, made.line.offer.product_id)
    left, wanted = made.quantity, []
    for lot in Lot.objects.filter(pk__in=lots).order_by("pk"):
        if part := min(left, lots[lot.pk]):
            wanted.append((lot, part))
            left -= part
    if left:  # she would be given money for goods that she never had
        raise AssertionError(f"order {order.pk}: {left} of lot(s) {sorted(lots)} lack")
    return stock.move_lots(
        key=_key(made, order),
        wanted=wanted,
        from_location=home,
        to_location=to,
        kind="taken_back",
        reference=order.reference,
        now=made.at,
        actor=made.actor,
        reason=made.reason,
    )


def _book_loss(made: Refund, order: Order, cycle: Cycle, moved: Sequence[Movement]) -> None:
    """The goods never return to the house: their cost goes from the month's sales to its losses."""
    cost = sum(price_of(m.quantity, m.lot.price_cents, m.lot.priced_quantity) for m in moved)
    if not cost:
        return
    ledger.transfer(
        key=f"{_key(made, order)}:lost",
        from_account=books.loss(cycle.collective),
        to_account=books.sales(cycle),
        amount_cents=cost,
        kind="collection",
        reference=order.reference,
        now=made.at,
        actor=made.actor,
        reason=made.reason,
    )


def _charge(refund: Refund, cycle: Cycle) -> Account:
    """Who bore what the goods cost: the month, or the collective once the month is settled."""
    return books.loss(cycle.collective) if refund.is_after_settlement else books.sales(cycle)


def _shelf(made: Refund, order: Order, cycle: Cycle) -> Location:
    if made.popup and made.popup.pk == order.popup_id and made.popup.prepared_at:
        return made.popup.location
    return cycle.collective.warehouse


def _virtual(cycle: Cycle, kind: LocationKind) -> Location:
    keeper = cycle.collective.structure
    return stock.open_location(keeper=keeper, kind=kind, name=str(kind.label))


def _key(refund: Refund, order: Order) -> str:
    return f"order:{order.pk}:refund:{refund.pk}"
