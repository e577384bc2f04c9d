"""One order, one reference, one pick-up, however many producers grow what is in it."""

import pytest
from django.urls import reverse

from croqualim.groupbuy.actions.closing import close_cycle
from croqualim.groupbuy.models import Order, PurchaseOrder, PurchaseOrderLine
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db


def test_three_producers_are_one_order_for_who_eats_and_one_each_for_who_grows(client):
    month = open_month(products=3)
    producers = {offer.product.producer for offer in month.offers}
    assert len(producers) == 3

    order = month.order(dict.fromkeys(month.offers, 1000))
    close_cycle(cycle=month.cycle, actor=month.coordinator, now=month.after_closing)

    assert Order.objects.get() == order
    assert order.popup == month.popup
    made = PurchaseOrder.objects.filter(cycle=month.cycle)
    assert {purchase.producer for purchase in made} == producers
    assert PurchaseOrderLine.objects.count() == 3
    client.force_login(order.placed_by)
    said = plain(client.get(reverse("groupbuy:order", args=[order.pk])))
    for offer in month.offers:
        assert offer.product.name in said
    assert order.reference in said
