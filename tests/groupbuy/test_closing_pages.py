"""Promises of the closing's page: what will be bought is read first, by the coordinator alone."""

import pytest
from django.urls import reverse

from croqualim.groupbuy.models import Cycle, PurchaseOrder
from croqualim.network.models import RoleKind
from tests.factories import PersonFactory, RoleFactory, StructureFactory
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain
from tests.groupbuy.test_closing import ask, keep_in_warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month()


@pytest.fixture
def address(month):
    return reverse("groupbuy:close_cycle", args=[month.cycle.pk])


@pytest.fixture
def after_closing(month, monkeypatch):
    monkeypatch.setattr("croqualim.groupbuy.views.closing.now", lambda: month.after_closing)


@pytest.fixture
def coordinator(client, month):
    client.force_login(month.coordinator)
    return client


def press(client, address, shown, button="clore", **fields):
    """Press a button of the page that was shown, with what was typed."""
    return client.post(address, {"vu": shown.context["seal"], button: "1", **fields})


def typed(offer, rule="", packages=""):
    return {f"rule-{offer.pk}": rule, f"packages-{offer.pk}": packages}


def test_it_says_how_sacks_divide(month, coordinator, address, after_closing):
    month.order({month.offers[0]: 93_000})

    page = plain(coordinator.get(address))

    assert "4 sacs de 25 kg = 100 kg pour 93 kg commandés, 7 kg de plus iront au dépôt" in page
    assert "320,00 €" in page
    assert "Clore et établir 1 bon de commande" in page


def test_it_says_what_the_warehouse_gives(month, coordinator, address, after_closing):
    keep_in_warehouse(month, month.offers[0].product, 20_000)
    keep_in_warehouse(month, month.offers[1].product, 20_000)
    month.order({month.offers[0]: 93_000, month.offers[1]: 2_000})

    page = plain(coordinator.get(address))

    assert "3 sacs de 25 kg = 75 kg pour 93 kg commandés, dont 20 kg du dépôt" in page
    assert "Rien à acheter : le dépôt suffit pour 2 kg commandés." in page


def test_looking_closes_nothing(month, coordinator, address, after_closing):
    month.order({month.offers[0]: 500})

    coordinator.get(address)

    assert not PurchaseOrder.objects.exists()
    assert Cycle.objects.get().bought_at is None


def test_pressing_twice_closes_once(month, coordinator, address, after_closing):
    month.order({month.offers[0]: 500})
    shown = coordinator.get(address)

    for _press in range(2):
        answer = press(coordinator, address, shown)
        assert answer.url == reverse("groupbuy:purchase_orders", args=[month.cycle.pk])

    assert PurchaseOrder.objects.count() == 1


def test_before_the_closing_time_there_is_nothing_to_press(
    month, coordinator, address, monkeypatch
):
    monkeypatch.setattr("croqualim.groupbuy.views.closing.now", lambda: month.now)

    assert "Clore et établir" not in plain(coordinator.get(address))
    coordinator.post(address, {"clore": "1"})

    assert Cycle.objects.get().bought_at is None


def test_a_month_without_orders_says_so(month, coordinator, address, after_closing):
    assert "Personne n’a commandé ce mois-ci" in plain(coordinator.get(address))


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_finds_it(month, client, address, after_closing, method):
    member = month.member()[0]
    elsewhere = RoleFactory(structure=StructureFactory(), kind=RoleKind.COORDINATOR).person
    till = RoleFactory(structure=month.collective.structure, kind=RoleKind.TILL).person
    for person in (member, elsewhere, till, PersonFactory()):
        client.force_login(person)
        assert getattr(client, method)(address).status_code == 404
    assert Cycle.objects.get().bought_at is None


def test_a_hundred_products_cost_no_more_queries_than_three(
    month, coordinator, address, after_closing, django_assert_max_num_queries
):
    for count in (1, 100):
        offers = [month.offer() for _ in range(count)]
        month.order(dict.fromkeys(offers, 500))
        with django_assert_max_num_queries(10):
            coordinator.get(address)


def test_a_choice_is_shown_before_it_is_done(month, coordinator, address, after_closing):
    lentils = month.offers[0]
    order, other = month.order({lentils: 30_000}), month.order({lentils: 3_000})
    shown = coordinator.get(address)
    assert "Aucune commande ne change : chacun a ce qu’il a demandé." in plain(shown)

    seen = press(coordinator, address, shown, "revoir", **typed(lentils, "down"))

    said = plain(seen)
    assert "1 sac de 25 kg = 25 kg pour 33 kg commandés" in said
    assert "8 kg de moins, pour 1 commande" in said
    assert f"{order.reference}, n° {order.membership.number} : 30 kg → 22 kg" in said
    assert other.reference not in said
    assert "1 commande change. Son foyer sera prévenu" in said
    assert "80,00 €" in said
    assert Cycle.objects.get().bought_at is None

    done = press(coordinator, address, seen, **typed(lentils, "down"))

    assert done.url == reverse("groupbuy:purchase_orders", args=[month.cycle.pk])
    assert "1 commande change, son foyer est prévenu." in plain(coordinator.get(done.url))
    assert order.lines.get().quantity == 22_000


def test_a_choice_that_was_not_seen_is_shown_and_not_done(
    month, coordinator, address, after_closing
):
    lentils = month.offers[0]
    month.order({lentils: 30_000})
    shown = coordinator.get(address)

    seen = press(coordinator, address, shown, **typed(lentils, packages="1"))

    assert "Rien n’est encore acheté" in plain(seen)
    assert "30 kg → 25 kg" in plain(seen)
    assert Cycle.objects.get().bought_at is None


def test_what_changed_meanwhile_is_said_and_shown_again(month, coordinator, address, after_closing):
    lentils = month.offers[0]
    month.order({lentils: 30_000})
    shown = coordinator.get(address)
    keep_in_warehouse(month, lentils.product, 10_000)

    again = press(coordinator, address, shown)

    assert "une commande, le dépôt ou l’un de vos choix a changé" in plain(again)
    assert "1 sac de 25 kg = 25 kg pour 30 kg commandés, dont 10 kg du dépôt" in plain(again)
    assert not PurchaseOrder.objects.exists()
    assert press(coordinator, address, again).status_code == 302


@pytest.mark.parametrize("wrong", ["3", "-1", "deux", "1,5", "9" * 30])
def test_a_number_that_cannot_be_is_worded_and_nothing_is_lost(
    month, coordinator, address, after_closing, wrong
):
    lentils, peas = month.offers
    month.order({lentils: 30_000, peas: 30_000})
    shown = coordinator.get(address)

    again = press(
        coordinator, address, shown, **typed(lentils, packages=wrong), **typed(peas, "down")
    )

    assert "de 0 à 2" in plain(again)
    assert f'value="{wrong}"' in again.content.decode()
    assert "5 kg de moins, pour 1 commande" in plain(again)
    assert Cycle.objects.get().bought_at is None


def test_no_volunteer_is_enough_is_said(month, coordinator, address, after_closing):
    month.order({month.offers[0]: 30_000})
    shown = coordinator.get(address)

    seen = press(coordinator, address, shown, "revoir", **typed(month.offers[0], "volunteers"))

    assert "Les foyers volontaires ne suffisent pas" in plain(seen)
    assert "20 kg de plus iront au dépôt" in plain(seen)


def test_volunteers_whom_the_rule_does_not_ask_are_said(month, coordinator, address, after_closing):
    ask(month, month.offers[0], 22_000, extra=3_000)

    shown = coordinator.get(address)

    assert "1 foyer en prendrait jusqu’à 3 kg de plus pour le compléter." in plain(shown)
    seen = press(coordinator, address, shown, "revoir", **typed(month.offers[0], "volunteers"))
    assert "3 kg de plus, pour 1 foyer volontaire" in plain(seen)
    assert "en prendrait" not in plain(seen)


def test_a_sack_that_is_not_bought_is_said(month, coordinator, address, after_closing):
    month.order({month.offers[0]: 3_000})
    shown = coordinator.get(address)

    seen = press(coordinator, address, shown, "revoir", **typed(month.offers[0], packages="0"))

    assert "Rien n’est acheté pour 3 kg commandés : personne n’en aura." in plain(seen)
    assert "Clore sans rien acheter" in plain(seen)


def test_no_page_of_the_closing_says_what_a_household_pays(
    month, coordinator, address, after_closing
):
    order = month.order({month.offers[0]: 30_000}, share_percent=50)
    shown = coordinator.get(address)

    seen = plain(press(coordinator, address, shown, "revoir", **typed(month.offers[0], "down")))

    assert order.reference in seen
    assert "48,00" not in seen
    assert "40,00" not in seen
    assert "50 %" not in seen
