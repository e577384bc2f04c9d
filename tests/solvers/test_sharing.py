"""Promises of the equal ceiling: only who asked for more than it is cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from croqualim.solvers.sharing import share_equally

STEP = 500
asked_by_all = st.lists(st.integers(0, 40).map(lambda n: n * STEP), min_size=1, max_size=12)
there = st.integers(0, 300_000)


@settings(deadline=None)
@given(asked_by_all, there)
def test_nobody_gets_more_than_she_asked_nor_a_part_of_a_step(asked, available):
    shares = share_equally(asked, available, STEP)

    assert all(
        0 <= share <= a and share % STEP == 0 for share, a in zip(shares, asked, strict=True)
    )


@settings(deadline=None)
@given(asked_by_all, there)
def test_all_that_makes_whole_steps_is_given(asked, available):
    shares = share_equally(asked, available, STEP)

    assert sum(shares) == min(available // STEP * STEP, sum(asked))


@settings(deadline=None)
@given(asked_by_all, there)
def test_whoever_is_cut_has_as_much_as_anybody_to_one_step(asked, available):
    shares = share_equally(asked, available, STEP)

    cut = [share for share, a in zip(shares, asked, strict=True) if share < a]
    assert not cut or min(cut) >= max(shares) - STEP


@settings(deadline=None)
@given(asked_by_all, there)
def test_no_more_than_an_equal_part_is_given_whole(asked, available):
    shares = share_equally(asked, available, STEP)

    part = available // STEP // len(asked) * STEP
    assert all(share >= min(a, part) for share, a in zip(shares, asked, strict=True))


@settings(deadline=None)
@given(asked_by_all, there, st.data())
def test_a_neighbour_who_asks_for_more_than_she_gets_takes_from_nobody(asked, available, data):
    before = share_equally(asked, available, STEP)
    cut = [i for i, share in enumerate(before) if share < asked[i]]
    if not cut:
        return
    greedy = data.draw(st.sampled_from(cut))
    more = [a + 50 * STEP if i == greedy else a for i, a in enumerate(asked)]

    assert share_equally(more, available, STEP) == before


@settings(deadline=None)
@given(asked_by_all, there, there)
def test_more_to_share_takes_from_nobody(asked, available, more):
    before = share_equally(asked, available, STEP)
    after = share_equally(asked, available + more, STEP)

    assert all(b <= a for b, a in zip(before, after, strict=True))


def test_the_steps_left_go_to_whoever_asked_first():
    assert share_equally([3, 1, 3, 3], 8, 1) == [3, 1, 2, 2]


@pytest.mark.parametrize("wrong", [([1], 1, 0), ([1], -1, 1), ([3], 5, 2), ([-2], 5, 2)])
def test_impossible_quantities_are_refused(wrong):
    with pytest.raises(ValueError, match="steps"):
        share_equally(*wrong)
