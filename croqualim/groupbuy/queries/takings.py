"""The money of an evening: what was paid, how, and what the box should hold."""

from django.db.models import QuerySet, Sum

from croqualim.accounts.models import Household
from croqualim.groupbuy.models import (
    CashMove,
    CashMoveKind,
    Collective,
    FreeSale,
    Order,
    Payment,
    PaymentMethod,
    PaymentPurpose,
    Popup,
    TillCount,
)
from croqualim.groupbuy.queries.payouts import given_in_cash_cents
from croqualim.groupbuy.rules.counting import Box
from croqualim.ledger.models import Account, AccountKind, Transfer


def payments_of(order: Order) -> QuerySet[Payment]:
    """Not undone."""
    return _live_payments().filter(order=order)


def payments_of_sale(sale: FreeSale) -> QuerySet[Payment]:
    return _live_payments().filter(sale=sale)


def _live_payments() -> QuerySet[Payment]:
    return Payment.objects.filter(undone_at=None).select_related(
        "transfer__from_account", "transfer__to_account"
    )


def get_payment(payment_id: int) -> Payment:
    return Payment.objects.select_related("transfer__from_account", "transfer__to_account").get(
        pk=payment_id
    )


def payment_of(key: str) -> Payment | None:
    """The payment that took the money of this key, undone since or not."""
    return Payment.objects.filter(transfer__key=key).select_related("transfer").first()


def sale_of(nonce: str) -> FreeSale | None:
    """The free sale that was made from the form with this nonce."""
    return FreeSale.objects.filter(payments__transfer__key=f"free_sale:{nonce}:paid:1").first()


def taken_by_method(popup: Popup) -> dict[str, int]:
    """method -> cents taken this evening and not given back."""
    payments = Payment.objects.filter(popup=popup, undone_at=None).values_list("method")
    return dict(payments.annotate(taken=Sum("amount_cents")).order_by("method"))


def taken(popup: Popup) -> list[tuple[str, int]]:
    """(method, cents) taken this evening, for each method, in words."""
    by_method = taken_by_method(popup)
    return [(str(m.label).capitalize(), by_method.get(m.value, 0)) for m in PaymentMethod]


def box_of(popup: Popup) -> Box:
    return Box(
        float_cents=float_of(popup),
        brought_cents=cash_moved(popup, CashMoveKind.CHANGE),
        paid_cents=taken_by_method(popup).get(PaymentMethod.CASH, 0),
        given_cents=given_in_cash_cents(popup),
    )


def expected_cash_cents(popup: Popup) -> int:
    """What the box should hold: its float, what came in, less what was given back."""
    return box_of(popup).expected_cents


def float_of(popup: Popup) -> int:
    """What the group's shop before this one left in the box."""
    before = Popup.objects.filter(group=popup.group_id, closed_at__isnull=False)
    before = before.exclude(pk=popup.pk)
    if popup.closed_at:
        before = before.filter(closed_at__lt=popup.closed_at)
    kept = before.order_by("-closed_at").values_list("kept_cents", flat=True).first()
    return kept or 0


def cash_moved(popup: Popup, kind: CashMoveKind) -> int:
    """Cents fetched from the bank, or taken there."""
    moves = CashMove.objects.filter(popup=popup, kind=kind, undone_at=None)
    return moves.aggregate(n=Sum("amount_cents"))["n"] or 0


def booked_differences(popup: Popup) -> int:
    """What counts of this shop have booked one by one, as they did before a closing did it."""
    counts = TillCount.objects.filter(popup=popup).values_list("pk", flat=True)
    booked = Transfer.objects.filter(key__in=[f"till_count:{pk}" for pk in counts])
    rows = booked.values_list("amount_cents", "from_account__kind")
    return sum(cents if kind == AccountKind.CASH else -cents for cents, kind in rows)


def last_count(popup: Popup) -> TillCount | None:
    return TillCount.objects.filter(popup=popup).order_by("pk").last()


def free_sales(popup: Popup) -> QuerySet[FreeSale]:
    return (
        FreeSale.objects.filter(popup=popup)
        .select_related("actor")
        .prefetch_related("lines__offer__product", "payments")
        .order_by("-at")
    )


def top_ups(popup: Popup) -> QuerySet[Payment]:
    return (
        Payment.objects.filter(popup=popup, purpose=PaymentPurpose.TOP_UP)
        .select_related("transfer__to_account__household", "actor")
        .order_by("-at")
    )


def prepaid_cents(collective: Collective, household: Household) -> int:
    """What the household may still spend; opens no account."""
    account = Account.objects.filter(
        keeper=collective.structure_id, kind=AccountKind.PREPAID, household=household
    ).first()
    return account.balance_cents - account.reserved_cents if account else 0
