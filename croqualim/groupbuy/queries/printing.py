"""In which version things stand, which version was printed, and what a reprint replaces.

A version is how many times what is printed has changed: the number of events that touched it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet

from croqualim.groupbuy.models import Cycle, Event, EventKind, Popup, Printing, PurchaseOrder

# What happens to an order without changing what is in it. A kind that is not named here changes a
# paper: better one reprint too many than a wrong sheet believed.
OF_THE_EVENING = (
    EventKind.CHECKED_IN,
    EventKind.CHECK_IN_UNDONE,
    EventKind.COLLECTED,
    EventKind.COLLECTION_UNDONE,
    EventKind.ABSENT,
    EventKind.ABSENCE_UNDONE,
)
OF_THE_OFFERS = (
    EventKind.CYCLE_MADE,
    EventKind.CYCLE_CHANGED,
    EventKind.CYCLE_PUBLISHED,
    EventKind.OFFER_WITHDRAWN,
)


@dataclass(frozen=True)
class Edition:
    """The state of things that a paper shows: changed `version` times, last `at`."""

    version: int
    at: datetime | None
    replaces: int = 0  # the version that was printed before it; 0: none was


def edition_of_shop(popup: Popup, paper: str) -> Edition:
    """What its orders are."""
    orders = Event.objects.filter(popup=popup, order__isnull=False)
    return _edition(orders.exclude(kind__in=OF_THE_EVENING), _printed(popup.cycle_id, popup, paper))


def edition_of_orders(cycle: Cycle, paper: str) -> Edition:
    """What the orders of all its shops are."""
    orders = Event.objects.filter(cycle=cycle, order__isnull=False)
    return _edition(orders.exclude(kind__in=OF_THE_EVENING), _printed(cycle.pk, None, paper))


def edition_of_offers(cycle: Cycle, paper: str) -> Edition:
    """What is offered, and when."""
    offers = Event.objects.filter(cycle=cycle, kind__in=OF_THE_OFFERS)
    return _edition(offers, _printed(cycle.pk, None, paper))


def edition_of_purchase_order(purchase_order: PurchaseOrder) -> Edition:
    """Its events begin with its number; it was made by the closing, its version 1."""
    events = Event.objects.filter(
        cycle=purchase_order.cycle_id,
        order=None,
        details__lines__0__0=purchase_order.number,
        kind__in=(EventKind.DELIVERY_RECEIVED, EventKind.DELIVERY_UNDONE),
    )
    changed = _edition(events, Printing.objects.none())
    return Edition(changed.version + 1, changed.at or purchase_order.made_at)


@dataclass(frozen=True)
class Printed:
    """The last time a paper was printed, and whether things have changed since."""

    version: int
    at: datetime
    is_stale: bool


def edition_of_report(cycle: Cycle) -> Edition:
    """How often it was settled, and that undone."""
    kinds = (EventKind.CYCLE_SETTLED, EventKind.SETTLEMENT_UNDONE)
    settled = Event.objects.filter(cycle=cycle, kind__in=kinds)
    return _edition(settled, Printing.objects.none())


def versions_of(cycle: Cycle) -> dict[int | None, int]:
    """shop -> the version of its orders; None -> that of all of them. One query."""
    orders = Event.objects.filter(cycle=cycle, order__isnull=False)
    counted = orders.exclude(kind__in=OF_THE_EVENING).values_list("popup").annotate(n=Count("pk"))
    by_shop: dict[int | None, int] = dict(counted.order_by())
    return {**by_shop, None: sum(by_shop.values())}


def last_printed(cycle: Cycle) -> dict[tuple[int | None, str], Printing]:
    """(shop, paper) -> its latest version that was printed. One query."""
    printings = Printing.objects.filter(cycle=cycle).order_by("version", "pk")
    return {(printing.popup_id, printing.paper): printing for printing in printings}


def _printed(cycle_id: int, popup: Popup | None, paper: str) -> QuerySet[Printing]:
    return Printing.objects.filter(cycle=cycle_id, popup=popup, paper=paper)


def _edition(events: QuerySet[Event], printed: QuerySet[Printing]) -> Edition:
    counted = events.aggregate(version=Count("pk"), at=Max("at"))
    before = printed.filter(version__lt=counted["version"]).aggregate(last=Max("version"))
    return Edition(counted["version"], counted["at"], before["last"] or 0)
