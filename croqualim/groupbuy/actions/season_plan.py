"""Planning several months at once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions.clockwork import let_open
from croqualim.groupbuy.actions.cycles import ShopPlan
from croqualim.groupbuy.actions.repeating import repeat_cycle
from croqualim.groupbuy.models import Collective, Cycle
from croqualim.groupbuy.queries.calendar import limits_of, months_taken
from croqualim.groupbuy.queries.collectives import groups_to_choose
from croqualim.groupbuy.queries.cycles import places_in
from croqualim.groupbuy.rules.planning import Plan, anchor_of, suggested_name


@transaction.atomic
def plan_cycles(
    *,
    source: Cycle,
    plans: Sequence[Plan],
    opens_alone: bool,
    actor: Person,
    now: datetime,
) -> list[Cycle]:
    """A draft for each plan, with the offers of `source`; months that have a cycle are passed
    over, so that planning twice plans once."""
    Collective.objects.select_for_update(no_key=True).get(pk=source.collective_id)
    taken = months_taken(source.collective)
    limits = limits_of(source)
    made = []
    for plan in plans:
        if anchor_of(plan).replace(day=1) in taken:
            continue
        cycle = repeat_cycle(
            collective=source.collective,
            name=suggested_name(plan),
            opens_at=plan.opens_at,
            closes_at=plan.closes_at,
            shops=_shops(source, plan),
            limits=limits,
            actor=actor,
            now=now,
            source=source,
        )
        let_open(cycle=cycle, opens_alone=opens_alone, actor=actor, now=now)
        made.append(cycle)
    return made


def _shops(source: Cycle, plan: Plan) -> list[ShopPlan]:
    places = places_in(source)
    return [
        ShopPlan(group, places[group.pk], shop.starts_at, shop.ends_at)
        for group in groups_to_choose(source.collective)
        if (shop := plan.shops.get(group.pk))
    ]
