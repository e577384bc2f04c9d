"""Goods that leave the shop, with what they cost, and goods that come back to it."""

from collections.abc import Mapping, Sequence

from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.costing import book_leaving, book_return
from croqualim.groupbuy.actions.till.opening import Deed, ShopRefused, goods_missing
from croqualim.groupbuy.models import ContainerMove, Order
from croqualim.groupbuy.queries.containers import Deposit, numbers_out, out_of
from croqualim.groupbuy.queries.shelf import movements_under
from croqualim.groupbuy.rules.till import Problem, Reason
from croqualim.ledger.models import Account
from croqualim.stock import actions as stock
from croqualim.stock.models import Location, LocationKind


def give(
    deed: Deed,
    wanted: Mapping[int, int],
    *,
    kind: str,
    to: LocationKind = LocationKind.HOUSEHOLDS,
    charge: Account | None = None,
) -> None:
    """Let goods (by product id) leave the house, at the charge of the cycle's sales if nothing
    else is said. Raises ShopRefused (GOODS_MISSING)."""
    if not wanted:
        return
    collective = deed.popup.cycle.collective
    try:
        movements = stock.move_many(
            key=deed.key,
            wanted=wanted,
            from_location=deed.popup.location,
            to_location=_outside(deed, to),
            kind=kind,
            reference=deed.reference,
            now=deed.now,
            actor=deed.actor,
            reason=deed.reason,
        )
    except stock.NotEnoughGoods as short:
        raise goods_missing(short.missing, Reason.GOODS_MISSING) from short
    book_leaving(
        movements=movements,
        collective=collective,
        to_charge=charge or books.sales(deed.popup.cycle),
        key=f"{deed.key}:cost",
        kind=kind,
        reference=deed.reference,
        now=deed.now,
        actor=deed.actor,
        reason=deed.reason,
    )


def take_back(deed: Deed) -> None:
    """What left under the deed's key comes back, for its reason."""
    movements = movements_under(deed.key)
    if not movements:
        return
    stock.reverse_many(
        movements=movements,
        key=f"{deed.key}:back",
        reason=deed.reason,
        now=deed.now,
        actor=deed.actor,
    )
    book_return(
        movements=movements,
        collective=deed.popup.cycle.collective,
        to_relieve=books.sales(deed.popup.cycle),
        key=f"{deed.key}:cost:back",
        kind=movements[0].kind,
        reference=deed.reference,
        now=deed.now,
        actor=deed.actor,
        reason=deed.reason,
    )


def lend_containers(deed: Deed, order: Order, deposits: Sequence[Deposit]) -> None:
    """They go home with the order, until somebody brings them back."""
    ContainerMove.objects.bulk_create(
        ContainerMove(
            container=deposit.container,
            popup=deed.popup,
            number=deposit.number,
            order=order,
            actor=deed.actor,
            at=deed.now,
        )
        for deposit in deposits
    )


def take_containers_again(deed: Deed, order: Order) -> None:
    """The order is not taken after all. Raises ShopRefused when some have been brought back
    since: their deposit was given."""
    lent = ContainerMove.objects.filter(order=order, undone_at=None)
    out = numbers_out(out_of(deed.popup.cycle.collective)) if lent else {}
    if any(move.number > out[move.container_id] for move in lent):
        raise ShopRefused(Problem(Reason.CONTAINERS_BACK))
    lent.update(undone_at=deed.now)


def _outside(deed: Deed, kind: LocationKind) -> Location:
    keeper = deed.popup.cycle.collective.structure
    return stock.open_location(keeper=keeper, kind=kind, name=str(kind.label))
