"""What is left, sold at the cost price to whoever is there."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.till import goods, money
from croqualim.groupbuy.actions.till.opening import (
    Deed,
    ShopRefused,
    once,
    open_prepared_shop,
    open_shop,
)
from croqualim.groupbuy.models import (
    EventKind,
    FreeSale,
    FreeSaleLine,
    PaymentMethod,
    PaymentPurpose,
    Popup,
)
from croqualim.groupbuy.queries import shelf, takings
from croqualim.groupbuy.rules.till import Part, free_sale_problems
from croqualim.kernel.quantity import in_words


@transaction.atomic
def sell_freely(
    *,
    popup: Popup,
    quantities: Mapping[int, int],
    method: PaymentMethod,
    nonce: str,
    actor: Person,
    now: datetime,
) -> FreeSale:
    """Sell quantities of offers (by id) that nobody who may still come has ordered.

    The nonce is of the form that was filled in: sent twice, it is one sale. Raises ShopRefused
    (PAGE_USED when it was sent with something else before), and ValueError for the prepaid
    method: a free sale is nobody's in particular.
    """
    popup = open_prepared_shop(popup.pk)
    if done := takings.sale_of(nonce):
        return once(done, is_same=_is_same(done, popup, quantities, method))
    left = {row.offer.pk: row for row in shelf.left_to_sell(popup)}
    chosen = {offer_id: quantity for offer_id, quantity in quantities.items() if quantity}
    if problems := free_sale_problems(chosen, shelf.as_left(left.values())):
        raise ShopRefused(problems[0])
    sale = FreeSale.objects.create(popup=popup, amount_cents=0, actor=actor, at=now)
    lines = [_line(sale, left[offer_id], quantity) for offer_id, quantity in chosen.items()]
    FreeSaleLine.objects.bulk_create(lines)
    sale.amount_cents = sum(line.amount_cents for line in lines)
    sale.save(update_fields=["amount_cents"])
    wanted = {line.offer.product_id: line.quantity for line in lines}
    goods.give(_deed(sale, popup, actor, now), wanted, kind="free_sale")
    _take_money(sale, popup, method, nonce, actor, now)
    note(EventKind.FREE_SALE, popup=popup, lines=_said(lines), actor=actor, now=now)
    return sale


@transaction.atomic
def undo_free_sale(*, sale: FreeSale, reason: str, actor: Person, now: datetime) -> None:
    """Goods and money go back. A second time changes nothing. Raises ShopRefused, ValueError."""
    popup = open_shop(sale.popup_id)
    sale = FreeSale.objects.get(pk=sale.pk)
    if sale.undone_at:
        return
    deed = _deed(sale, popup, actor, now, reason)
    goods.take_back(deed)
    for payment in takings.payments_of_sale(sale):
        money.give_back(payment, deed)
    sale.undone_at = now
    sale.save(update_fields=["undone_at"])
    note(EventKind.FREE_SALE_UNDONE, popup=popup, reason=reason, actor=actor, now=now)


def _is_same(
    done: FreeSale, popup: Popup, quantities: Mapping[int, int], method: PaymentMethod
) -> bool:
    sold = dict(FreeSaleLine.objects.filter(sale=done).values_list("offer", "quantity"))
    asked = {offer_id: quantity for offer_id, quantity in quantities.items() if quantity}
    methods = {payment.method for payment in takings.payments_of_sale(done)}
    return (done.popup_id, sold, methods) == (popup.pk, asked, {method})


def _take_money(
    sale: FreeSale, popup: Popup, method: PaymentMethod, nonce: str, actor: Person, now: datetime
) -> None:
    money.take(
        Deed(popup, f"free_sale:{nonce}", _reference(sale), actor, now),
        [Part(PaymentPurpose.FREE_SALE, method, sale.amount_cents)],
        into={PaymentPurpose.FREE_SALE: books.sales(popup.cycle)},
        sale=sale,
    )


def _deed(sale: FreeSale, popup: Popup, actor: Person, now: datetime, reason: str = "") -> Deed:
    return Deed(popup, f"free_sale:{sale.pk}", _reference(sale), actor, now, reason)


def _reference(sale: FreeSale) -> str:
    return f"vente libre {sale.pk}"


def _line(sale: FreeSale, left: shelf.Left, quantity: int) -> FreeSaleLine:
    amount = left.price_cents(quantity)
    return FreeSaleLine(sale=sale, offer=left.offer, quantity=quantity, amount_cents=amount)


def _said(lines: list[FreeSaleLine]) -> list[list[str]]:
    return [
        [line.offer.product.name, "", in_words(line.quantity, line.offer.product.unit)]
        for line in lines
    ]
