"""Paying producers. What is owed is put into a payment, then paid, or freed again: never half.

Each takes the collective's books in hand first: two coordinators never pay the same delivery, and
none is undone while it is being paid.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.timezone import localdate, localtime, make_aware

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.models import (
    Collective,
    Cycle,
    EventKind,
    PaidDue,
    PaymentBatch,
    ProducerPayment,
)
from croqualim.groupbuy.queries import paying as queries
from croqualim.groupbuy.rules.credit_transfer import (
    CreditTransfer,
    FileVersion,
    credit_transfer_file,
)
from croqualim.groupbuy.rules.paying import (
    BankAccount,
    PayingRefused,
    Planned,
    Problem,
    Reason,
    next_number,
    plan,
    refuse_without_iban,
)
from croqualim.kernel.money import in_euros
from croqualim.ledger import actions as ledger


@transaction.atomic
def prepare_transfers(
    *,
    collective: Collective,
    chosen: Collection[int],
    pay_on: date,
    version: FileVersion = FileVersion.OF_2019,
    actor: Person,
    now: datetime,
) -> PaymentBatch:
    """One file for the bank, one payment per producer, for the chosen movements.

    Nothing is paid yet. The same choice again answers with the batch made first. Raises
    PayingRefused.
    """
    books.hold_collective(collective.pk)
    if made := _made_of(collective, chosen, by_hand=False):
        return made
    planned = plan(queries.dues_of(collective), chosen)
    accounts = _accounts(collective, planned)
    payer = queries.own_bank_details(collective.structure)
    if payer is None:
        raise PayingRefused(Problem(Reason.NO_OWN_IBAN))
    batch = _write(_Wanted(collective, pay_on, actor, now), planned, accounts)
    batch.content = credit_transfer_file(
        identifier=_identifier(batch),
        payer=queries.as_account(payer),
        payments=_file_lines(batch, planned, accounts),
        pay_on=pay_on,
        made_at=localtime(now),
        version=version,
    )
    batch.save(update_fields=["content"])
    return batch


@transaction.atomic
def pay_by_hand(
    *, collective: Collective, chosen: Collection[int], words: str, actor: Person, now: datetime
) -> PaymentBatch:
    """Note that the chosen movements are paid: a cheque, a transfer typed at the bank.

    Raises PayingRefused, and ledger.NotEnough when the bank does not hold it.
    """
    books.hold_collective(collective.pk)
    if made := _made_of(collective, chosen, by_hand=True):
        return made
    planned = plan(queries.dues_of(collective), chosen)
    wanted = _Wanted(collective, localtime(now).date(), actor, now, words)
    return mark_executed(batch=_write(wanted, planned, {}), actor=actor, now=now)


@transaction.atomic
def mark_executed(
    *, batch: PaymentBatch, paid_on: date | None = None, actor: Person, now: datetime
) -> PaymentBatch:
    """The bank has done it: every payment of the batch, or none. Once.

    `paid_on`: the day on the bank's statement, and in the books; None: today. Raises PayingRefused
    when it was cancelled, or for a day to come or before the batch was made; ledger.NotEnough.
    """
    batch = _hold(batch)
    if batch.executed_at:
        return batch
    if batch.cancelled_at:
        raise PayingRefused(Problem(Reason.CANCELLED))
    paid_on = paid_on or localdate(now)
    if not localdate(batch.made_at) <= paid_on <= localdate(now):
        raise PayingRefused(Problem(Reason.NOT_THAT_DAY))
    for payment in batch.payments.select_related("producer").order_by("producer_id"):
        payment.transfer = ledger.transfer(
            key=f"batch:{batch.pk}:{payment.producer_id}",
            from_account=books.producer(batch.collective, payment.producer),
            to_account=books.bank(batch.collective),
            amount_cents=payment.amount_cents,
            kind=queries.PAYMENT,
            reference=batch.number,
            now=_moment_of(paid_on, now),
            actor=actor,
        )
        payment.save(update_fields=["transfer"])
    batch.executed_at, batch.executed_by, batch.paid_on = now, actor, paid_on
    batch.save(update_fields=["executed_at", "executed_by", "paid_on"])
    _note(EventKind.PRODUCERS_PAID, batch.payments.all(), "", actor, now)
    return batch


@transaction.atomic
def cancel_batch(*, batch: PaymentBatch, reason: str, actor: Person, now: datetime) -> None:
    """Before the bank has it: what it would have paid can be paid otherwise.

    Raises PayingRefused when it was executed, or without a reason.
    """
    if not reason.strip():
        raise PayingRefused(Problem(Reason.NO_REASON))
    batch = _hold(batch)
    if batch.cancelled_at:
        return
    if batch.executed_at:
        raise PayingRefused(Problem(Reason.ALREADY_PAID))
    PaidDue.objects.filter(payment__batch=batch, freed_at=None).update(freed_at=now)
    batch.cancelled_at, batch.cancelled_by, batch.reason = now, actor, reason
    batch.save(update_fields=["cancelled_at", "cancelled_by", "reason"])


@transaction.atomic
def return_payment(*, payment: ProducerPayment, reason: str, actor: Person, now: datetime) -> None:
    """The bank sent one payment back: it is owed again, and the money is in the bank again.

    Raises PayingRefused when it was never paid, or without a reason.
    """
    if not reason.strip():
        raise PayingRefused(Problem(Reason.NO_REASON))
    _hold(payment.batch)
    payment = ProducerPayment.objects.select_related(
        "transfer__from_account", "transfer__to_account"
    ).get(pk=payment.pk)
    if payment.returned_at:
        return
    if payment.transfer is None:
        raise PayingRefused(Problem(Reason.NOT_PAID))
    ledger.reverse(
        transfer=payment.transfer,
        key=f"{payment.transfer.key}:returned",
        reason=reason,
        now=now,
        actor=actor,
    )
    payment.returned_at, payment.returned_by, payment.reason = now, actor, reason
    payment.save(update_fields=["returned_at", "returned_by", "reason"])
    payment.dues.filter(freed_at=None).update(freed_at=now)
    _note(EventKind.PAYMENT_RETURNED, [payment], reason, actor, now)


@dataclass(frozen=True)
class _Wanted:
    collective: Collective
    pay_on: date
    actor: Person
    now: datetime
    words: str = ""


def _moment_of(day: date, now: datetime) -> datetime:
    """A day on the bank's statement has no hour: noon, unless it is today."""
    if day == localdate(now):
        return now
    return make_aware(datetime.combine(day, time(12)))


def _hold(batch: PaymentBatch) -> PaymentBatch:
    """The batch as it is once everybody else has finished with the collective's books."""
    books.hold_collective(batch.collective.pk)
    return PaymentBatch.objects.select_related("collective__structure").get(pk=batch.pk)


def _made_of(
    collective: Collective, chosen: Collection[int], *, by_hand: bool
) -> PaymentBatch | None:
    """A form sent twice: the live batch that pays exactly this, in the same way. A file that waits
    for the bank is not « paid otherwise »."""
    due = PaidDue.objects.filter(
        transfer__in=chosen, freed_at=None, payment__batch__collective=collective
    ).first()
    if due is None:
        return None
    batch = PaymentBatch.objects.get(payments=due.payment_id)
    paid = PaidDue.objects.filter(payment__batch=batch, freed_at=None)
    same = set(paid.values_list("transfer", flat=True)) == set(chosen)
    return batch if same and by_hand is not bool(batch.content) else None


def _accounts(collective: Collective, planned: Sequence[Planned]) -> dict[int, BankAccount]:
    known = queries.bank_details(collective, [payment.producer_id for payment in planned])
    accounts = {pk: queries.as_account(details) for pk, details in known.items()}
    refuse_without_iban(planned, accounts)
    return accounts


def _write(
    wanted: _Wanted, planned: Sequence[Planned], accounts: dict[int, BankAccount]
) -> PaymentBatch:
    year = localtime(wanted.now).year
    numbers = PaymentBatch.objects.filter(collective=wanted.collective)
    batch = PaymentBatch.objects.create(
        collective=wanted.collective,
        number=next_number(year, numbers.values_list("number", flat=True)),
        words=wanted.words,
        pay_on=wanted.pay_on,
        made_by=wanted.actor,
        made_at=wanted.now,
    )
    nowhere = BankAccount("", "")
    for payment in planned:
        account = accounts.get(payment.producer_id, nowhere)
        row = ProducerPayment.objects.create(
            batch=batch,
            producer_id=payment.producer_id,
            amount_cents=payment.amount_cents,
            holder=account.holder,
            iban=account.iban,
        )
        PaidDue.objects.bulk_create(
            PaidDue(payment=row, transfer_id=due.transfer_id, amount_cents=due.amount_cents)
            for due in payment.dues
        )
    return batch


def _file_lines(
    batch: PaymentBatch, planned: Sequence[Planned], accounts: dict[int, BankAccount]
) -> Iterable[CreditTransfer]:
    for payment in planned:
        yield CreditTransfer(
            identifier=f"{_identifier(batch)}-{payment.producer_id}",
            to=accounts[payment.producer_id],
            amount_cents=payment.amount_cents,
            remittance=f"{batch.number} {', '.join(payment.references)}",
        )


def _identifier(batch: PaymentBatch) -> str:
    """At most 35 letters, and no other collective's: a bank refuses a file it has seen."""
    return f"C{batch.collective_id}-{batch.number}"


def _note(
    kind: EventKind,
    payments: Iterable[ProducerPayment],
    reason: str,
    actor: Person,
    now: datetime,
) -> None:
    """In the history of each month whose deliveries are paid."""
    dues = PaidDue.objects.filter(payment__in=list(payments)).select_related(
        "payment__producer", "payment__batch", "transfer"
    )
    cycles = queries.cycles_by_reference(due.transfer.reference for due in dues)
    lines: dict[Cycle, list[list[str]]] = {}
    for due in dues.order_by("payment__producer__search_name", "pk"):
        if cycle := cycles.get(due.transfer.reference):
            what = f"{due.payment.producer}, {due.transfer.reference}, {due.payment.batch}"
            lines.setdefault(cycle, []).append([what, "", in_euros(due.amount_cents)])
    for cycle, said in lines.items():
        note(kind, cycle=cycle, lines=said, reason=reason, actor=actor, now=now)
