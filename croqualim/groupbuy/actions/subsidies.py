"""What a reduced price leaves to pay, held on its envelope from the order to the settlement."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import localdate

from croqualim.groupbuy.models import Cycle, Order, ShareOption
from croqualim.groupbuy.queries.envelope_dates import is_running
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Account, Reservation


def subsidy_key(order: Order) -> str:
    """The reservation that holds, on its envelope, what a reduced price leaves to pay."""
    return f"order:{order.pk}:subsidy"


def hold_subsidy(order: Order, now: datetime, *, is_promised: bool = False) -> None:
    """Hold what this reduced order leaves to pay.

    An envelope that has not begun, or is over, promises nothing new, as if it were empty;
    `is_promised` says that it did in time. Raises ledger.NotEnough.
    """
    option = ShareOption.objects.select_related("envelope__account").get(
        collective=order.membership.collective_id, share_percent=order.share_percent
    )
    assert option.envelope is not None  # the table's CHECK says so  # noqa: S101
    amount_cents = order.cost_cents - order.due_cents
    account = option.envelope.account
    if not is_promised and not is_running(option.envelope, localdate(now)):
        _refuse_more(order, account, amount_cents)
    ledger.reserve(key=subsidy_key(order), account=account, amount_cents=amount_cents, now=now)


def _refuse_more(order: Order, account: Account, amount_cents: int) -> None:
    """What an order holds already it keeps."""
    held = Reservation.objects.filter(key=subsidy_key(order), account=account)
    more_cents = amount_cents - sum(held.values_list("amount_cents", flat=True))
    if more_cents > 0:
        raise ledger.NotEnough(account, more_cents)


def hold_subsidies(cycle: Cycle, orders: Iterable[Order], now: datetime) -> None:
    """Hold on each envelope exactly what these orders now leave it to pay."""
    helped = {subsidy_key(order): order for order in orders if order.share_percent < 100}
    if not helped:
        return
    # where an order holds already it goes on holding, whatever the collective has chosen since
    holding = dict(Reservation.objects.filter(key__in=helped).values_list("key", "account"))
    options = dict(
        ShareOption.objects.filter(collective=cycle.collective_id, share_percent__lt=100)
        .order_by()
        .values_list("share_percent", "envelope__account")
    )
    amounts: dict[int, dict[str, int]] = defaultdict(dict)
    for key, order in helped.items():
        account_id = holding.get(key) or options[order.share_percent]
        amounts[account_id][key] = order.cost_cents - order.due_cents
    accounts = Account.objects.in_bulk(list(amounts))
    for account_id in sorted(amounts):
        ledger.reserve_many(account=accounts[account_id], amounts=amounts[account_id], now=now)
