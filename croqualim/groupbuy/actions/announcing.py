"""Telling members that orders open, and telling it anew when dates change before they knew."""

from datetime import datetime

from croqualim.groupbuy import letters
from croqualim.groupbuy.actions.telling import Telling, tell_many
from croqualim.groupbuy.models import Cycle, Membership, Popup
from croqualim.messages import actions as outbox


def announce(*, cycle: Cycle, now: datetime) -> None:
    """One message to each household, when the orders open, with the page to order from.

    Again: what has not left yet is written anew, and households of a shop added since are told.
    """
    key = f"cycle:{cycle.pk}:open:"
    outbox.withdraw_unsent(key_prefix=key)
    popups = {popup.group_id: popup for popup in Popup.objects.filter(cycle=cycle)}
    tell_many(
        tellings=[
            Telling(
                membership,
                key=f"{key}{membership.pk}",
                letter=letters.orders_open(cycle, popups[membership.group_id]),
                due_at=max(cycle.opens_at, now),
                useful_until=cycle.closes_at,
            )
            for membership in Membership.objects.filter(group__in=popups, left_at=None)
        ],
        now=now,
    )
