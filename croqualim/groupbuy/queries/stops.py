"""The stops of a shop that goes round, and where a household collected last time."""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localtime

from croqualim.groupbuy.models import Cycle, Membership, Order, Popup, Stop
from croqualim.groupbuy.rules.stops import StopPlan

BY_HOUR = ("starts_at", "position")


def stops_of(popup: Popup) -> QuerySet[Stop]:
    return Stop.objects.filter(popup=popup).order_by(*BY_HOUR)


def stops_to_change(popup: Popup) -> list[Stop]:
    """Each with `ordered`, how many live orders are for it."""
    live = Q(orders__cancelled_at=None, orders__isnull=False)
    return list(stops_of(popup).annotate(ordered=Count("orders", filter=live)))


def stops_to_choose(popup: Popup, membership: Membership) -> list[Stop]:
    """By their hour, each with `is_hers`, whether her order is for it, and `used_at`, when she last
    ordered for a stop at that place. No query for a shop that does not go round."""
    if not popup.has_stops:
        return []
    hers = Order.objects.filter(membership=membership, cancelled_at=None)
    there = hers.filter(stop__place=OuterRef("place")).order_by("-placed_at")
    return list(
        stops_of(popup).annotate(
            is_hers=Exists(hers.filter(stop=OuterRef("pk"))),
            used_at=Subquery(there.values("placed_at")[:1]),
        )
    )


def usual_stop(stops: Sequence[Stop]) -> int | None:
    """Of `stops_to_choose`: the one of her order, or of the last time; None the first time."""
    used = [stop for stop in stops if stop.used_at]  # type: ignore[attr-defined]
    if not used:
        return None
    return max(used, key=attrgetter("is_hers", "used_at")).pk


def without_stop(popup: Popup) -> int:
    """How many live orders were made before there were stops to choose from."""
    return Order.objects.filter(popup=popup, stop=None, cancelled_at=None).count()


def plan_of(stop: Stop) -> StopPlan:
    return StopPlan(stop.place, localtime(stop.starts_at), localtime(stop.ends_at))


def rounds_of(cycle: Cycle) -> dict[int, Popup]:
    """group id -> its shop that goes round, with its stops."""
    popups = Popup.objects.filter(cycle=cycle, has_stops=True).prefetch_related("stops")
    return {popup.group_id: popup for popup in popups}


def orders_for(stops: Iterable[Stop]) -> QuerySet[Order]:
    """Live ones that nobody has collected."""
    return Order.objects.filter(
        stop__in=stops, cancelled_at=None, collected_at=None, absent_at=None
    ).select_related("membership", "stop", "popup")
