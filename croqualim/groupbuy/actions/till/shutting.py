"""The end of the evening: who did not come, what goes back, what is lost."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.till import goods
from croqualim.groupbuy.actions.till.absence import let_go
from croqualim.groupbuy.actions.till.counting import book_difference
from croqualim.groupbuy.actions.till.opening import Deed, ShopRefused, lock_shop, open_shop
from croqualim.groupbuy.models import EventKind, Popup
from croqualim.groupbuy.queries import cash, shelf, takings
from croqualim.groupbuy.queries import till as queries
from croqualim.groupbuy.rules.till import Problem, Reason, lost_problems
from croqualim.kernel.quantity import in_words
from croqualim.stock import actions as stock
from croqualim.stock.models import LocationKind


@transaction.atomic
def close_shop(
    *,
    popup: Popup,
    lost: Mapping[int, int],
    reason: str,
    kept_cents: int = 0,
    actor: Person,
    now: datetime,
) -> None:
    """Those who did not come are absent, what is lost is noted, the rest goes to the warehouse.

    `lost`: by product id, in its unit; it needs a reason. `kept_cents` of the cash stay in the
    box for the group's next shop. The till must have been counted since its cash last moved, and
    the books then hold what was counted. A second time changes nothing. Raises ShopRefused.
    """
    if lock_shop(popup.pk).closed_at:
        return
    popup = open_shop(popup.pk)
    if problem := _problem_with_box(popup, kept_cents):
        raise ShopRefused(problem)
    left = shelf.on_shelf(popup)
    there = {row.offer.product_id: row.quantity for row in left}
    lost = {product_id: quantity for product_id, quantity in lost.items() if quantity}
    if problems := lost_problems(lost, there, reason):
        raise ShopRefused(problems[0])
    let_go(list(queries.waited_for(popup)), actor, now)
    _note_losses(popup, lost, left, reason, actor, now)
    _send_back(popup, {key: there[key] - lost.get(key, 0) for key in there}, actor, now)
    book_difference(popup, actor=actor, now=now)
    popup.closed_at, popup.kept_cents = now, kept_cents
    popup.save(update_fields=["closed_at", "kept_cents"])
    note(EventKind.POPUP_CLOSED, popup=popup, lines=_said(left, lost), actor=actor, now=now)


def _problem_with_box(popup: Popup, kept_cents: int) -> Problem | None:
    if problem := cash.problem_with_box(popup):
        return problem
    last = takings.last_count(popup)
    too_much = last is not None and kept_cents > last.counted_cents
    return Problem(Reason.KEPT_TOO_MUCH) if too_much else None


def _note_losses(
    popup: Popup,
    lost: Mapping[int, int],
    left: list[shelf.Left],
    reason: str,
    actor: Person,
    now: datetime,
) -> None:
    if not lost:
        return
    deed = Deed(popup, f"popup:{popup.pk}:lost", str(popup)[:100], actor, now, reason)
    charge = books.loss(popup.cycle.collective)
    goods.give(deed, lost, kind="write_off", to=LocationKind.LOSS, charge=charge)
    lines = [
        [row.offer.product.name, "", in_words(lost[row.offer.product_id], row.offer.product.unit)]
        for row in left
        if row.offer.product_id in lost
    ]
    note(EventKind.GOODS_LOST, popup=popup, lines=lines, reason=reason, actor=actor, now=now)


def _send_back(popup: Popup, quantities: Mapping[int, int], actor: Person, now: datetime) -> None:
    back = {product_id: quantity for product_id, quantity in quantities.items() if quantity}
    if back:
        stock.move_many(
            key=f"popup:{popup.pk}:back",
            wanted=back,
            from_location=popup.location,
            to_location=popup.cycle.collective.warehouse,
            kind="return",
            reference=str(popup)[:100],
            now=now,
            actor=actor,
        )


def _said(left: list[shelf.Left], lost: Mapping[int, int]) -> list[list[str]]:
    back = ((row.offer.product, row.quantity - lost.get(row.offer.product_id, 0)) for row in left)
    return [
        [product.name, "", in_words(quantity, product.unit)]
        for product, quantity in back
        if quantity
    ]
