"""Promises about what is sold by its real weight: the amount follows the scale, with its trail."""

import pytest
from django.urls import reverse

from croqualim.groupbuy.actions import closing, preparation, reception, till
from croqualim.groupbuy.actions.reception import receive_delivery, undo_reception
from croqualim.groupbuy.actions.weighing import Reading, weigh
from croqualim.groupbuy.models import Event, EventKind, OrderLine, PurchaseOrder, Weighing
from croqualim.groupbuy.queries.balance import balance_of
from croqualim.groupbuy.queries.due import due_of
from croqualim.groupbuy.rules.reception import Received
from croqualim.ledger.models import Reservation
from croqualim.network.models import RoleKind
from croqualim.stock.queries import quantities_of
from tests.factories import RoleFactory
from tests.groupbuy.evening import wrong_books
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    """Cheeses of about 800 g at 20 € the kilo, by ten; and lentils, which nobody weighs."""
    month = open_month(products=1)
    month.offer(
        name="Tomme de brebis",
        unit="g",
        step_quantity=800,
        packaging_quantity=8_000,
        price_cents=2000,
        priced_quantity=1000,
        is_weighed=True,
    )
    return month


@pytest.fixture
def tomme(month):
    return month.offers[1]


@pytest.fixture
def orders(month, tomme):
    """One, two and two cheeses: about 4 kg."""
    asked = ((1, 100), (2, 50), (2, 100))
    return [month.order({tomme: n * 800}, share_percent=share) for n, share in asked]


def received(month, quantity=8_000):
    """Close, and receive ten cheeses."""
    acting = {"actor": month.coordinator, "now": month.after_closing}
    closing.close_cycle(cycle=month.cycle, **acting)
    for purchase_order in PurchaseOrder.objects.all():
        receive_delivery(
            purchase_order=purchase_order,
            received={line.pk: [Received(quantity)] for line in purchase_order.lines.all()},
            number=1,
            **acting,
        )


def put_on_scale(month, readings):
    """{order: grams}"""
    return weigh(
        popup=month.popup,
        readings={o.lines.get().pk: Reading(f"{g} g", g) for o, g in readings.items()},
        actor=month.coordinator,
        now=month.after_closing,
    )


def send(month):
    preparation.send_to_shop(popup=month.popup, actor=month.coordinator, now=month.after_closing)


def serve(month, order):
    order.refresh_from_db()
    due = due_of(order, month.popup.starts_at.date()).total_cents
    till.hand_over(
        order=order, payments={"cash": due}, actor=month.coordinator, now=month.popup.starts_at
    )


def test_the_amount_follows_the_scale(month, orders):
    received(month)

    assert put_on_scale(month, {orders[0]: 812, orders[1]: 1_655}) == 2

    for order, due in zip(orders[:2], (1624, 1655), strict=True):  # the second pays half
        order.refresh_from_db()
        assert order.due_cents == due
    held = Reservation.objects.get(key=f"order:{orders[1].pk}:subsidy")
    assert held.amount_cents == 3310 - 1655


def test_it_leaves_its_trail(month, orders, tomme):
    received(month)

    put_on_scale(month, {orders[0]: 812})
    put_on_scale(month, {orders[0]: 798})

    weighings = Weighing.objects.filter(line__order=orders[0])
    assert [(w.reading, w.quantity) for w in weighings] == [("812 g", 812), ("798 g", 798)]
    events = Event.objects.filter(order=orders[0], kind=EventKind.WEIGHED)
    assert [event.details["lines"] for event in events] == [
        [["Tomme de brebis", "800\u00a0g", "812\u00a0g"]],
        [["Tomme de brebis", "812\u00a0g", "798\u00a0g"]],
    ]
    assert "la balance" in events[0].reason
    assert orders[0].lines.get().asked_quantity == 800


def test_the_same_reading_twice_is_noted_once(month, orders):
    received(month)

    assert put_on_scale(month, {orders[0]: 812}) == 1
    assert put_on_scale(month, {orders[0]: 812}) == 0


def test_who_is_served_is_weighed_no_more(month, orders):
    received(month)
    send(month)
    serve(month, orders[0])

    assert put_on_scale(month, {orders[0]: 900}) == 0
    assert not Weighing.objects.exists()


def test_what_nobody_weighs_is_not_weighed(month):
    order = month.order({month.offers[0]: 500})
    received(month)

    assert put_on_scale(month, {order: 490}) == 0


def test_what_is_left_over_stays_in_the_warehouse(month, orders, tomme):
    received(month)
    put_on_scale(month, dict(zip(orders, (780, 1_590, 1_600), strict=True)))

    send(month)

    assert quantities_of(month.popup.location) == {tomme.product_id: 3_970}
    assert quantities_of(month.collective.warehouse) == {tomme.product_id: 4_030}


def test_scales_that_differ_keep_nobody_from_her_cheese(month, tomme):
    """Ten cheeses weighed 8 kg on the lorry, and 8,05 one by one."""
    orders = [month.order({tomme: 800}) for _ in range(10)]
    received(month)
    put_on_scale(month, dict.fromkeys(orders, 805))

    send(month)

    assert quantities_of(month.popup.location) == {tomme.product_id: 8_050}
    assert not wrong_books(month.collective)
    found = balance_of(month.cycle).losses
    assert [(loss.reason, loss.cents) for loss in found] == [("Écart entre deux balances", -100)]


def test_goods_that_are_missing_are_not_made_by_a_scale(month, tomme):
    orders = [month.order({tomme: 800}) for _ in range(10)]
    received(month)
    put_on_scale(month, dict.fromkeys(orders, 1_200))

    with pytest.raises(till.ShopRefused):
        send(month)


def test_weighed_at_the_till_she_pays_and_takes_what_it_weighs(month, orders):
    received(month)
    send(month)
    put_on_scale(month, dict(zip(orders, (850, 1_700, 1_700), strict=True)))

    for order in orders:
        serve(month, order)

    assert not wrong_books(month.collective)
    assert quantities_of(month.popup.location) == {}


def test_a_short_delivery_takes_nothing_from_who_has_been_weighed(month, orders, tomme):
    received(month)
    put_on_scale(month, {orders[0]: 812})
    purchase_order = PurchaseOrder.objects.get()
    undo_reception(
        delivery=purchase_order.deliveries.get(),
        reason="Trois sont restés chez elle",
        actor=month.coordinator,
        now=month.after_closing,
    )

    reception.receive_delivery(
        purchase_order=purchase_order,
        received={purchase_order.lines.get().pk: [Received(2_420)]},
        number=2,
        actor=month.coordinator,
        now=month.after_closing,
    )

    weights = {line.order: line.quantity for line in OrderLine.objects.all()}
    assert [weights[order] for order in orders] == [812, 800, 800]
    assert not wrong_books(month.collective)


class TestPages:
    @pytest.fixture
    def here(self, client, month):
        role = RoleFactory(structure=month.collective.structure, kind=RoleKind.VOLUNTEER)
        client.force_login(role.person)
        return client

    def address(self, month, tomme):
        return reverse("groupbuy:weigh_product", args=[month.popup.pk, tomme.product_id])

    def field(self, order):
        return f"poids-{order.lines.get().pk}"

    def test_one_field_an_order_says_how_much_to_put_on_the_scale(self, month, orders, tomme, here):
        received(month)

        said = plain(here.get(self.address(month, tomme)))

        assert "Environ 800 g" in said
        assert "Environ 2 × 800 g" in said
        assert "3 commandes à peser" in said

    def test_what_is_typed_is_noted_and_the_next_one_waits(self, month, orders, tomme, here):
        received(month)

        answer = here.post(
            self.address(month, tomme), {self.field(orders[0]): "0,812"}, follow=True
        )

        assert "1 poids noté." in plain(answer)
        assert "2 commandes à peser" in plain(answer)
        assert answer.content.decode().count("autofocus") == 1
        assert orders[0].lines.get().quantity == 812

    def test_what_is_far_is_asked_twice_and_kept(self, month, orders, tomme, here):
        received(month)
        typed = {self.field(orders[0]): "8120", self.field(orders[1]): "1,6"}

        answer = here.post(self.address(month, tomme), typed)

        assert "8,12 kg, c’est loin de 800 g" in plain(answer)
        assert 'value="1,6"' in answer.content.decode()
        assert not Weighing.objects.exists()

        sure = {f"sur-{orders[0].lines.get().pk}": "on"}
        here.post(self.address(month, tomme), {**typed, **sure})
        assert orders[0].lines.get().quantity == 8_120

    @pytest.mark.parametrize("wrong", ["lourd", "-3", "0", "9" * 39, "812 l", "2 t 3"])
    def test_what_is_no_weight_is_said_beside_it(self, month, orders, tomme, here, wrong):
        received(month)

        answer = here.post(self.address(month, tomme), {self.field(orders[0]): wrong})

        assert answer.status_code == 200
        assert f'value="{wrong}"' in answer.content.decode()
        assert not Weighing.objects.exists()

    def test_the_preparation_leads_there(self, month, orders, tomme, here):
        received(month)

        said = plain(here.get(reverse("groupbuy:preparation", args=[month.popup.pk])))

        assert "Tomme de brebis : 3 à peser" in said

    def test_the_till_weighs_before_it_takes_the_money(self, month, orders, tomme, client):
        received(month)
        send(month)
        client.force_login(month.coordinator)
        ids = [month.popup.pk, orders[0].pk]

        assert "Peser avant de payer" in plain(client.get(reverse("groupbuy:till_order", args=ids)))
        answer = client.post(
            reverse("groupbuy:weigh_order", args=ids), {self.field(orders[0]): "850"}, follow=True
        )

        assert "18,00" in plain(answer)  # 17 € and her membership's year

    def test_a_hundred_orders_cost_no_more_queries_than_three(
        self, month, tomme, here, django_assert_max_num_queries
    ):
        for _ in range(30):
            month.order({tomme: 800})
        received(month, 24_000)

        with django_assert_max_num_queries(14):
            here.get(self.address(month, tomme))

    def test_members_read_it_before_they_order(self, month, tomme, client):
        person, _membership = month.member()
        client.force_login(person)

        said = plain(client.get(reverse("groupbuy:choose", args=[month.popup.pk])))

        assert "par environ 800 g, le prix suit le poids" in said
