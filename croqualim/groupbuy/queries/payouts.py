"""Money given back: by which shop, for what, and what may still be taken back of an order."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from croqualim.accounts.models import Household
from croqualim.groupbuy.models import (
    Collective,
    Order,
    OrderLine,
    Payout,
    PayoutMethod,
    PayoutPurpose,
    Popup,
    Refund,
)
from croqualim.groupbuy.rules.refunds import Bought
from croqualim.ledger.models import Transfer
from croqualim.stock.models import LocationKind, Movement


@dataclass(frozen=True)
class Returnable:
    """A line that was taken home, and how much of it she still has."""

    line: OrderLine
    bought: Bought

    @property
    def paid_cents(self) -> int:
        return self.bought.amounts(self.bought.quantity).due_cents


def payout_of(key: str) -> Payout | None:
    """The payout that gave the money of this key, undone since or not."""
    done = Payout.objects.filter(transfer__key=key)
    return done.select_related("transfer__to_account").first()


def get_payout(payout_id: int) -> Payout:
    return Payout.objects.select_related("transfer__from_account", "transfer__to_account").get(
        pk=payout_id
    )


def given_by_method(popup: Popup) -> dict[str, int]:
    """method -> cents given back at this shop."""
    given = Payout.objects.filter(popup=popup, undone_at=None).values_list("method")
    return dict(given.annotate(given=Sum("amount_cents")).order_by("method"))


def given_in_cash_cents(popup: Popup) -> int:
    return given_by_method(popup).get(PayoutMethod.CASH, 0)


def paid_back(popup: Popup) -> QuerySet[Payout]:
    """What was given back of prepaid accounts at this shop, newest first."""
    return (
        Payout.objects.filter(popup=popup, purpose=PayoutPurpose.PREPAID)
        .select_related("actor", "transfer__from_account__household")
        .order_by("-at")
    )


def paid_back_by_transfer(collective: Collective, household: Household) -> QuerySet[Payout]:
    """What was given back of a household's account away from any shop, newest first."""
    return (
        Payout.objects.filter(
            popup=None,
            purpose=PayoutPurpose.PREPAID,
            transfer__from_account__keeper=collective.structure_id,
            transfer__from_account__household=household,
        )
        .select_related("actor", "transfer__reversed_by")
        .order_by("-at")
    )


def collective_of(payout: Payout) -> Collective:
    """Whose money it was."""
    return Collective.objects.get(structure=payout.transfer.from_account.keeper_id)


def refund_of_nonce(nonce: str) -> Refund | None:
    return Refund.objects.filter(nonce=nonce).select_related("payout").first()


def live_refunds(order: Order) -> QuerySet[Refund]:
    return (
        Refund.objects.filter(line__order=order, undone_at=None)
        .select_related("line__offer__product", "payout", "actor", "popup")
        .order_by("at")
    )


def returnable(order: Order, *, before: Refund | None = None) -> list[Returnable]:
    """What she may bring back, by family and name; nothing of an order that was not collected.
    With `before`, as if that refund had not been made."""
    if not order.collected_at:
        return []
    lines = OrderLine.objects.filter(order=order).select_related("offer__product")
    back = _taken_back_since(order)
    if before and not before.undone_at:
        back[before.line_id] -= before.quantity
    found = [
        Returnable(line, _bought(line, order, back))
        for line in lines.order_by("offer__product__family", "offer__product__search_name")
    ]
    return [row for row in found if row.bought.quantity > 0]


def _bought(line: OrderLine, order: Order, back: Counter[int]) -> Bought:
    return Bought(
        quantity=line.quantity - back[line.pk],
        cost_price_cents=line.cost_price_cents,
        priced_quantity=line.offer.priced_quantity,
        share_percent=order.share_percent,
    )


def _taken_back_since(order: Order) -> Counter[int]:
    """line id -> what came back after the settlement: the line itself no longer follows."""
    back = Refund.objects.filter(
        line__order=order, undone_at=None, is_after_settlement=True
    ).values_list("line")
    return Counter(dict(back.annotate(n=Sum("quantity")).order_by()))


def envelope_part(refund: Refund) -> Transfer | None:
    """What a refund gave to an envelope, or took from it, after the settlement."""
    return (
        Transfer.objects.filter(key=f"refund:{refund.pk}:envelope")
        .select_related("from_account", "to_account")
        .first()
    )


def lots_taken(order: Order, product_id: int) -> Counter[int]:
    """lot id -> how much of this product lies at her place, from this order."""
    moved = Movement.objects.filter(
        reference=order.reference,  # has an index; the beginning of a key has none
        key__startswith=f"order:{order.pk}:",
        lot__product=product_id,
    )
    at_home: Counter[int] = Counter()
    for lot_id, quantity, came_to, came_from in moved.values_list(
        "lot", "quantity", "to_location__kind", "from_location__kind"
    ):
        if came_to == LocationKind.HOUSEHOLDS:
            at_home[lot_id] += quantity
        elif came_from == LocationKind.HOUSEHOLDS:
            at_home[lot_id] -= quantity
    return +at_home


def last_orders(household_id: int, collective_id: int, limit: int = 3) -> list[Order]:
    """What a household took home last, newest first."""
    orders = Order.objects.filter(
        membership__household=household_id,
        membership__collective=collective_id,
        collected_at__isnull=False,
    )
    return list(orders.select_related("cycle").order_by("-collected_at")[:limit])
