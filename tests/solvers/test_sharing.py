"""Promises of every way of sharing out, and what sets each apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from croqualim.solvers.sharing import equal_ceiling, first_come, pro_rata, smallest_first

STEP = 500
RULES = [pro_rata, first_come, equal_ceiling, smallest_first]
asked_by_all = st.lists(st.integers(0, 40).map(lambda n: n * STEP), max_size=12)
available = st.integers(0, 300_000)
every_rule = pytest.mark.parametrize("rule", RULES)


@every_rule
@settings(deadline=None)
@given(asked=asked_by_all, available=available)
def test_nobody_gets_more_than_she_asked_and_only_whole_steps(rule, asked, available):
    shared = rule(asked, available, STEP)

    assert len(shared) == len(asked)
    assert all(0 <= got <= a and got % STEP == 0 for got, a in zip(shared, asked, strict=True))


@every_rule
@settings(deadline=None)
@given(asked=asked_by_all, available=available)
def test_all_that_can_be_given_is_given(rule, asked, available):
    assert sum(rule(asked, available, STEP)) == min(available // STEP * STEP, sum(asked))


@every_rule
@settings(deadline=None)
@given(asked=asked_by_all, available=available, more=st.integers(0, 20_000))
def test_when_more_comes_nobody_gets_less(rule, asked, available, more):
    before, after = rule(asked, available, STEP), rule(asked, available + more, STEP)

    assert all(a >= b for a, b in zip(after, before, strict=True))


@every_rule
@settings(deadline=None)
@given(asked=asked_by_all, available=available)
def test_who_asked_the_same_later_never_gets_more(rule, asked, available):
    shared = rule(asked, available, STEP)

    for i, a in enumerate(asked):
        for j in range(i + 1, len(asked)):
            assert asked[j] != a or shared[i] - shared[j] >= 0


@settings(deadline=None)
@given(asked=asked_by_all, available=available)
def test_pro_rata_and_equal_ceiling_treat_equals_within_a_step(asked, available):
    for rule in (pro_rata, equal_ceiling):
        shared = rule(asked, available, STEP)
        for i, a in enumerate(asked):
            assert all(abs(shared[i] - shared[j]) <= STEP for j, b in enumerate(asked) if b == a)


@settings(deadline=None)
@given(asked=asked_by_all, available=available)
def test_under_the_equal_ceiling_only_who_has_all_she_asked_has_less(asked, available):
    shared = equal_ceiling(asked, available, STEP)

    most = max(shared, default=0)
    assert all(got == a or got >= most - STEP for got, a in zip(shared, asked, strict=True))


@every_rule
def test_one_large_and_fine_delivery_is_shared_out_at_once(rule):
    asked = [1_000_000 + n for n in range(5_000)]

    assert sum(rule(asked, 2_500_000_001, 1)) == 2_500_000_001


@pytest.mark.parametrize(
    ("rule", "shared"),
    [
        (pro_rata, [500, 2000, 2500]),
        (first_come, [1000, 4000, 0]),
        (equal_ceiling, [1000, 2000, 2000]),
        (smallest_first, [1000, 4000, 0]),
    ],
)
def test_five_kilos_for_ten(rule, shared):
    assert rule([1000, 4000, 5000], 5000, STEP) == shared


def test_the_alabama_paradox_does_not_happen():
    """With the largest remainder the last gets 2 of 10, and 1 of 11."""
    assert [pro_rata([6, 6, 2], n, 1) for n in (10, 11)] == [[5, 4, 1], [5, 5, 1]]


def test_the_order_of_asking_decides_between_equals():
    assert smallest_first([1000, 500, 500], 500, STEP) == [0, 500, 0]
    assert equal_ceiling([1000, 1000, 1000], 2000, STEP) == [1000, 500, 500]


@every_rule
@pytest.mark.parametrize(
    ("asked", "available", "step"), [([500], 500, 0), ([500], -1, 500), ([700], 500, 500)]
)
def test_what_makes_no_sense_is_refused(rule, asked, available, step):
    with pytest.raises(ValueError, match="steps"):
        rule(asked, available, step)


@settings(deadline=None)
@given(asked=asked_by_all.filter(bool), available=available)
def test_no_more_than_an_equal_part_is_given_whole(asked, available):
    shares = equal_ceiling(asked, available, STEP)

    part = available // STEP // len(asked) * STEP
    assert all(share >= min(a, part) for share, a in zip(shares, asked, strict=True))


@settings(deadline=None)
@given(asked_by_all, available, st.data())
def test_a_neighbour_who_asks_for_more_than_she_gets_takes_from_nobody(asked, available, data):
    before = equal_ceiling(asked, available, STEP)
    cut = [i for i, share in enumerate(before) if share < asked[i]]
    if not cut:
        return
    greedy = data.draw(st.sampled_from(cut))
    more = [a + 50 * STEP if i == greedy else a for i, a in enumerate(asked)]

    assert equal_ceiling(more, available, STEP) == before
