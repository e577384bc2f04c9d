"""Taking an announcement back, so that a cycle can be composed again."""

from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions.cycles import CycleRefused
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.models import Cycle, EventKind, Order
from croqualim.groupbuy.rules.stages import Stage
from croqualim.messages import actions as outbox


@transaction.atomic
def unpublish_cycle(*, cycle: Cycle, actor: Person, now: datetime) -> None:
    """Members see it no more, and the message that awaits its opening does not leave.

    A second time changes nothing. Raises CycleRefused once orders are open or one exists.
    """
    cycle = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    stage = cycle.stage(now)
    if stage is Stage.DRAFT:
        return
    if stage is not Stage.ANNOUNCED or Order.objects.filter(cycle=cycle).exists():
        raise CycleRefused("opened")
    cycle.published_at, cycle.opens_alone = None, False
    cycle.save(update_fields=["published_at", "opens_alone"])
    outbox.withdraw_unsent(key_prefix=f"cycle:{cycle.pk}:open:")
    lines = [["plus annoncé", "", ""]]
    note(EventKind.CYCLE_CHANGED, cycle=cycle, lines=lines, actor=actor, now=now)
