"""A shop whose goods have arrived, for tests: one evening from the real actions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import closing, preparation, reception, till
from croqualim.groupbuy.models import Collective, Order, Popup, PurchaseOrder
from croqualim.groupbuy.queries.due import due_of
from croqualim.groupbuy.rules.reception import Received
from croqualim.kernel.quantity import price_of
from croqualim.ledger import queries as ledger
from croqualim.ledger.models import Account, AccountKind
from croqualim.network.models import RoleKind
from croqualim.stock import queries as stock
from croqualim.stock.models import Level
from croqualim.stock.queries import quantities_of
from tests.factories import RoleFactory
from tests.groupbuy.month import Month, open_month


@dataclass
class Evening:
    month: Month
    volunteer: Person  # at the till
    orders: list[Order]

    @property
    def popup(self) -> Popup:
        return Popup.objects.select_related(
            "cycle__collective__structure", "location", "group"
        ).get(pk=self.month.popup.pk)

    @property
    def now(self) -> datetime:
        return self.month.popup.starts_at + timedelta(minutes=12)

    @property
    def acting(self) -> dict:
        """Who does it and when, for any action."""
        return {"actor": self.volunteer, "now": self.now}

    def due(self, order: Order) -> int:
        return due_of(order, self.now.date()).total_cents

    def pay(self, order: Order, method: str = "cash") -> None:
        """She takes her order and pays what is due."""
        due = self.due(order)
        till.hand_over(order=order, payments={method: due} if due else {}, **self.acting)

    def there(self) -> dict[int, int]:
        """product id -> what lies in the shop."""
        return quantities_of(self.popup.location)

    def balance(self, kind: AccountKind) -> int:
        accounts = Account.objects.filter(keeper=self.month.collective.structure, kind=kind)
        return sum(accounts.values_list("balance_cents", flat=True))


def wrong_books(collective: Collective) -> list[str]:
    """What does not add up: balances, levels, and the book of goods beside the goods."""
    found = [str(d) for d in (*ledger.discrepancies(), *stock.discrepancies())]
    levels = Level.objects.filter(location__keeper=collective.structure, has_floor=True)
    by_lot = levels.values_list("lot", "lot__price_cents", "lot__priced_quantity").annotate(
        there=Sum("quantity")
    )
    worth = sum(price_of(there, cents, per) for _lot, cents, per, there in by_lot.order_by("lot"))
    goods = Account.objects.get(keeper=collective.structure, kind=AccountKind.GOODS)
    if goods.balance_cents != -worth:
        found.append(f"goods worth {worth}, booked {-goods.balance_cents}")
    return found


def receive_all(month: Month, *, lacking: dict[int, int] | None = None) -> None:
    """Close the cycle and receive what was bought; `lacking`: product id -> what did not come."""
    acting = {"actor": month.coordinator, "now": month.after_closing}
    closing.close_cycle(cycle=month.cycle, **acting)
    for purchase_order in PurchaseOrder.objects.filter(cycle=month.cycle):
        received = {
            line.pk: [
                Received(line.quantity - (lacking or {}).get(line.offer.product_id, 0), "L1", None)
            ]
            for line in purchase_order.lines.select_related("offer")
        }
        reception.receive_delivery(
            purchase_order=purchase_order, received=received, number=1, **acting
        )
    month.cycle.refresh_from_db()


def ready_to_prepare(*, orders: int = 3, share_percent: int = 100, **month: int) -> Evening:
    """Everybody ordered 2 kg of the first product and 500 g of the others; all of it came."""
    made = open_month(**month)
    lentils, *others = made.offers
    basket = {lentils: 2000, **dict.fromkeys(others, 500)}
    placed = [made.order(basket, share_percent=share_percent) for _ in range(orders)]
    receive_all(made)
    volunteer = RoleFactory(
        structure=made.collective.structure, kind=RoleKind.TILL, person__given_name="Karim"
    ).person
    return Evening(made, volunteer, placed)


def open_evening(*, orders: int = 3, share_percent: int = 100, **month: int) -> Evening:
    """`ready_to_prepare`, and the goods are in the shop."""
    evening = ready_to_prepare(orders=orders, share_percent=share_percent, **month)
    preparation.send_to_shop(
        popup=evening.month.popup, actor=evening.month.coordinator, now=evening.now
    )
    return evening
