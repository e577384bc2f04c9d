from datetime import date, datetime

from django.db import IntegrityError, transaction

from croqualim.accounts.models import Person
from croqualim.catalogue.models import Product
from croqualim.ledger.actions import KeyReused
from croqualim.stock.actions.locations import open_location
from croqualim.stock.actions.movements import earlier, move, write
from croqualim.stock.models import Location, LocationKind, Lot, Movement


def receive_lot(
    *,
    key: str,
    product: Product,
    from_location: Location,
    to_location: Location,
    quantity: int,
    code: str,
    best_before_on: date | None,
    price_cents: int,
    priced_quantity: int,
    reference: str,
    now: datetime,
    actor: Person | None = None,
) -> Lot:
    """Goods arrive: a new lot, and its way in; under a key already used, the lot of that time.

    `price_cents` was paid for `priced_quantity` of the product's unit. Raises what `move` does.
    """
    lot = Lot(
        product=product,
        code=code,
        best_before_on=best_before_on,
        received_at=now,
        price_cents=price_cents,
        priced_quantity=priced_quantity,
    )
    wanted = Movement(
        key=key,
        from_location=from_location,
        to_location=to_location,
        quantity=quantity,
        kind="reception",
        reference=reference,
        actor=actor,
        at=now,
    )
    try:
        with transaction.atomic():
            lot.save(force_insert=True)
            wanted.lot = lot
            write([wanted])
    except IntegrityError:
        done = earlier(key)
        if not done:
            raise
        if _said(done[0], done[0].lot) != _said(wanted, lot):
            raise KeyReused(key) from None
        return done[0].lot
    return lot


@transaction.atomic
def write_off(
    *,
    key: str,
    lot: Lot,
    from_location: Location,
    quantity: int,
    to: LocationKind,
    reason: str,
    reference: str,
    now: datetime,
    actor: Person | None = None,
) -> Movement:
    """Goods are lost, or go to compost, and somebody says why.

    Raises ValueError without a reason or for another destination, and what `move` does.
    """
    if to not in {LocationKind.LOSS, LocationKind.COMPOST}:
        raise ValueError("Goods are written off to losses or to compost.")
    if not reason.strip():
        raise ValueError("A loss says why.")
    gone = open_location(keeper=from_location.keeper, kind=to, name=str(to.label))
    return move(
        key=key,
        lot=lot,
        from_location=from_location,
        to_location=gone,
        quantity=quantity,
        kind="write_off",
        reference=reference,
        now=now,
        actor=actor,
        reason=reason,
    )


def _said(movement: Movement, lot: Lot) -> tuple[int | str, ...]:
    return (
        lot.product_id,
        lot.code,
        movement.from_location_id,
        movement.to_location_id,
        movement.quantity,
    )
