"""The history: who did what, when and why."""

from collections.abc import Sequence
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
    """Add one event about an order, a shop or a cycle (the widest that is given is enough).

    `lines` are [what, before, after], already in words.
    """
    if order is not None:
        cycle_id, popup_id = order.cycle_id, order.popup_id
    elif popup is not None:
        cycle_id, popup_id = popup.cycle_id, popup.pk
    elif cycle is not None:
        cycle_id, popup_id = cycle.pk, None
    else:
        raise ValueError("an event is about something")
    return Event.objects.create(
        cycle_id=cycle_id,
        popup_id=popup_id,
        order=order,
        kind=kind,
        details={"lines": [list(line) for line in lines]},
        reason=reason,
        actor=actor,
        at=now,
    )
