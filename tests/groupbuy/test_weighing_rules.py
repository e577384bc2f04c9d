"""Promises about what a scale says: typed as it is read, looked at twice when it is odd."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.groupbuy.rules.weighing import difference, is_far, parse_weight


@pytest.mark.parametrize(
    ("typed", "grams"),
    [
        ("812", 812),
        ("0,812", 812),
        ("0.812", 812),
        ("812 g", 812),
        ("0,812 kg", 812),
        ("1,6", 1600),
        ("1612", 1612),
        (" 812g ", 812),
    ],
)
def test_a_weight_is_understood_as_people_read_it(typed, grams):
    assert parse_weight(typed, expected=800) == grams


def test_a_bare_number_is_what_comes_nearest_to_what_is_expected():
    assert parse_weight("5", expected=4_800) == 5_000
    assert parse_weight("5", expected=6) == 5


@pytest.mark.parametrize(
    "typed", ["", "beaucoup", "0", "-812", "812 l", "2 pièces", "0,0005", "1 2"]
)
def test_anything_else_is_not(typed):
    with pytest.raises(ValueError, match=r".*"):
        parse_weight(typed, expected=800)


@given(st.integers(1, 100_000))
def test_what_was_expected_is_never_far_and_reads_back(grams):
    assert not is_far(grams, grams)
    assert parse_weight(str(grams), expected=grams) == grams


def test_a_quarter_more_or_less_is_asked_twice():
    assert not is_far(1_000, 800)
    assert is_far(1_001, 800)
    assert is_far(599, 800)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_scales_differ_by_a_little_and_never_make_goods(wanted, there):
    grams = difference(wanted, there)

    assert grams >= 0
    assert grams == 0 or (there + grams == wanted and grams * 4 <= wanted)
