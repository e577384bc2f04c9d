"""What happened, in words: for timelines."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from croqualim.groupbuy.models import Cycle, Event, Order, Popup, PurchaseOrder


@dataclass(frozen=True)
class Told:
    """An event as a timeline shows it."""

    sentence: str
    at: datetime
    by: str
    reason: str


def events_of_order(order: Order) -> list[Told]:
    return _told(Event.objects.filter(order=order))


def events_of_popup(popup: Popup) -> list[Told]:
    """What concerns the whole shop: orders have their own history."""
    return _told(Event.objects.filter(popup=popup, order=None))


def events_of_cycle(cycle: Cycle) -> list[Told]:
    """What concerns the whole cycle: orders have their own history."""
    return _told(Event.objects.filter(cycle=cycle, order=None).select_related("popup__group"))


def events_of_purchase_order(purchase_order: PurchaseOrder) -> list[Told]:
    """Its events begin with its number: several share a cycle's history."""
    return _told(
        Event.objects.filter(
            cycle=purchase_order.cycle_id,
            order=None,
            details__lines__0__0=purchase_order.number,
        )
    )


def _told(events: QuerySet[Event]) -> list[Told]:
    return [
        Told(
            sentence=_sentence(event),
            at=event.at,
            by=str(event.actor) if event.actor else "",
            reason=event.reason,
        )
        for event in events.select_related("actor")
    ]


def _sentence(event: Event) -> str:
    changes = "\u202f; ".join(_change(*line) for line in event.details.get("lines", []))
    said = str(event.get_kind_display())
    return f"{said}\u00a0: {changes}" if changes else said


def _change(what: str, before: str, after: str) -> str:
    if before and after:
        return f"{what}, {before} → {after}"
    return f"{what}, {before or after}" if before or after else what
