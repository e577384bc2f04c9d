"""A member telephones: her order is written for her, read back with what she pays, confirmed."""

import pytest
from django.urls import reverse
from django.utils.timezone import now

from croqualim.groupbuy.actions import collectives, joining
from croqualim.groupbuy.models import Cycle, Order
from tests.factories import PersonFactory, RoleFactory
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month(now=now())


@pytest.fixture
def desk(client, month):
    client.force_login(month.coordinator)
    return client


def page(name, *args):
    return reverse(f"groupbuy:{name}", args=args)


def take(month, membership):
    return page("take_order", membership.pk, month.popup.pk)


def asked(month, *quantities):
    return {
        f"quantity-{offer.pk}": quantity
        for offer, quantity in zip(month.offers, quantities, strict=False)
    }


def held(order):
    return dict(order.lines.values_list("offer", "quantity"))


def test_an_order_is_written_read_back_and_confirmed(desk, month):
    _, membership = month.member(share_percent=50)
    quantities = asked(month, "1,5 kg")
    assert take(month, membership) in desk.get(page("member", membership.pk)).text

    read_back = desk.post(take(month, membership), quantities)
    assert "1,5 kg" in plain(read_back)
    assert "À payer à l’épicerie : 2,40 €" in plain(read_back)
    assert not Order.objects.exists()

    response = desk.post(take(month, membership), {**quantities, "confirmer": "1"})
    order = Order.objects.get()
    assert response.url == page("order_history", order.pk)
    assert (order.placed_by, order.due_cents) == (month.coordinator, 240)
    assert held(order) == {month.offers[0].pk: 1500}


def test_what_she_has_is_shown_and_one_kilo_more_keeps_the_reference(desk, month):
    order = month.order({month.offers[0]: 500, month.offers[1]: 1000})
    url = take(month, order.membership)
    assert url in desk.get(page("order_history", order.pk)).text
    shown = desk.get(url).context["form"]
    sent = {field.html_name: field.value() for field in shown}

    desk.post(url, {**sent, **asked(month, "1,5 kg"), "confirmer": "1"})

    assert held(order) == {month.offers[0].pk: 1500, month.offers[1].pk: 1000}
    assert Order.objects.get().reference == order.reference


def test_what_was_read_back_can_be_corrected(desk, month):
    _, membership = month.member()

    html = desk.post(take(month, membership), {**asked(month, "1,5 kg"), "corriger": "1"}).text

    assert 'value="1,5 kg"' in html
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [("beaucoup", "Écrivez une quantité"), ("0,3 kg", "Se commande par"), ("", "au moins un")],
)
def test_what_cannot_be_is_said_before_it_is_read_back(desk, month, quantity, sentence):
    _, membership = month.member()

    html = desk.post(take(month, membership), asked(month, quantity)).text

    assert sentence in html
    assert f'value="{quantity}"' in html or not quantity


def test_nothing_is_oversold_by_telephone(desk, month):
    _, membership = month.member()
    month.offers[0].limit_quantity = 1000
    month.offers[0].save()

    html = desk.post(take(month, membership), asked(month, "1,5 kg") | {"confirmer": "1"}).text

    assert "Il n’en reste que" in html
    assert not Order.objects.exists()


def test_no_page_tells_a_share_a_cost_or_a_price(desk, month):
    order = month.order({month.offers[0]: 1500}, share_percent=50)
    url = take(month, order.membership)
    history = desk.get(page("order_history", order.pk))

    assert "À payer à l’épicerie : 2,40 €" in plain(history)
    for response in (history, desk.get(url), desk.post(url, asked(month, "1,5 kg"))):
        for secret in ("50 %", "50\u00a0%", "4,80", "3,20", "1,60"):
            assert secret not in response.text


def test_once_closed_nothing_is_written_for_her(desk, month):
    order = month.order({month.offers[0]: 500})
    Cycle.objects.update(closes_at=now())

    url = take(month, order.membership)
    response = desk.post(url, {**asked(month, "1,5 kg"), "confirmer": "1"})

    assert response.url == page("member", order.membership_id)
    assert held(order) == {month.offers[0].pk: 500}
    assert url not in desk.get(page("order_history", order.pk)).text
    assert url not in desk.get(page("member", order.membership_id)).text


def test_it_is_for_the_shop_of_her_group_and_while_she_is_a_member(desk, month):
    _, membership = month.member()
    other = collectives.add_group(
        collective=month.collective, name="Monclar", commune=month.group.commune, place="X"
    )
    elsewhere = joining.join_group(group=other, household=PersonFactory().household, now=month.now)
    joining.leave_group(membership=membership, now=month.now)

    assert desk.get(take(month, elsewhere)).status_code == 404
    assert desk.get(take(month, membership)).status_code == 404


@pytest.mark.parametrize("who", ["member", "other coordinator", "till"])
def test_nobody_else_orders_for_her(client, month, who):
    person, membership = month.member()
    somebody = {
        "member": lambda: person,
        "other coordinator": lambda: RoleFactory().person,
        "till": lambda: RoleFactory(structure=month.collective.structure, kind="till").person,
    }[who]()
    client.force_login(somebody)

    assert client.get(take(month, membership)).status_code == 404
    assert client.post(take(month, membership), asked(month, "1 kg")).status_code == 404


@pytest.mark.parametrize("products", [3, 100])
def test_the_page_costs_the_same_for_any_number(client, products, django_assert_num_queries):
    month = open_month(now=now(), products=products)
    _, membership = month.member()
    client.force_login(month.coordinator)

    with django_assert_num_queries(7):
        client.get(take(month, membership))
