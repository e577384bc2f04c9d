"""Money given back: from the box of an open shop, onto a prepaid account, or by transfer."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Household, Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.till.money import check_box
from croqualim.groupbuy.actions.till.opening import ShopRefused, once, open_shop
from croqualim.groupbuy.models import (
    Collective,
    EventKind,
    Membership,
    Payout,
    PayoutMethod,
    PayoutPurpose,
    Popup,
)
from croqualim.groupbuy.queries import payouts as queries
from croqualim.groupbuy.rules.till import Problem, Reason
from croqualim.kernel.money import in_euros
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Account, AccountKind


@dataclass(frozen=True)
class Giving:
    """Some money to give back: where, to whom, how, under which key, and for what."""

    collective: Collective
    popup: Popup | None  # whose box it is taken from; None: away from any shop
    household: Household | None  # None: whoever is there
    method: PayoutMethod
    amount_cents: int
    key: str
    reference: str
    actor: Person
    now: datetime
    reason: str = ""


def hold(*, popup_id: int | None, collective_id: int) -> Popup | None:
    """The shop's lock where there is a shop, else the books'. Raises ShopRefused."""
    if popup_id:
        return open_shop(popup_id)
    books.hold_collective(collective_id)
    return None


def give(giving: Giving, *, from_account: Account, kind: str, purpose: PayoutPurpose) -> Payout:
    """Take it from an account, put it in her hands. Raises ShopRefused (NOT_IN_BOX, NO_SHOP,
    BANK_SHORT, or PREPAID_SHORT when that account does not hold it)."""
    check_box(giving.popup, giving.method, giving.amount_cents)
    try:
        done = ledger.transfer(
            key=giving.key,
            from_account=from_account,
            to_account=_hand(giving),
            amount_cents=giving.amount_cents,
            kind=kind,
            reference=giving.reference,
            now=giving.now,
            actor=giving.actor,
            reason=giving.reason,
        )
    except ledger.NotEnough as short:
        raise ShopRefused(_shortage(short)) from short
    return Payout.objects.create(
        popup=giving.popup,
        purpose=purpose,
        method=giving.method,
        amount_cents=giving.amount_cents,
        transfer=done,
        actor=giving.actor,
        at=giving.now,
    )


def take_again(payout: Payout, *, reason: str, actor: Person, now: datetime) -> None:
    """Undo one payout. Raises ShopRefused when the money has gone on since, ValueError."""
    try:
        ledger.reverse(
            transfer=payout.transfer,
            key=f"payout:{payout.pk}:back",
            reason=reason,
            now=now,
            actor=actor,
        )
    except ledger.NotEnough as short:
        raise ShopRefused(_shortage(short)) from short
    payout.undone_at = now
    payout.save(update_fields=["undone_at"])


@transaction.atomic
def pay_back_prepaid(
    *,
    membership: Membership,
    popup: Popup | None,
    method: PayoutMethod,
    amount_cents: int,
    nonce: str,
    actor: Person,
    now: datetime,
) -> Payout:
    """Give back what a household left in advance, all or part, even once it has left the group.

    In cash at an open shop; by transfer from anywhere. The nonce is of the form: sent twice, it
    is one payout. Raises ShopRefused, and ValueError for an amount that is not positive or for
    the prepaid method.
    """
    if amount_cents <= 0 or method == PayoutMethod.PREPAID:
        raise ValueError("Money goes somewhere else, and is more than nothing.")
    collective = membership.collective
    shop = hold(popup_id=popup.pk if popup else None, collective_id=collective.pk)
    account = books.prepaid(collective, membership.household)
    key = f"pay_back:{nonce}"
    if done := queries.payout_of(key):
        was = (done.amount_cents, done.method, done.transfer.from_account_id)
        return once(done, is_same=was == (amount_cents, method, account.pk))
    giving = Giving(
        collective,
        shop,
        membership.household,
        method,
        amount_cents,
        key,
        f"foyer {membership.household_id}",
        actor,
        now,
    )
    payout = give(giving, from_account=account, kind="pay_back", purpose=PayoutPurpose.PREPAID)
    if shop:
        lines = [["", "", in_euros(amount_cents)]]
        note(EventKind.PAID_BACK, popup=shop, lines=lines, actor=actor, now=now)
    return payout


@transaction.atomic
def undo_pay_back(*, payout: Payout, reason: str, actor: Person, now: datetime) -> None:
    """The money was not given after all. A second time changes nothing. Raises ShopRefused once
    the shop is closed, ValueError without a reason."""
    shop = hold(popup_id=payout.popup_id, collective_id=queries.collective_of(payout).pk)
    payout = queries.get_payout(payout.pk)
    if payout.undone_at:
        return
    take_again(payout, reason=reason, actor=actor, now=now)
    if shop:
        lines = [["", "", in_euros(payout.amount_cents)]]
        note(
            EventKind.PAY_BACK_UNDONE,
            popup=shop,
            lines=lines,
            reason=reason,
            actor=actor,
            now=now,
        )


def _hand(giving: Giving) -> Account:
    if giving.method == PayoutMethod.CASH:
        return books.cash(giving.collective)
    if giving.method == PayoutMethod.TRANSFER:
        return books.bank(giving.collective)
    if giving.household is None:
        raise ValueError("A prepaid account is somebody's.")
    return books.prepaid(giving.collective, giving.household)


def _shortage(short: ledger.NotEnough) -> Problem:
    if short.account.kind == AccountKind.PREPAID:
        return Problem(Reason.PREPAID_SHORT)
    is_bank = short.account.kind == AccountKind.BANK
    return Problem(Reason.BANK_SHORT if is_bank else Reason.BOX_SHORT)
