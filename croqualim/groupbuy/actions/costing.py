"""The book of goods follows the goods: what leaves the house costs what it was bought for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Sum

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.models import Collective
from croqualim.groupbuy.rules.costing import cost_of_leaving
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Account
from croqualim.stock.models import Level, Lot, Movement


def book_leaving(
    *,
    movements: Sequence[Movement],
    collective: Collective,
    to_charge: Account,
    key: str,
    kind: str,
    reference: str,
    now: datetime,
    actor: Person | None,
    reason: str = "",
) -> None:
    """Charge an account (a cycle's sales, the losses) with goods that have just left the house.

    In the transaction that moved them. What cost nothing is not written.
    """
    moved = _moved(movements)
    if cost := _cost(moved, remaining=_in_the_house(moved)):
        ledger.transfer(
            key=key,
            from_account=to_charge,
            to_account=books.goods(collective),
            amount_cents=cost,
            kind=kind,
            reference=reference,
            now=now,
            actor=actor,
            reason=reason,
        )


def book_return(
    *,
    movements: Sequence[Movement],
    collective: Collective,
    to_relieve: Account,
    key: str,
    kind: str,
    reference: str,
    now: datetime,
    actor: Person | None,
    reason: str,
) -> None:
    """The other way: goods have just come back. A transfer of its own and no reversal, for their
    lots may have shrunk since, and the cent that rounding moved stays with the goods."""
    moved = _moved(movements)
    here = _in_the_house(moved)
    before = {lot: here.get(lot.pk, 0) - quantity for lot, quantity in moved.items()}
    if cost := _cost(moved, remaining={lot.pk: left for lot, left in before.items()}):
        ledger.transfer(
            key=key,
            from_account=books.goods(collective),
            to_account=to_relieve,
            amount_cents=cost,
            kind=kind,
            reference=reference,
            now=now,
            actor=actor,
            reason=reason,
        )


def _moved(movements: Sequence[Movement]) -> dict[Lot, int]:
    moved: Counter[Lot] = Counter()
    for movement in movements:
        moved[movement.lot] += movement.quantity
    return dict(moved)


def _in_the_house(lots: Mapping[Lot, int]) -> dict[int, int]:
    """lot id -> what of it lies in real places. Two shops that hand out one lot at once wait for
    each other here, so that each counts what the other took."""
    ids = [lot.pk for lot in lots]
    locked = Lot.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    list(locked.values_list("pk"))
    levels = Level.objects.filter(lot__in=ids, has_floor=True)
    return dict(levels.values_list("lot").annotate(left=Sum("quantity")).order_by("lot"))


def _cost(moved: Mapping[Lot, int], *, remaining: Mapping[int, int]) -> int:
    return sum(
        cost_of_leaving(
            quantity,
            remaining=remaining.get(lot.pk, 0),
            price_cents=lot.price_cents,
            priced_quantity=lot.priced_quantity,
        )
        for lot, quantity in moved.items()
    )
