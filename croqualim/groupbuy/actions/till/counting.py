"""The cash that was counted, beside what the box should hold; the books follow at the closing."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.till.opening import ShopRefused, open_shop
from croqualim.groupbuy.models import EventKind, Popup, TillCount
from croqualim.groupbuy.queries import takings
from croqualim.groupbuy.rules.counting import problem_with_remark
from croqualim.groupbuy.rules.till import Problem, Reason
from croqualim.kernel.money import in_euros
from croqualim.ledger import actions as ledger


@transaction.atomic
def count_till(
    *,
    popup: Popup,
    counted_cents: int,
    remark: str,
    detail: Mapping[int, int] | None = None,
    actor: Person,
    now: datetime,
) -> TillCount:
    """Note what is in the box, all of it, by somebody; `detail`: note or coin -> how many.

    The same count by the same person a second time changes nothing. Raises ShopRefused
    (DIFFERENCE_UNSAID for a great difference without a remark).
    """
    popup = open_shop(popup.pk)
    expected, last = takings.expected_cash_cents(popup), takings.last_count(popup)
    if problem := problem_with_remark(counted_cents, expected, remark):
        raise ShopRefused(problem)
    if last and (last.expected_cents, last.counted_cents, last.note, last.actor_id) == (
        expected,
        counted_cents,
        remark,
        actor.pk,
    ):
        return last
    count = TillCount.objects.create(
        popup=popup,
        expected_cents=expected,
        counted_cents=counted_cents,
        detail={str(value): number for value, number in (detail or {}).items()},
        note=remark,
        actor=actor,
        at=now,
    )
    lines = [["Comptée", in_euros(expected), in_euros(counted_cents)]]
    note(EventKind.TILL_COUNTED, popup=popup, lines=lines, reason=remark, actor=actor, now=now)
    return count


def book_difference(popup: Popup, *, actor: Person, now: datetime) -> None:
    """Make the cash box hold what was counted last: what is too much or missing is named on an
    account of its own. Once, when the shop closes."""
    count = takings.last_count(popup)
    if count is None:
        return
    # a count made before differences waited for the closing has booked its own
    more = count.counted_cents - count.expected_cents - takings.booked_differences(popup)
    if not more:
        return
    box, differences = books.cash(popup.cycle.collective), books.differences(popup.cycle.collective)
    # a box that holds more has a lower balance: see docs/architecture.md, "Money and goods"
    ends = (box, differences) if more > 0 else (differences, box)
    try:
        ledger.transfer(
            key=f"popup:{popup.pk}:till_difference",
            from_account=ends[0],
            to_account=ends[1],
            amount_cents=abs(more),
            kind="till_difference",
            reference=str(popup)[:100],
            now=now,
            actor=actor,
            reason=count.note,
        )
    except ledger.NotEnough as short:
        raise ShopRefused(Problem(Reason.BOX_SHORT)) from short
