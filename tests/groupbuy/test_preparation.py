"""Promises of the preparation: what is ordered leaves the warehouse, papers say what to do."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from croqualim.groupbuy.actions import collectives, till
from croqualim.groupbuy.actions.joining import join_group
from croqualim.groupbuy.actions.ordering import confirm_order
from croqualim.groupbuy.actions.preparation import send_to_shop, undo_sending
from croqualim.groupbuy.actions.till import ShopRefused
from croqualim.groupbuy.models import Event, EventKind, OrderLine, Popup
from croqualim.groupbuy.papers.register import OF_A_SHOP
from croqualim.groupbuy.rules.till import Reason
from croqualim.network.models import RoleKind
from croqualim.stock import actions as stock
from croqualim.stock.models import LocationKind, Movement, Reservation
from croqualim.stock.queries import available_of, quantities_of
from tests.factories import CommuneFactory, PersonFactory, RoleFactory
from tests.groupbuy.evening import (
    Evening,
    open_evening,
    ready_to_prepare,
    receive_all,
    wrong_books,
)
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening():
    return ready_to_prepare()


@pytest.fixture
def lentils(evening):
    return evening.month.offers[0]


@pytest.fixture
def warehouse(evening):
    return evening.month.collective.warehouse


def send(evening):
    send_to_shop(popup=evening.month.popup, **evening.acting)


def address(evening, name="preparation", *more):
    return reverse(f"groupbuy:{name}", args=[evening.month.popup.pk, *more])


class TestSending:
    def test_what_is_ordered_leaves_the_warehouse(self, evening, lentils, warehouse):
        send(evening)

        assert evening.there()[lentils.product_id] == 6000
        assert quantities_of(warehouse)[lentils.product_id] == 25_000 - 6000
        assert evening.popup.prepared_at == evening.now
        assert not wrong_books(evening.month.collective)

    def test_twice_is_once(self, evening):
        send(evening)
        before = Movement.objects.count(), Event.objects.count()

        send(evening)

        assert (Movement.objects.count(), Event.objects.count()) == before

    def test_nothing_stays_held_once_everybody_is_served(self, evening, lentils, warehouse):
        assert available_of(warehouse)[lentils.product_id] == 25_000 - 6000

        send(evening)

        assert not Reservation.objects.exists()
        assert available_of(warehouse)[lentils.product_id] == 25_000 - 6000

    def test_what_is_missing_is_named_and_nothing_leaves(self, evening, lentils, warehouse):
        elsewhere = stock.open_location(
            keeper=warehouse.keeper, kind=LocationKind.LOSS, name="Pertes"
        )
        stock.move_many(
            key="mice",
            wanted={lentils.product_id: 19_000},
            from_location=warehouse,
            to_location=elsewhere,
            kind="loss",
            reference="souris",
            now=evening.now,
        )
        OrderLine.objects.filter(offer=lentils).update(quantity=3000)

        with pytest.raises(ShopRefused) as refused:
            send(evening)

        problem = refused.value.problem
        assert problem.reason is Reason.NOT_IN_WAREHOUSE
        assert [(m.name, m.quantity) for m in problem.missing] == [(lentils.product.name, 3000)]
        assert evening.popup.prepared_at is None
        assert Reservation.objects.exists()

    def test_before_the_closing_nothing_leaves(self):
        month = open_month()
        month.order({month.offers[0]: 500})

        with pytest.raises(ShopRefused) as refused:
            send_to_shop(popup=month.popup, actor=month.coordinator, now=month.now)

        assert refused.value.problem.reason is Reason.NOT_BOUGHT

    def test_undone_everything_is_where_it_was_and_held(self, evening, lentils, warehouse):
        before = available_of(warehouse)
        send(evening)

        for _ in range(2):
            undo_sending(popup=evening.month.popup, reason="mauvais camion", **evening.acting)

        assert evening.there() == {}
        assert available_of(warehouse) == before
        event = Event.objects.get(kind=EventKind.PREPARATION_UNDONE)
        assert event.reason == "mauvais camion"
        send(evening)
        assert evening.there()[lentils.product_id] == 6000
        assert not wrong_books(evening.month.collective)

    def test_once_something_was_handed_over_it_stays(self, evening):
        send(evening)
        evening.pay(evening.orders[0])

        with pytest.raises(ShopRefused) as refused:
            undo_sending(popup=evening.month.popup, reason="trop tard", **evening.acting)

        assert refused.value.problem.reason is Reason.HANDED_OVER

    def test_handed_over_and_taken_back_it_may_return(self, evening):
        send(evening)
        evening.pay(evening.orders[0])
        till.undo_hand_over(order=evening.orders[0], reason="erreur", **evening.acting)

        undo_sending(popup=evening.month.popup, reason="salle fermée", **evening.acting)

        assert evening.there() == {}


class TestTwoGroups:
    """2 kg for one, 1,5 kg for the other; the warehouse held 1 kg from the month before."""

    @pytest.fixture
    def evening(self):
        month = open_month()
        elsewhere = stock.open_location(
            keeper=month.collective.structure, kind=LocationKind.PRODUCER, name="Avant"
        )
        stock.receive_lot(
            key="before",
            product=month.offers[0].product,
            from_location=elsewhere,
            to_location=month.collective.warehouse,
            quantity=1000,
            code="AVANT",
            best_before_on=None,
            price_cents=320,
            priced_quantity=1000,
            reference="avant",
            now=month.now,
        )
        month.order({month.offers[0]: 2000})
        self.popup = other_shop(month)
        self.order_there(month)
        receive_all(month)
        return Evening(month, month.coordinator, [])

    def order_there(self, month):
        person = PersonFactory()
        confirm_order(
            popup=self.popup,
            membership=join_group(
                group=self.popup.group, household=person.household, now=month.now
            ),
            basket={month.offers[0].pk: 1500},
            actor=person,
            now=month.now,
        )

    def test_each_takes_its_own_and_the_rest_stays_held(self, evening, lentils, warehouse):
        send(evening)

        held = (
            quantities_of(warehouse)[lentils.product_id]
            - available_of(warehouse)[lentils.product_id]
        )
        assert held == 1500

        send_to_shop(popup=self.popup, **evening.acting)

        assert quantities_of(self.popup.location)[lentils.product_id] == 1500
        assert evening.there()[lentils.product_id] == 2000
        assert not Reservation.objects.exists()

    def test_one_taken_back_does_not_touch_the_other(self, evening, lentils, warehouse):
        before = available_of(warehouse)
        send(evening)
        send_to_shop(popup=self.popup, **evening.acting)

        undo_sending(popup=evening.month.popup, reason="reporté", **evening.acting)
        assert quantities_of(self.popup.location)[lentils.product_id] == 1500
        undo_sending(popup=self.popup, reason="reporté", **evening.acting)

        assert available_of(warehouse) == before


def other_shop(month):
    group = collectives.add_group(
        collective=month.collective, name="Griffeuille", commune=CommuneFactory(), place="Mairie"
    )
    return Popup.objects.create(
        cycle=month.cycle,
        group=group,
        place="Mairie annexe",
        starts_at=month.popup.starts_at,
        ends_at=month.popup.ends_at,
        location=stock.open_location(
            keeper=month.collective.structure,
            kind=LocationKind.POPUP,
            name="Griffeuille",
            subject="other",
        ),
    )


class TestPages:
    def test_each_product_says_its_bags(self, client, evening):
        client.force_login(evening.volunteer)

        said = plain(client.get(address(evening)))

        assert "6 kg" in said
        assert "3 × 2 kg" in said

    def test_each_order_says_its_lines(self, client, evening):
        client.force_login(evening.volunteer)

        said = plain(client.get(address(evening) + "?par=commandes"))

        assert all(order.reference in said for order in evening.orders)
        assert "500 g" in said

    @pytest.mark.parametrize("orders", [3, 30])
    def test_as_many_orders_as_there_are_take_the_same_queries(
        self, client, orders, django_assert_num_queries
    ):
        evening = ready_to_prepare(orders=orders)
        client.force_login(evening.volunteer)

        with django_assert_num_queries(7):
            client.get(address(evening))
        with django_assert_num_queries(7):
            client.get(address(evening) + "?par=commandes")
        with django_assert_num_queries(7):
            client.get(reverse("groupbuy:cycle_preparation", args=[evening.month.cycle.pk]))

    def test_one_press_and_the_goods_are_noted_as_gone(self, client, evening):
        client.force_login(evening.volunteer)

        said = plain(client.post(address(evening, "send_to_shop"), {"sent": "1"}, follow=True))

        assert "les marchandises sont à l’épicerie" in said
        assert "Parti du dépôt" in said

    def test_what_is_missing_is_said_with_what_to_do(self, client, evening, lentils):
        OrderLine.objects.filter(offer=lentils).update(quantity=10_000)
        client.force_login(evening.volunteer)

        assert "manque 5 kg au dépôt" in plain(client.get(address(evening)))
        said = plain(client.post(address(evening, "send_to_shop"), {"sent": "1"}))

        assert f"Il manque 5 kg de {lentils.product.name.lower()} au dépôt : notez d’abord" in said

    def test_taking_it_back_asks_why(self, client, evening):
        send(evening)
        client.force_login(evening.volunteer)

        assert "Dites pourquoi" in plain(
            client.post(address(evening, "undo_sending"), {"reason": ""})
        )
        client.post(address(evening, "undo_sending"), {"reason": "mauvais camion"})

        assert evening.popup.prepared_at is None

    def test_the_warehouse_sees_each_group(self, client, evening, lentils):
        client.force_login(evening.volunteer)
        page = reverse("groupbuy:cycle_preparation", args=[evening.month.cycle.pk])

        said = plain(client.get(page))
        assert lentils.product.name in said
        assert "25 kg" in said

        send(evening)
        assert "Rien ne reste à envoyer" in plain(client.get(page))

    @pytest.mark.parametrize("kind", [None, RoleKind.FARMER, RoleKind.FUNDER])
    def test_others_see_pages_that_are_not_there(self, client, evening, kind):
        structure = evening.month.collective.structure
        person = RoleFactory(structure=structure, kind=kind).person if kind else PersonFactory()
        client.force_login(person)

        for page in (
            address(evening),
            address(evening, "undo_sending"),
            address(evening, "preparation_paper", "etiquettes"),
            reverse("groupbuy:cycle_preparation", args=[evening.month.cycle.pk]),
        ):
            assert client.get(page).status_code == 404
        assert client.post(address(evening, "send_to_shop")).status_code == 404

    def test_a_volunteer_of_the_collective_prepares(self, client, evening):
        client.force_login(
            RoleFactory(
                structure=evening.month.collective.structure, kind=RoleKind.VOLUNTEER
            ).person
        )

        assert client.get(address(evening)).status_code == 200
        assert (
            client.get(reverse("groupbuy:till", args=[evening.month.popup.pk])).status_code == 404
        )


def words(pdf):
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text)


class TestPapers:
    @pytest.fixture
    def evening(self):
        evening = open_evening(share_percent=50)
        for order in evening.orders:
            order.placed_by.given_name, order.placed_by.family_name = "Amina", "Belkacem"
            order.placed_by.save()
        return evening

    @pytest.mark.parametrize("name", OF_A_SHOP)
    def test_no_paper_tells_a_price_or_a_share_and_each_says_when_it_was_printed(
        self, evening, name
    ):
        said = words(OF_A_SHOP[name].printed(evening.popup, now=evening.now))

        assert "€" not in said
        assert "%" not in said
        assert "16 mars 2026, 13 h 12" in said
        assert "page 1 sur 1" in said

    @pytest.mark.parametrize("name", ["par-commande", "etiquettes", "arrivees"])
    def test_every_order_has_its_place(self, evening, name):
        said = words(OF_A_SHOP[name].printed(evening.popup, now=evening.now))

        assert all(order.reference in said for order in evening.orders)

    def test_a_label_says_a_first_name_and_an_initial(self, evening):
        said = words(OF_A_SHOP["etiquettes"].printed(evening.popup, now=evening.now))

        assert "Amina B." in said
        assert "Belkacem" not in said

    def test_what_is_kept_cold_is_taken_apart(self, evening):
        product = evening.month.offers[1].product
        product.family, product.name = "dairy", "Tomme"
        product.save()

        said = words(OF_A_SHOP["etiquettes"].printed(evening.popup, now=evening.now))

        assert "Au frais : Tomme 500 g" in said
        assert "1 produit dans le sac" in said

    def test_papers_are_pages_of_the_site(self, client, evening):
        client.force_login(evening.volunteer)

        for name in OF_A_SHOP:
            answer = client.get(address(evening, "preparation_paper", name))
            assert answer["Content-Type"] == "application/pdf"
        assert client.get(address(evening, "preparation_paper", "autre")).status_code == 404
