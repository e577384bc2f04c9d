"""Money put on a household's account, for evenings without a purse."""

from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Household, Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.till import money
from croqualim.groupbuy.actions.till.opening import Deed, once, open_shop
from croqualim.groupbuy.models import EventKind, Payment, PaymentMethod, PaymentPurpose, Popup
from croqualim.groupbuy.queries import takings
from croqualim.groupbuy.rules.till import Part
from croqualim.kernel.money import in_euros


@transaction.atomic
def top_up(
    *,
    popup: Popup,
    household: Household,
    method: PaymentMethod,
    amount_cents: int,
    nonce: str,
    actor: Person,
    now: datetime,
) -> None:
    """Put money on the household's account, by anything but that account.

    The nonce is of the form that was filled in: sent twice, it is one payment. Raises ShopRefused
    (PAGE_USED when it was sent with something else before), and ValueError for an amount that is
    not positive or for the prepaid method.
    """
    if amount_cents <= 0 or method == PaymentMethod.PREPAID:
        raise ValueError("Money comes from somewhere else, and is more than nothing.")
    popup = open_shop(popup.pk)
    deed = Deed(popup, f"top_up:{nonce}", f"foyer {household.pk}", actor, now)
    account = books.prepaid(popup.cycle.collective, household)
    if done := takings.payment_of(f"{deed.key}:paid:1"):
        was = (done.amount_cents, done.method, done.transfer.to_account_id)
        once(done, is_same=was == (amount_cents, method, account.pk))
        return
    part = Part(PaymentPurpose.TOP_UP, method, amount_cents)
    money.take(deed, [part], into={PaymentPurpose.TOP_UP: account})
    note(EventKind.TOPPED_UP, popup=popup, lines=_said(amount_cents), actor=actor, now=now)


@transaction.atomic
def undo_top_up(*, payment: Payment, reason: str, actor: Person, now: datetime) -> None:
    """A second time changes nothing. Raises ShopRefused when it was spent, ValueError."""
    popup = open_shop(payment.popup_id)
    payment = takings.get_payment(payment.pk)
    if payment.undone_at:
        return
    money.give_back(payment, Deed(popup, "", "", actor, now, reason))
    note(
        EventKind.TOP_UP_UNDONE,
        popup=popup,
        lines=_said(payment.amount_cents),
        reason=reason,
        actor=actor,
        now=now,
    )


def _said(amount_cents: int) -> list[list[str]]:
    # the shop's history is read by many: it does not say whose account
    return [["", "", in_euros(amount_cents)]]
