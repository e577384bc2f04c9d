"""What a household brings to the shop: its goods at its share, deposits and its year in full.

Read by every page, letter and sentence that says an amount to pay, so that all say the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from croqualim.groupbuy.models import Membership, MembershipYear, Order, PaymentPurpose
from croqualim.groupbuy.queries.containers import (
    Deposit,
    deposits_due,
    deposits_of_offers,
    deposits_paid,
)
from croqualim.groupbuy.queries.takings import payments_of
from croqualim.storage.prepared import Prepared

YEARS = Prepared(
    lambda membership: MembershipYear.objects.filter(membership=membership).order_by("starts_on")
)


@dataclass(frozen=True)
class Due:
    """What is paid when the order is handed over, in cents."""

    order_cents: int
    fee_cents: int
    year: MembershipYear | None  # the one that the fee is for, once it has begun
    deposits: Sequence[Deposit] = ()

    @property
    def deposit_cents(self) -> int:
        return sum(deposit.cents for deposit in self.deposits)

    @property
    def total_cents(self) -> int:
        return self.order_cents + self.fee_cents + self.deposit_cents


def year_on(membership_id: int, day: date) -> MembershipYear | None:
    """The first year of membership that is not over that day."""
    return next((year for year in YEARS(membership_id) if year.ends_on > day), None)


def owed_for(year: MembershipYear | None) -> int:
    return year.fee_cents if year and not year.paid_at else 0


def fee_on(membership: Membership, day: date) -> int:
    """What she owes for her year when she collects that day: ordering begins one if none runs."""
    year = year_on(membership.pk, day)
    return membership.collective.membership_fee_cents if year is None else owed_for(year)


def collected_on(order: Order) -> date:
    """The day it is for."""
    return localdate(order.popup.starts_at)


def due_of(order: Order, day: date) -> Due:
    """Of an order that is there, handed over that day; in three queries."""
    year = year_on(order.membership_id, day)
    fee_cents = owed_for(year)
    return Due(order.due_cents, fee_cents, year if fee_cents else None, deposits_due(order))


def due_of_basket(
    membership: Membership, quantities: Mapping[int, int], *, goods_cents: int, day: date
) -> Due:
    """Of so much of these offers (by id), not ordered yet."""
    return Due(goods_cents, fee_on(membership, day), None, deposits_of_offers(quantities))


def paid_of(order: Order) -> Due:
    """Of an order that was handed over: what was paid with it."""
    fees = [p.amount_cents for p in payments_of(order) if p.purpose == PaymentPurpose.MEMBERSHIP]
    return Due(order.due_cents, sum(fees), None, deposits_paid(order))
