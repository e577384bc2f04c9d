"""What the scale says of a line, and what it makes of its amount."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions.repricing import reprice_untold
from croqualim.groupbuy.actions.till.opening import ShopRefused, open_shop
from croqualim.groupbuy.models import EventKind, OrderLine, Popup, Weighing
from croqualim.groupbuy.queries.till import waited_for
from croqualim.groupbuy.rules.till import Problem, Reason
from croqualim.ledger import actions as ledger


@dataclass(frozen=True)
class Reading:
    text: str  # as it was typed
    quantity: int  # grams


@transaction.atomic
def weigh(*, popup: Popup, readings: Mapping[int, Reading], actor: Person, now: datetime) -> int:
    """Note what lines (by id) weigh: what she gets, and pays, is that. Says how many were noted.

    The same reading twice is noted once; another one is added, and the earlier stays. Lines whose
    order has been served meanwhile, or is awaited no more, are passed over. Raises ShopRefused.
    """
    popup = open_shop(popup.pk)
    lines = list(
        OrderLine.objects.filter(
            pk__in=readings, order__in=waited_for(popup), offer__product__is_weighed=True
        )
        .select_related("offer__product", "order__membership", "order__popup", "order__stop")
        .order_by("pk")
    )
    last = {weighing.line_id: weighing for weighing in Weighing.objects.filter(line__in=lines)}
    new = [line for line in lines if not _is_noted(last.get(line.pk), readings[line.pk])]
    Weighing.objects.bulk_create(
        Weighing(
            line=line,
            reading=readings[line.pk].text,
            quantity=readings[line.pk].quantity,
            actor=actor,
            at=now,
        )
        for line in new
    )
    try:
        reprice_untold(
            cycle=popup.cycle,
            given={line: readings[line.pk].quantity for line in new},
            kind=EventKind.WEIGHED,
            reason=_("Vendu au poids réel : le montant suit la balance."),
            actor=actor,
            now=now,
        )
    except ledger.NotEnough as short:
        raise ShopRefused(Problem(Reason.ENVELOPE_SHORT)) from short
    return len(new)


def _is_noted(last: Weighing | None, reading: Reading) -> bool:
    return last is not None and last.quantity == reading.quantity
