"""A shop that goes round: its stops, and telling those who chose one that moves.

An order reads the stops once it has locked its offers (see `actions.ordering`), so stops change
under the lock of all of them: an order in flight is counted here, or finds the stops as they are
now.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from croqualim.accounts.models import Person
from croqualim.groupbuy import letters
from croqualim.groupbuy.actions.cycles import CycleRefused
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.telling import Telling, tell_many
from croqualim.groupbuy.models import Cycle, EventKind, Offer, Order, Popup, Stop
from croqualim.groupbuy.queries import stops as queries
from croqualim.groupbuy.rules.stops import Problem, Reason, StopPlan, days_between, not_there


class StopsRefused(Exception):
    """Nothing was written; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@transaction.atomic
def change_stops(
    *,
    popup: Popup,
    kept: Mapping[int, StopPlan],
    added: Sequence[StopPlan] = (),
    removed: Set[int] = frozenset(),
    actor: Person,
    now: datetime,
) -> None:
    """Make these stops (by id) say this, add some, remove some; whoever chose one that moves is
    told. The same again changes nothing.

    Raises StopsRefused when live orders are for one that is removed, CycleRefused once the cycle
    is settled or the shop closed.
    """
    popup = _lock(popup)
    stops = queries.stops_to_change(popup)
    there = [stop for stop in stops if stop.pk not in removed]
    moved = {s: kept[s.pk] for s in there if s.pk in kept and kept[s.pk] != queries.plan_of(s)}
    lines = _remove([stop for stop in stops if stop.pk in removed]) + _move(moved)
    new = not_there(added, [queries.plan_of(stop) for stop in there])
    lines += [["arrêt", "", str(stop)] for stop in add_stops(popup, new)]
    if not lines:
        return
    popup.has_stops = queries.stops_of(popup).exists()
    popup.save(update_fields=["has_stops"])
    note(EventKind.CYCLE_CHANGED, popup=popup, lines=lines, actor=actor, now=now)
    tell_moved(queries.orders_for(moved), now)


def _lock(popup: Popup) -> Popup:
    cycle = Cycle.objects.select_for_update(no_key=True).get(pk=popup.cycle_id)
    offers = Offer.objects.filter(cycle=cycle).select_for_update(no_key=True)
    list(offers.order_by("pk").values_list("pk"))
    popup = Popup.objects.select_for_update(no_key=True).get(pk=popup.pk)
    if cycle.settled_at:
        raise CycleRefused("settled")
    if popup.closed_at:
        raise CycleRefused("shop closed")
    return popup


def _remove(stops: Sequence[Stop]) -> list[list[str]]:
    for stop in stops:
        if stop.ordered:  # type: ignore[attr-defined]
            raise StopsRefused(Problem(Reason.CHOSEN, str(stop.pk)))
        # cancelled ones: their history says which stop it was
        Order.objects.filter(stop=stop).update(stop=None)
        stop.delete()
    return [["arrêt", str(stop), "retiré"] for stop in stops]


def _move(moved: Mapping[Stop, StopPlan]) -> list[list[str]]:
    lines = []
    for stop, plan in moved.items():
        before = str(stop)
        stop.place, stop.starts_at, stop.ends_at = plan.place, plan.starts_at, plan.ends_at
        stop.save(update_fields=["place", "starts_at", "ends_at"])
        lines.append(["arrêt", before, str(stop)])
    return lines


def add_stops(popup: Popup, plans: Iterable[StopPlan]) -> list[Stop]:
    """After those that are there; under the shop's lock, or when it has just been made."""
    last = queries.stops_of(popup).aggregate(last=Max("position"))["last"] or 0
    return Stop.objects.bulk_create(
        Stop(
            popup=popup,
            place=plan.place,
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            position=position,
        )
        for position, plan in enumerate(plans, last + 1)
    )


def go_round_again(*, source: Cycle, cycle: Cycle) -> None:
    """The stops of each of `source`'s shops, at the same hours on the day of `cycle`'s."""
    rounds = queries.rounds_of(source)
    for popup in Popup.objects.filter(cycle=cycle, group__in=rounds):
        before = rounds[popup.group_id]
        days = days_between(localdate(before.starts_at), localdate(popup.starts_at))
        add_stops(popup, [queries.plan_of(stop).moved(days) for stop in before.stops.all()])
    Popup.objects.filter(cycle=cycle, group__in=rounds).update(has_stops=True)


def shift_stops(popup: Popup, days: int, now: datetime) -> None:
    """Its day has moved: each stop follows, at its hours, and whoever chose it is told."""
    if not days or not popup.has_stops:
        return
    stops = list(queries.stops_of(popup))
    _move({stop: queries.plan_of(stop).moved(days) for stop in stops})
    tell_moved(queries.orders_for(stops), now)


def tell_moved(orders: Iterable[Order], now: datetime) -> None:
    """Where and when they are to be collected from now on."""
    tell_many(
        tellings=[
            Telling(
                order.membership,
                key=f"order:{order.pk}:moved:{now.isoformat()}",
                letter=letters.shop_moved(order, order.pick_up),
            )
            for order in orders
        ],
        now=now,
    )
