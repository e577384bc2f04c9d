"""Two scales never agree: the grams that were weighed out and had not been weighed in.

A movement out of the losses, and the books with it, so that nothing leaves a shelf that was never
on it. Grams that are left over stay on the shelf, to be sold or written off like anything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.costing import book_return
from croqualim.groupbuy.models import Cycle
from croqualim.groupbuy.rules.weighing import difference, weighing_reference
from croqualim.stock import actions as stock
from croqualim.stock.models import Level, Location, LocationKind

KIND = "weighing"


@dataclass(frozen=True)
class Shelf:
    """Where goods are about to leave from, under which key, by whom."""

    cycle: Cycle
    location: Location
    key: str
    actor: Person
    now: datetime


def find_grams(shelf: Shelf, wanted: Mapping[int, int], there: Mapping[int, int]) -> None:
    """Put on the shelf what lacks (by product id) of what was weighed; by a little, or not at
    all."""
    for product_id, quantity in wanted.items():
        if grams := difference(quantity, there.get(product_id, 0)):
            _find(shelf, product_id, grams)


def _find(shelf: Shelf, product_id: int, grams: int) -> None:
    levels = Level.objects.filter(location=shelf.location, lot__product=product_id)
    level = levels.select_related("lot__product").order_by("-lot__received_at", "-pk").first()
    if level is None:
        return
    keeper = shelf.location.keeper
    lost = stock.open_location(
        keeper=keeper, kind=LocationKind.LOSS, name=str(LocationKind.LOSS.label)
    )
    key, reason = f"{shelf.key}:weighed:{product_id}", _("Écart entre deux balances")
    movement = stock.move(
        key=key,
        lot=level.lot,
        from_location=lost,
        to_location=shelf.location,
        quantity=grams,
        kind=KIND,
        reference=weighing_reference(shelf.cycle.pk),
        now=shelf.now,
        actor=shelf.actor,
        reason=reason,
    )
    book_return(
        movements=[movement],
        collective=shelf.cycle.collective,
        to_relieve=books.loss(shelf.cycle.collective),
        key=f"{key}:cost",
        kind=KIND,
        reference=weighing_reference(shelf.cycle.pk),
        now=shelf.now,
        actor=shelf.actor,
        reason=reason,
    )
