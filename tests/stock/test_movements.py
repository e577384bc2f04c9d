"""What people rely on when goods move."""

import pytest

from croqualim.ledger.actions import AlreadyReversed, KeyReused
from croqualim.stock.actions import (
    NotEnoughGoods,
    move,
    open_location,
    reserve,
    reverse,
    reverse_many,
    write_off,
)
from croqualim.stock.models import Level, LocationKind, Lot, Movement
from croqualim.stock.queries import quantities_of, quantity_of
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

    def test_what_is_held_of_a_lot_stays(self, places, lentils):
        lot = places.receive(lentils, 1000)
        reserve(key="r", product=lentils, location=places.warehouse, quantity=700, now=NOON)

        with pytest.raises(NotEnoughGoods) as refused:
            shift(lot, places.warehouse, places.popup, 400)
        assert refused.value.missing_quantity == 100
        shift(lot, places.warehouse, places.popup, 300)

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


class TestReversal:
    def test_brings_the_levels_back_and_says_why(self, places, lentils):
        lot = places.receive(lentils, 1000)
        first = shift(lot, places.warehouse, places.popup, 400)
        back = reverse(movement=first, key="back", reason="Mauvais groupe", now=NOON)

        assert quantity_of(lentils, places.warehouse) == 1000
        assert quantity_of(lentils, places.popup) == 0
        assert (back.reverses, back.reason) == (first, "Mauvais groupe")

    def test_happens_once(self, places, lentils):
        lot = places.receive(lentils, 1000)
        first = shift(lot, places.warehouse, places.popup, 400)
        back = reverse(movement=first, key="back", reason="Erreur", now=NOON)

        assert reverse(movement=first, key="back", reason="Erreur", now=NOON) == back
        with pytest.raises(AlreadyReversed):
            reverse(movement=first, key="again", reason="Erreur", now=NOON)
        assert quantity_of(lentils, places.warehouse) == 1000

    def test_does_not_take_a_key_that_did_something_else(self, places, lentils):
        lot = places.receive(lentils, 1000)
        first = shift(lot, places.warehouse, places.popup, 400)

        with pytest.raises(KeyReused):
            reverse(movement=first, key="1", reason="Erreur", now=NOON)

    def test_stays_and_has_a_reason(self, places, lentils):
        lot = places.receive(lentils, 1000)
        first = shift(lot, places.warehouse, places.popup, 400)

        with pytest.raises(ValueError, match="why"):
            reverse(movement=first, key="b", reason=" ", now=NOON)
        back = reverse(movement=first, key="b", reason="Erreur", now=NOON)
        with pytest.raises(ValueError, match="stays"):
            reverse(movement=back, key="bb", reason="Erreur", now=NOON)

    def test_waits_for_goods_that_have_gone_on(self, places, lentils):
        lot = places.receive(lentils, 1000)
        first = shift(lot, places.warehouse, places.popup, 400)
        shift(lot, places.popup, places.households, 1, key="2")

        with pytest.raises(NotEnoughGoods) as refused:
            reverse(movement=first, key="b", reason="Erreur", now=NOON)
        assert refused.value.missing_quantity == 1

    def test_of_a_whole_order_brings_all_of_it_back_or_nothing(self, places, lentils, oil):
        for product in (lentils, oil):
            for key in ("a", "b"):
                places.receive(product, 300, key=f"{product} {key}")
        taken = [*places.take(lentils, 500, key="1"), *places.take(oil, 400, key="2")]
        assert len(taken) == 4

        reverse(movement=taken[0], key="one", reason="Sachet percé", now=NOON)
        with pytest.raises(AlreadyReversed):
            reverse_many(movements=taken, key="all", reason="Non venu", now=NOON)
        assert quantity_of(oil, places.warehouse) == 200

        back = reverse_many(movements=taken[1:], key="rest", reason="Non venu", now=NOON)
        assert quantities_of(places.warehouse) == {lentils.pk: 600, oil.pk: 600}
        assert reverse_many(movements=taken[1:], key="rest", reason="Non venu", now=NOON) == back


class TestWriteOff:
    def write_off(self, lot, places, quantity=100, to=LocationKind.COMPOST, reason="Charançons"):
        return write_off(
            key="gone",
            lot=lot,
            from_location=places.warehouse,
            quantity=quantity,
            to=to,
            reason=reason,
            reference="inventaire",
            now=NOON,
        )

    def test_says_where_the_goods_went_and_why(self, places, lentils):
        gone = self.write_off(places.receive(lentils, 1000), places)

        assert quantity_of(lentils, places.warehouse) == 900
        assert quantity_of(lentils, gone.to_location) == 100
        assert (gone.to_location.kind, gone.reason) == (LocationKind.COMPOST, "Charançons")
        assert gone.to_location.keeper == places.keeper

    def test_never_without_a_reason_nor_to_people(self, places, lentils):
        lot = places.receive(lentils, 1000)

        with pytest.raises(ValueError, match="why"):
            self.write_off(lot, places, reason="")
        with pytest.raises(ValueError, match="compost"):
            self.write_off(lot, places, to=LocationKind.HOUSEHOLDS)

    def test_of_more_than_there_is_is_refused(self, places, lentils):
        with pytest.raises(NotEnoughGoods):
            self.write_off(places.receive(lentils, 1000), places, quantity=1001)


def test_a_place_is_opened_once(places):
    again = open_location(keeper=places.keeper, kind=LocationKind.WAREHOUSE, name="Hangar")

    assert again == places.warehouse
    assert again.name == "Dépôt"


def test_a_movement_costs_few_queries(places, lentils, django_assert_max_num_queries):
    lot = places.receive(lentils, 1000)

    with django_assert_max_num_queries(6):
        shift(lot, places.warehouse, places.popup, 400)
