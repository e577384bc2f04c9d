"""Cash between a shop's box and the bank: change fetched before, the rest taken there after."""

from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.till.money import check_box
from croqualim.groupbuy.actions.till.opening import ShopRefused, lock_shop, once, open_shop
from croqualim.groupbuy.models import CashMove, CashMoveKind, EventKind, PaymentMethod, Popup
from croqualim.groupbuy.queries import cash as queries
from croqualim.groupbuy.rules.till import Problem, Reason
from croqualim.kernel.money import in_euros
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Account


@transaction.atomic
def bring_change(
    *, popup: Popup, amount_cents: int, nonce: str, actor: Person, now: datetime
) -> CashMove:
    """Change fetched from the bank lies in the box. The nonce is of the form: sent twice, it is
    once. Raises ShopRefused (BANK_SHORT, PAGE_USED), ValueError for an amount not positive."""
    popup = open_shop(popup.pk)
    collective = popup.cycle.collective
    ends = (books.cash(collective), books.bank(collective))
    return _move(popup, CashMoveKind.CHANGE, ends, amount_cents, f"change:{nonce}", "", actor, now)


@transaction.atomic
def deposit_cash(
    *, popup: Popup, amount_cents: int, slip: str, nonce: str, actor: Person, now: datetime
) -> CashMove:
    """A closed shop's cash has been taken to the bank. Raises ShopRefused (NOT_IN_BOX for more
    than it left, SHOP_OPEN while it is open), ValueError for an amount that is not positive."""
    popup = lock_shop(popup.pk)
    if popup.closed_at is None:
        raise ShopRefused(Problem(Reason.SHOP_OPEN))
    key = f"cash_deposit:{nonce}"
    if not queries.move_of(key) and amount_cents > queries.to_deposit_cents(popup):
        raise ShopRefused(Problem(Reason.NOT_IN_BOX))
    collective = popup.cycle.collective
    ends = (books.bank(collective), books.cash(collective))
    return _move(popup, CashMoveKind.DEPOSIT, ends, amount_cents, key, slip, actor, now)


@transaction.atomic
def undo_cash_move(*, move: CashMove, reason: str, actor: Person, now: datetime) -> None:
    """It did not happen, or not so. A second time changes nothing. Raises ShopRefused when the
    money has gone on since, SETTLED after the settlement, ValueError without a reason."""
    is_change = move.kind == CashMoveKind.CHANGE
    popup = open_shop(move.popup_id) if is_change else lock_shop(move.popup_id)
    if popup.cycle.settled_at:
        raise ShopRefused(Problem(Reason.SETTLED))
    move = CashMove.objects.select_related("transfer__from_account", "transfer__to_account").get(
        pk=move.pk
    )
    if move.undone_at:
        return
    if is_change:
        check_box(popup, PaymentMethod.CASH, move.amount_cents)
    _reverse(move, reason, actor, now)
    move.undone_at = now
    move.save(update_fields=["undone_at"])
    note(
        EventKind.CASH_MOVE_UNDONE,
        popup=popup,
        lines=_said(move),
        reason=reason,
        actor=actor,
        now=now,
    )


def _move(
    popup: Popup,
    kind: CashMoveKind,
    ends: tuple[Account, Account],
    amount_cents: int,
    key: str,
    slip: str,
    actor: Person,
    now: datetime,
) -> CashMove:
    if done := queries.move_of(key):
        was = (done.popup_id, done.amount_cents, done.slip)
        return once(done, is_same=was == (popup.pk, amount_cents, slip))
    try:
        transfer = ledger.transfer(
            key=key,
            from_account=ends[0],
            to_account=ends[1],
            amount_cents=amount_cents,
            kind="change" if kind == CashMoveKind.CHANGE else "deposit",
            reference=slip or str(popup)[:100],
            now=now,
            actor=actor,
        )
    except ledger.NotEnough as short:
        is_bank = kind == CashMoveKind.CHANGE
        raise ShopRefused(Problem(Reason.BANK_SHORT if is_bank else Reason.BOX_SHORT)) from short
    move = CashMove.objects.create(
        popup=popup,
        kind=kind,
        amount_cents=amount_cents,
        slip=slip,
        transfer=transfer,
        actor=actor,
        at=now,
    )
    note(EventKind.CASH_MOVED, popup=popup, lines=_said(move), actor=actor, now=now)
    return move


def _reverse(move: CashMove, reason: str, actor: Person, now: datetime) -> None:
    try:
        ledger.reverse(
            transfer=move.transfer,
            key=f"cash_move:{move.pk}:back",
            reason=reason,
            now=now,
            actor=actor,
        )
    except ledger.NotEnough as short:
        raise ShopRefused(Problem(Reason.BOX_SHORT)) from short


def _said(move: CashMove) -> list[list[str]]:
    what = str(CashMoveKind(move.kind).label)
    return [[f"{what}, {move.slip}" if move.slip else what, "", in_euros(move.amount_cents)]]
