"""What is owed to producers and not yet in a payment, where they are paid, and past payments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.timezone import localdate

from croqualim.groupbuy.models import (
    BankDetails,
    Collective,
    Cycle,
    Delivery,
    PaidDue,
    PaymentBatch,
    ProducerPayment,
    PurchaseOrder,
)
from croqualim.groupbuy.queries.invoices import Invoicing, invoicing_of
from croqualim.groupbuy.rules.paying import BankAccount, Due, masked
from croqualim.groupbuy.rules.reception import delivery_key
from croqualim.ledger.models import Account, AccountKind, Transfer
from croqualim.ledger.queries import balance_said
from croqualim.network.models import Structure

PAYMENT = "payment"  # the kind of a transfer from what is owed to the bank


@dataclass(frozen=True)
class DueRow:
    due: Due
    cycle: Cycle | None
    delivered_at: datetime
    invoicing: Invoicing | None  # None: of no purchase order


@dataclass(frozen=True)
class Owed:
    """What one producer is owed, movement by movement, and where it can be sent."""

    producer: Structure
    rows: Sequence[DueRow]
    account: BankDetails | None
    is_new_account: bool  # she was paid before, on another one

    def transfers_before(self, today: date) -> list[int]:
        """Ids of what was noted before today: what a payment most often is about."""
        return [row.due.transfer_id for row in self.rows if localdate(row.delivered_at) < today]

    @property
    def amount_cents(self) -> int:
        return sum(row.due.amount_cents for row in self.rows)

    @property
    def masked_iban(self) -> str:
        return masked(self.account.iban) if self.account else ""


def open_transfers(collective: Collective) -> QuerySet[Transfer]:
    """What makes something owed, or less: no payment, not undone, and in no live payment."""
    accounts = Account.objects.filter(
        keeper=collective.structure_id, kind=AccountKind.PRODUCER, subject=""
    )
    paid = PaidDue.objects.filter(transfer=OuterRef("pk"), freed_at=None)
    return (
        Transfer.objects.filter(Q(from_account__in=accounts) | Q(to_account__in=accounts))
        .filter(~Exists(paid), reverses=None, reversed_by=None)
        .exclude(kind=PAYMENT)
        .select_related("from_account__structure", "to_account__structure")
        .order_by("at", "pk")
    )


def dues_of(collective: Collective) -> list[Due]:
    """By producer, oldest first."""
    dues = [_due(transfer) for transfer in open_transfers(collective)]
    return sorted(dues, key=lambda due: (due.producer, due.producer_id))


def owed_by(collective: Collective) -> list[Owed]:
    """Producer by producer, in a fixed number of queries."""
    transfers = {transfer.pk: transfer for transfer in open_transfers(collective)}
    dues = sorted(map(_due, transfers.values()), key=lambda due: (due.producer, due.producer_id))
    producers = Structure.objects.in_bulk({due.producer_id for due in dues})
    cycles = cycles_by_reference(due.reference for due in dues)
    invoicing = invoicing_of(cycles)
    accounts = bank_details(collective, producers)
    paid_on = _ibans_paid(collective, producers)
    return [
        Owed(
            producers[producer_id],
            [
                DueRow(
                    due,
                    cycles.get(due.reference),
                    transfers[due.transfer_id].at,
                    invoicing.get(due.reference),
                )
                for due in of_her
            ],
            accounts.get(producer_id),
            is_new_account=_is_new(accounts.get(producer_id), paid_on.get(producer_id, "")),
        )
        for producer_id, of_her in groupby(dues, key=lambda due: due.producer_id)
    ]


def owed_cents_of(collective: Collective) -> int:
    """What all its producers are owed and no payment under way will pay."""
    owed = Account.objects.filter(keeper=collective.structure_id, kind=AccountKind.PRODUCER)
    promised = ProducerPayment.objects.filter(
        batch__collective=collective, batch__executed_at=None, batch__cancelled_at=None
    )
    total = owed.aggregate(total=Sum("balance_cents", default=0))["total"]
    return int(total - promised.aggregate(total=Sum("amount_cents", default=0))["total"])


def bank_cents_of(collective: Collective) -> int:
    """What the books say is in the bank."""
    bank = Account.objects.filter(keeper=collective.structure_id, kind=AccountKind.BANK).first()
    return balance_said(bank) if bank else 0


def bank_details(collective: Collective, structures: Iterable[int]) -> dict[int, BankDetails]:
    """structure id -> where this collective pays it: what its people said, or what she noted."""
    told = BankDetails.objects.filter(structure__in=list(structures)).filter(
        Q(payer=None) | Q(payer=collective.structure_id)
    )
    return {row.structure_id: row for row in told.order_by("at", "pk")}


def own_bank_details(structure: Structure) -> BankDetails | None:
    """What the structure's own people said last."""
    told = BankDetails.objects.filter(structure=structure, payer=None)
    return told.order_by("-at", "-pk").first()


def bank_history(structure: Structure, payer: Structure | None) -> QuerySet[BankDetails]:
    """The newest first: for one payer, or all of it for the structure's own people."""
    told = BankDetails.objects.filter(structure=structure).select_related("actor", "payer")
    if payer is not None:
        told = told.filter(Q(payer=None) | Q(payer=payer))
    return told.order_by("-at", "-pk")


def as_account(details: BankDetails) -> BankAccount:
    return BankAccount(details.holder, details.iban)


def cycles_by_reference(references: Iterable[str]) -> dict[str, Cycle]:
    """Number of a purchase order -> its cycle."""
    orders = PurchaseOrder.objects.filter(number__in=set(references)).select_related("cycle")
    return {order.number: order.cycle for order in orders}


def batches_of(collective: Collective) -> QuerySet[PaymentBatch]:
    """The latest first, with `total_cents` and `paid` (how many producers)."""
    batches = PaymentBatch.objects.filter(collective=collective).annotate(
        total_cents=Sum("payments__amount_cents"), paid=Count("payments")
    )
    return batches.order_by("-made_at", "-pk")  # grouping forgets the table's own order


def payments_of(
    batch: PaymentBatch,
) -> list[tuple[ProducerPayment, list[tuple[str, Invoicing | None]]]]:
    """Each payment with the references of what it pays, and what is known of their invoices."""
    payments = batch.payments.select_related("producer").order_by("producer__search_name", "pk")
    dues = PaidDue.objects.filter(payment__batch=batch).select_related("transfer").order_by("pk")
    references: dict[int, dict[str, None]] = {}
    for due in dues:
        references.setdefault(due.payment_id, {})[due.transfer.reference] = None
    invoicing = invoicing_of(cycles_by_reference(due.transfer.reference for due in dues))
    return [
        (payment, [(said, invoicing.get(said)) for said in references.get(payment.pk, ())])
        for payment in payments
    ]


def is_in_payment(transfer: Transfer) -> bool:
    return PaidDue.objects.filter(transfer=transfer, freed_at=None).exists()


def is_delivery_paid(delivery: Delivery) -> bool:
    """Or about to be: something it is owed for is in a live payment."""
    key = delivery_key(delivery.purchase_order_id, delivery.number)
    of_it = Q(transfer__key=key) | Q(transfer__key__startswith=f"{key}:")
    return PaidDue.objects.filter(of_it, freed_at=None).exists()


def _due(transfer: Transfer) -> Due:
    is_owed = transfer.to_account.kind == AccountKind.PRODUCER
    account = transfer.to_account if is_owed else transfer.from_account
    if account.structure is None:
        raise ValueError("What is owed to a producer is owed to somebody.")
    return Due(
        transfer_id=transfer.pk,
        producer_id=account.structure.pk,
        producer=account.structure.name,
        reference=transfer.reference,
        amount_cents=transfer.amount_cents if is_owed else -transfer.amount_cents,
    )


def _ibans_paid(collective: Collective, producers: Mapping[int, Structure]) -> dict[int, str]:
    """producer id -> where she was paid last."""
    payments = ProducerPayment.objects.filter(
        batch__collective=collective, producer__in=list(producers)
    ).exclude(Q(iban="") | Q(batch__executed_at=None))
    return dict(payments.order_by("pk").values_list("producer_id", "iban"))


def _is_new(account: BankDetails | None, paid_on: str) -> bool:
    return bool(account and paid_on and account.iban != paid_on)
