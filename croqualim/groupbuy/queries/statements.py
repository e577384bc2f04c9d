"""What farms were bought, paid and are owed, as the ledger says it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from croqualim.groupbuy.models import Collective, PurchaseOrder
from croqualim.ledger.models import Account, AccountKind
from croqualim.ledger.queries import Line, balance_said, statement
from croqualim.network.models import Structure

# (the amount grows, it is a reversal) -> what happened
OPERATIONS: dict[tuple[bool, bool], str | Promise] = {
    (True, False): _("Livraison"),
    (False, False): _("Paiement"),
    (False, True): _("Livraison annulée"),
    (True, True): _("Paiement annulé"),
}


@dataclass(frozen=True)
class Owed:
    """What one collective owes one farm today, in cents."""

    collective: Collective
    producer: Structure
    owed_cents: int


@dataclass(frozen=True)
class Row:
    at: datetime
    is_delivery: bool
    what: str | Promise
    reference: str
    reason: str
    change_cents: int
    owed_cents: int  # after it


@dataclass(frozen=True)
class FarmStatement:
    """Deliveries and payments between a collective and a farm, oldest first."""

    rows: Sequence[Row]

    @property
    def delivered_cents(self) -> int:
        return sum(row.change_cents for row in self.rows if row.is_delivery)

    @property
    def paid_cents(self) -> int:
        return -sum(row.change_cents for row in self.rows if not row.is_delivery)

    @property
    def owed_cents(self) -> int:
        return self.delivered_cents - self.paid_cents


def statement_of(collective: Collective, producer: Structure) -> FarmStatement:
    """Empty while nothing was delivered."""
    account = Account.objects.filter(
        keeper=collective.structure_id, kind=AccountKind.PRODUCER, structure=producer, subject=""
    ).first()
    return FarmStatement([_row(line) for line in statement(account).lines] if account else [])


def owed_to(purchase_orders: Iterable[PurchaseOrder]) -> list[Owed]:
    """By collective and farm of these purchase orders; 0 where nothing is owed."""
    pairs = {
        (order.cycle.collective.structure_id, order.producer_id): order for order in purchase_orders
    }
    accounts = Account.objects.filter(
        kind=AccountKind.PRODUCER,
        keeper__in={keeper for keeper, _farm in pairs},
        structure__in={farm for _keeper, farm in pairs},
        subject="",
    )
    owed = {
        (account.keeper_id, account.structure_id): balance_said(account) for account in accounts
    }
    return [
        Owed(order.cycle.collective, order.producer, owed.get(pair, 0))
        for pair, order in pairs.items()
    ]


def _row(line: Line) -> Row:
    grows, is_reversal = line.change_cents > 0, line.transfer.reverses_id is not None
    return Row(
        at=line.transfer.at,
        is_delivery=grows is not is_reversal,
        what=OPERATIONS[grows, is_reversal],
        reference=line.transfer.reference,
        reason=line.transfer.reason if is_reversal else "",
        change_cents=line.change_cents,
        owed_cents=line.balance_cents,
    )
