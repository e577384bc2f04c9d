from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from croqualim.accounts.models import Person
from croqualim.ledger.actions.refusals import KeyReused, NotEnough
from croqualim.ledger.actions.transfers import once
from croqualim.ledger.models import Account, Reservation, Transfer
from croqualim.ledger.rules import missing


@transaction.atomic
def reserve(*, key: str, account: Account, amount_cents: int, now: datetime) -> None:
    """Hold exactly this amount under this key, whatever it held before; 0 lets go.

    Raises NotEnough, KeyReused when the key holds on another account, and ValueError for a
    negative amount or for an account without a floor, where holding would mean nothing.
    """
    if amount_cents < 0 or account.floor_cents is None:
        raise ValueError("Only a claim is held, and not less than nothing of it.")
    (locked,) = _lock(account)
    held = Reservation.objects.filter(key=key).first()
    if held and held.account_id != account.pk:
        raise KeyReused(key)
    _hold(locked, amount_cents - (held.amount_cents if held else 0))
    if held and amount_cents:
        Reservation.objects.filter(pk=held.pk).update(amount_cents=amount_cents, at=now)
    elif held:
        Reservation.objects.filter(pk=held.pk).delete()
    elif amount_cents:
        Reservation.objects.create(key=key, account=account, amount_cents=amount_cents, at=now)


@transaction.atomic
def reserve_many(*, account: Account, amounts: Mapping[str, int], now: datetime) -> None:
    """`reserve` under many keys at once, in a fixed number of queries: all of them or none.

    What they hold together is guarded once. Raises what `reserve` does.
    """
    if any(amount < 0 for amount in amounts.values()) or account.floor_cents is None:
        raise ValueError("Only a claim is held, and not less than nothing of it.")
    (locked,) = _lock(account)
    held = {r.key: r for r in Reservation.objects.filter(key__in=amounts.keys())}
    for reservation in held.values():
        if reservation.account_id != account.pk:
            raise KeyReused(reservation.key)
    _hold(locked, sum(amounts.values()) - sum(r.amount_cents for r in held.values()))
    Reservation.objects.filter(pk__in=[r.pk for r in held.values()]).delete()
    Reservation.objects.bulk_create(
        Reservation(key=key, account=account, amount_cents=amount, at=now)
        for key, amount in amounts.items()
        if amount
    )


@transaction.atomic
def release(*, key: str) -> None:
    """Let go of what the key holds, if anything."""
    if held := Reservation.objects.filter(key=key).select_related("account").first():
        _lock(held.account)
        _let_go([key])


def pay_reserved(
    *,
    reservation_keys: Sequence[str],
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
    """Let go of these reservations and transfer, in one go; the amount may be more or less.

    Keys that hold nothing are passed over. Under a key already used nothing is let go again.
    Raises what `transfer` does, and KeyReused for a reservation on another account.
    """

    def let_go() -> None:
        _lock(from_account, to_account)
        _let_go(reservation_keys, on=from_account)

    wanted = Transfer(
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
    return once(wanted, before=let_go)


def _lock(*accounts: Account) -> list[Account]:
    """One lock call, by id. Without `no_key` it would wait for those who have just inserted a
    transfer on the account, and they for us."""
    rows = Account.objects.filter(pk__in=[account.pk for account in accounts]).order_by("pk")
    return list(rows.select_for_update(no_key=True))


def _hold(account: Account, more_cents: int) -> None:
    free = F("balance_cents") - F("reserved_cents") - more_cents
    within = Q(floor_cents__lte=free) if more_cents > 0 else Q()
    held = Account.objects.filter(within, pk=account.pk).update(
        reserved_cents=F("reserved_cents") + more_cents
    )
    if not held:
        at_hand = account.balance_cents - account.reserved_cents - (account.floor_cents or 0)
        raise NotEnough(account, missing(wanted=more_cents, at_hand=at_hand))


def _let_go(keys: Sequence[str], on: Account | None = None) -> None:
    """Of reservations whose account the caller has locked."""
    held = list(Reservation.objects.filter(key__in=keys).order_by("account"))
    for reservation in held:
        if on and reservation.account_id != on.pk:
            raise KeyReused(reservation.key)
    if held:
        Account.objects.filter(pk=held[0].account_id).update(
            reserved_cents=F("reserved_cents") - sum(r.amount_cents for r in held)
        )
        Reservation.objects.filter(pk__in=[reservation.pk for reservation in held]).delete()
