"""Goods that leave the shop, with what they cost, and goods that come back to it."""

from collections.abc import Mapping

from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.costing import book_leaving, book_return
from croqualim.groupbuy.actions.till.opening import Deed, goods_missing
from croqualim.groupbuy.queries.shelf import movements_under
from croqualim.groupbuy.rules.till import Reason
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


def _outside(deed: Deed, kind: LocationKind) -> Location:
    keeper = deed.popup.cycle.collective.structure
    return stock.open_location(keeper=keeper, kind=kind, name=str(kind.label))
