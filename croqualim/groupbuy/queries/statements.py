"""What farms were bought, paid and are owed, as the ledger says it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from croqualim.groupbuy.models import Collective, Cycle, PurchaseOrder
from croqualim.groupbuy.rules.settlement import of_month, settled_cycle
from croqualim.ledger.models import Account, AccountKind
from croqualim.ledger.queries import Line, balance_said, statement
from croqualim.network.models import Structure


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
    what: str  # for the farm's eyes: no word that was written inside the collective
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
    if account is None:
        return FarmStatement([])
    lines = statement(account).lines
    months = _months(lines)
    return FarmStatement([_row(line, months) for line in lines])


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


def _months(lines: Iterable[Line]) -> dict[int, str]:
    """Names of the cycles whose settlement paid some of these lines."""
    cycles = [settled_cycle(line.transfer.reference) or 0 for line in lines]
    return dict(Cycle.objects.filter(pk__in=cycles).values_list("pk", "name").order_by())


def _row(line: Line, months: Mapping[int, str]) -> Row:
    grows, is_reversal = line.change_cents > 0, line.transfer.reverses_id is not None
    is_delivery = grows is not is_reversal
    return Row(
        at=line.transfer.at,
        is_delivery=is_delivery,
        what=_what(line.transfer.reference, is_delivery, is_reversal, months),
        change_cents=line.change_cents,
        owed_cents=line.balance_cents,
    )


def _what(reference: str, is_delivery: bool, is_reversal: bool, months: Mapping[int, str]) -> str:
    if month := months.get(settled_cycle(reference) or 0):
        said = (
            _("Annulation du règlement %(of_month)s")
            if is_reversal
            else _("Règlement %(of_month)s")
        )
        return said % {"of_month": of_month(month)}
    if is_delivery:
        said = _("Livraison %(reference)s annulée") if is_reversal else _("Livraison %(reference)s")
    else:
        said = (
            _("Paiement annulé : %(reference)s") if is_reversal else _("Paiement : %(reference)s")
        )
    return said % {"reference": reference}
