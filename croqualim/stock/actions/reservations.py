from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from croqualim.catalogue.models import Product
from croqualim.stock.actions.movements import lock, per_level
from croqualim.stock.actions.refusals import NotEnoughGoods
from croqualim.stock.models import REAL, Level, Location, Reservation
from croqualim.stock.rules import Shelf, pick


def reserve(
    *, key: str, product: Product, location: Location, quantity: int, now: datetime
) -> None:
    """Hold exactly this quantity of the product there under this key, whatever it held before; 0
    lets go. See `reserve_many`."""
    reserve_many(key=key, location=location, wanted={product.pk: quantity}, now=now)


def reserve_many(*, key: str, location: Location, wanted: Mapping[int, int], now: datetime) -> None:
    """Hold exactly these quantities (by product id) there under this key; others stay as they are.

    See `reserve_each`.
    """
    reserve_each(keys=dict.fromkeys(wanted, key), location=location, wanted=wanted, now=now)


@transaction.atomic
def reserve_each(
    *, keys: Mapping[int, str], location: Location, wanted: Mapping[int, int], now: datetime
) -> None:
    """Hold exactly these quantities (by product id) there, each under its product's key: all or
    none of them, in a fixed number of queries.

    What expires first is held first. Raises NotEnoughGoods, and ValueError for a negative quantity
    or for a virtual place, where holding would mean nothing.
    """
    if location.kind not in REAL or any(quantity < 0 for quantity in wanted.values()):
        raise ValueError("Goods are held in a real place, and not less than nothing of them.")
    there = Level.objects.filter(location=location, lot__product__in=wanted.keys())
    levels = {level.pk: level for level in lock(there).select_related("lot")}
    let_go(set(keys.values()), levels)
    taken, missing = pick(map(shelf, levels.values()), wanted)
    if missing:
        raise NotEnoughGoods.of(missing)
    Reservation.objects.bulk_create(
        Reservation(
            key=keys[levels[level_id].lot.product_id],
            level_id=level_id,
            quantity=quantity,
            at=now,
        )
        for level_id, quantity in taken.items()
    )
    _change_reserved(taken)


@transaction.atomic
def release(*, key: str) -> None:
    """Let go of all that the key holds, if anything."""
    held = Reservation.objects.filter(key=key)
    levels = lock(Level.objects.filter(pk__in=held.values("level")))
    let_go([key], {level.pk: level for level in levels})


def let_go(keys: Collection[str], levels: Mapping[int, Level]) -> None:
    """Of reservations on levels that the caller has locked; `levels` are brought up to date."""
    held = list(Reservation.objects.filter(key__in=keys, level__in=levels.keys()))
    if not held:
        return
    freed: Counter[int] = Counter()
    for reservation in held:
        freed[reservation.level_id] -= reservation.quantity
        levels[reservation.level_id].reserved_quantity -= reservation.quantity
    Reservation.objects.filter(pk__in=[reservation.pk for reservation in held]).delete()
    _change_reserved(freed)


def shelf(level: Level) -> Shelf:
    """What `rules.pick` needs to know of a level read with its lot."""
    return Shelf(
        level_id=level.pk,
        product_id=level.lot.product_id,
        quantity=level.quantity - level.reserved_quantity,
        best_before_on=level.lot.best_before_on,
        received_at=level.lot.received_at,
    )


def _change_reserved(changes: Mapping[int, int]) -> None:
    """The CHECK behind it refuses what the pick should never have taken."""
    if changes:
        Level.objects.filter(pk__in=changes.keys()).update(
            reserved_quantity=F("reserved_quantity") + per_level(changes)
        )
