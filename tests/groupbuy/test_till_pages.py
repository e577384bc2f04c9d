"""Promises of the till's pages: quick to find, plain to read, nothing told that is not asked."""

import re

import pytest
from django.urls import reverse

from croqualim.groupbuy.actions import till
from croqualim.groupbuy.actions.collectives import add_group
from croqualim.groupbuy.models import Cycle, FreeSale, Order, Payment, Popup, TillCount
from croqualim.kernel.money import in_euros
from croqualim.network.models import RoleKind
from croqualim.stock.actions import open_location
from croqualim.stock.models import LocationKind
from tests.factories import CommuneFactory, PersonFactory, RoleFactory
from tests.groupbuy.evening import open_evening, ready_to_prepare
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening():
    return open_evening(share_percent=50)


@pytest.fixture
def order(evening):
    return evening.orders[0]


@pytest.fixture
def here(client, evening, monkeypatch):
    """The volunteer's telephone, that evening."""
    for module in ("serving", "selling", "prepaid", "closing", "giving", "cash"):
        monkeypatch.setattr(f"croqualim.groupbuy.views.till.{module}.now", lambda: evening.now)
    client.force_login(evening.volunteer)
    return client


def till_of(evening, name="till", *more):
    return reverse(f"groupbuy:{name}", args=[evening.month.popup.pk, *more])


def every_page(evening):
    """name -> address of each page of the till that is read."""
    order = evening.orders[0]
    till.check_in(order=evening.orders[1], **evening.acting)
    till.top_up(
        popup=evening.popup,
        household=order.membership.household,
        method="cash",
        amount_cents=2000,
        nonce="top-up",
        **evening.acting,
    )
    top_up = Payment.objects.get()
    till.mark_absent(order=evening.orders[2], **evening.acting)
    sale = till.sell_freely(
        popup=evening.popup,
        quantities={evening.month.offers[0].pk: 500},
        method="cash",
        nonce="sale",
        **evening.acting,
    )
    return {
        "till": till_of(evening),
        "till_order": till_of(evening, "till_order", order.pk),
        "undo_hand_over": till_of(evening, "undo_hand_over", order.pk),
        "free_sale": till_of(evening, "free_sale"),
        "undo_free_sale": till_of(evening, "undo_free_sale", sale.pk),
        "find_to_top_up": till_of(evening, "find_to_top_up"),
        "top_up": till_of(evening, "top_up", order.membership_id),
        "undo_top_up": till_of(evening, "undo_top_up", top_up.pk),
        "count_till": till_of(evening, "count_till"),
        "close_shop": till_of(evening, "close_shop"),
    }


class TestWhoSeesIt:
    @pytest.mark.parametrize("kind", [None, RoleKind.VOLUNTEER, RoleKind.FARMER, RoleKind.FUNDER])
    def test_others_see_a_page_that_is_not_there(self, client, evening, kind):
        structure = evening.month.collective.structure
        person = RoleFactory(structure=structure, kind=kind).person if kind else PersonFactory()
        client.force_login(person)

        for name, address in every_page(evening).items():
            assert client.get(address).status_code == 404, name
            assert client.post(address).status_code in (404, 405), name

    def test_nor_does_the_till_of_another_collective(self, client, evening):
        client.force_login(RoleFactory(kind=RoleKind.TILL).person)

        for name, address in every_page(evening).items():
            assert client.get(address).status_code == 404, name

    def test_nor_the_member_whose_order_it_is(self, client, evening, order):
        client.force_login(order.placed_by)

        assert client.get(till_of(evening, "till_order", order.pk)).status_code == 404

    def test_who_is_not_signed_in_is_asked_to(self, client, evening):
        assert client.get(till_of(evening)).status_code == 302

    def test_an_order_of_another_shop_is_not_there(self, here, evening, order):
        address = reverse("groupbuy:till_order", args=[evening.month.popup.pk + 1, order.pk])

        assert here.get(address).status_code == 404


def test_no_page_of_the_till_tells_a_share_a_cost_or_a_percentage(here, evening, order):
    """50 % of 8,00 €: the till says 5,00 € with the year's fee, and neither 8,00 € nor why."""
    evening.pay(evening.orders[1])
    pages = {**every_page_without_sale(evening), "served": evening.orders[1]}
    pages["served"] = till_of(evening, "till_order", evening.orders[1].pk)
    for name, address in pages.items():
        said = here.get(address).content.decode()

        assert not re.search(r"\d\s*%|share|subsid|cost|réduit|solidaire|part ", said, re.I), name
        assert in_euros(order.cost_cents) not in said, name
        assert f'"{order.cost_cents}"' not in said, name


def every_page_without_sale(evening):
    """The price of a product is on the free sale's page, for anybody and about nobody."""
    order = evening.orders[0]
    return {
        "till": till_of(evening),
        "found": till_of(evening) + "?cherche=a",
        "till_order": till_of(evening, "till_order", order.pk),
        "undo_hand_over": till_of(evening, "undo_hand_over", order.pk),
        "find_to_top_up": till_of(evening, "find_to_top_up") + "?cherche=a",
        "top_up": till_of(evening, "top_up", order.membership_id),
        "count_till": till_of(evening, "count_till"),
        "close_shop": till_of(evening, "close_shop"),
    }


class TestFinding:
    def test_the_list_counts_who_is_where(self, here, evening, order):
        till.check_in(order=order, **evening.acting)
        evening.pay(evening.orders[1])

        said = plain(here.get(till_of(evening)))

        assert "À venir 1" in said
        assert "Là 1" in said
        assert "Servis 1" in said
        assert "Absents 0" in said

    def test_one_who_alone_is_meant_is_shown_at_once(self, here, evening, order):
        answer = here.get(till_of(evening), {"cherche": order.reference.lower()})

        assert answer.url == till_of(evening, "till_order", order.pk)

    def test_several_are_listed_wherever_they_are(self, here, evening, order):
        evening.pay(order)

        said = plain(here.get(till_of(evening), {"cherche": "amina"}))

        assert all(one.reference in said for one in evening.orders)

    def test_nobody_of_that_name_says_what_to_try(self, here, evening):
        said = plain(here.get(till_of(evening), {"cherche": "<b>zoé"}))

        assert "Personne de ce nom ici" in said

    def test_while_one_types_only_the_list_comes_back(self, here, evening):
        answer = here.get(till_of(evening), {"cherche": "ami"}, headers={"HX-Request": "true"})

        assert answer.content.decode().strip().startswith('<div id="found"')

    @pytest.mark.parametrize("orders", [3, 300])
    def test_three_or_three_hundred_take_the_same_queries(
        self, client, orders, django_assert_num_queries
    ):
        month = open_month()
        volunteer = RoleFactory(structure=month.collective.structure, kind=RoleKind.TILL).person
        many(month, orders)
        client.force_login(volunteer)

        with django_assert_num_queries(6):
            said = client.get(reverse("groupbuy:till", args=[month.popup.pk]))

        assert said.content.decode().count('class="whole"') == orders

    def test_a_code_is_scanned_by_the_till(self, here, evening, order):
        code = f"{order.reference}-{evening.month.popup.pk}"

        answer = here.get(reverse("groupbuy:scan", args=[code]))

        assert answer.url == till_of(evening, "till_order", order.pk)

    def test_a_code_is_scanned_by_the_household(self, client, evening, order):
        client.force_login(order.placed_by)

        answer = client.get(reverse("groupbuy:scan", args=[f"{order.reference}-{order.popup_id}"]))

        assert answer.url == reverse("groupbuy:order", args=[order.pk])

    @pytest.mark.parametrize(
        "code", ["{reference}-{popup}", "RADIS-{popup}", "radis", "a-9999999999999"]
    )
    def test_a_code_tells_others_nothing(self, client, evening, order, code):
        client.force_login(PersonFactory())
        code = code.format(reference=order.reference, popup=order.popup_id)

        assert client.get(reverse("groupbuy:scan", args=[code])).status_code == 404


def many(month, count):
    """Orders of a line each, by so many households: written at once, for their number alone."""
    first = month.order({month.offers[0]: 500})
    people = [PersonFactory() for _ in range(count - 1)]
    membership = first.membership
    model = type(membership)
    members = model.objects.bulk_create(
        model(
            group=month.group,
            collective=month.collective,
            household=person.household,
            number=membership.number + n,
            joined_at=month.now,
        )
        for n, person in enumerate(people, start=1)
    )
    Order.objects.bulk_create(
        Order(
            cycle=first.cycle,
            popup=first.popup,
            membership=member,
            reference=f"ESSAI-{n}",
            share_percent=100,
            placed_at=month.now,
            placed_by=first.placed_by,
        )
        for n, member in enumerate(members)
    )


class TestServing:
    def pay(self, here, evening, order, **typed):
        typed = {"due": "500", "method": "cash", **typed}
        return here.post(till_of(evening, "till_order", order.pk), typed)

    def test_the_page_says_what_to_give_and_what_to_take(self, here, evening, order):
        said = plain(here.get(till_of(evening, "till_order", order.pk)))

        assert "2 kg" in said
        assert re.search(r"Adhésion de l’année\s*1,00 €", said)
        assert "Remis et payé 5,00 €" in said

    @pytest.mark.parametrize("products", [2, 12])
    def test_twelve_lines_take_no_more_queries_than_two(
        self, client, products, django_assert_num_queries
    ):
        evening = open_evening(orders=1, products=products)
        client.force_login(evening.volunteer)
        page = till_of(evening, "till_order", evening.orders[0].pk)

        with django_assert_num_queries(12):
            said = client.get(page)

        assert said.content.decode().count('type="checkbox"') == products

    def test_one_press_and_it_is_done(self, here, evening, order):
        answer = self.pay(here, evening, order)

        said = plain(here.get(answer.url))
        assert "Servie à 13 h 12 par Karim" in said
        assert "Suivant" in said

    def test_a_second_telephone_is_told_who_served(self, here, evening, order):
        evening.pay(order)

        said = plain(self.pay(here, evening, order))

        assert "Déjà servie à 13 h 12 par Karim" in said

    def test_no_method_no_payment(self, here, evening, order):
        said = plain(self.pay(here, evening, order, method=""))

        assert "Choisissez un moyen de paiement." in said
        assert not Payment.objects.exists()

    def test_an_amount_that_changed_meanwhile_is_said_and_then_asked(self, here, evening, order):
        answer = self.pay(here, evening, order, due="400")

        assert "Le montant a changé : 5,00 € à payer maintenant." in plain(answer)
        assert 'name="due" value="500"' in answer.content.decode()

    def test_two_methods(self, here, evening, order):
        self.pay(here, evening, order, second_method="card", second_amount="2,50")

        paid = Payment.objects.values_list("method", "amount_cents")
        assert sorted(paid) == [("card", 250), ("cash", 100), ("cash", 150)]

    @pytest.mark.parametrize(
        ("second", "sentence"),
        [
            ({"second_method": "card"}, "Écrivez combien est payé de cette façon."),
            ({"second_amount": "2"}, "Choisissez cette autre façon de payer."),
            ({"second_method": "card", "second_amount": "5"}, "Moins que le total : 5,00 €."),
            ({"second_method": "card", "second_amount": "deux"}, "Écrivez un montant en euros"),
        ],
    )
    def test_a_half_said_second_method_is_asked_again(self, here, evening, order, second, sentence):
        answer = self.pay(here, evening, order, **second)

        assert sentence in plain(answer)
        assert f'value="{second.get("second_amount", "card")}"' in answer.content.decode()
        assert not Payment.objects.exists()

    def test_an_empty_account_is_not_offered(self, here, evening, order):
        assert "Compte prépayé" not in plain(here.get(till_of(evening, "till_order", order.pk)))

    def test_an_account_that_lacks_something_is_completed(self, here, evening, order):
        till.top_up(
            popup=evening.popup,
            household=order.membership.household,
            method="card",
            amount_cents=300,
            nonce="n",
            **evening.acting,
        )
        said = plain(self.pay(here, evening, order, method="prepaid"))
        assert "Le compte prépayé ne suffit pas" in said

        self.pay(here, evening, order, method="prepaid", second_method="cash", second_amount="2")

        order.refresh_from_db()
        assert order.collected_at

    def test_who_arrives_and_who_will_not_come(self, here, evening, order):
        address = till_of(evening, "till_presence", order.pk)
        for says, moment in (("here", "checked_in_at"), ("absent", "absent_at")):
            here.post(address, {"says": says})
            order.refresh_from_db()
            assert getattr(order, moment) == evening.now
        here.post(address, {"says": "not_absent"})
        here.post(address, {"says": "anything"})

        order.refresh_from_db()
        assert order.absent_at is None

    def test_who_comes_late_reads_what_was_sold_meanwhile(self, here, evening, order):
        lentils = evening.month.offers[0]
        lentils.product.name = "Olives noires"
        lentils.product.save()
        till.mark_absent(order=order, **evening.acting)
        till.sell_freely(
            popup=evening.popup,
            quantities={lentils.pk: 500},
            method="cash",
            nonce="n",
            **evening.acting,
        )
        address = till_of(evening, "till_presence", order.pk)

        said = plain(here.post(address, {"says": "not_absent"}, follow=True))

        assert "Vendu pendant son absence : 500 g d’olives noires." in said
        assert "1,5 kg Olives noires au lieu de 2 kg" in said
        assert "Remis et payé 4,20 €" in said

    def test_what_is_ticked_stays_ticked(self, here, evening, order):
        line = order.lines.first()
        ticked = f'value="{line.pk}" form="pay" checked'
        address = till_of(evening, "till_presence", order.pk)

        arrived = here.post(address, {"says": "here", "pris": [line.pk, "x"]}, follow=True)
        unpaid = self.pay(here, evening, order, method="", pris=line.pk)

        for answer in (arrived, unpaid):
            assert ticked in answer.content.decode()
            assert answer.content.decode().count(" checked") == 1

    def test_what_was_handed_over_is_not_to_be_ticked(self, here, evening, order):
        evening.pay(order)

        said = here.get(till_of(evening, "till_order", order.pk))

        assert "2 kg" in plain(said)
        assert 'type="checkbox"' not in said.content.decode()

    def test_after_who_is_absent_comes_the_next(self, here, evening, order):
        address = till_of(evening, "till_presence", order.pk)

        said = plain(here.post(address, {"says": "absent"}, follow=True))

        assert "Noté·e absent·e à 13 h 12." in said
        assert "Suivant" in said

    def test_those_who_are_not_here_at_once(self, here, evening):
        said = plain(here.post(till_of(evening, "mark_all_absent"), follow=True))

        assert "3 absences notées." in said

    def test_undoing_asks_why(self, here, evening, order):
        evening.pay(order)
        address = till_of(evening, "undo_hand_over", order.pk)

        assert "Dites pourquoi" in plain(here.post(address, {"reason": ""}))
        said = plain(here.post(address, {"reason": "mauvais sac"}, follow=True))

        assert "Le retrait est annulé" in said

    def test_undoing_two_methods_says_what_is_given_back_how(self, here, evening, order):
        self.pay(here, evening, order, second_method="card", second_amount="2,31")

        said = plain(here.get(till_of(evening, "undo_hand_over", order.pk)))

        assert "À rendre : 2,69 € en espèces, 2,31 € sur la carte." in said

    @pytest.mark.parametrize("closed", [True, False])
    def test_nothing_is_to_give_back_once_it_is_over(self, here, evening, order, closed):
        evening.pay(order)
        if closed:
            Popup.objects.update(closed_at=evening.now)
        else:
            Cycle.objects.update(settled_at=evening.now)

        said = plain(here.get(till_of(evening, "undo_hand_over", order.pk)))

        assert "plus rien n’y change" in said
        assert "À rendre" not in said
        assert "Annuler ce retrait" not in plain(here.get(till_of(evening, "till_order", order.pk)))

    def test_a_cancelled_order_says_so(self, client):
        month = open_month()
        order = month.order({month.offers[0]: 500})
        Order.objects.filter(pk=order.pk).update(cancelled_at=month.now)
        client.force_login(month.coordinator)

        said = plain(client.get(reverse("groupbuy:till_order", args=[month.popup.pk, order.pk])))

        assert "il n’y a rien à remettre" in said
        assert "Remis et payé" not in said

    def test_before_the_goods_are_there_it_says_what_to_do(self, client):
        evening = ready_to_prepare(orders=1)
        client.force_login(evening.volunteer)

        assert "pas encore parties du dépôt" in plain(client.get(till_of(evening)))


class TestSellingWhatIsLeft:
    @pytest.fixture
    def left(self, evening, order):
        """2 kg of the first product."""
        till.mark_absent(order=order, **evening.acting)
        return evening.month.offers[0]

    def press(self, here, evening, left, quantity, **typed):
        typed = {"nonce": "n", "total": "0", f"offer-{left.pk}": quantity, **typed}
        return here.post(till_of(evening, "free_sale"), typed)

    def test_first_the_total_then_the_money(self, here, evening, left):
        said = plain(self.press(here, evening, left, "1,5 kg"))
        assert "Vendu et payé 4,80 €" in said
        assert not FreeSale.objects.exists()

        self.press(here, evening, left, "1,5 kg", total="480", method="cash")

        assert FreeSale.objects.get().amount_cents == 480

    def test_a_total_that_nobody_saw_is_shown_first(self, here, evening, left):
        said = plain(self.press(here, evening, left, "1 kg", total="480", method="cash"))

        assert "Vendu et payé 3,20 €" in said
        assert not FreeSale.objects.exists()

    def test_sent_twice_it_is_one_sale_and_no_reproach(self, here, evening, left):
        for _ in range(2):
            answer = self.press(here, evening, left, "2 kg", total="640", method="cash")
            assert answer.status_code == 302

        assert FreeSale.objects.count() == 1

    def test_a_page_that_has_served_sells_nothing_else_and_says_so(self, here, evening, left):
        self.press(here, evening, left, "500 g", total="160", method="cash")

        said = self.press(here, evening, left, "1 kg", total="320", method="cash")

        assert "Cette page a déjà servi" in plain(said)
        assert 'value="1 kg"' in said.text
        assert FreeSale.objects.count() == 1

    def test_all_that_was_left_sold_twice_is_sold_once(self, here, evening, left):
        for _ in range(2):
            self.press(here, evening, left, "2 kg", total="640", method="cash")

        answer = self.press(here, evening, left, "2 kg", total="640", method="card")

        assert "Cette page a déjà servi" in plain(answer)
        assert FreeSale.objects.get().amount_cents == 640

    @pytest.mark.parametrize(
        ("quantity", "sentence"),
        [
            ("", "Écrivez la quantité d’au moins un produit."),
            ("3 kg", "Il n’en reste que 2 kg."),
            ("250 g", "Se vend par 500 g."),
            ("beaucoup", "Écrivez une quantité, par exemple 500 g."),
        ],
    )
    def test_what_cannot_be_sold_is_said_beside_it(self, here, evening, left, quantity, sentence):
        answer = self.press(here, evening, left, quantity)

        assert sentence in plain(answer)
        assert "Voir le total" in plain(answer)
        assert f'value="{quantity}"' in answer.content.decode() or not quantity
        assert not FreeSale.objects.exists()

    def test_all_that_cannot_be_sold_is_said_at_once_beside_its_step(
        self, here, evening, order, left
    ):
        other = evening.month.offers[1]

        said = plain(self.press(here, evening, left, "250 g", **{f"offer-{other.pk}": "9 kg"}))

        assert "par 500 g, reste 2 kg" in said
        assert "Se vend par 500 g." in said
        assert "Il n’en reste que 500 g." in said

    def test_recalculating_sells_nothing_and_says_so(self, here, evening, left):
        typed = {"total": "480", "method": "cash", "recalculate": ""}

        said = plain(self.press(here, evening, left, "1,5 kg", **typed))

        assert "Total : 4,80 €. Rien n’est encore vendu" in said
        assert not FreeSale.objects.exists()

    def test_nothing_left_says_why(self, here, evening):
        assert "Rien à vendre pour le moment" in plain(here.get(till_of(evening, "free_sale")))

    def test_undoing_says_what_is_given_back_how(self, here, evening, left):
        self.press(here, evening, left, "2 kg", total="640", method="card")

        address = till_of(evening, "undo_free_sale", FreeSale.objects.get().pk)

        assert "À rendre : 6,40 € sur la carte." in plain(here.get(address))

    def test_undoing_asks_why(self, here, evening, left):
        self.press(here, evening, left, "2 kg", total="640", method="cash")
        address = till_of(evening, "undo_free_sale", FreeSale.objects.get().pk)

        assert "Dites pourquoi" in plain(here.post(address, {"reason": ""}))
        here.post(address, {"reason": "rendu"})

        assert FreeSale.objects.get().undone_at


class TestTopUp:
    def test_find_then_note(self, here, evening, order):
        number = order.membership.number
        found = plain(here.get(till_of(evening, "find_to_top_up"), {"cherche": str(number)}))
        assert f"n° {number}" in found

        address = till_of(evening, "top_up", order.membership_id)
        for _ in range(2):
            here.post(address, {"nonce": "n", "amount": "20", "method": "cash"})

        assert Payment.objects.get().amount_cents == 2000
        assert "20,00 € sur le compte" in plain(here.get(address))

    @pytest.mark.parametrize("amount", ["", "0", "-5", "vingt", "1000,01"])
    def test_an_amount_that_is_none_is_asked_again(self, here, evening, order, amount):
        address = till_of(evening, "top_up", order.membership_id)

        answer = here.post(address, {"nonce": "n", "amount": amount, "method": "cash"})

        assert answer.status_code == 200
        assert 'aria-invalid="true"' in answer.content.decode()
        assert f'value="{amount}"' in answer.content.decode() or not amount
        assert not Payment.objects.exists()


class TestCountingAndClosing:
    def count(self, here, evening, **typed):
        return here.post(till_of(evening, "count_till"), typed, follow=True)

    def test_what_was_counted_is_said_beside_what_was_expected(self, here, evening, order):
        evening.pay(order)

        said = plain(self.count(here, evening, counted="4", remark="pièce tombée"))

        assert "Il manque 1,00 €." in said
        assert "4,00 € au lieu de 5,00 €" in said
        assert "« pièce tombée »" in said

    def test_what_is_too_much_is_said_too(self, here, evening, order):
        evening.pay(order)

        assert "Il y a 2,26 € de trop." in plain(self.count(here, evening, counted="7,26"))

    def test_a_great_difference_is_counted_twice(self, here, evening, order):
        evening.pay(order)

        said = plain(self.count(here, evening, counted="50"))

        assert "Il y a 45,00 € de trop. Recomptez, ou confirmez" in said
        assert not TillCount.objects.exists()
        said = plain(self.count(here, evening, counted="50", recounted="on"))
        assert "dites en quelques mots ce qui a pu se passer" in said
        self.count(here, evening, counted="50", recounted="on", remark="monnaie d’hier")
        assert TillCount.objects.get().counted_cents == 5000

    def test_note_by_note_with_the_change_that_was_brought(self, here, evening, order):
        evening.pay(order)
        here.post(till_of(evening, "bring_change"), {"amount": "20", "nonce": "m"})

        self.count(here, evening, n2000="1", n500="1")

        count = TillCount.objects.get()
        assert (count.counted_cents, count.expected_cents) == (2500, 2500)
        assert count.detail == {"2000": 1, "500": 1}

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"remark": "rien"}, "Écrivez ce que vous avez compté"),
            ({"counted": "10", "n500": "1"}, "Le détail fait 5,00 €, le total dit 10,00 €."),
        ],
    )
    def test_a_count_that_does_not_add_up_is_asked_again(self, here, evening, typed, sentence):
        assert sentence in plain(self.count(here, evening, **typed))
        assert not TillCount.objects.exists()

    def test_the_evening_ends(self, here, evening, order):
        evening.pay(order)
        address = till_of(evening, "close_shop")
        self.count(here, evening, counted="5")

        lost = f"lost-{evening.month.offers[0].product_id}"
        agreed = {"absents": "2"}
        assert "Dites ce qui est arrivé" in plain(here.post(address, {lost: "1", **agreed}))
        typed = {lost: "1", "reason": "sac percé", **agreed}
        said = plain(here.post(address, typed, follow=True))

        assert "Merci pour cette soirée" in said
        assert "Épicerie fermée" in said
        taken = plain(here.get(till_of(evening, "count_till")))
        assert re.search(r"Espèces\s*5,00 €", taken)
        assert "Fermer l’épicerie" not in taken

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_before_the_count_nothing_is_typed(self, here, evening, method):
        answer = getattr(here, method)(till_of(evening, "close_shop"))

        assert "La caisse n’est pas comptée" in plain(answer)
        assert "lost-" not in answer.content.decode()
        assert evening.popup.closed_at is None

    def test_who_may_still_come_is_asked_about_first(self, here, evening, order):
        self.count(here, evening, counted="0")
        address = till_of(evening, "close_shop")

        asked = here.get(address)

        assert "3 commandes ne sont pas retirées : les noter absentes et fermer ?" in plain(asked)
        assert "lost-" not in asked.content.decode()
        assert "lost-" in here.get(address, {"absents": "3"}).content.decode()

    @pytest.mark.parametrize("agreed", [{}, {"absents": "2"}])
    def test_nobody_is_absent_without_having_been_shown(self, here, evening, agreed):
        self.count(here, evening, counted="0")

        said = plain(here.post(till_of(evening, "close_shop"), agreed))

        assert "3 commandes ne sont pas retirées" in said
        assert evening.popup.closed_at is None

    def test_all_that_is_wrong_is_said_at_once(self, here, evening):
        self.count(here, evening, counted="0")
        lost = f"lost-{evening.month.offers[0].product_id}"

        said = plain(here.post(till_of(evening, "close_shop"), {lost: "7 kg", "absents": "3"}))

        assert "Il n’en reste que 6 kg." in said
        assert "Dites ce qui est arrivé" in said
        assert evening.popup.closed_at is None


def test_one_till_leads_to_the_others_of_the_evening(here, evening):
    collective, elsewhere = evening.month.collective, open_month().popup
    other = evening.popup
    other.pk = None  # a shop like this one, of another group
    other.group = add_group(
        collective=collective, name="Griffeuille", commune=CommuneFactory(), place="École"
    )
    other.location = open_location(
        keeper=collective.structure, kind=LocationKind.POPUP, name="Griffeuille"
    )
    other.save()

    said = here.get(till_of(evening)).content.decode()

    assert reverse("groupbuy:till", args=[other.pk]) in said
    assert reverse("groupbuy:till", args=[elsewhere.pk]) not in said


def test_reading_writes_nothing(here, evening, django_assert_max_num_queries):
    with django_assert_max_num_queries(200) as queries:
        for address in every_page_without_sale(evening).values():
            here.get(address)
        here.get(till_of(evening, "free_sale"))

    written = [q["sql"] for q in queries.captured_queries if not q["sql"].startswith("SELECT")]
    assert not written
