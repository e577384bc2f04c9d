"""Decisions of the evening, without a database."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.groupbuy.rules.costing import cost_of_leaving
from croqualim.groupbuy.rules.preparation import portions, short_name, still_held
from croqualim.groupbuy.rules.till import (
    LeftToSell,
    Problem,
    Reason,
    State,
    free_sale_problems,
    free_to_sell,
    in_box,
    is_far,
    is_found,
    lost_problems,
    parts_of,
    state_of,
    still_served,
)
from croqualim.kernel.quantity import price_of

AT = datetime(2026, 3, 16, 17, tzinfo=UTC)
CENTS = st.integers(0, 100_000)


@given(st.lists(CENTS, max_size=4), st.data())
def test_every_cent_paid_pays_for_something_and_every_cent_due_is_paid(paid, data):
    payments = {f"method {n}": cents for n, cents in enumerate(paid)}
    cut = data.draw(st.integers(0, sum(paid)))
    purposes = {"fee": cut, "order": sum(paid) - cut}

    parts = parts_of(payments, purposes)

    for method, cents in payments.items():
        assert sum(part.amount_cents for part in parts if part.method == method) == cents
    for purpose, cents in purposes.items():
        assert sum(part.amount_cents for part in parts if part.purpose == purpose) == cents
    assert all(part.amount_cents > 0 for part in parts)


@pytest.mark.parametrize(
    ("payments", "purposes"), [({"cash": 3}, {"order": 4}), ({"cash": -1, "card": 2}, {"order": 1})]
)
def test_a_sum_that_is_not_due_is_no_payment(payments, purposes):
    with pytest.raises(ValueError):
        parts_of(payments, purposes)


@given(
    st.lists(st.integers(1, 5000), min_size=1, max_size=20), st.integers(0, 2000), st.integers(1, 3)
)
def test_the_parts_of_a_lot_cost_what_the_lot_cost(taken, price_cents, thousands):
    """However it is handed out, the book of goods is empty when the shelf is."""
    remaining, cost = sum(taken), 0
    priced = {"price_cents": price_cents, "priced_quantity": 1000 * thousands}
    for quantity in taken:
        remaining -= quantity
        cost += cost_of_leaving(quantity, remaining=remaining, **priced)

    assert cost == price_of(sum(taken), price_cents, 1000 * thousands)


@given(
    st.dictionaries(st.integers(1, 5), st.integers(0, 9000)),
    st.dictionaries(st.integers(1, 5), st.integers(0, 9000)),
)
def test_what_somebody_may_still_come_for_is_not_sold(on_shelf, due):
    for product_id, quantity in free_to_sell(on_shelf, due).items():
        assert 0 < quantity <= on_shelf[product_id] - due.get(product_id, 0)


@pytest.mark.parametrize(
    ("moments", "state"),
    [
        ({}, State.TO_COME),
        ({"checked_in_at": AT}, State.ARRIVED),
        ({"checked_in_at": AT, "collected_at": AT}, State.SERVED),
        ({"checked_in_at": AT, "absent_at": AT}, State.ABSENT),
    ],
)
def test_an_order_is_in_one_state(moments, state):
    nothing = {"checked_in_at": None, "collected_at": None, "absent_at": None}

    assert state_of(**{**nothing, **moments}) is state


@pytest.mark.parametrize(
    "said", ["amina", "AMINA BEL", "belkacem", "éloïse", "eloise", "radis-42", "radis 42", "42"]
)
def test_she_is_found_however_it_is_said(said):
    assert is_found(
        said, reference="RADIS-42", number=7, names=["Amina Belkacem", "Éloïse Belkacem"]
    )


@pytest.mark.parametrize("said", ["7", "n° 7", "n°7", "N 7"])
def test_a_number_is_said_in_many_ways(said):
    assert is_found(said, reference="RADIS-42", number=7, names=["Amina Belkacem"])


@pytest.mark.parametrize("said", ["mina", "zoé", "amina zoé", "70", "radis 43"])
def test_nobody_else_is_found(said):
    assert not is_found(said, reference="RADIS-42", number=7, names=["Amina Belkacem"])


LEFT = {1: LeftToSell(quantity=1500, step_quantity=500), 2: LeftToSell(700, 500)}


TOO_MUCH = Problem(Reason.NOT_ENOUGH_LEFT, about=1, left=1500)


@pytest.mark.parametrize(
    ("chosen", "problems"),
    [
        ({1: 1000}, []),
        ({1: 1500, 2: 500}, []),
        ({2: 700}, []),  # the last of a lot may be less than a step
        ({}, [Problem(Reason.NOTHING_CHOSEN)]),
        ({1: 2000}, [TOO_MUCH]),
        ({1: 250}, [Problem(Reason.NOT_A_STEP, about=1)]),
        ({1: -500}, [Problem(Reason.NOT_A_STEP, about=1)]),
        ({3: 500}, [Problem(Reason.NOT_ENOUGH_LEFT, about=3, left=0)]),
        ({1: 2000, 2: 600}, [TOO_MUCH, Problem(Reason.NOT_A_STEP, about=2)]),
    ],
)
def test_what_is_left_is_sold_by_steps(chosen, problems):
    assert free_sale_problems(chosen, LEFT) == problems


@given(st.integers(0, 9000), st.integers(0, 9000), st.integers(1, 1000))
def test_who_comes_late_gets_all_or_whole_steps_of_what_is_left(wanted, free, step):
    given_now = still_served(wanted, free=free, step_quantity=step)

    if wanted <= free:
        assert given_now == wanted
    else:
        assert given_now <= free < given_now + step
        assert given_now % step == 0


@pytest.mark.parametrize(
    ("lost", "reason", "problems"),
    [
        ({}, "", []),
        ({1: 500}, "sac percé", []),
        ({1: 500}, "  ", [Problem(Reason.NO_REASON)]),
        ({1: 501}, "sac percé", [Problem(Reason.LOST_TOO_MUCH, about=1, left=500)]),
        (
            {2: 1},
            "",
            [Problem(Reason.LOST_TOO_MUCH, about=2, left=0), Problem(Reason.NO_REASON)],
        ),
    ],
)
def test_a_loss_is_there_and_has_a_reason(lost, reason, problems):
    assert lost_problems(lost, {1: 500}, reason) == problems


@pytest.mark.parametrize(
    ("counted", "far"), [(1000, False), (1500, False), (500, False), (1501, True), (499, True)]
)
def test_more_than_the_smallest_note_is_counted_twice(counted, far):
    assert is_far(counted, 1000) is far


def test_notes_and_coins_add_up():
    assert in_box({2000: 3, 50: 4, 1: 7}) == 6207


def test_portions_say_how_many_bags_of_how_much():
    said = portions([500, 2000, 500, 250], "g").replace("\u00a0", " ")

    assert said == "1 × 250 g + 2 × 500 g + 1 × 2 kg"


def test_a_name_on_a_bag_is_a_first_name_and_an_initial():
    assert short_name("Amina", "Belkacem") == "Amina\u00a0B."
    assert short_name("Amina", "") == "Amina"


def test_what_is_held_for_other_shops_is_what_this_one_did_not_take():
    assert (still_held(5000, 2000), still_held(1000, 2000)) == (3000, 0)
