from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from croqualim.ledger.models import HOLDINGS, Account, Reservation, Transfer
from croqualim.ledger.rules import Discrepancy, running

# how many triggers each engine needs, and how to count them
TRIGGERS = {
    "sqlite": (
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
        " AND name LIKE '%%_no_%%'",
        3,
    ),
    "postgresql": (
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass"
        " AND NOT tgisinternal AND tgenabled = 'A'",
        2,
    ),
}


@dataclass(frozen=True)
class Line:
    """A transfer as one account sees it: what it changed, and the balance after it."""

    transfer: Transfer
    change_cents: int
    balance_cents: int


@dataclass(frozen=True)
class Statement:
    """An account over a time. All amounts as people say them: see `balance_said`."""

    account: Account
    opening_cents: int
    lines: Sequence[Line]

    @property
    def closing_cents(self) -> int:
        return self.lines[-1].balance_cents if self.lines else self.opening_cents


def balance_said(account: Account) -> int:
    """The balance in cents as people say it: what is in a cash box is positive."""
    return _sign(account) * account.balance_cents


def statement(
    account: Account, since: datetime | None = None, until: datetime | None = None
) -> Statement:
    """The transfers of an account from `since` on and before `until`, with running balances."""
    transfers = Transfer.objects.filter(Q(from_account=account) | Q(to_account=account))
    opening = _balance_before(account, since) if since else 0
    if since:
        transfers = transfers.filter(at__gte=since)
    if until:
        transfers = transfers.filter(at__lt=until)
    rows = list(
        transfers.select_related("from_account", "to_account", "actor").order_by("at", "pk")
    )
    sign = _sign(account)
    changes = [
        sign * (row.amount_cents if row.to_account_id == account.pk else -row.amount_cents)
        for row in rows
    ]
    lines = map(Line, rows, changes, running(sign * opening, changes))
    return Statement(account, sign * opening, list(lines))


def discrepancies() -> list[Discrepancy]:
    """What the transfers do not add up to: balances, what is held, and each book's sum of zero."""
    return [*_wrong_balances(), *_wrong_reservations(), *_wrong_books()]


def is_append_only(table: str) -> bool:
    """Whether the triggers that let nobody change the table's rows are all in their place.

    A later migration that rebuilds the table on SQLite would drop them without a word.
    """
    query, expected = TRIGGERS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query, [table])
        (found,) = cursor.fetchone()
    return bool(found == expected)


def total_of(grouped: QuerySet[Any, Any], field: str) -> Combinable:
    """The sum of a field over a correlated group (`….filter(x=OuterRef(…)).values("x")`), or 0."""
    total = grouped.annotate(total_of=Sum(field)).values("total_of")
    return Coalesce(Subquery(total), 0, output_field=BigIntegerField())


def _sign(account: Account) -> int:
    return -1 if account.kind in HOLDINGS else 1


def _balance_before(account: Account, moment: datetime) -> int:
    came, went = Q(to_account=account), Q(from_account=account)
    sums = Transfer.objects.filter(came | went, at__lt=moment).aggregate(
        came=Sum("amount_cents", filter=came, default=0),
        went=Sum("amount_cents", filter=went, default=0),
    )
    return int(sums["came"]) - int(sums["went"])


def _wrong_balances() -> list[Discrepancy]:
    came = Transfer.objects.filter(to_account=OuterRef("pk")).values("to_account")
    went = Transfer.objects.filter(from_account=OuterRef("pk")).values("from_account")
    accounts = Account.objects.annotate(
        recomputed=total_of(came, "amount_cents") - total_of(went, "amount_cents")
    ).exclude(balance_cents=F("recomputed"))
    return [
        Discrepancy(_told(account), account.balance_cents, account.recomputed)
        for account in accounts.select_related("keeper").order_by("pk")
    ]


def _wrong_reservations() -> list[Discrepancy]:
    held = Reservation.objects.filter(account=OuterRef("pk")).values("account")
    accounts = Account.objects.annotate(recomputed=total_of(held, "amount_cents")).exclude(
        reserved_cents=F("recomputed")
    )
    return [
        Discrepancy(f"{_told(account)} · réservé", account.reserved_cents, account.recomputed)
        for account in accounts.select_related("keeper").order_by("pk")
    ]


def _wrong_books() -> list[Discrepancy]:
    books = (
        Account.objects.values("keeper")
        .annotate(total=Sum("balance_cents"))
        .exclude(total=0)
        .order_by("keeper")
    )
    return [
        Discrepancy(f"{name} · somme des comptes", total, 0)
        for name, total in books.values_list("keeper__name", "total")
    ]


def _told(account: Account) -> str:
    return f"{account.keeper} · {account}"
