"""A product comes back, or was bad: the money goes back to who paid it, the goods where they lie.

Before the settlement the order itself becomes smaller, so that envelopes, farmers' figures and the
report follow. Once the month is settled nothing of it changes: each thing is a counter-entry of
its day, at the charge of the collective, which owes the farmer what it received. What a reduced
share paid goes to her, what the envelope paid goes to the envelope.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy import letters
from croqualim.groupbuy.actions import books, giving_back
from croqualim.groupbuy.actions.giving_back import Giving
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.repricing import reprice_untold
from croqualim.groupbuy.actions.returning import bring_home, take_back
from croqualim.groupbuy.actions.telling import Telling, tell_many
from croqualim.groupbuy.actions.till.opening import ShopRefused, live_order, once
from croqualim.groupbuy.models import (
    Cycle,
    EventKind,
    Fate,
    Order,
    OrderLine,
    PayoutMethod,
    PayoutPurpose,
    Popup,
    Refund,
)
from croqualim.groupbuy.queries import payouts as queries
from croqualim.groupbuy.queries.payouts import Returnable
from croqualim.groupbuy.rules.pricing import Amounts
from croqualim.groupbuy.rules.refunds import refund_of
from croqualim.groupbuy.rules.till import Problem, Reason
from croqualim.kernel.quantity import in_words
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Account


@dataclass(frozen=True)
class Asked:
    """What she brings back, and how she wants her money."""

    line: OrderLine
    quantity: int
    fate: Fate
    method: PayoutMethod
    reason: str
    nonce: str


@transaction.atomic
def refund(*, asked: Asked, popup: Popup | None, actor: Person, now: datetime) -> Refund:
    """Take a product back and give back what was paid for it.

    At an open shop, of this month or a later one; with `popup` None by the coordination, and then
    the household is told. The nonce is of the form: sent twice, it is one refund. Raises
    ShopRefused (PAGE_USED when it was sent with something else before), and ValueError without a
    reason.
    """
    if not asked.reason.strip():
        raise ValueError("A refund says why.")
    order_id, cycle_id = asked.line.order_id, asked.line.order.cycle_id
    collective_id = asked.line.order.cycle.collective_id
    shop = giving_back.hold(popup_id=popup.pk if popup else None, collective_id=collective_id)
    if done := queries.refund_of_nonce(asked.nonce):
        return once(done, is_same=_is_same(done, asked, shop))
    order = live_order(order_id)
    cycle = Cycle.objects.select_related("collective__structure").get(pk=cycle_id)
    row = _row_of(order, asked)
    amounts = refund_of(row.bought, asked.quantity)
    made = _write(asked, amounts, shop, cycle, actor, now)
    _give_money(made, order, cycle, amounts, asked.method)
    take_back(made, order, cycle)
    _change_order(made, order, cycle, row)
    if shop is None:
        _tell(made, order)
    return made


@transaction.atomic
def undo_refund(*, refund: Refund, reason: str, actor: Person, now: datetime) -> None:
    """She keeps it after all: goods and money go the other way. A second time changes nothing.

    Raises ShopRefused (SETTLED once a month was settled that still followed the refund, and as
    everything at a closed shop), ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("Undoing says why.")
    order = Order.objects.select_related("cycle").get(pk=refund.line.order_id)
    giving_back.hold(popup_id=refund.popup_id, collective_id=order.cycle.collective_id)
    refund = Refund.objects.select_related("line__offer__product", "payout").get(pk=refund.pk)
    if refund.undone_at:
        return
    order = live_order(order.pk)
    cycle = Cycle.objects.select_related("collective__structure").get(pk=order.cycle_id)
    if cycle.settled_at and not refund.is_after_settlement:
        raise ShopRefused(Problem(Reason.SETTLED))
    refund.undone_at, refund.actor, refund.at, refund.reason = now, actor, now, reason
    bring_home(refund, order, cycle)
    _take_money_again(refund)
    Refund.objects.filter(pk=refund.pk).update(undone_at=now)
    _change_order_back(refund, order, cycle)


def _is_same(done: Refund, asked: Asked, shop: Popup | None) -> bool:
    method = done.payout.method if done.payout else asked.method  # she had paid nothing
    was = (done.line_id, done.quantity, done.fate, method, done.reason, done.popup_id)
    how = (asked.fate, asked.method, asked.reason, shop.pk if shop else None)
    return was == (asked.line.pk, asked.quantity, *how)


def _row_of(order: Order, asked: Asked) -> Returnable:
    if not order.collected_at:
        raise ShopRefused(Problem(Reason.NOT_SERVED))
    rows = {row.line.pk: row for row in queries.returnable(order)}
    row = rows.get(asked.line.pk)
    left = row.bought.quantity if row else 0
    if row is None or not 0 < asked.quantity <= left:
        raise ShopRefused(Problem(Reason.TOO_MUCH_BACK, about=asked.line.pk, left=left))
    return row


def _write(
    asked: Asked, amounts: Amounts, shop: Popup | None, cycle: Cycle, actor: Person, now: datetime
) -> Refund:
    return Refund.objects.create(
        line=asked.line,
        quantity=asked.quantity,
        amount_cents=amounts.due_cents,
        fate=asked.fate,
        is_after_settlement=cycle.settled_at is not None,
        popup=shop,
        nonce=asked.nonce,
        reason=asked.reason,
        actor=actor,
        at=now,
    )


def _give_money(
    made: Refund, order: Order, cycle: Cycle, amounts: Amounts, method: PayoutMethod
) -> None:
    """Hers to her; after the settlement, the envelope's to the envelope too."""
    collective = cycle.collective
    source = books.loss(collective) if made.is_after_settlement else books.sales(cycle)
    if amounts.due_cents:
        giving = Giving(
            collective,
            made.popup,
            order.membership.household,
            method,
            amounts.due_cents,
            f"refund:{made.pk}:given",
            order.reference,
            made.actor,
            made.at,
            made.reason,
        )
        # before the settlement what the month took is less; afterwards the collective pays
        kind = "refund" if made.is_after_settlement else "till_order"
        made.payout = giving_back.give(
            giving, from_account=source, kind=kind, purpose=PayoutPurpose.REFUND
        )
        made.save(update_fields=["payout"])
    if made.is_after_settlement:
        _settle_with_envelope(made, order, source, amounts.subsidy_cents)


def _settle_with_envelope(made: Refund, order: Order, loss: Account, subsidy_cents: int) -> None:
    """Give the envelope what it had paid; take from it what her solidarity share had added, as
    far as it still holds it: if not, the collective bears it."""
    envelope = books.envelope_behind(order)
    if not subsidy_cents or envelope is None:
        return
    ends = (loss, envelope) if subsidy_cents > 0 else (envelope, loss)
    try:
        ledger.transfer(
            key=f"refund:{made.pk}:envelope",
            from_account=ends[0],
            to_account=ends[1],
            amount_cents=abs(subsidy_cents),
            kind="subsidy_back" if subsidy_cents > 0 else "solidarity_back",
            reference="produits repris",  # no order: a funder reads this account
            now=made.at,
            actor=made.actor,
        )
    except ledger.NotEnough:
        if subsidy_cents > 0:
            raise


def _take_money_again(refund: Refund) -> None:
    if refund.payout:
        giving_back.take_again(
            refund.payout, reason=refund.reason, actor=refund.actor, now=refund.at
        )
    if moved := queries.envelope_part(refund):
        try:
            ledger.reverse(
                transfer=moved,
                key=f"{moved.key}:back",
                reason=refund.reason,
                now=refund.at,
                actor=refund.actor,
            )
        except ledger.NotEnough as short:
            raise ShopRefused(Problem(Reason.ENVELOPE_SHORT)) from short


def _change_order(made: Refund, order: Order, cycle: Cycle, row: Returnable) -> None:
    if made.is_after_settlement:
        note(
            EventKind.REFUNDED,
            order=order,
            lines=[_change(row, made.quantity)],
            reason=made.reason,
            actor=made.actor,
            now=made.at,
        )
        return
    _reprice(made, order, cycle, row.line.quantity - made.quantity, EventKind.REFUNDED)


def _change_order_back(refund: Refund, order: Order, cycle: Cycle) -> None:
    kind = EventKind.REFUND_UNDONE
    if refund.is_after_settlement:
        note(kind, order=order, reason=refund.reason, actor=refund.actor, now=refund.at)
        return
    try:
        _reprice(refund, order, cycle, refund.line.quantity + refund.quantity, kind)
    except ledger.NotEnough as short:
        raise ShopRefused(Problem(Reason.ENVELOPE_SHORT)) from short


def _reprice(refund: Refund, order: Order, cycle: Cycle, quantity: int, kind: EventKind) -> None:
    line = OrderLine.objects.select_related("offer__product").get(pk=refund.line_id)
    line.order = order
    reprice_untold(
        cycle=cycle,
        given={line: quantity},
        kind=kind,
        keeps_price=True,  # what she paid, whatever a later delivery has cost
        reason=refund.reason,
        actor=refund.actor,
        now=refund.at,
    )


def _change(row: Returnable, quantity: int) -> list[str]:
    product, had = row.line.offer.product, row.bought.quantity
    after = in_words(had - quantity, product.unit)
    return [product.name, in_words(had, product.unit), after]


def _tell(made: Refund, order: Order) -> None:
    letter = letters.product_refunded(made, order)
    telling = Telling(order.membership, key=f"refund:{made.pk}", letter=letter)
    tell_many(tellings=[telling], now=made.at)
