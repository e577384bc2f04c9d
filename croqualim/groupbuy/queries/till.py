"""What the till looks at: who is expected, what is due, what is left, what the box should hold.

Nothing here tells a share or a cost.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet, Sum

from croqualim.accounts.models import Household, Person
from croqualim.catalogue.models import Product
from croqualim.groupbuy.models import (
    Collective,
    Event,
    EventKind,
    FreeSale,
    Membership,
    MembershipYear,
    Offer,
    Order,
    OrderLine,
    Payment,
    PaymentMethod,
    PaymentPurpose,
    Popup,
    TillCount,
)
from croqualim.groupbuy.rules.till import LeftToSell, State, free_to_sell, is_found, state_of
from croqualim.ledger.models import Account, AccountKind
from croqualim.stock.models import Movement
from croqualim.stock.queries import quantities_of


@dataclass(frozen=True)
class Row:
    """One order in the till's list."""

    order_id: int
    reference: str
    number: int
    names: tuple[str, ...]
    state: State
    at: datetime | None  # when it came to be in that state

    @property
    def name(self) -> str:
        return ", ".join(self.names)


@dataclass(frozen=True)
class Due:
    """What is to be paid when the order is handed over, in cents."""

    order_cents: int
    fee_cents: int
    year: MembershipYear | None  # the one that the fee is for

    @property
    def total_cents(self) -> int:
        return self.order_cents + self.fee_cents


@dataclass(frozen=True)
class Left:
    """A product that may be sold freely, and how much of it."""

    offer: Offer
    quantity: int


def live_orders(popup: Popup) -> QuerySet[Order]:
    return Order.objects.filter(popup=popup, cancelled_at=None)


def waited_for(popup: Popup) -> QuerySet[Order]:
    """Neither served nor absent."""
    return live_orders(popup).filter(collected_at=None, absent_at=None)


def with_people(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Each with its household's people, in one more query."""
    people = Person.objects.filter(is_active=True).order_by("pk")
    return orders.select_related("membership__household").prefetch_related(
        Prefetch("membership__household__people", queryset=people, to_attr="here")
    )


def names_of(membership: Membership) -> tuple[str, ...]:
    """Of a membership read by `with_people`; a household that nobody is left of has its number."""
    people: Iterable[Person] = membership.household.here  # type: ignore[attr-defined]
    return tuple(str(person) for person in people) or (f"n°\u00a0{membership.number}",)


def rows(popup: Popup) -> list[Row]:
    """Everybody who ordered here, by name."""
    found = [_row(order) for order in with_people(live_orders(popup))]
    return sorted(found, key=lambda row: (row.name, row.reference))


def rows_said(found: Iterable[Row], query: str) -> list[Row]:
    """Those whom somebody may mean who says this."""
    return [
        row
        for row in found
        if is_found(query, reference=row.reference, number=row.number, names=row.names)
    ]


def _row(order: Order) -> Row:
    return Row(
        order_id=order.pk,
        reference=order.reference,
        number=order.membership.number,
        names=names_of(order.membership),
        state=state(order),
        at=order.collected_at or order.absent_at or order.checked_in_at,
    )


def state(order: Order) -> State:
    return state_of(
        checked_in_at=order.checked_in_at,
        collected_at=order.collected_at,
        absent_at=order.absent_at,
    )


def due_at_till(order: Order, on: date) -> Due:
    """The order, and the membership year that runs that day when it is not paid."""
    year = (
        MembershipYear.objects.filter(
            membership=order.membership_id, paid_at=None, starts_on__lte=on, ends_on__gt=on
        )
        .order_by("starts_on")
        .first()
    )
    return Due(order.due_cents, year.fee_cents if year else 0, year)


def last_event(order: Order, kind: EventKind) -> Event | None:
    return Event.objects.filter(order=order, kind=kind).select_related("actor").last()


def times(kind: EventKind, *, popup: Popup, order: Order | None = None) -> int:
    """How often this happened: what is done, undone and done again needs a key for each time."""
    return Event.objects.filter(popup=popup, order=order, kind=kind).count()


def wanted_of(order: Order) -> dict[int, int]:
    """product id -> what she takes away."""
    lines = OrderLine.objects.filter(order=order, quantity__gt=0)
    return dict(lines.values_list("offer__product", "quantity"))


def movements_under(key: str) -> list[Movement]:
    """What was moved as one thing, with all that sending it back needs."""
    moved = Movement.objects.filter(key=key).order_by("line")
    return list(moved.select_related("lot", "from_location", "to_location"))


def prepaid_cents(collective: Collective, household: Household) -> int:
    """What the household may still spend; opens no account."""
    account = Account.objects.filter(
        keeper=collective.structure_id, kind=AccountKind.PREPAID, household=household
    ).first()
    return account.balance_cents - account.reserved_cents if account else 0


def still_due(popup: Popup) -> dict[int, int]:
    """product id -> what people who may still come have ordered."""
    lines = OrderLine.objects.filter(order__in=waited_for(popup))
    return dict(lines.values_list("offer__product").annotate(due=Sum("quantity")).order_by())


def left_to_sell(popup: Popup) -> list[Left]:
    """What nobody who may still come has ordered, by family and name."""
    free = free_to_sell(quantities_of(popup.location), still_due(popup))
    offers = Offer.objects.filter(cycle=popup.cycle_id, product__in=free).select_related("product")
    return [Left(offer, free[offer.product_id]) for offer in offers]


def on_shelf(popup: Popup) -> list[Left]:
    """What lies in the shop, whoever it is for."""
    there = quantities_of(popup.location)
    offers = Offer.objects.filter(cycle=popup.cycle_id, product__in=there).select_related("product")
    return [Left(offer, there[offer.product_id]) for offer in offers if there[offer.product_id]]


def as_left(rows: Iterable[Left]) -> dict[int, LeftToSell]:
    """The same by offer, as the rules see it."""
    return {row.offer.pk: LeftToSell(row.quantity, row.offer.step_quantity) for row in rows}


def gone_meanwhile(popup: Popup, order: Order) -> dict[Product, int]:
    """What an absent member's order lacks on the shelf, others' orders set aside."""
    free = free_to_sell(quantities_of(popup.location), still_due(popup))
    gone = {
        product_id: wanted - free.get(product_id, 0)
        for product_id, wanted in wanted_of(order).items()
        if wanted > free.get(product_id, 0)
    }
    return {product: gone[product.pk] for product in Product.objects.filter(pk__in=gone)}


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


def was_paid(key: str) -> bool:
    """Whether the money of this key has been taken, undone since or not."""
    return Payment.objects.filter(transfer__key=key).exists()


def sale_of(key: str) -> FreeSale | None:
    """The free sale whose money was taken under this key."""
    return FreeSale.objects.filter(payments__transfer__key=key).first()


def taken_by_method(popup: Popup) -> dict[str, int]:
    """method -> cents taken this evening and not given back."""
    payments = Payment.objects.filter(popup=popup, undone_at=None).values_list("method")
    return dict(payments.annotate(taken=Sum("amount_cents")).order_by("method"))


def expected_cash_cents(popup: Popup) -> int:
    return taken_by_method(popup).get(PaymentMethod.CASH, 0)


def last_count(popup: Popup) -> TillCount | None:
    return TillCount.objects.filter(popup=popup).order_by("pk").last()


def free_sales(popup: Popup) -> QuerySet[FreeSale]:
    return (
        FreeSale.objects.filter(popup=popup)
        .select_related("actor")
        .prefetch_related("lines__offer__product", "payments")
        .order_by("-at")
    )


def get_free_sale(popup: Popup, sale_id: int) -> FreeSale | None:
    return free_sales(popup).filter(pk=sale_id).first()


def top_ups(popup: Popup) -> QuerySet[Payment]:
    return (
        Payment.objects.filter(popup=popup, purpose=PaymentPurpose.TOP_UP)
        .select_related("transfer__to_account__household", "actor")
        .order_by("-at")
    )


def members_said(popup: Popup, query: str, limit: int = 20) -> list[Membership]:
    """Members of the shop's group whom somebody may mean who says this."""
    people = Person.objects.filter(is_active=True).order_by("pk")
    members = (
        Membership.objects.filter(group=popup.group_id, left_at=None)
        .filter(Q(household__people__is_active=True))
        .distinct()
        .select_related("household")
        .prefetch_related(Prefetch("household__people", queryset=people, to_attr="here"))
    )
    found = (
        member
        for member in members
        if is_found(query, reference="", number=member.number, names=names_of(member))
    )
    return [member for member, _turn in zip(found, range(limit), strict=False)]
