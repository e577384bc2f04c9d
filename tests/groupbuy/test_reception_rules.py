"""Promises of the reception: nothing is given twice, nobody gets more than she asked."""

from hypothesis import given, settings
from hypothesis import strategies as st

from croqualim.groupbuy.rules.reception import Asked, Received, effect, is_complete, shares

STEP = 500
asked_by_all = st.lists(st.integers(1, 40).map(lambda n: n * STEP), min_size=1, max_size=12).map(
    lambda quantities: [Asked(line_id, q) for line_id, q in enumerate(quantities)]
)
quantities = st.integers(-10_000, 800_000)


@settings(deadline=None)
@given(asked_by_all, quantities)
def test_nobody_gets_more_than_she_asked_nor_all_more_than_there_is(asked, available):
    given_out = shares(asked, available, STEP)

    assert all(0 <= given_out[line.line_id] <= line.quantity for line in asked)
    assert sum(given_out.values()) <= max(available, 0)
    assert all(quantity % STEP == 0 for quantity in given_out.values())


@settings(deadline=None)
@given(asked_by_all, quantities)
def test_less_than_a_step_is_left_while_somebody_waits(asked, available):
    given_out = shares(asked, available, STEP)

    left = max(available, 0) - sum(given_out.values())
    assert left < STEP or all(given_out[line.line_id] == line.quantity for line in asked)


@settings(deadline=None)
@given(asked_by_all, st.integers(0, 800_000), st.integers(0, 100_000))
def test_the_effect_says_what_the_sharing_does(asked, received, promised):
    said = effect(expected=received, received=received, before=promised, asked=asked, step=STEP)
    given_out = shares(asked, promised + received, STEP)

    less = [line for line in asked if given_out[line.line_id] < line.quantity]
    assert said.adjusted_orders == len(less)
    assert said.is_short == bool(less)
    assert 0 <= said.to_warehouse <= received


def test_eighty_instead_of_a_hundred():
    asked = [Asked(n, 10_000) for n in range(10)]

    said = effect(expected=100_000, received=80_000, before=0, asked=asked, step=STEP)

    assert (said.adjusted_orders, said.to_warehouse) == (10, 0)
    assert set(shares(asked, 80_000, STEP).values()) == {8_000}


def test_more_than_ordered_goes_to_the_warehouse():
    said = effect(expected=100_000, received=105_000, before=0, asked=[Asked(1, 93_000)], step=STEP)

    assert (said.adjusted_orders, said.to_warehouse) == (0, 12_000)


def test_a_line_forgotten_or_foreign_is_noticed():
    some = [Received(5)]

    assert is_complete({1: some, 2: []}, [1, 2])
    assert not is_complete({1: some}, [1, 2])
    assert not is_complete({1: some, 2: [], 3: some}, [1, 2])
