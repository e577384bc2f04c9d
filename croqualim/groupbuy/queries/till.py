"""Who is expected at a shop, who is here, what is due. Nothing here tells a share or a cost."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Prefetch, QuerySet

from croqualim.accounts.models import Person
from croqualim.groupbuy.access import members_at_till
from croqualim.groupbuy.models import (
    Event,
    EventKind,
    Membership,
    Order,
    OrderLine,
    Popup,
    Stop,
)
from croqualim.groupbuy.rules.till import State, is_found, state_of


@dataclass(frozen=True)
class Row:
    """One order in the till's list."""

    order_id: int
    reference: str
    number: int
    names: tuple[str, ...]
    state: State
    at: datetime | None  # when it came to be in that state
    stop: Stop | None = None  # where it is handed over, when the shop goes round

    @property
    def name(self) -> str:
        return ", ".join(self.names)


@dataclass(frozen=True)
class Count:
    """How many orders are in a state."""

    state: State
    orders: int


def counts(found: Iterable[Row]) -> list[Count]:
    """In each state, in their order."""
    by_state = Counter(row.state for row in found)
    return [Count(state, by_state[state]) for state in State]


def chosen_state(text: str) -> State:
    """What an address names; those who are still to come when it names nothing."""
    return State(text) if text in set(State) else State.TO_COME


def live_orders(popup: Popup) -> QuerySet[Order]:
    return Order.objects.filter(popup=popup, cancelled_at=None)


def waited_for(popup: Popup) -> QuerySet[Order]:
    """Neither served nor absent."""
    return live_orders(popup).filter(collected_at=None, absent_at=None)


def with_people(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Each with its household's people, in one more query."""
    people = Person.objects.filter(is_active=True).order_by("pk")
    return orders.select_related("membership__household").prefetch_related(
        Prefetch("membership__household__people", queryset=people, to_attr="here")
    )


def names_of(membership: Membership) -> tuple[str, ...]:
    """Of a membership read by `with_people`; a household that nobody is left of has its number."""
    people: Iterable[Person] = membership.household.here  # type: ignore[attr-defined]
    return tuple(str(person) for person in people) or (f"n°\u00a0{membership.number}",)


def names_in(membership: Membership) -> tuple[str, ...]:
    """Of one membership, read now."""
    people = Person.objects.filter(household=membership.household_id, is_active=True)
    names = tuple(str(person) for person in people.order_by("pk"))
    return names or (f"n°\u00a0{membership.number}",)


def other_shops(popup: Popup) -> list[Popup]:
    """The same cycle's, whose till whoever holds this one holds too."""
    others = Popup.objects.filter(cycle=popup.cycle_id).exclude(pk=popup.pk)
    return list(others.select_related("group"))


def lines_to_take(order: Order) -> list[OrderLine]:
    """What is handed over, by family and name; what nothing came of has 0."""
    lines = OrderLine.objects.filter(order=order).select_related("offer__product")
    return list(lines.order_by("offer__product__family", "offer__product__search_name"))


def rows(popup: Popup) -> list[Row]:
    """Everybody who ordered here, by stop and name."""
    orders = with_people(live_orders(popup)).select_related("stop")
    found = [_row(order) for order in orders]
    return sorted(found, key=lambda row: (*_hour(row.stop), row.name, row.reference))


def _hour(stop: Stop | None) -> tuple[bool, str, int]:
    """In the order of the round; what is collected at the shop itself comes first."""
    return (stop is not None, stop.starts_at.isoformat() if stop else "", stop.pk if stop else 0)


def stops_in(found: Iterable[Row]) -> list[Stop]:
    """Where these are handed over, each once."""
    return list(dict.fromkeys(row.stop for row in found if row.stop))


def rows_at(found: Iterable[Row], stop: Stop | None) -> list[Row]:
    """Those of a stop; all of them when none is named."""
    return [row for row in found if stop is None or row.stop == stop]


def rows_said(found: Iterable[Row], query: str) -> list[Row]:
    """Those whom somebody may mean who says this."""
    return [
        row
        for row in found
        if is_found(query, reference=row.reference, number=row.number, names=row.names)
    ]


def _row(order: Order) -> Row:
    return Row(
        order_id=order.pk,
        reference=order.reference,
        number=order.membership.number,
        names=names_of(order.membership),
        state=state(order),
        at=order.collected_at or order.absent_at or order.checked_in_at,
        stop=order.stop,
    )


def state(order: Order) -> State:
    return state_of(
        checked_in_at=order.checked_in_at,
        collected_at=order.collected_at,
        absent_at=order.absent_at,
    )


def last_event(order: Order, kind: EventKind) -> Event | None:
    return Event.objects.filter(order=order, kind=kind).select_related("actor").last()


def times(kind: EventKind, *, popup: Popup, order: Order | None = None) -> int:
    """How often this happened: what is done, undone and done again needs a key for each time."""
    return Event.objects.filter(popup=popup, order=order, kind=kind).count()


@dataclass(frozen=True)
class Member:
    """A household that may be meant."""

    membership: Membership
    name: str


def members_said(popup: Popup, query: str, limit: int = 20) -> list[Member]:
    """Members of the shop's group whom somebody may mean who says this."""
    people = Person.objects.filter(is_active=True).order_by("pk")
    members = (
        members_at_till()
        .filter(group=popup.group_id)
        .select_related("household")
        .prefetch_related(Prefetch("household__people", queryset=people, to_attr="here"))
    )
    found = (
        Member(membership, ", ".join(names_of(membership)))
        for membership in members
        if is_found(query, reference="", number=membership.number, names=names_of(membership))
    )
    return list(islice(found, limit))
