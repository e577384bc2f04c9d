"""What happened, in words: for timelines."""

from django.db.models import QuerySet
from django.utils.translation import ngettext

from croqualim.groupbuy.models import Cycle, Event, Order, PurchaseOrder
from croqualim.ui import parts

SEMICOLON = "\u202f; "
MANY = 4  # more changes than this are counted where the whole cycle is told


def events_of_order(order: Order) -> list[parts.Event]:
    return _told(Event.objects.filter(order=order))


def events_of_cycle(cycle: Cycle) -> list[parts.Event]:
    """What concerns the whole cycle: orders have their own history."""
    return _told(Event.objects.filter(cycle=cycle, order=None), at_most=MANY)


def events_of_purchase_order(purchase_order: PurchaseOrder) -> list[parts.Event]:
    """Its events begin with its number: several share a cycle's history."""
    return _told(
        Event.objects.filter(
            cycle=purchase_order.cycle_id,
            order=None,
            details__lines__0__0=purchase_order.number,
        )
    )


def _told(events: QuerySet[Event], *, at_most: int | None = None) -> list[parts.Event]:
    return [
        parts.Event(
            sentence=_sentence(event, at_most),
            at=event.at,
            by=str(event.actor) if event.actor else "",
            reason=event.reason,
        )
        for event in events.select_related("actor", "popup__group")
    ]


def _sentence(event: Event, at_most: int | None) -> str:
    changes = [_change(*line) for line in event.details.get("lines", [])]
    if at_most and len(changes) > at_most:
        left = len(changes) - at_most
        changes = [*changes[:at_most], _others(left)]
    if event.popup and not event.order_id:
        changes = [event.popup.group.name, *changes]
    said = str(event.get_kind_display())
    return f"{said}\u00a0: {SEMICOLON.join(changes)}" if changes else said


def _others(number: int) -> str:
    return ngettext("et %(n)s autre", "et %(n)s autres", number) % {"n": number}


def _change(what: str, before: str, after: str) -> str:
    if before and after and before != after:
        return f"{what}, {before} → {after}"
    return f"{what}, {before or after}" if before or after else what
