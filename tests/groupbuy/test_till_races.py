"""Several telephones at one shop: one wins, the others are told."""

from collections import Counter

import pytest

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import till
from croqualim.groupbuy.actions.preparation import send_to_shop
from croqualim.groupbuy.models import FreeSale, Offer, Order, Payment, Popup
from croqualim.stock.models import Movement
from tests.groupbuy.evening import open_evening, ready_to_prepare, wrong_books

pytestmark = pytest.mark.django_db(transaction=True)
PHONES = 4


def outcome(action, *, popup_id, actor_id, **arguments):
    popup = Popup.objects.get(pk=popup_id)
    try:
        action(actor=Person.objects.get(pk=actor_id), now=popup.starts_at, **arguments)
    except till.ShopRefused as refused:
        return refused.problem.reason
    return "done"


def serve(number, order_id, popup_id, actor_id):
    order = Order.objects.get(pk=order_id)
    payments = {"cash" if number % 2 else "card": 900}
    return outcome(
        till.hand_over, popup_id=popup_id, actor_id=actor_id, order=order, payments=payments
    )


def sell(number, offer_id, popup_id, actor_id):
    return outcome(
        till.sell_freely,
        popup_id=popup_id,
        actor_id=actor_id,
        popup=Popup.objects.get(pk=popup_id),
        quantities={Offer.objects.get(pk=offer_id).pk: 500},
        method="cash",
        nonce=f"phone {number}",
    )


def serve_or_close(number, order_ids, popup_id, actor_id):
    """The last one closes the shop while the others serve."""
    if number < len(order_ids):
        return serve(0, order_ids[number], popup_id, actor_id)
    return outcome(
        till.close_shop,
        popup_id=popup_id,
        actor_id=actor_id,
        popup=Popup.objects.get(pk=popup_id),
        lost={},
        reason="",
    )


def send(number, popup_id, actor_id):
    popup = Popup.objects.get(pk=popup_id)
    return outcome(send_to_shop, popup_id=popup_id, actor_id=actor_id, popup=popup)


def told(at_once, function, evening, **arguments):
    return Counter(
        at_once(
            f"tests.groupbuy.test_till_races:{function}",
            PHONES,
            popup_id=evening.month.popup.pk,
            actor_id=evening.volunteer.pk,
            **arguments,
        )
    )


def test_one_order_is_served_once(at_once):
    evening = open_evening()

    done = told(at_once, "serve", evening, order_id=evening.orders[0].pk)

    assert done == {"done": 1, "already served": PHONES - 1}
    assert sum(Payment.objects.values_list("amount_cents", flat=True)) == 900
    assert wrong_books(evening.month.collective) == []


def test_the_last_kilo_is_sold_once(at_once):
    """500 g four times, of the 1 kg that an absent member leaves."""
    evening = open_evening(orders=2)
    left = evening.month.offers[1]
    for order in evening.orders:
        till.mark_absent(order=order, **evening.acting)

    done = told(at_once, "sell", evening, offer_id=left.pk)

    assert done == {"done": 2, "not enough left": PHONES - 2}
    assert FreeSale.objects.count() == 2
    assert wrong_books(evening.month.collective) == []


def test_who_is_served_while_the_shop_closes_is_served_or_absent(at_once):
    evening = open_evening(orders=PHONES - 1)
    till.count_till(popup=evening.popup, counted_cents=0, remark="", **evening.acting)

    told(at_once, "serve_or_close", evening, order_ids=[order.pk for order in evening.orders])

    served = Order.objects.filter(collected_at__isnull=False).count()
    assert sum(Payment.objects.values_list("amount_cents", flat=True)) == 900 * served
    assert evening.popup.closed_at
    assert evening.there() == {}
    assert Order.objects.filter(absent_at__isnull=False).count() == PHONES - 1 - served
    assert wrong_books(evening.month.collective) == []


def test_the_goods_leave_once(at_once):
    evening = ready_to_prepare()

    done = told(at_once, "send", evening)

    assert done == {"done": PHONES}
    assert Movement.objects.filter(kind="preparation").count() == 2
    assert evening.there()[evening.month.offers[0].product_id] == 6000
