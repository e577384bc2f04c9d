"""From the warehouse to the shop, and back while nothing was handed over."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions.books import hold_books_of_cycle
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.till.opening import ShopRefused, goods_missing, open_shop
from croqualim.groupbuy.actions.weighing_difference import Shelf, find_grams
from croqualim.groupbuy.models import Cycle, EventKind, OrderLine, Popup
from croqualim.groupbuy.queries import preparation as queries
from croqualim.groupbuy.queries.shelf import movements_under
from croqualim.groupbuy.queries.till import live_orders, times
from croqualim.groupbuy.queries.weighing import all_weighed
from croqualim.groupbuy.rules.closing import stock_key
from croqualim.groupbuy.rules.preparation import still_held
from croqualim.groupbuy.rules.till import Problem, Reason
from croqualim.stock import actions as stock
from croqualim.stock.queries import available_of


@transaction.atomic
def send_to_shop(*, popup: Popup, actor: Person, now: datetime) -> None:
    """Move what the shop's orders ask for from the warehouse to it. A second time does nothing.

    What the warehouse holds for the cycle is let go for this shop and stays held for the others.
    Raises ShopRefused, with all that is missing, before the cycle is bought or after the shop.
    """
    popup = _lock(popup)
    if popup.prepared_at:
        return
    wanted = queries.quantities_to_send(popup)
    held = queries.held_under(_stock_keys(popup, wanted))
    _find_grams(popup, wanted, held, actor, now)
    if wanted:
        _move(popup, wanted, actor, now)
    _hold(popup, {pk: still_held(held.get(pk, 0), sent) for pk, sent in wanted.items()}, now)
    popup.prepared_at = now
    popup.save(update_fields=["prepared_at"])
    note(EventKind.POPUP_PREPARED, popup=popup, actor=actor, now=now)


@transaction.atomic
def undo_sending(*, popup: Popup, reason: str, actor: Person, now: datetime) -> None:
    """Everything goes back to the warehouse and is held there. A second time does nothing.

    Raises ShopRefused once something was handed over, ValueError without a reason.
    """
    popup = _lock(popup)
    if not popup.prepared_at:
        return
    if queries.was_used(popup):
        raise ShopRefused(Problem(Reason.HANDED_OVER))
    key = _key(popup)
    if movements := movements_under(key):
        stock.reverse_many(
            movements=movements, key=f"{key}:back", reason=reason, now=now, actor=actor
        )
    back = Counter[int]()
    for movement in movements:
        back[movement.lot.product_id] += movement.quantity
    held = queries.held_under(_stock_keys(popup, back))
    _hold(popup, {pk: held.get(pk, 0) + quantity for pk, quantity in back.items()}, now)
    popup.prepared_at = None
    popup.save(update_fields=["prepared_at"])
    note(EventKind.PREPARATION_UNDONE, popup=popup, reason=reason, actor=actor, now=now)


def _lock(popup: Popup) -> Popup:
    """The cycle first, as receptions do: what is held for it changes under one hand at a time."""
    hold_books_of_cycle(popup.cycle_id)
    list(Cycle.objects.filter(pk=popup.cycle_id).select_for_update(no_key=True).values_list("pk"))
    return open_shop(popup.pk)


def _key(popup: Popup) -> str:
    """Of this sending: undone and done again, it is another."""
    return f"popup:{popup.pk}:sent:{times(EventKind.PREPARATION_UNDONE, popup=popup)}"


def _stock_keys(popup: Popup, product_ids: Iterable[int]) -> dict[int, str]:
    return {product_id: stock_key(popup.cycle_id, product_id) for product_id in product_ids}


def _find_grams(
    popup: Popup, wanted: Mapping[int, int], held: Mapping[int, int], actor: Person, now: datetime
) -> None:
    """Of what was weighed bag by bag, what the lorry's scale had not seen."""
    warehouse = popup.cycle.collective.warehouse
    weighed = all_weighed(OrderLine.objects.filter(order__in=live_orders(popup)))
    if not weighed:
        return
    free = available_of(warehouse)
    find_grams(
        Shelf(popup.cycle, warehouse, _key(popup), actor, now),
        wanted={pk: wanted[pk] for pk in weighed},
        there={pk: free.get(pk, 0) + held.get(pk, 0) for pk in weighed},
    )


def _move(popup: Popup, wanted: Mapping[int, int], actor: Person, now: datetime) -> None:
    try:
        stock.move_reserved(
            reservation_keys=list(_stock_keys(popup, wanted).values()),
            key=_key(popup),
            wanted=wanted,
            from_location=popup.cycle.collective.warehouse,
            to_location=popup.location,
            kind=queries.SENT,
            reference=str(popup)[:100],
            now=now,
            actor=actor,
        )
    except stock.NotEnoughGoods as short:
        raise goods_missing(short.missing, Reason.NOT_IN_WAREHOUSE) from short


def _hold(popup: Popup, quantities: Mapping[int, int], now: datetime) -> None:
    """Hold (by product id) in the warehouse; what was let go and is not to be held is passed."""
    to_hold = {product_id: quantity for product_id, quantity in quantities.items() if quantity}
    stock.reserve_each(
        keys=_stock_keys(popup, to_hold),
        location=popup.cycle.collective.warehouse,
        wanted=to_hold,
        now=now,
    )
