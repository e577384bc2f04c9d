"""What only happens between two processes: one lorry noted twice, a shop prepared meanwhile."""

from datetime import timedelta

import pytest

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions.preparation import send_to_shop
from croqualim.groupbuy.actions.reception import receive_delivery
from croqualim.groupbuy.actions.till import ShopRefused
from croqualim.groupbuy.actions.weighing import Reading, weigh
from croqualim.groupbuy.models import Delivery, Event, EventKind, OrderLine, Popup, PurchaseOrder
from croqualim.groupbuy.rules.reception import Received, ReceptionRefused
from croqualim.stock import queries as stock
from tests.groupbuy.evening import wrong_books
from tests.groupbuy.month import NOON, open_month
from tests.groupbuy.test_reception import bought

pytestmark = pytest.mark.django_db(transaction=True)

OVER = NOON + timedelta(days=8)


def receive(purchase_order_id, actor_id, quantity, *, delivery, is_last=True):
    order = PurchaseOrder.objects.get(pk=purchase_order_id)
    return receive_delivery(
        purchase_order=order,
        received={line.pk: [Received(quantity)] for line in order.lines.all()},
        number=delivery,
        is_last=is_last,
        actor=Person.objects.get(pk=actor_id),
        now=OVER,
    )


def note_one_lorry(number, purchase_order_id, actor_id, quantities):
    try:
        receive(purchase_order_id, actor_id, quantities[number], delivery=1)
    except ReceptionRefused as refused:
        return refused.reason.value
    return "noted"


@pytest.mark.parametrize("quantities", [[6_000] * 4, [6_000, 5_000, 6_000, 5_000]])
def test_one_lorry_noted_by_several_counts_once(at_once, quantities):
    month = open_month()
    lines = month.order({month.offers[0]: 10_000}, share_percent=50).lines
    purchase_order = bought(month)

    said = at_once(
        "tests.groupbuy.test_reception_races:note_one_lorry",
        4,
        purchase_order_id=purchase_order.pk,
        actor_id=month.coordinator.pk,
        quantities=quantities,
    )

    delivery = Delivery.objects.get()
    came = delivery.lines.get().quantity
    assert said.count("noted") == quantities.count(came)
    assert said.count("received otherwise") == 4 - quantities.count(came)
    assert sum(stock.quantities_of(month.collective.warehouse).values()) == came
    assert lines.get().quantity == came
    assert Event.objects.filter(kind=EventKind.ORDER_REPRICED).count() == 1
    assert not wrong_books(month.collective)


def receive_prepare_or_weigh(number, purchase_order_id, popup_id, line_id, actor_id):
    """The second lorry, the shop's departure and the scale, at the same moment."""
    actor, popup = Person.objects.get(pk=actor_id), Popup.objects.get(pk=popup_id)
    try:
        if number == 0:
            receive(purchase_order_id, actor_id, 3_000, delivery=2)
        elif number == 1:
            send_to_shop(popup=popup, actor=actor, now=OVER)
        else:
            reading = {line_id: Reading("5,1", 5_100)}
            weigh(popup=popup, readings=reading, actor=actor, now=OVER)
    except (ReceptionRefused, ShopRefused):
        return "refused"
    return "done"


def test_a_lorry_comes_while_the_shop_leaves_and_somebody_weighs(at_once):
    """Whoever is first, what is on the orders is what left, or waits to leave."""
    month = open_month(products=1)
    offer = month.offers[0]
    offer.product.is_weighed = True
    offer.product.save()
    weighed = month.order({offer: 5_000})
    month.order({offer: 5_000})
    purchase_order = bought(month)
    receive(purchase_order.pk, month.coordinator.pk, 6_000, delivery=1, is_last=False)

    said = at_once(
        "tests.groupbuy.test_reception_races:receive_prepare_or_weigh",
        3,
        purchase_order_id=purchase_order.pk,
        popup_id=month.popup.pk,
        line_id=weighed.lines.get().pk,
        actor_id=month.coordinator.pk,
    )

    assert said[0] == said[2] == "done"
    month.popup.refresh_from_db()
    if not month.popup.prepared_at:
        send_to_shop(popup=month.popup, actor=month.coordinator, now=OVER)
    wanted = sum(OrderLine.objects.values_list("quantity", flat=True))
    there = stock.quantities_of(month.popup.location)[offer.product_id]
    assert abs(there - wanted) <= 100  # weighed at the till: its hundred grams are found there
    assert wanted <= 9_100
    assert not wrong_books(month.collective)
