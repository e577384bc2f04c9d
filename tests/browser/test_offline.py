"""On the bus the network goes: what was pressed has not left, and one is told."""

import pytest
from django.urls import reverse
from django.utils.timezone import now

from tests.groupbuy.month import open_month

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_press_without_network_is_said_and_can_be_made_again(phone, live_server, sign_in):
    month = open_month(now=now())
    person, _ = month.member()
    sign_in(person)
    phone.goto(live_server.url + reverse("groupbuy:choose", args=[month.popup.pk]))
    plus = phone.get_by_role("button", name="Plus de").first

    phone.context.set_offline(True)
    plus.click()
    phone.wait_for_selector("#offline:visible")
    phone.context.set_offline(False)
    plus.click()

    phone.wait_for_selector("#bar:has-text('1 produit')")
    assert phone.locator("#offline").is_hidden()
