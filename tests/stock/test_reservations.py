"""Goods held before they move."""

import pytest

from croqualim.stock.actions import NotEnoughGoods, release, reserve, reserve_many
from croqualim.stock.models import Reservation
from croqualim.stock.queries import available_of, quantities_of
from tests.conftest import NOON
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_kilo_in_two_lots(places, lentils):
    places.receive(lentils, 600, key="1", code="soon", days=10)
    places.receive(lentils, 400, key="2", code="late", days=20)


def hold(places, product, quantity, key="a"):
    reserve(key=key, product=product, location=places.warehouse, quantity=quantity, now=NOON)


def test_what_expires_first_is_held_first(places, lentils):
    hold(places, lentils, 700)

    held = Reservation.objects.order_by("pk").values_list("level__lot__code", "quantity")
    assert list(held) == [("soon", 600), ("late", 100)]
    assert available_of(places.warehouse) == {lentils.pk: 300}
    assert quantities_of(places.warehouse) == {lentils.pk: 1000}


def test_is_exactly_the_last_quantity_said(places, lentils):
    for quantity in (700, 900, 200, 200):
        hold(places, lentils, quantity)
        assert available_of(places.warehouse) == {lentils.pk: 1000 - quantity}
    hold(places, lentils, 0)
    assert not Reservation.objects.exists()


def test_never_holds_more_than_there_is(places, lentils):
    hold(places, lentils, 700)

    with pytest.raises(NotEnoughGoods) as refused:
        hold(places, lentils, 301, key="b")
    assert refused.value.missing_quantity == 1
    with pytest.raises(NotEnoughGoods) as refused:
        hold(places, lentils, 1002)
    assert refused.value.missing_quantity == 2
    assert available_of(places.warehouse) == {lentils.pk: 300}


def test_is_let_go_once(places, lentils, oil):
    places.receive(oil, 100, key="3")
    hold(places, lentils, 700)
    hold(places, oil, 70)
    hold(places, lentils, 100, key="b")

    release(key="a")
    release(key="a")

    assert available_of(places.warehouse) == {lentils.pk: 900, oil.pk: 100}


def test_one_key_holds_several_products_each_as_last_said(places, lentils, oil):
    places.receive(oil, 100, key="3")
    reserve_many(
        key="cycle 12",
        location=places.warehouse,
        wanted={lentils.pk: 700, oil.pk: 70},
        now=NOON,
    )
    reserve_many(key="cycle 12", location=places.warehouse, wanted={oil.pk: 30}, now=NOON)

    assert available_of(places.warehouse) == {lentils.pk: 300, oil.pk: 70}


def test_makes_no_sense_in_a_virtual_place(places, lentils):
    with pytest.raises(ValueError, match="real place"):
        reserve(key="a", product=lentils, location=places.households, quantity=1, now=NOON)
    with pytest.raises(ValueError, match="less than nothing"):
        hold(places, lentils, -1)


@pytest.mark.parametrize("count", [1, 30])
def test_costs_the_same_queries_whatever_the_products(places, count, django_assert_num_queries):
    products = ProductFactory.create_batch(count, buyer=places.keeper)
    for product in products:
        places.receive(product, 100, key=f"p{product.pk}")
    wanted = {product.pk: 50 for product in products}
    reserve_many(key="a", location=places.warehouse, wanted=wanted, now=NOON)

    with django_assert_num_queries(8):
        reserve_many(key="a", location=places.warehouse, wanted=wanted, now=NOON)
