"""What can be read of goods."""

import pytest

from croqualim.stock.queries import (
    available_of,
    history,
    levels_of,
    quantities_of,
    quantity_of,
    value_of,
    value_of_movement,
)

pytestmark = pytest.mark.django_db


def test_levels_are_told_in_the_order_in_which_they_go(places, lentils, oil):
    places.receive(lentils, 100, key="1", code="never")
    places.receive(oil, 100, key="2", code="soon", days=10)
    places.receive(lentils, 100, key="3", code="late", days=20)
    places.receive(lentils, 50, key="4", code="gone", days=1)
    places.take(lentils, 50)

    assert [level.lot.code for level in levels_of(places.warehouse)] == ["soon", "late", "never"]


def test_quantities_add_the_lots_of_a_product_in_one_place(places, lentils, oil):
    places.receive(lentils, 100, key="1")
    places.receive(lentils, 50, key="2")
    places.receive(oil, 70, key="3")
    places.take(oil, 70)

    assert quantities_of(places.warehouse) == {lentils.pk: 150}
    assert available_of(places.warehouse) == {lentils.pk: 150}
    assert quantities_of(places.households) == {oil.pk: 70}
    assert quantity_of(oil, places.warehouse) == 0


def test_the_history_of_a_lot_tells_all_that_happened_to_it(places, lentils):
    lot = places.receive(lentils, 100)
    places.receive(lentils, 100, key="another lot")
    places.take(lentils, 40)

    told = [(m.from_location.name, m.to_location.name, m.quantity) for m in history(lot)]
    assert told == [("Ferme", "Dépôt", 100), ("Dépôt", "Foyers", 40)]


def test_goods_are_worth_what_was_paid_for_their_lot(places, lentils):
    places.receive(lentils, 1500, key="1", price_cents=320)  # 4,80 €
    places.receive(lentils, 250, key="2", price_cents=350)  # 0,875 €
    assert value_of(places.warehouse) == 480 + 88

    (moved,) = places.take(lentils, 500)
    assert value_of_movement(moved) == 160
    assert value_of(places.warehouse) == 320 + 88


def test_reading_a_place_costs_the_same_for_three_and_for_thirty_lots(
    places, lentils, django_assert_num_queries
):
    for key in range(30):
        places.receive(lentils, 100, key=str(key))

    with django_assert_num_queries(3):
        assert len({level.lot.product.name for level in levels_of(places.warehouse)}) == 1
        assert value_of(places.warehouse) == 30 * 32
        assert quantities_of(places.warehouse) == {lentils.pk: 3000}
