"""The history: who did what, when and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from croqualim.accounts.models import Person
from croqualim.groupbuy.models import Cycle, Event, EventKind, Order, Popup


def note(
    kind: EventKind,
    *,
    cycle: Cycle | None = None,
    popup: Popup | None = None,
    order: Order | None = None,
    lines: Sequence[Sequence[str]] = (),
    reason: str = "",
    actor: Person | None,
    now: datetime,
) -> Event:
    """Add one event about an order, a shop or a cycle (the narrowest that is given is enough).

    `lines` are [what, before, after], already in words.
    """
    event = _event(kind, cycle, popup, order, lines, reason, actor, now)
    event.save(force_insert=True)
    return event


def note_orders(
    kind: EventKind,
    *,
    lines: Mapping[Order, Sequence[Sequence[str]]],
    reason: str = "",
    actor: Person | None,
    now: datetime,
) -> None:
    """Add the same kind of event to many orders, each with its own lines, in one go."""
    Event.objects.bulk_create(
        _event(kind, None, None, order, of_order, reason, actor, now)
        for order, of_order in lines.items()
    )


def _event(
    kind: EventKind,
    cycle: Cycle | None,
    popup: Popup | None,
    order: Order | None,
    lines: Sequence[Sequence[str]],
    reason: str,
    actor: Person | None,
    now: datetime,
) -> Event:
    if order is not None:
        cycle_id, popup_id = order.cycle_id, order.popup_id
    elif popup is not None:
        cycle_id, popup_id = popup.cycle_id, popup.pk
    elif cycle is not None:
        cycle_id, popup_id = cycle.pk, None
    else:
        raise ValueError("an event is about something")
    return Event(
        cycle_id=cycle_id,
        popup_id=popup_id,
        order=order,
        kind=kind,
        details={"lines": [list(line) for line in lines]},
        reason=reason,
        actor=actor,
        at=now,
    )
