"""Promises of the closing's page: what will be bought is read first, by the coordinator alone."""

import pytest
from django.urls import reverse

from croqualim.groupbuy.models import Cycle, PurchaseOrder
from croqualim.network.models import RoleKind
from tests.factories import PersonFactory, RoleFactory, StructureFactory
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain
from tests.groupbuy.test_closing import keep_in_warehouse

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

    for _press in range(2):
        answer = coordinator.post(address)
        assert answer.url == reverse("groupbuy:purchase_orders", args=[month.cycle.pk])

    assert PurchaseOrder.objects.count() == 1


def test_before_the_closing_time_there_is_nothing_to_press(
    month, coordinator, address, monkeypatch
):
    monkeypatch.setattr("croqualim.groupbuy.views.closing.now", lambda: month.now)

    assert "Clore et établir" not in plain(coordinator.get(address))
    coordinator.post(address)

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
        with django_assert_max_num_queries(8):
            coordinator.get(address)
