"""What a cycle owes and is owed, and what still stands in the way of settling it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from croqualim.groupbuy.models import (
    Collective,
    Cycle,
    DeliveryLine,
    Order,
    Payment,
    PaymentMethod,
    Popup,
    PurchaseOrder,
)
from croqualim.groupbuy.queries.cash import floats_of, to_deposit_cents
from croqualim.groupbuy.queries.purchasing import owed_for
from croqualim.groupbuy.rules.settlement import (
    Served,
    drawn_from_envelopes,
    given_to_envelopes,
)
from croqualim.ledger.models import Account, AccountKind
from croqualim.ledger.queries import balance_said
from croqualim.network.models import Structure


@dataclass(frozen=True)
class Settlement:
    """Amounts in cents; envelopes by their id."""

    owed: list[tuple[Structure, int]]
    drawn: dict[int, int]
    given: dict[int, int]

    @property
    def owed_cents(self) -> int:
        return sum(cents for _farm, cents in self.owed)


@dataclass(frozen=True)
class Deposits:
    """What the shops of a month left for the bank, and settling takes there, in cents."""

    cash_cents: int
    cheques_cents: int


def deposits_of(cycle: Cycle) -> Deposits:
    """What this month's shops took and nobody has carried yet; another month's stays for its own.

    Never more than lies there: settlements used to bank all the boxes of the collective.
    """
    shops = Popup.objects.filter(cycle=cycle, closed_at__isnull=False).select_related("cycle")
    cheques = Payment.objects.filter(
        popup__cycle=cycle, method=PaymentMethod.CHEQUE, undone_at=None
    ).aggregate(taken=Sum("amount_cents", default=0))["taken"]
    there = _boxes_of(cycle.collective)
    return Deposits(
        min(sum(map(to_deposit_cents, shops)), there.cash_cents),
        min(cheques, there.cheques_cents),
    )


def _boxes_of(collective: Collective) -> Deposits:
    """All of it but the floats. Opens no account: a box that was never used holds nothing."""
    boxes = Account.objects.filter(
        keeper=collective.structure_id, kind__in=(AccountKind.CASH, AccountKind.CHEQUES)
    )
    held = {box.kind: balance_said(box) for box in boxes}
    to_bank = held.get(AccountKind.CASH, 0) - floats_of(collective)
    return Deposits(max(0, to_bank), held.get(AccountKind.CHEQUES, 0))


def obstacles_to_settling(cycle: Cycle) -> list[str]:
    """Sentences; none when it can be settled."""
    if cycle.bought_at is None:
        return [_("Les commandes ne sont pas encore closes.")]
    open_shops = Popup.objects.filter(cycle=cycle, closed_at=None).select_related("group")
    # one box for all months: nobody may be counting on it while some of it leaves
    other_tills = (
        Popup.objects.filter(cycle__collective=cycle.collective_id, closed_at=None)
        .filter(Q(payments__isnull=False) | Q(cash_moves__isnull=False) | Q(payouts__isnull=False))
        .exclude(cycle=cycle)
    )
    awaited = PurchaseOrder.objects.filter(cycle=cycle, received_at=None)
    return [
        *(
            _("L’épicerie de %(group)s n’est pas fermée : comptez sa caisse et fermez-la.")
            % {"group": shop.group.name}
            for shop in open_shops
        ),
        *(
            _("Une autre épicerie encaisse en ce moment, %(shop)s : fermez-la d’abord.")
            % {"shop": shop}
            for shop in other_tills.select_related("group", "cycle").distinct()
        ),
        *(
            _(
                "Le bon %(number)s attend encore quelque chose : notez ce qui est arrivé, ou que "
                "rien d’autre ne viendra."
            )
            % {"number": order.number}
            for order in awaited
        ),
    ]


def served_orders(cycle: Cycle) -> list[Order]:
    return list(Order.objects.filter(cycle=cycle, collected_at__isnull=False).order_by("pk"))


def live_deliveries(cycle: Cycle) -> Iterable[DeliveryLine]:
    return DeliveryLine.objects.filter(
        purchase_line__purchase_order__cycle=cycle, delivery__undone_at=None, quantity__gt=0
    ).select_related("purchase_line__offer__product", "purchase_line__purchase_order__producer")


def settlement_of(cycle: Cycle) -> Settlement:
    served = [
        Served(order.envelope_id, order.cost_cents, order.due_cents)
        for order in served_orders(cycle)
    ]
    return Settlement(
        owed=owed_to_producers(cycle),
        drawn=drawn_from_envelopes(served),
        given=given_to_envelopes(served),
    )


def owed_to_producers(cycle: Cycle) -> list[tuple[Structure, int]]:
    owed: dict[Structure, int] = {}
    for delivery in live_deliveries(cycle):
        farm = delivery.purchase_line.purchase_order.producer
        owed[farm] = owed.get(farm, 0) + owed_for(delivery)
    return sorted(owed.items(), key=lambda item: item[0].search_name)
