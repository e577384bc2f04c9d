"""The cash that was counted, beside what the payments say; the books then say what was counted."""

from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.till.opening import ShopRefused, open_shop
from croqualim.groupbuy.models import EventKind, Popup, TillCount
from croqualim.groupbuy.queries import takings
from croqualim.groupbuy.rules.till import Problem, Reason
from croqualim.kernel.money import in_euros
from croqualim.ledger import actions as ledger


@transaction.atomic
def count_till(
    *, popup: Popup, counted_cents: int, remark: str, actor: Person, now: datetime
) -> TillCount:
    """Note what is in the box from this evening, without the change that was put in before.

    What is too much becomes income, what is missing a loss; counting again books only what
    changed. The same count a second time changes nothing. Raises ShopRefused.
    """
    popup = open_shop(popup.pk)
    expected, last = takings.expected_cash_cents(popup), takings.last_count(popup)
    if last and (last.expected_cents, last.counted_cents, last.note) == (
        expected,
        counted_cents,
        remark,
    ):
        return last
    count = TillCount.objects.create(
        popup=popup,
        expected_cents=expected,
        counted_cents=counted_cents,
        note=remark,
        actor=actor,
        at=now,
    )
    booked = last.counted_cents - last.expected_cents if last else 0
    _book(count, popup, counted_cents - expected - booked)
    lines = [["Comptée", in_euros(expected), in_euros(counted_cents)]]
    note(EventKind.TILL_COUNTED, popup=popup, lines=lines, reason=remark, actor=actor, now=now)
    return count


def _book(count: TillCount, popup: Popup, difference_cents: int) -> None:
    """Make the cash box hold that much more (or less) than the payments say."""
    if not difference_cents:
        return
    collective = popup.cycle.collective
    cash = books.cash(collective)
    # a box that holds more has a lower balance: see docs/architecture.md, "Money and goods"
    ends = (
        (cash, books.income(collective)) if difference_cents > 0 else (books.loss(collective), cash)
    )
    try:
        ledger.transfer(
            key=f"till_count:{count.pk}",
            from_account=ends[0],
            to_account=ends[1],
            amount_cents=abs(difference_cents),
            kind="till_difference",
            reference=f"comptage {count.pk}",
            now=count.at,
            actor=count.actor,
            reason=count.note,
        )
    except ledger.NotEnough as short:
        raise ShopRefused(Problem(Reason.BOX_SHORT)) from short
