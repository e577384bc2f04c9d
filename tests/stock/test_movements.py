"""What people rely on when goods move."""

import pytest

from croqualim.ledger.actions import KeyReused
from croqualim.stock.actions import (
    NotEnoughGoods,
    move,
)
from croqualim.stock.models import Level, Lot, Movement
from croqualim.stock.queries import quantity_of
from tests.conftest import NOON
from tests.factories import StructureFactory
from tests.stock.books import Places

pytestmark = pytest.mark.django_db


def shift(lot, from_location, to_location, quantity, key="1"):
    return move(
        key=key,
        lot=lot,
        from_location=from_location,
        to_location=to_location,
        quantity=quantity,
        kind="test",
        reference="RADIS-42",
        now=NOON,
    )


class TestReception:
    def test_makes_a_lot_that_came_from_the_farm(self, places, lentils):
        lot = places.receive(lentils, 25_000, days=90)

        assert quantity_of(lentils, places.warehouse) == 25_000
        assert quantity_of(lentils, places.farm) == -25_000
        assert (lot.product, lot.code, lot.price_cents) == (lentils, "L1", 320)

    def test_happens_once(self, places, lentils):
        lot = places.receive(lentils, 25_000)

        assert places.receive(lentils, 25_000) == lot
        assert Lot.objects.count() == 1
        assert quantity_of(lentils, places.warehouse) == 25_000

    def test_refuses_a_key_that_received_something_else(self, places, lentils, oil):
        places.receive(lentils, 25_000)

        with pytest.raises(KeyReused):
            places.receive(lentils, 24_000)
        with pytest.raises(KeyReused):
            places.receive(oil, 25_000)
        with pytest.raises(KeyReused):
            places.receive(lentils, 25_000, code="L2")
        assert Lot.objects.count() == 1


class TestMove:
    def test_what_leaves_one_place_reaches_the_other(self, places, lentils):
        lot = places.receive(lentils, 1000)
        shift(lot, places.warehouse, places.popup, 400)

        assert quantity_of(lentils, places.warehouse) == 600
        assert quantity_of(lentils, places.popup) == 400

    def test_the_same_key_moves_goods_once(self, places, lentils):
        lot = places.receive(lentils, 1000)
        first = shift(lot, places.warehouse, places.popup, 400)

        assert shift(lot, places.warehouse, places.popup, 400) == first
        assert quantity_of(lentils, places.popup) == 400

    def test_the_same_key_for_something_else_is_refused(self, places, lentils):
        lot = places.receive(lentils, 1000)
        shift(lot, places.warehouse, places.popup, 400)

        with pytest.raises(KeyReused):
            shift(lot, places.warehouse, places.popup, 401)
        with pytest.raises(KeyReused):
            shift(lot, places.warehouse, places.households, 400)

    def test_a_real_place_gives_no_more_than_it_has(self, places, lentils):
        lot = places.receive(lentils, 1000)

        with pytest.raises(NotEnoughGoods) as refused:
            shift(lot, places.warehouse, places.popup, 1200)

        assert (refused.value.product, refused.value.missing_quantity) == (lentils, 200)
        assert quantity_of(lentils, places.warehouse) == 1000
        assert not Movement.objects.filter(key="1").exists()

    def test_a_place_where_the_lot_never_was_gives_nothing(self, places, lentils):
        lot = places.receive(lentils, 1000)

        with pytest.raises(NotEnoughGoods):
            shift(lot, places.popup, places.households, 1)
        assert not Level.objects.filter(location=places.popup).exists()

    @pytest.mark.parametrize("quantity", [0, -1])
    def test_only_a_positive_quantity_moves(self, places, lentils, quantity):
        lot = places.receive(lentils, 1000)

        with pytest.raises(ValueError, match="positive"):
            shift(lot, places.warehouse, places.popup, quantity)

    def test_goods_never_leak_to_another_keeper(self, places, lentils):
        lot = places.receive(lentils, 1000)
        elsewhere = Places(StructureFactory())

        with pytest.raises(ValueError, match="one keeper"):
            shift(lot, places.warehouse, elsewhere.warehouse, 1)
