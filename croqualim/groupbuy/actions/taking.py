"""What is noted while a member telephones, before it is read back and confirmed."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from croqualim.groupbuy.models import Basket, Membership, Popup
from croqualim.groupbuy.queries.orders import basket_of, live_order, quantities_of


@transaction.atomic
def take_down(
    *, popup: Popup, membership: Membership, changes: Mapping[int, int], now: datetime
) -> dict[int, int]:
    """Keep these quantities in the household's basket, 0: none; the rest of it stays as it is.

    The basket is hers: when the call drops, she finds it on her own telephone. Returns it.
    """
    Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    basket = basket_of(popup.cycle, membership)
    if basket is None:
        basket = quantities_of(live_order(popup.cycle_id, membership))
    kept = {offer: n for offer, n in {**basket, **changes}.items() if n}
    Basket.objects.update_or_create(
        cycle_id=popup.cycle_id,
        membership=membership,
        defaults={
            "quantities": {str(offer): quantity for offer, quantity in kept.items()},
            "updated_at": now,
        },
    )
    return kept


@transaction.atomic
def back_to_order(*, popup: Popup, membership: Membership) -> None:
    """Forget what was chosen since she confirmed."""
    Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    Basket.objects.filter(cycle=popup.cycle_id, membership=membership).delete()
