from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from croqualim.accounts.models import Person
from croqualim.ledger.actions.refusals import AlreadyReversed, KeyReused, NotEnough
from croqualim.ledger.models import Account, Transfer
from croqualim.ledger.rules import missing


def transfer(
    *,
    key: str,
    from_account: Account,
    to_account: Account,
    amount_cents: int,
    kind: str,
    reference: str,
    now: datetime,
    actor: Person | None = None,
    reason: str = "",
) -> Transfer:
    """Move an amount between two accounts of one book; under a key already used, do nothing more.

    Raises NotEnough, KeyReused, and ValueError for an amount that is not positive or for accounts
    of two keepers; then nothing has changed.
    """
    return once(
        Transfer(
            key=key,
            from_account=from_account,
            to_account=to_account,
            amount_cents=amount_cents,
            kind=kind,
            reference=reference,
            reason=reason,
            actor=actor,
            at=now,
        )
    )


def reverse(
    *,
    transfer: Transfer,
    key: str,
    reason: str,
    now: datetime,
    actor: Person | None = None,
) -> Transfer:
    """Send a transfer back, once, and say why. It is itself never sent back.

    Raises NotEnough when the money has gone on since, AlreadyReversed, KeyReused, and ValueError
    without a reason or for a reversal.
    """
    if not reason.strip():
        raise ValueError("A reversal says why.")
    if transfer.reverses_id:
        raise ValueError("A reversal stays: make the transfer again.")
    wanted = Transfer(
        key=key,
        from_account=transfer.to_account,
        to_account=transfer.from_account,
        amount_cents=transfer.amount_cents,
        kind=transfer.kind,
        reference=transfer.reference,
        reason=reason,
        actor=actor,
        at=now,
        reverses=transfer,
    )
    try:
        return once(wanted)
    except IntegrityError as error:  # refused for another reason than its key
        raise AlreadyReversed(transfer) from error


def once(wanted: Transfer, before: Callable[[], None] | None = None) -> Transfer:
    """Write the transfer down and shift both balances, or answer with what its key did earlier.

    `before` runs in the same transaction, between the two. Account objects at hand keep the
    balance that they were read with.
    """
    if wanted.amount_cents <= 0:
        raise ValueError("An amount is positive.")
    if wanted.from_account.keeper_id != wanted.to_account.keeper_id:
        raise ValueError("A transfer stays in one book.")
    try:
        with transaction.atomic():
            # first: the unique key stops a second go before any money moves
            wanted.save(force_insert=True)
            if before:
                before()
            _shift_both(wanted)
    except IntegrityError:
        done = Transfer.objects.filter(key=wanted.key).first()
        if done is None:
            raise
        if _said(done) != _said(wanted):
            raise KeyReused(wanted.key) from None
        return done
    return wanted


def _said(transfer: Transfer) -> tuple[int | None, ...]:
    return (
        transfer.from_account_id,
        transfer.to_account_id,
        transfer.amount_cents,
        transfer.reverses_id,
    )


def _shift_both(transfer: Transfer) -> None:
    changes = (
        (transfer.from_account, -transfer.amount_cents),
        (transfer.to_account, transfer.amount_cents),
    )
    # always in the same order, so that two crossing transfers never wait for each other
    for account, change_cents in sorted(changes, key=lambda change: change[0].pk):
        _shift(account, change_cents)


def _shift(account: Account, change_cents: int) -> None:
    free = F("balance_cents") - F("reserved_cents") + change_cents
    if change_cents < 0:
        within = Q(floor_cents=None) | Q(floor_cents__lte=free)
    else:
        within = Q(ceiling_cents=None) | Q(ceiling_cents__gte=F("balance_cents") + change_cents)
    shifted = Account.objects.filter(within, pk=account.pk).update(
        balance_cents=F("balance_cents") + change_cents
    )
    if not shifted:
        raise NotEnough(account, _missing(account.pk, change_cents))


def _missing(account_id: int, change_cents: int) -> int:
    account = Account.objects.get(pk=account_id)
    if change_cents > 0:
        return missing(
            wanted=change_cents, at_hand=(account.ceiling_cents or 0) - account.balance_cents
        )
    at_hand = account.balance_cents - account.reserved_cents - (account.floor_cents or 0)
    return missing(wanted=-change_cents, at_hand=at_hand)
