"""Making a month again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.catalogue.models import Product
from croqualim.groupbuy.actions.cycles import ShopPlan, make_cycle, set_offers
from croqualim.groupbuy.actions.stops import go_round_again
from croqualim.groupbuy.models import Collective, Cycle


@transaction.atomic
def repeat_cycle(
    *,
    collective: Collective,
    name: str,
    opens_at: datetime,
    closes_at: datetime,
    shops: Sequence[ShopPlan],
    limits: Mapping[Product, int | None],
    actor: Person,
    now: datetime,
    source: Cycle | None = None,
) -> Cycle:
    """A cycle with these offers at today's prices, announced to nobody yet; its shops go round as
    those of `source` did.

    The one already there under this name and these dates is left as it is.
    """
    cycle = make_cycle(
        collective=collective,
        name=name,
        opens_at=opens_at,
        closes_at=closes_at,
        shops=shops,
        actor=actor,
        now=now,
    )
    if not cycle.offers.exists():
        set_offers(cycle=cycle, limits=limits, actor=actor, now=now)
        if source is not None:
            go_round_again(source=source, cycle=cycle)
    return cycle
