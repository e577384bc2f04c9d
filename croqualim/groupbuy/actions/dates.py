"""Moving the dates of a cycle, and telling those whose shop moves."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate, localtime

from croqualim.accounts.models import Person
from croqualim.groupbuy import letters
from croqualim.groupbuy.actions.announcing import announce
from croqualim.groupbuy.actions.cycles import CycleRefused, ShopPlan, open_shop
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.stops import shift_stops, tell_moved
from croqualim.groupbuy.models import Cycle, EventKind, Order, Popup
from croqualim.groupbuy.rules.stops import days_between
from croqualim.kernel.period import moment_in_words


@transaction.atomic
def change_dates(
    *,
    cycle: Cycle,
    opens_at: datetime,
    closes_at: datetime,
    shops: Sequence[ShopPlan],
    actor: Person,
    now: datetime,
) -> None:
    """Make the cycle's dates and shops say this; those who ordered are told if their shop moves,
    and those who do not know yet that orders open are told the new dates.

    Once purchases are made only shops still move. The same dates again change nothing.
    Raises CycleRefused.
    """
    cycle = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    if cycle.settled_at:
        raise CycleRefused("settled")
    lines = _move_window(cycle, opens_at, closes_at)
    present = {popup.group_id: popup for popup in cycle.popups.select_related("group")}
    for plan in shops:
        popup = present.get(plan.group.pk)
        if popup is None:
            popup = open_shop(cycle, plan)
            lines.append([popup.group.name, "", _shop_in_words(popup)])
        else:
            lines += _move_shop(popup, plan, now)
    if lines:
        note(EventKind.CYCLE_CHANGED, cycle=cycle, lines=lines, actor=actor, now=now)
        _tell_opening(cycle, now)


def _tell_opening(cycle: Cycle, now: datetime) -> None:
    if cycle.published_at and not cycle.bought_at and now < cycle.closes_at:
        announce(cycle=cycle, now=now)


def _move_window(cycle: Cycle, opens_at: datetime, closes_at: datetime) -> list[list[str]]:
    before, after = (cycle.opens_at, cycle.closes_at), (opens_at, closes_at)
    if before == after:
        return []
    if cycle.bought_at:
        raise CycleRefused("bought")
    cycle.opens_at, cycle.closes_at = after
    cycle.save(update_fields=["opens_at", "closes_at"])
    named = zip(("ouverture", "clôture"), before, after, strict=True)
    return [
        [name, _in_words(was), _in_words(is_now)] for name, was, is_now in named if was != is_now
    ]


def _move_shop(popup: Popup, plan: ShopPlan, now: datetime) -> list[list[str]]:
    planned = (plan.place, plan.starts_at, plan.ends_at)
    if planned == (popup.place, popup.starts_at, popup.ends_at):
        return []
    if popup.closed_at:
        raise CycleRefused("shop closed")
    before, day_before = _shop_in_words(popup), localdate(popup.starts_at)
    popup.place, popup.starts_at, popup.ends_at = planned
    popup.save(update_fields=["place", "starts_at", "ends_at"])
    _tell_moved(popup, now)
    shift_stops(popup, days_between(day_before, localdate(popup.starts_at)), now)
    return [[popup.group.name, before, _shop_in_words(popup)]]


def _tell_moved(popup: Popup, now: datetime) -> None:
    """Those who collect at the shop itself."""
    orders = Order.objects.filter(
        popup=popup, stop=None, cancelled_at=None, collected_at=None, absent_at=None
    )
    tell_moved(orders.select_related("membership", "popup"), now)


def _shop_in_words(popup: Popup) -> str:
    return f"{letters.shop_hours(popup)}, {popup.place}"


def _in_words(moment: datetime) -> str:
    return moment_in_words(localtime(moment))
