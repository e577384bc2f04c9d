"""Money in and money back. A payment is a transfer first, a row that says for what second."""

from collections.abc import Mapping, Sequence

from croqualim.accounts.models import Household
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.till.opening import Deed, ShopRefused
from croqualim.groupbuy.models import (
    FreeSale,
    MembershipYear,
    Order,
    Payment,
    PaymentMethod,
    PaymentPurpose,
    Popup,
)
from croqualim.groupbuy.queries import takings
from croqualim.groupbuy.rules.till import Part, Problem, Reason
from croqualim.kernel.money import in_euros
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Account, AccountKind, Transfer


def take(
    deed: Deed,
    parts: Sequence[Part],
    *,
    into: Mapping[str, Account],
    household: Household | None = None,
    order: Order | None = None,
    sale: FreeSale | None = None,
    year: MembershipYear | None = None,
) -> None:
    """Take each part into the account of its purpose. Raises ShopRefused (PREPAID_SHORT)."""
    for number, part in enumerate(parts, start=1):
        method = PaymentMethod(part.method)
        box = books.paid_from(deed.popup.cycle.collective, method, household)
        transfer = _transfer(deed, part, box, into[part.purpose], number)
        Payment.objects.create(
            popup=deed.popup,
            purpose=part.purpose,
            method=method,
            amount_cents=part.amount_cents,
            order=order,
            sale=sale,
            membership_year=year if part.purpose == PaymentPurpose.MEMBERSHIP else None,
            transfer=transfer,
            actor=deed.actor,
            at=deed.now,
        )


def give_back(payment: Payment, deed: Deed) -> None:
    """Undo one payment. Raises ShopRefused when the money has gone on since."""
    check_box(deed.popup, payment.method, payment.amount_cents)
    try:
        ledger.reverse(
            transfer=payment.transfer,
            key=f"payment:{payment.pk}:back",
            reason=deed.reason,
            now=deed.now,
            actor=deed.actor,
        )
    except ledger.NotEnough as short:
        raise ShopRefused(_shortage(short)) from short
    payment.undone_at = deed.now
    payment.save(update_fields=["undone_at"])


def check_box(popup: Popup | None, method: str, amount_cents: int) -> None:
    """Raises ShopRefused unless so much cash lies in the shop's own box: another shop's money may
    be in the same books."""
    if method != PaymentMethod.CASH:
        return
    if popup is None:
        raise ShopRefused(Problem(Reason.NO_SHOP))
    if takings.expected_cash_cents(popup) < amount_cents:
        raise ShopRefused(Problem(Reason.NOT_IN_BOX))


def said(parts: Sequence[Part]) -> list[list[str]]:
    """Parts for an event's lines: what was paid, how."""
    return [
        [
            f"{PaymentPurpose(part.purpose).label}, {PaymentMethod(part.method).label}",
            "",
            in_euros(part.amount_cents),
        ]
        for part in parts
    ]


def _transfer(deed: Deed, part: Part, box: Account, into: Account, number: int) -> Transfer:
    try:
        return ledger.transfer(
            key=f"{deed.key}:paid:{number}",
            from_account=box,
            to_account=into,
            amount_cents=part.amount_cents,
            kind=f"till_{part.purpose}",
            reference=deed.reference,
            now=deed.now,
            actor=deed.actor,
        )
    except ledger.NotEnough as short:
        raise ShopRefused(_shortage(short)) from short


def _shortage(short: ledger.NotEnough) -> Problem:
    if short.account.kind == AccountKind.PREPAID:
        return Problem(Reason.PREPAID_SHORT)
    return Problem(Reason.BOX_SHORT)
