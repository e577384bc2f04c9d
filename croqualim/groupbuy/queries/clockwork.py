"""What the clock has to do: cycles whose moment has come, and who has not ordered."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.timezone import localtime

from croqualim.groupbuy.models import (
    Automation,
    Basket,
    Collective,
    Cycle,
    Membership,
    Offer,
    Order,
    OrderLine,
    Popup,
)
from croqualim.groupbuy.rules.clockwork import reminder_at


def automation_of(collective: Collective) -> Automation:
    """Its choices; nothing chosen when it never said."""
    return Automation.objects.filter(collective=collective).first() or Automation(
        collective=collective
    )


def to_open(now: datetime) -> QuerySet[Cycle]:
    return Cycle.objects.filter(opens_alone=True, published_at=None, opens_at__lte=now)


def to_remind(now: datetime) -> list[Cycle]:
    """Open cycles whose reminder is due and did not leave."""
    chosen = _automations(reminder_days__isnull=False)
    cycles = Cycle.objects.filter(
        collective__in=chosen,
        published_at__isnull=False,
        opens_at__lte=now,
        closes_at__gt=now,
        bought_at=None,
        reminded_at=None,
    )
    return [cycle for cycle in cycles if _is_due(cycle, chosen[cycle.collective_id], now)]


def _automations(**chosen: bool) -> dict[int, Automation]:
    """By collective."""
    return {found.collective_id: found for found in Automation.objects.filter(**chosen)}


def _is_due(cycle: Cycle, automation: Automation, now: datetime) -> bool:
    days = automation.reminder_days or 0
    at = reminder_at(localtime(cycle.opens_at), localtime(cycle.closes_at), days=days)
    return at is not None and at <= now


def to_close(now: datetime) -> list[Cycle]:
    """Cycles whose orders are over for as long as their collective said."""
    chosen = _automations(closes_after_hours__isnull=False, closes_from__isnull=False)
    cycles = Cycle.objects.filter(
        collective__in=chosen, published_at__isnull=False, closes_at__lte=now, bought_at=None
    ).select_related("collective__structure")
    return [cycle for cycle in cycles if _closing_is_due(cycle, chosen[cycle.collective_id], now)]


def _closing_is_due(cycle: Cycle, automation: Automation, now: datetime) -> bool:
    waits = timedelta(hours=automation.closes_after_hours or 0)
    is_ours = automation.closes_from is not None and cycle.closes_at >= automation.closes_from
    return is_ours and cycle.closes_at + waits <= now


def limits_to_open_with(cycle: Cycle) -> dict[str, list[Offer]]:
    """The offers of a draft: those to `keep`, and those whose product left the catalogue."""
    offers = Offer.objects.filter(cycle=cycle, withdrawn_at=None).select_related("product")
    sorted_out: dict[str, list[Offer]] = {"keep": [], "leave": []}
    for offer in offers:
        sorted_out["keep" if offer.product.is_active else "leave"].append(offer)
    return sorted_out


@dataclass(frozen=True)
class Undecided:
    """A household that has not confirmed what it chose, or chose nothing."""

    membership: Membership
    popup: Popup
    order: Order | None
    has_basket: bool


def undecided(cycle: Cycle) -> list[Undecided]:
    """Households of the cycle's groups without an order, or with a change that waits."""
    popups = {popup.group_id: popup for popup in Popup.objects.filter(cycle=cycle)}
    orders = {
        order.membership_id: order for order in Order.objects.filter(cycle=cycle, cancelled_at=None)
    }
    ordered = _quantities(orders.values())
    baskets = {
        basket.membership_id: {int(pk): n for pk, n in basket.quantities.items() if n}
        for basket in Basket.objects.filter(cycle=cycle)
    }
    members = Membership.objects.filter(group__in=popups, left_at=None).order_by("pk")
    found = []
    for member in members:
        order, basket = orders.get(member.pk), baskets.get(member.pk)
        if order and (basket is None or basket == ordered[order.pk]):
            continue
        found.append(Undecided(member, popups[member.group_id], order, bool(basket)))
    return found


def _quantities(orders: Iterable[Order]) -> dict[int, dict[int, int]]:
    """order id -> offer id -> what it asks for."""
    asked: dict[int, dict[int, int]] = defaultdict(dict)
    lines = OrderLine.objects.filter(order__in=[order.pk for order in orders])
    for order_id, offer_id, quantity in lines.values_list("order", "offer", "asked_quantity"):
        asked[order_id][offer_id] = quantity
    return asked
