"""Several processes at once: goods are taken once, and nobody waits for ever."""

import pytest

from croqualim.catalogue.models import Product
from croqualim.ledger.actions import AlreadyReversed
from croqualim.stock.actions import (
    NotEnoughGoods,
    move_many,
    move_out,
    receive_lot,
    reserve,
    reverse_many,
)
from croqualim.stock.models import Location, Lot, Movement
from croqualim.stock.queries import available_of, discrepancies, quantity_of
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 8


@pytest.fixture
def ten_jars(places, oil):
    """In three lots: whoever takes must find the next lot when one has just gone."""
    for code, quantity in (("A", 4), ("B", 5), ("C", 1)):
        places.receive(oil, quantity, key=code, code=code)


def attempts(count, attempt):
    """How many of these attempts are not refused."""
    done = 0
    for n in range(count):
        try:
            attempt(n)
            done += 1
        except NotEnoughGoods:
            pass
    return done


def ends(from_id, to_id):
    return {
        "from_location": Location.objects.get(pk=from_id),
        "to_location": Location.objects.get(pk=to_id),
        "kind": "order",
        "reference": "RADIS-42",
        "now": NOON,
    }


def take(number, product_id, from_id, to_id):
    product, way = Product.objects.get(pk=product_id), ends(from_id, to_id)
    return attempts(10, lambda n: move_out(key=f"{number}/{n}", product=product, quantity=1, **way))


def hold(number, product_id, place_id):
    product, place = Product.objects.get(pk=product_id), Location.objects.get(pk=place_id)
    return attempts(
        10,
        lambda n: reserve(
            key=f"{number}/{n}", product=product, location=place, quantity=1, now=NOON
        ),
    )


def take_same(number, product_id, from_id, to_id):
    moved = move_many(key="only", wanted={product_id: 6}, **ends(from_id, to_id))
    return [movement.pk for movement in moved]


def receive_same(number, product_id, from_id, to_id):
    way = ends(from_id, to_id)
    way.pop("kind")
    return receive_lot(
        key="only",
        product=Product.objects.get(pk=product_id),
        quantity=7,
        code="L",
        best_before_on=None,
        price_cents=1,
        priced_quantity=1,
        **way,
    ).pk


def take_and_bring_back(number, product_ids, from_id, to_id):
    """Whole orders go out and come back: levels are touched from both ends."""
    way = ends(from_id, to_id)
    for n in range(5):
        wanted = dict.fromkeys(product_ids, 1)
        moved = move_many(key=f"{number}/{n}", wanted=wanted, **way)
        reverse_many(movements=moved, key=f"{number}/{n}/back", reason="Non venu", now=NOON)


def bring_back(number, movement_ids):
    """Each under its own key: one of them is the first."""
    movements = list(Movement.objects.filter(pk__in=movement_ids).order_by("line"))
    try:
        reverse_many(movements=movements, key=f"back {number}", reason="Non venu", now=NOON)
    except AlreadyReversed:
        return 0
    return 1


def test_the_last_ten_jars_are_taken_once(places, oil, ten_jars, at_once):
    taken = at_once(
        "tests.stock.test_races:take",
        PROCESSES,
        product_id=oil.pk,
        from_id=places.warehouse.pk,
        to_id=places.households.pk,
    )

    assert (sum(taken), quantity_of(oil, places.warehouse)) == (10, 0)
    assert discrepancies() == []


def test_the_last_ten_jars_are_held_once(places, oil, ten_jars, at_once):
    held = at_once(
        "tests.stock.test_races:hold", PROCESSES, product_id=oil.pk, place_id=places.warehouse.pk
    )

    assert (sum(held), available_of(places.warehouse)) == (10, {})
    assert discrepancies() == []


def test_one_key_takes_goods_once(places, oil, ten_jars, at_once):
    taken = at_once(
        "tests.stock.test_races:take_same",
        PROCESSES,
        product_id=oil.pk,
        from_id=places.warehouse.pk,
        to_id=places.households.pk,
    )

    assert all(ids == taken[0] for ids in taken)
    assert quantity_of(oil, places.warehouse) == 4


def test_one_key_receives_goods_once(places, oil, at_once):
    received = at_once(
        "tests.stock.test_races:receive_same",
        PROCESSES,
        product_id=oil.pk,
        from_id=places.farm.pk,
        to_id=places.warehouse.pk,
    )

    assert (len(set(received)), Lot.objects.count()) == (1, 1)
    assert quantity_of(oil, places.warehouse) == 7


def test_orders_that_cross_do_not_block_each_other(places, oil, lentils, ten_jars, at_once):
    places.receive(lentils, 1000, key="D")
    at_once(
        "tests.stock.test_races:take_and_bring_back",
        PROCESSES,
        product_ids=[oil.pk, lentils.pk],
        from_id=places.warehouse.pk,
        to_id=places.households.pk,
    )

    assert quantity_of(oil, places.warehouse) == 10
    assert discrepancies() == []


def test_an_order_comes_back_once(places, oil, ten_jars, at_once):
    moved = places.take(oil, 6)
    back = at_once(
        "tests.stock.test_races:bring_back", PROCESSES, movement_ids=[m.pk for m in moved]
    )

    assert (sum(back), quantity_of(oil, places.warehouse)) == (1, 10)
    assert discrepancies() == []
