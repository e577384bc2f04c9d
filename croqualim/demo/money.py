"""What happens to money in an evening, beside hands and bags: change, accounts, jars, returns."""

from datetime import datetime, timedelta

from croqualim.demo.region import Region
from croqualim.groupbuy.actions import cash, containers, giving_back, refunds
from croqualim.groupbuy.actions import till as shop
from croqualim.groupbuy.models import Fate, Order, PaymentMethod, PayoutMethod, Popup
from croqualim.groupbuy.queries.cash import to_deposit_cents
from croqualim.groupbuy.queries.containers import numbers_out, out_of
from croqualim.groupbuy.queries.payouts import returnable
from croqualim.groupbuy.queries.takings import expected_cash_cents, prepaid_cents

FLOAT_CENTS = 5_000
HOLDS = {"ml": 1_000, "g": 1_000}


def lend_jars(region: Region) -> None:
    """A jar for two products that are poured or weighed."""
    jar = containers.add_container(
        collective=region.collective, name="bocal d’un litre", deposit_cents=50
    )
    poured = [p for p in region.products if p.unit == "ml" and p.step_quantity % 1_000 == 0]
    for product in (poured or region.products)[:2]:
        containers.put_in_container(
            product=product, container=jar, holds_quantity=HOLDS.get(product.unit, 1)
        )


def begin(region: Region, popup: Popup, now: datetime) -> None:
    """Change in the box of the first evening; a household without any leaves 20 € in advance."""
    till = region.till
    if not expected_cash_cents(popup):
        cash.bring_change(
            popup=popup,
            amount_cents=FLOAT_CENTS,
            nonce=f"demo-{popup.pk}",
            actor=till,
            now=now,
        )
    order = Order.objects.filter(popup=popup, cancelled_at=None).order_by("pk").first()
    if order and not prepaid_cents(region.collective, order.membership.household):
        shop.top_up(
            popup=popup,
            household=order.membership.household,
            method=PaymentMethod.CARD,
            amount_cents=2_000,
            nonce=f"demo-{popup.pk}",
            actor=till,
            now=now,
        )


def payments(region: Region, order: Order, due_cents: int, method: str) -> dict[str, int]:
    """What is on her account first, the rest by this method."""
    on_account = prepaid_cents(region.collective, order.membership.household)
    prepaid = min(due_cents, on_account)
    parts = {PaymentMethod.PREPAID.value: prepaid, method: due_cents - prepaid}
    return {how: cents for how, cents in parts.items() if cents}


def end(region: Region, popup: Popup, served: Order, now: datetime) -> None:
    """Something was bad, a jar comes back, somebody wants a little of her money."""
    served.refresh_from_db()
    row = returnable(served)[0]
    refunds.refund(
        asked=refunds.Asked(
            line=row.line,
            quantity=min(row.bought.quantity, row.line.offer.step_quantity),
            fate=Fate.LOST,
            method=PayoutMethod.PREPAID,
            reason="Le sachet était percé.",
            nonce=f"demo-{popup.pk}",
        ),
        popup=popup,
        actor=region.till,
        now=now,
    )
    out = {kind: 1 for kind, n in numbers_out(out_of(region.collective)).items() if n > 1}
    if out:
        containers.take_containers_back(
            popup=popup, back=out, nonce=f"demo-{popup.pk}", actor=region.till, now=now
        )
    on_account = prepaid_cents(region.collective, served.membership.household)
    if amount_cents := min(100, on_account, expected_cash_cents(popup)):
        giving_back.pay_back_prepaid(
            membership=served.membership,
            popup=popup,
            method=PayoutMethod.CASH,
            amount_cents=amount_cents,
            nonce=f"demo-{popup.pk}",
            actor=region.till,
            now=now,
        )


def take_to_bank(region: Region, popup: Popup, now: datetime) -> None:
    """The next morning, with a slip."""
    popup.refresh_from_db()
    if left := to_deposit_cents(popup):
        cash.deposit_cash(
            popup=popup,
            amount_cents=left,
            slip=f"BX-{popup.pk:04}",
            nonce=f"demo-{popup.pk}",
            actor=region.coordinator,
            now=now + timedelta(hours=15),
        )
