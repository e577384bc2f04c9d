"""Promises of the rounding: full packagings, and the last one by its rule."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from croqualim.solvers.rounding import Rounding, whole

quantities = st.integers(0, 1_000_000)
packagings = st.integers(1, 50_000)


@settings(deadline=None)
@given(quantities, packagings, st.sampled_from(Rounding))
def test_it_is_never_a_whole_packaging_away_from_what_is_needed(needed, packaging, rounding):
    assert abs(whole(needed, packaging, rounding) * packaging - needed) < packaging


@settings(deadline=None)
@given(quantities, packagings)
def test_each_rule_keeps_to_its_side(needed, packaging):
    up, down, nearest, volunteers = (
        whole(needed, packaging, Rounding(name)) * packaging
        for name in ("up", "down", "nearest", "volunteers")
    )

    assert down <= needed <= up == volunteers
    assert abs(nearest - needed) == min(up - needed, needed - down)


@pytest.mark.parametrize(("needed", "packages"), [(12_499, 0), (12_500, 1), (93_000, 4)])
def test_half_a_sack_is_bought(needed, packages):
    assert whole(needed, 25_000, Rounding.NEAREST) == packages


@pytest.mark.parametrize("wrong", [(-1, 1), (1, 0)])
def test_impossible_quantities_are_refused(wrong):
    with pytest.raises(ValueError, match="packaging"):
        whole(*wrong, Rounding.UP)
