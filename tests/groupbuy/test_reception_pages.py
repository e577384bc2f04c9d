"""Promises in front of the lorry: what people type is kept, and read back before it counts."""

import pytest
from django.urls import reverse

from croqualim.groupbuy.actions.closing import close_cycle
from croqualim.groupbuy.actions.preparation import send_to_shop
from croqualim.groupbuy.models import Delivery, DeliveryLine, Event, EventKind, PurchaseOrder
from croqualim.stock.models import Lot
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month()


@pytest.fixture
def lentils(month):
    return month.offers[0]


@pytest.fixture
def order(month, lentils):
    """100 kg for twelve orders."""
    for _ in range(12):
        month.order({lentils: 8_000})
    close_cycle(cycle=month.cycle, actor=month.coordinator, now=month.after_closing)
    return PurchaseOrder.objects.get()


@pytest.fixture
def here(client, month):
    client.force_login(month.coordinator)
    return client


def address(order):
    return reverse("groupbuy:receive", args=[order.pk])


def typed(order, quantity, lot="", until="", **press):
    """What the browser sends; one line is enough for most."""
    line = order.lines.get()
    return {
        f"quantity-{line.pk}": quantity,
        f"lot-{line.pk}": lot,
        f"until-{line.pk}": until,
        **press,
    }


class TestReceiving:
    def test_the_form_names_the_lot_and_says_what_is_expected(self, order, here):
        said = here.get(address(order)).content.decode()

        assert f'value="{order.number}-1"' in said
        assert "Commandé : 4\u00a0sacs de 25\u00a0kg = 100\u00a0kg." in said

    def test_what_it_changes_is_said_before_anything_is_written(self, order, here):
        said = plain(here.post(address(order), typed(order, "80")))

        assert "80 kg au lieu de 100 kg : 12 commandes ajustées" in said
        assert "au prorata, par pas de 500 g" in said
        assert "256,00 €" in said
        assert not DeliveryLine.objects.exists()

    def test_then_it_is_noted(self, order, here):
        answer = here.post(
            address(order),
            typed(order, "80 kg", lot="L-5", until="2027-01-31", confirm="1"),
            follow=True,
        )

        assert "12 commandes sont ajustées, leurs foyers sont prévenus." in plain(answer)
        assert DeliveryLine.objects.get().quantity == 80_000
        assert Lot.objects.get().code == "L-5"

    def test_a_double_press_notes_it_once(self, order, here):
        for _press in range(2):
            answer = here.post(address(order), typed(order, "80 kg", number="1", confirm="1"))
            assert answer.status_code == 302

        assert DeliveryLine.objects.count() == 1
        assert Event.objects.filter(kind=EventKind.DELIVERY_RECEIVED).count() == 1

    def test_all_came_as_ordered_in_one_tap_whatever_was_typed(self, order, here):
        said = plain(here.post(address(order), typed(order, "", lot="L-5", as_ordered="1")))

        assert "100 kg, comme commandé" in said
        assert not DeliveryLine.objects.exists()

    def test_the_check_page_carries_what_was_typed(self, order, here):
        said = here.post(address(order), typed(order, "3 sacs", lot="L-5")).content.decode()

        line = order.lines.get()
        assert f'type="hidden" name="quantity-{line.pk}" value="3 sacs"' in said
        assert f'type="hidden" name="lot-{line.pk}" value="L-5"' in said

    def test_it_can_be_corrected_with_nothing_lost(self, order, here):
        said = here.post(address(order), typed(order, "3 sacs", lot="L-5", correct="1"))

        assert 'value="3 sacs"' in said.content.decode()
        assert "Qu’est-ce qui est arrivé" in plain(said)

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ("", "Écrivez ce qui est venu, ou 0 si rien n’est venu."),
            ("beaucoup", "Écrivez ce qui est venu : « 75 kg », « 3 sacs »."),
            ("-3", "Écrivez ce qui est venu"),
            ("3 litres", "Écrivez ce qui est venu"),
            ("9999999 t", "C’est plus qu’un camion n’en porte"),
        ],
    )
    @pytest.mark.parametrize("press", [{}, {"confirm": "1"}])
    def test_what_is_not_understood_is_said_beside_it_and_kept(
        self, order, here, wrong, sentence, press
    ):
        answer = here.post(address(order), typed(order, wrong, lot="L-5", **press))

        assert sentence in plain(answer)
        assert 'value="L-5"' in answer.content.decode()
        assert f'value="{wrong}"' in answer.content.decode() or not wrong
        assert not DeliveryLine.objects.exists()

    def test_a_date_that_is_none_is_said_beside_it(self, order, here):
        answer = here.post(address(order), typed(order, "80", until="demain"))

        assert "Écrivez une date, par exemple 31/12/2026." in plain(answer)

    def test_a_date_that_is_past_is_noticed(self, order, here):
        said = plain(here.post(address(order), typed(order, "80", until="2020-01-01")))

        assert "la date que vous avez écrite est passée" in said

    def test_more_than_ordered_says_where_it_goes(self, order, here):
        said = plain(here.post(address(order), typed(order, "105")))

        assert "105 kg au lieu de 100 kg : toutes les commandes sont servies" in said
        assert "9 kg de plus au dépôt" in said

    def test_nothing_came_is_said_plainly(self, order, here):
        said = plain(here.post(address(order), typed(order, "0")))

        assert "Rien au lieu de 100 kg : 12 commandes ne l’auront pas" in said
        assert "au prorata, par pas" not in said

    def test_what_is_wrong_of_a_damaged_lot_is_named_and_its_drawer_open(self, order, here):
        line = order.lines.get()
        damaged = {f"damaged-{line.pk}": "500 kg"}
        answer = here.post(address(order), typed(order, "80", **damaged))

        summary, card = answer.content.decode().split("error-summary")[1].split("<form", 1)
        assert line.offer.product.name in summary
        assert "C’est plus que ce qui est venu." in summary
        assert "card has-error" in card
        assert "<details open>" in card

    def test_the_first_press_offered_for_part_of_it_cuts_no_order(self, order, here):
        said = here.post(address(order), typed(order, "80")).content.decode()

        assert said.index('value="more"') < said.index('value="last"')

    def test_something_else_noted_meanwhile_is_said_and_nothing_typed_is_lost(self, order, here):
        here.post(address(order), typed(order, "80", number="1", confirm="1"))

        answer = here.post(address(order), typed(order, "90 kg", number="1", confirm="1"))

        assert "Quelqu’un a noté une livraison de ce bon entre-temps." in plain(answer)
        assert 'value="90 kg"' in answer.content.decode()
        assert 'name="number" value="2"' in answer.content.decode()
        assert Delivery.objects.count() == 1


class TestUndoing:
    def undo(self, here, order, reason="Erreur de pesée"):
        return here.post(
            reverse("groupbuy:undo_reception", args=[order.pk]),
            {"reason": reason, "number": "1"},
            follow=True,
        )

    def test_it_asks_why(self, order, here):
        here.post(address(order), typed(order, "80", confirm="1"))

        assert "Dites en quelques mots pourquoi." in plain(self.undo(here, order, "  "))
        assert Delivery.objects.get().undone_at is None

    def test_a_double_press_undoes_once(self, order, here):
        here.post(address(order), typed(order, "80", confirm="1"))

        for _press in range(2):
            self.undo(here, order)

        assert Event.objects.filter(kind=EventKind.DELIVERY_UNDONE).count() == 1

    def test_the_order_can_be_received_again(self, order, here):
        here.post(address(order), typed(order, "80", confirm="1"))

        said = plain(self.undo(here, order))

        assert "La réception est annulée. 12 commandes sont ajustées" in said
        assert here.get(address(order)).status_code == 200

    def test_goods_that_left_are_said(self, month, order, here):
        here.post(address(order), typed(order, "100", confirm="1"))
        send_to_shop(popup=month.popup, actor=month.coordinator, now=month.after_closing)

        assert "a déjà quitté le dépôt" in plain(self.undo(here, order))

    def test_there_is_nothing_to_undo_before(self, order, here):
        assert here.get(reverse("groupbuy:undo_reception", args=[order.pk])).status_code == 302


def test_looking_writes_nothing(order, here):
    for name in ("receive", "undo_reception", "purchase_order"):
        here.get(reverse(f"groupbuy:{name}", args=[order.pk]))

    assert not DeliveryLine.objects.exists()


def test_three_hundred_orders_cost_no_more_queries_to_check_than_three(
    month, lentils, here, django_assert_max_num_queries
):
    for _ in range(150):
        month.order({lentils: 1_000})
    close_cycle(cycle=month.cycle, actor=month.coordinator, now=month.after_closing)
    order = PurchaseOrder.objects.get()

    with django_assert_max_num_queries(12):
        here.post(address(order), typed(order, "80"))
