"""What a reduced price leaves to pay, held on its envelope from the order to the settlement."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import localdate

from croqualim.groupbuy.models import Membership, Order, ShareOption
from croqualim.groupbuy.queries.envelope_dates import is_running
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Account, Envelope, Reservation


def subsidy_key(order: Order) -> str:
    """The reservation that holds, on its envelope, what a reduced price leaves to pay."""
    return f"order:{order.pk}:subsidy"


def envelope_for(membership: Membership, share_percent: int) -> Envelope | None:
    """Which pays today what this share leaves, or receives what it adds; None at the full price.

    An order keeps it: next year's envelope does not answer for this year's months.
    """
    if share_percent == 100:
        return None
    option = ShareOption.objects.select_related("envelope__account").get(
        collective=membership.collective_id, share_percent=share_percent
    )
    return option.envelope


def hold_subsidy(order: Order, now: datetime, *, is_promised: bool = False) -> None:
    """Hold what this reduced order leaves to pay.

    An envelope that has not begun, or is over, promises nothing new, as if it were empty;
    `is_promised` says that it did in time. Raises ledger.NotEnough.
    """
    assert order.envelope is not None  # the table's CHECK says so  # noqa: S101
    amount_cents = order.cost_cents - order.due_cents
    account = order.envelope.account
    if not is_promised and not is_running(order.envelope, localdate(now)):
        _refuse_more(order, account, amount_cents)
    ledger.reserve(key=subsidy_key(order), account=account, amount_cents=amount_cents, now=now)


def _refuse_more(order: Order, account: Account, amount_cents: int) -> None:
    """What an order holds already it keeps."""
    held = Reservation.objects.filter(key=subsidy_key(order), account=account)
    more_cents = amount_cents - sum(held.values_list("amount_cents", flat=True))
    if more_cents > 0:
        raise ledger.NotEnough(account, more_cents)


def hold_subsidies(orders: Iterable[Order], now: datetime) -> None:
    """Hold on each envelope exactly what these orders now leave it to pay."""
    helped = {subsidy_key(order): order for order in orders if order.share_percent < 100}
    if not helped:
        return
    amounts: dict[int, dict[str, int]] = defaultdict(dict)
    for key, order in helped.items():
        assert order.envelope_id is not None  # the table's CHECK says so  # noqa: S101
        amounts[order.envelope_id][key] = order.cost_cents - order.due_cents
    envelopes = Envelope.objects.filter(pk__in=amounts).select_related("account")
    for envelope in envelopes.order_by("account_id"):
        ledger.reserve_many(account=envelope.account, amounts=amounts[envelope.pk], now=now)
