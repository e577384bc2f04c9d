"""Which lots go first, and that nobody silently gets less."""

import pytest

from croqualim.ledger.actions import KeyReused
from croqualim.stock.actions import NotEnoughGoods, move_many, move_reserved, reserve
from croqualim.stock.models import Movement, Reservation
from croqualim.stock.queries import available_of, quantities_of, value_of_movement
from tests.conftest import NOON
from tests.factories import ProductFactory, StructureFactory
from tests.stock.books import Places

pytestmark = pytest.mark.django_db


def hand_out(places, wanted, key="out", reservation_keys=None):
    arguments = {
        "key": key,
        "wanted": wanted,
        "from_location": places.warehouse,
        "to_location": places.households,
        "kind": "order",
        "reference": "RADIS-42",
        "now": NOON,
    }
    if reservation_keys is None:
        return move_many(**arguments)
    return move_reserved(reservation_keys=reservation_keys, **arguments)


def taken(movements):
    return [(movement.lot.code, movement.quantity) for movement in movements]


def test_what_expires_first_goes_first(places, lentils):
    places.receive(lentils, 1000, key="1", code="never")
    places.receive(lentils, 1000, key="2", code="late", days=90)
    places.receive(lentils, 1000, key="3", code="soon", days=10)

    moved = places.take(lentils, 2200)

    assert taken(moved) == [("soon", 1000), ("late", 1000), ("never", 200)]


def test_among_equals_the_oldest_goes_first(places, lentils):
    places.receive(lentils, 1000, key="1", code="first", days=10)
    places.receive(lentils, 1000, key="2", code="second", days=10)

    assert taken(places.take(lentils, 1500)) == [("first", 1000), ("second", 500)]


def test_never_silently_less(places, lentils, oil):
    places.receive(lentils, 1000, key="1")
    places.receive(oil, 200, key="2")

    with pytest.raises(NotEnoughGoods) as refused:
        hand_out(places, {lentils.pk: 1200, oil.pk: 300})

    assert refused.value.missing == {lentils: 200, oil: 100}
    assert quantities_of(places.warehouse) == {lentils.pk: 1000, oil.pk: 200}


def test_what_is_held_for_others_is_not_taken(places, lentils):
    places.receive(lentils, 1000)
    reserve(key="r", product=lentils, location=places.warehouse, quantity=700, now=NOON)

    with pytest.raises(NotEnoughGoods) as refused:
        places.take(lentils, 400)
    assert refused.value.missing_quantity == 100


def test_the_same_key_hands_out_once(places, lentils, oil):
    places.receive(lentils, 1000, key="1")
    places.receive(lentils, 1000, key="2")
    places.receive(oil, 1000, key="3")
    first = hand_out(places, {lentils.pk: 1500, oil.pk: 500, 999: 0})

    assert hand_out(places, {oil.pk: 500, lentils.pk: 1500}) == first
    assert quantities_of(places.warehouse) == {lentils.pk: 500, oil.pk: 500}


def test_the_same_key_answers_when_all_is_gone(places, lentils):
    places.receive(lentils, 1000)
    first = places.take(lentils, 1000)

    assert places.take(lentils, 1000) == first


def test_the_same_key_for_something_else_is_refused(places, lentils, oil):
    places.receive(lentils, 1000, key="1")
    places.receive(oil, 1000, key="2")
    hand_out(places, {lentils.pk: 500})

    with pytest.raises(KeyReused):
        hand_out(places, {lentils.pk: 501})
    with pytest.raises(KeyReused):
        hand_out(places, {lentils.pk: 500, oil.pk: 1})
    with pytest.raises(KeyReused):
        move_many(
            key="out",
            wanted={lentils.pk: 500},
            from_location=places.warehouse,
            to_location=places.popup,
            kind="order",
            reference="RADIS-42",
            now=NOON,
        )


def test_nothing_wanted_moves_nothing(places, lentils):
    places.receive(lentils, 1000)

    assert hand_out(places, {}) == hand_out(places, {lentils.pk: 0}) == []
    with pytest.raises(ValueError, match="positive"):
        hand_out(places, {lentils.pk: -1})


def test_goods_never_leak_to_another_keeper(places, lentils):
    places.receive(lentils, 1000)

    with pytest.raises(ValueError, match="one keeper"):
        move_many(
            key="out",
            wanted={lentils.pk: 500},
            from_location=places.warehouse,
            to_location=Places(StructureFactory()).warehouse,
            kind="transfer",
            reference="prêt",
            now=NOON,
        )


class TestHeld:
    @pytest.fixture(autouse=True)
    def a_kilo_of_which_700_g_are_held(self, places, lentils):
        places.receive(lentils, 600, key="1", days=10)
        places.receive(lentils, 400, key="2", days=20)
        for key, quantity in (("a", 500), ("b", 200)):
            reserve(
                key=key, product=lentils, location=places.warehouse, quantity=quantity, now=NOON
            )

    @pytest.mark.parametrize("quantity", [300, 500, 800])
    def test_goods_move_in_one_go_less_or_more(self, places, lentils, quantity):
        hand_out(places, {lentils.pk: quantity}, reservation_keys=["a", "never held"])

        assert available_of(places.warehouse).get(lentils.pk, 0) == 800 - quantity
        assert quantities_of(places.warehouse) == {lentils.pk: 1000 - quantity}

    def test_goods_stay_held_when_they_do_not_suffice(self, places, lentils):
        with pytest.raises(NotEnoughGoods) as refused:
            hand_out(places, {lentils.pk: 801}, reservation_keys=["a"])

        assert refused.value.missing_quantity == 1
        assert available_of(places.warehouse) == {lentils.pk: 300}

    def test_goods_are_let_go_even_if_none_of_them_is_wanted(self, places, lentils, oil):
        places.receive(oil, 100, key="oil")

        hand_out(places, {oil.pk: 100}, reservation_keys=["a", "b"])

        assert not Reservation.objects.exists()
        assert available_of(places.warehouse) == {lentils.pk: 1000}

    def test_goods_are_not_let_go_again_by_a_second_go(self, places, lentils):
        first = hand_out(places, {lentils.pk: 500}, reservation_keys=["a"])
        reserve(key="a", product=lentils, location=places.warehouse, quantity=50, now=NOON)

        assert hand_out(places, {lentils.pk: 500}, reservation_keys=["a"]) == first
        assert available_of(places.warehouse) == {lentils.pk: 250}


@pytest.mark.parametrize("lines", [1, 12, 40])
def test_an_order_costs_the_same_queries_whatever_its_lines(
    places, lines, django_assert_num_queries
):
    products = ProductFactory.create_batch(lines, buyer=places.keeper)
    for product in products:
        for key in ("a", "b"):
            places.receive(product, 100, key=f"{product.pk}{key}")

    with django_assert_num_queries(8):
        moved = hand_out(places, {product.pk: 150 for product in products})
        value = sum(value_of_movement(movement) for movement in moved)

    assert Movement.objects.filter(key="out").count() == 2 * lines
    assert value == 2 * lines * (32 + 16) // 2
