"""Promises in front of the second lorry: what is odd is said, chosen and read before it counts."""

import pytest
from django.urls import reverse

from croqualim.groupbuy.actions.closing import close_cycle
from croqualim.groupbuy.models import Delivery, DeliveryLine, Order, PurchaseOrder
from croqualim.groupbuy.rules.reception import Rule
from croqualim.network.models import RoleKind
from tests.factories import RoleFactory
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month()


@pytest.fixture
def order(month):
    """100 kg for four orders: 10, 20, 30 and 40 kg, at several shares."""
    lentils = month.offers[0]
    for kilos, share in ((10, 50), (20, 100), (30, 110), (40, 50)):
        month.order({lentils: kilos * 1000}, share_percent=share)
    close_cycle(cycle=month.cycle, actor=month.coordinator, now=month.after_closing)
    return PurchaseOrder.objects.get()


@pytest.fixture
def here(client, month):
    client.force_login(month.coordinator)
    return client


def address(order):
    return reverse("groupbuy:receive", args=[order.pk])


def typed(order, quantity, *, number=1, price="", nth="", **more):
    """What the browser sends of the only line; `more` are parts of its lot, and presses."""
    pk = order.lines.get().pk
    parts = ("lot", "until", "damaged", "fate", "why")
    lot = {f"{part}-{pk}{nth}": more.pop(part, "") for part in parts}
    return {
        "number": str(number),
        f"quantity-{pk}{nth}": quantity,
        f"price-{pk}": price,
        **lot,
        **more,
    }


class TestSharing:
    def test_each_order_is_read_before_with_what_is_to_be_paid(self, order, here):
        said = plain(here.post(address(order), typed(order, "50")))

        first = Order.objects.order_by("pk")[0]
        assert "4 commandes changent" in said
        assert f"{first.reference} Lentilles" in said
        assert "5 kg au lieu de 10 kg 8,00 € au lieu de 16,00 €" in said
        for share in ("50 %", "110 %"):
            assert share not in said

    def test_another_rule_shows_what_it_does_first(self, order, here):
        answer = here.post(address(order), typed(order, "50", rule="first come"))

        assert "les premières commandes d’abord, par pas de 500 g" in plain(answer)
        assert "2 commandes changent" in plain(answer)
        assert 'name="shown" value="first come"' in answer.content.decode()

    def test_a_rule_whose_effect_was_not_read_is_not_applied(self, order, here):
        answer = here.post(
            address(order),
            typed(order, "50", rule="first come", shown="pro rata", confirm="last"),
        )

        assert "Vous avez choisi un autre partage : voici ce qu’il donne." in plain(answer)
        assert not Delivery.objects.exists()

    def test_the_rule_that_was_read_is_applied(self, order, here):
        here.post(
            address(order),
            typed(order, "50", rule="first come", shown="first come", confirm="last"),
        )

        assert Delivery.objects.get().rule == Rule.FIRST_COME

    @pytest.mark.parametrize("rule", ["solidarity", "<b>", "PRO_RATA"])
    def test_a_rule_that_is_none_is_refused(self, order, here, rule):
        here.post(address(order), typed(order, "50", rule=rule, shown=rule, confirm="last"))

        assert not Delivery.objects.exists()

    def test_when_all_came_there_is_nothing_to_choose(self, order, here):
        answer = here.post(address(order), typed(order, "100"))

        assert "Comment partager" not in plain(answer)
        assert "rien d’autre ne viendra" not in plain(answer)
        assert "Noter cette livraison" in plain(answer)


class TestSeveralLorries:
    def test_the_rest_may_come_another_day(self, order, here):
        said = plain(here.post(address(order), typed(order, "60")))
        assert "Noter : rien d’autre ne viendra" in said
        assert "aucune commande n’est réduite en attendant" in said

        answer = here.post(address(order), typed(order, "60", confirm="more"), follow=True)

        said = plain(answer)
        assert "Livré en partie" in said
        assert "encore 40 kg" in said
        assert "le reste est encore attendu" in said

    def test_the_second_page_asks_for_what_lacks(self, order, here):
        here.post(address(order), typed(order, "60", confirm="more"))

        page = here.get(address(order))
        assert "Encore attendu : 40 kg." in plain(page)
        assert 'name="number" value="2"' in page.content.decode()

        said = plain(here.post(address(order), typed(order, "", number=2, as_ordered="1")))
        assert "40 kg, comme commandé" in said

    def test_nothing_else_will_come_in_one_press_then_one_look(self, order, here):
        here.post(address(order), typed(order, "60", confirm="more"))

        answer = here.post(address(order), {"nothing_more": "1"})

        assert "Rien au lieu de 40 kg : 4 commandes ajustées" in plain(answer)
        here.post(address(order), typed(order, "0", number=2, confirm="last"))
        order.refresh_from_db()
        assert order.received_at

    def test_what_comes_after_all_can_still_be_noted(self, order, here):
        here.post(address(order), typed(order, "60", confirm="last"))

        said = plain(here.get(reverse("groupbuy:purchase_order", args=[order.pk])))

        assert "Autre chose est arrivé" in said
        assert here.get(address(order)).status_code == 200

    def test_the_farm_reads_what_arrived_and_no_member(self, order, here, client):
        PurchaseOrder.objects.update(sent_at=order.made_at)
        damaged = {"damaged": "5", "fate": "refused", "why": "mouillé"}
        here.post(address(order), typed(order, "60", confirm="more", **damaged))
        farmer = RoleFactory(structure=order.producer, kind=RoleKind.FARMER).person
        client.force_login(farmer)

        said = plain(client.get(reverse("groupbuy:purchase_order", args=[order.pk])))

        assert "55 kg" in said
        assert "5 kg refusés (mouillé)" in said
        assert not any(o.reference in said for o in Order.objects.all())

    @pytest.mark.parametrize("number", ["7", "0", "-1", "abc", "9" * 30])
    def test_no_other_delivery_is_undone(self, order, here, number):
        here.post(address(order), typed(order, "60", confirm="last"))

        answer = here.post(
            reverse("groupbuy:undo_reception", args=[order.pk]),
            {"number": number, "reason": "Erreur"},
        )

        assert answer.status_code in {200, 404}
        assert Delivery.objects.get().undone_at is None


class TestOddThings:
    def test_what_is_refused_is_not_to_be_paid(self, order, here):
        damaged = {"damaged": "1 sac", "fate": "refused", "why": "mouillé"}

        said = plain(here.post(address(order), typed(order, "100", **damaged)))

        assert "25 kg refusés (mouillé) : ils repartent, rien à payer" in said
        assert "240,00 €" in said

    def test_what_is_lost_says_who_bears_it(self, order, here):
        damaged = {"damaged": "10", "fate": "lost", "why": "charançons"}

        said = plain(here.post(address(order), typed(order, "100", **damaged)))

        assert "10 kg perdus (charançons) : payés au producteur" in said
        assert "32,00 € à la charge du collectif" in said
        assert "320,00 €" in said

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"damaged": "200", "fate": "lost", "why": "x"}, "C’est plus que ce qui est venu."),
            ({"damaged": "5", "why": "x"}, "Choisissez ce qu’il devient."),
            ({"damaged": "5", "fate": "lost"}, "Dites ce qui est abîmé, en quelques mots."),
            ({"damaged": "un peu"}, "Écrivez combien est abîmé"),
            ({"price": "cher"}, "Écrivez un montant en euros"),
            ({"damaged": "5", "fate": "eaten", "why": "x"}, "n’en fait pas partie"),
        ],
    )
    def test_what_is_missing_is_said_beside_it_and_the_rest_kept(
        self, order, here, wrong, sentence
    ):
        answer = here.post(address(order), typed(order, "80 kg", confirm="last", **wrong))

        assert sentence in plain(answer)
        assert 'value="80 kg"' in answer.content.decode()
        assert not Delivery.objects.exists()

    def test_dearer_says_who_bears_it_and_nobody_pays_more(self, order, here):
        said = plain(here.post(address(order), typed(order, "100", price="3,50")))

        assert "plus que prévu : les adhérent·es gardent le prix annoncé" in said
        assert "30,00 € à la charge du collectif" in said
        assert "commandes changent" not in said

    def test_cheaper_is_cheaper_for_all_and_shown_first(self, order, here):
        said = plain(here.post(address(order), typed(order, "100", price="3")))

        assert "le prix baisse d’autant pour les adhérent·es" in said
        assert "4 commandes changent" in said
        assert "15,00 € au lieu de 16,00 €" in said

    def test_another_lot_has_fields_of_its_own_and_loses_nothing(self, order, here):
        pk = order.lines.get().pk

        page = here.post(address(order), typed(order, "3 sacs", lot="A", another=str(pk)))

        text = page.content.decode()
        assert f'name="quantity-{pk}-2"' in text
        assert 'value="3 sacs"' in text
        assert 'value="A"' in text

        both = {
            **typed(order, "3 sacs", lot="A"),
            **typed(order, "1 sac", lot="B", nth="-2", confirm="last"),
        }
        here.post(address(order), both)
        assert [(row.lot.code, row.quantity) for row in DeliveryLine.objects.all()] == [
            ("A", 75_000),
            ("B", 25_000),
        ]

    def test_no_more_lots_than_a_lorry_has(self, order, here):
        pk = order.lines.get().pk
        many = {f"quantity-{pk}-{n}": "1" for n in range(2, 40)}

        page = here.post(address(order), {**typed(order, "1", another=str(pk)), **many})

        assert f'name="quantity-{pk}-9"' in page.content.decode()
        assert f'name="quantity-{pk}-10"' not in page.content.decode()


def test_the_page_of_a_purchase_order_costs_the_same_after_one_lorry_and_after_six(
    order, here, django_assert_max_num_queries
):
    url = reverse("groupbuy:purchase_order", args=[order.pk])
    for number in range(1, 7):
        here.post(address(order), typed(order, "5", number=number, confirm="more"))

    with django_assert_max_num_queries(16):
        here.get(url)
