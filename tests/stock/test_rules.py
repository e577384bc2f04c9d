"""Which lots go first, for any lots."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from croqualim.stock.rules import Shelf, pick
from tests.conftest import NOON

shelves = st.lists(
    st.builds(
        Shelf,
        level_id=st.integers(1, 1000),
        product_id=st.integers(1, 3),
        quantity=st.integers(-5, 20),
        best_before_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9)),
        received_at=st.integers(0, 9).map(lambda hours: NOON + timedelta(hours=hours)),
    ),
    unique_by=lambda shelf: shelf.level_id,
)
quantities = st.dictionaries(st.integers(1, 4), st.integers(0, 50))


@given(shelves, quantities)
def test_what_is_taken_and_what_is_missing_make_what_is_wanted(shelves, wanted):
    taken, missing = pick(shelves, wanted)

    product = {shelf.level_id: shelf.product_id for shelf in shelves}
    for product_id, quantity in wanted.items():
        got = sum(q for level, q in taken.items() if product[level] == product_id)
        assert got + missing.get(product_id, 0) == quantity
    assert {product[level] for level in taken} <= wanted.keys()


@given(shelves, quantities)
def test_no_lot_gives_more_than_it_has_and_none_is_touched_for_nothing(shelves, wanted):
    taken, _ = pick(shelves, wanted)

    at_hand = {shelf.level_id: shelf.quantity for shelf in shelves}
    assert all(0 < quantity <= at_hand[level] for level, quantity in taken.items())


@given(shelves, quantities)
def test_nothing_is_missing_while_something_is_left(shelves, wanted):
    taken, missing = pick(shelves, wanted)

    for shelf in shelves:
        if shelf.product_id in missing and shelf.quantity > 0:
            assert taken[shelf.level_id] == shelf.quantity


@given(shelves, quantities)
def test_a_lot_waits_until_those_before_it_are_empty(shelves, wanted):
    taken, _ = pick(shelves, wanted)

    for later in shelves:
        for sooner in shelves:
            is_before = (
                sooner.product_id == later.product_id
                and sooner.quantity > 0
                and sooner.best_before_on is not None
                and (later.best_before_on is None or sooner.best_before_on < later.best_before_on)
            )
            if is_before and later.level_id in taken:
                assert taken[sooner.level_id] == sooner.quantity
