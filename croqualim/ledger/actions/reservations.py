from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from croqualim.accounts.models import Person
from croqualim.ledger.actions.refusals import KeyReused, NotEnough
from croqualim.ledger.actions.transfers import once
from croqualim.ledger.models import Account, Reservation, Transfer
from croqualim.ledger.rules import missing


def reserve(*, key: str, account: Account, amount_cents: int, now: datetime) -> None:
    """Hold exactly this amount under this key, whatever it held before; 0 lets go. See
    `reserve_many`."""
    reserve_many(account=account, amounts={key: amount_cents}, now=now)


@transaction.atomic
def reserve_many(*, account: Account, amounts: Mapping[str, int], now: datetime) -> None:
    """Hold exactly these amounts (by key): all of them or none, in a fixed number of queries.

    What they hold together is guarded once. Raises NotEnough, KeyReused when a key holds on
    another account, and ValueError for a negative amount or for an account without a floor, where
    holding would mean nothing.
    """
    if account.floor_cents is None or any(amount < 0 for amount in amounts.values()):
        raise ValueError("Only a claim is held, and not less than nothing of it.")
    (locked,) = _lock(account)
    held = list(Reservation.objects.filter(key__in=amounts.keys()))
    _refuse_elsewhere(held, account)
    _hold(locked, sum(amounts.values()) - _sum(held))
    _delete(held)
    Reservation.objects.bulk_create(
        Reservation(key=key, account=account, amount_cents=amount, at=now)
        for key, amount in amounts.items()
        if amount
    )


def release(*, key: str) -> None:
    """Let go of what the key holds, if anything."""
    release_many(keys=[key])


@transaction.atomic
def release_many(*, keys: Collection[str]) -> None:
    """Let go of what these keys hold, if anything: one change for each account."""
    held = Reservation.objects.filter(key__in=keys).select_related("account")
    by_account: dict[Account, list[Reservation]] = defaultdict(list)
    for one in held.order_by("account", "pk"):
        by_account[one.account].append(one)
    for account, rows in by_account.items():
        reserve_many(account=account, amounts={row.key: 0 for row in rows}, now=rows[0].at)


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
        held = list(Reservation.objects.filter(key__in=reservation_keys))
        _refuse_elsewhere(held, from_account)
        _hold(from_account, -_sum(held))
        _delete(held)

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
    """One lock call, by id, as transfers do: crossing ones never wait for each other. `no_key`:
    nor does who only refers to the account."""
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


def _refuse_elsewhere(held: Sequence[Reservation], account: Account) -> None:
    for reservation in held:
        if reservation.account_id != account.pk:
            raise KeyReused(reservation.key)


def _sum(held: Sequence[Reservation]) -> int:
    return sum(reservation.amount_cents for reservation in held)


def _delete(held: Sequence[Reservation]) -> None:
    Reservation.objects.filter(pk__in=[reservation.pk for reservation in held]).delete()
