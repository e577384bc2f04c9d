from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from croqualim.accounts.models import Person
from croqualim.catalogue.models import Product
from croqualim.ledger.actions import KeyReused
from croqualim.stock.actions.movements import earlier, lock, write
from croqualim.stock.actions.refusals import NotEnoughGoods
from croqualim.stock.actions.reservations import let_go, shelf
from croqualim.stock.models import Level, Location, Movement, Reservation
from croqualim.stock.rules import pick


def move_out(
    *,
    key: str,
    product: Product,
    from_location: Location,
    to_location: Location,
    quantity: int,
    kind: str,
    reference: str,
    now: datetime,
    actor: Person | None = None,
    reason: str = "",
) -> list[Movement]:
    """Move a quantity of a product, from the lots that expire first. See `move_many`."""
    return move_many(
        key=key,
        wanted={product.pk: quantity},
        from_location=from_location,
        to_location=to_location,
        kind=kind,
        reference=reference,
        now=now,
        actor=actor,
        reason=reason,
    )


def move_many(
    *,
    key: str,
    wanted: Mapping[int, int],
    from_location: Location,
    to_location: Location,
    kind: str,
    reference: str,
    now: datetime,
    actor: Person | None = None,
    reason: str = "",
) -> list[Movement]:
    """Move quantities of many products (by id), each from the lots that expire first.

    As many queries for one product as for forty; never silently less than wanted.
    Raises NotEnoughGoods, KeyReused, and ValueError for a negative quantity or for places of two
    keepers; then nothing has changed.
    """
    return move_reserved(
        reservation_keys=(),
        key=key,
        wanted=wanted,
        from_location=from_location,
        to_location=to_location,
        kind=kind,
        reference=reference,
        now=now,
        actor=actor,
        reason=reason,
    )


def move_reserved(
    *,
    reservation_keys: Sequence[str],
    key: str,
    wanted: Mapping[int, int],
    from_location: Location,
    to_location: Location,
    kind: str,
    reference: str,
    now: datetime,
    actor: Person | None = None,
    reason: str = "",
) -> list[Movement]:
    """Let go of these reservations and `move_many`, in one go; wanted may be more or less.

    Keys that hold nothing are passed over. Under a key already used nothing is let go again.
    """
    if any(quantity < 0 for quantity in wanted.values()):
        raise ValueError("A quantity is positive.")
    if done := earlier(key):
        return _same(done, wanted, from_location, to_location)
    try:
        with transaction.atomic():
            taken = _take(wanted, from_location, to_location, reservation_keys)
            return write(
                [
                    Movement(
                        key=key,
                        line=line,
                        lot=level.lot,
                        from_location=from_location,
                        to_location=to_location,
                        quantity=quantity,
                        kind=kind,
                        reference=reference,
                        reason=reason,
                        actor=actor,
                        at=now,
                    )
                    for line, (level, quantity) in enumerate(taken, start=1)
                ]
            )
    except (IntegrityError, NotEnoughGoods):  # somebody may have used the key since we looked
        done = earlier(key)
        if not done:
            raise
        return _same(done, wanted, from_location, to_location)


def _take(
    wanted: Mapping[int, int],
    from_location: Location,
    to_location: Location,
    reservation_keys: Sequence[str],
) -> list[tuple[Level, int]]:
    """The levels to take from, and how much. Locks both ends at once, for `write` comes next."""
    there = Level.objects.filter(
        location=from_location, lot__product__in=wanted.keys(), quantity__gt=0
    )
    concerned = Q(location__in=(from_location, to_location), lot__in=there.values("lot"))
    if reservation_keys:
        held = Reservation.objects.filter(key__in=reservation_keys)
        concerned |= Q(pk__in=held.values("level"))
    levels = {
        level.pk: level
        for level in lock(Level.objects.filter(concerned)).select_related("lot__product")
    }
    if reservation_keys:
        let_go(reservation_keys, levels)
    on_shelf = (shelf(level) for level in levels.values() if level.location_id == from_location.pk)
    taken, missing = pick(on_shelf, wanted)
    if missing:
        raise NotEnoughGoods.of(missing)
    return [(levels[level_id], quantity) for level_id, quantity in taken.items()]


def _same(
    done: list[Movement],
    wanted: Mapping[int, int],
    from_location: Location,
    to_location: Location,
) -> list[Movement]:
    """What was done earlier, when it was this; KeyReused otherwise."""
    moved: Counter[int] = Counter()
    for movement in done:
        moved[movement.lot.product_id] += movement.quantity
    ends = {(movement.from_location_id, movement.to_location_id) for movement in done}
    # as counters: a product of which nothing is wanted is not one that differs
    if moved != Counter(wanted) or ends != {(from_location.pk, to_location.pk)}:
        raise KeyReused(done[0].key)
    return done
