from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When

from croqualim.accounts.models import Person
from croqualim.ledger.actions import AlreadyReversed, KeyReused
from croqualim.stock.actions.refusals import NotEnoughGoods
from croqualim.stock.models import REAL, Level, Location, Lot, Movement


def move(
    *,
    key: str,
    lot: Lot,
    from_location: Location,
    to_location: Location,
    quantity: int,
    kind: str,
    reference: str,
    now: datetime,
    actor: Person | None = None,
    reason: str = "",
) -> Movement:
    """Move a quantity of a lot between two places of one keeper; under a key already used, do
    nothing more.

    Raises NotEnoughGoods, KeyReused, and ValueError for a quantity that is not positive or for
    places of two keepers; then nothing has changed.
    """
    wanted = Movement(
        key=key,
        lot=lot,
        from_location=from_location,
        to_location=to_location,
        quantity=quantity,
        kind=kind,
        reference=reference,
        reason=reason,
        actor=actor,
        at=now,
    )
    return once([wanted])[0]


def move_lots(
    *,
    key: str,
    wanted: Sequence[tuple[Lot, int]],
    from_location: Location,
    to_location: Location,
    kind: str,
    reference: str,
    now: datetime,
    actor: Person | None = None,
    reason: str = "",
) -> list[Movement]:
    """`move`, of quantities of several lots as one thing done."""
    return once(
        [
            Movement(
                key=key,
                line=line,
                lot=lot,
                from_location=from_location,
                to_location=to_location,
                quantity=quantity,
                kind=kind,
                reference=reference,
                reason=reason,
                actor=actor,
                at=now,
            )
            for line, (lot, quantity) in enumerate(wanted, start=1)
        ]
    )


def reverse(
    *,
    movement: Movement,
    key: str,
    reason: str,
    now: datetime,
    actor: Person | None = None,
) -> Movement:
    """Send a movement back, once, and say why. It is itself never sent back.

    Raises NotEnoughGoods when the goods have gone on since, AlreadyReversed, KeyReused, and
    ValueError without a reason or for a reversal.
    """
    return reverse_many(movements=[movement], key=key, reason=reason, now=now, actor=actor)[0]


def reverse_many(
    *,
    movements: Sequence[Movement],
    key: str,
    reason: str,
    now: datetime,
    actor: Person | None = None,
) -> list[Movement]:
    """Send back several movements, all or none of them, as one thing done. See `reverse`."""
    if not reason.strip():
        raise ValueError("A reversal says why.")
    if any(movement.reverses_id for movement in movements):
        raise ValueError("A reversal stays: move the goods again.")
    wanted = [
        Movement(
            key=key,
            line=line,
            lot=movement.lot,
            from_location=movement.to_location,
            to_location=movement.from_location,
            quantity=movement.quantity,
            kind=movement.kind,
            reference=movement.reference,
            reason=reason,
            actor=actor,
            at=now,
            reverses=movement,
        )
        for line, movement in enumerate(movements, start=1)
    ]
    try:
        return once(wanted)
    except IntegrityError as error:  # refused for another reason than its key
        raise AlreadyReversed(movements[0]) from error


def once(wanted: Sequence[Movement]) -> list[Movement]:
    """Write down the lines of one key and shift the levels, or answer with what it did earlier."""
    try:
        with transaction.atomic():
            return write(wanted)
    except IntegrityError:
        done = earlier(wanted[0].key)
        if not done:
            raise
        if list(map(_said, done)) != list(map(_said, wanted)):
            raise KeyReused(wanted[0].key) from None
        return done


def write(wanted: Sequence[Movement]) -> list[Movement]:
    """Insert the movements and shift the levels, in the caller's transaction.

    Raises NotEnoughGoods, ValueError, and IntegrityError when the key has been used.
    """
    for movement in wanted:
        if movement.quantity <= 0:
            raise ValueError("A quantity is positive.")
        if movement.from_location.keeper_id != movement.to_location.keeper_id:
            raise ValueError("A movement stays with one keeper.")
    if not wanted:
        return []
    # first: the unique key stops a second go before any goods move
    written = Movement.objects.bulk_create(wanted)
    _shift(wanted)
    return written


def earlier(key: str) -> list[Movement]:
    """What was done under this key, in the order of its lines."""
    return list(Movement.objects.filter(key=key).order_by("line").select_related("lot"))


def lock(levels: QuerySet[Level]) -> QuerySet[Level]:
    """One lock call, by id: crossing movements never wait for each other. `no_key`: nor does who
    only refers to the level."""
    return levels.order_by("pk").select_for_update(of=("self",), no_key=True)


def per_level(amounts: Mapping[int, int]) -> Case:
    """SQL for amounts[level.pk]: many levels change in one statement."""
    whens = [When(pk=level_id, then=Value(amount)) for level_id, amount in amounts.items()]
    return Case(*whens, default=Value(0), output_field=BigIntegerField())


def _said(movement: Movement) -> tuple[int | None, ...]:
    return (
        movement.lot_id,
        movement.from_location_id,
        movement.to_location_id,
        movement.quantity,
        movement.reverses_id,
    )


def _shift(movements: Sequence[Movement]) -> None:
    changes: Counter[tuple[int, int]] = Counter()
    places: dict[int, Location] = {}
    for movement in movements:
        for place, sign in ((movement.from_location, -1), (movement.to_location, 1)):
            places[place.pk] = place
            changes[movement.lot_id, place.pk] += sign * movement.quantity
    Level.objects.bulk_create(
        [
            Level(lot_id=lot_id, location_id=place_id, has_floor=places[place_id].kind in REAL)
            for lot_id, place_id in sorted(changes)
        ],
        ignore_conflicts=True,
    )
    lots = {movement.lot_id for movement in movements}
    levels = lock(Level.objects.filter(lot__in=lots, location__in=places)).select_related("lot")
    by_level = {level: changes[level.lot_id, level.location_id] for level in levels}
    change = per_level({level.pk: quantity for level, quantity in by_level.items()})
    shifted = (
        Level.objects.filter(pk__in=[level.pk for level in by_level])
        .filter(Q(has_floor=False) | Q(quantity__gte=F("reserved_quantity") - change))
        .update(quantity=F("quantity") + change)
    )
    if shifted < len(by_level):
        raise NotEnoughGoods.of(_missing(by_level))


def _missing(changes: Mapping[Level, int]) -> dict[int, int]:
    missing: Counter[int] = Counter()
    for level, change in changes.items():
        after = level.quantity - level.reserved_quantity + change
        if level.has_floor and after < 0:
            missing[level.lot.product_id] -= after
    return dict(missing)
