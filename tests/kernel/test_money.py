import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.kernel.money import in_euros, parse_euros, percent_of, round_half_up


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_rounding_is_never_off_by_more_than_a_half_and_is_odd(numerator, denominator):
    rounded = round_half_up(numerator, denominator)

    assert abs(2 * (rounded * denominator - numerator)) <= denominator
    assert round_half_up(-numerator, denominator) == -rounded


def test_halves_go_up():
    assert [round_half_up(n, 2) for n in (1, 3, 5, -1)] == [1, 2, 3, -1]
    assert percent_of(333, 50) == 167


@given(st.integers(-(10**11) + 1, 10**11 - 1))
def test_what_is_written_is_read_back(cents):
    assert parse_euros(in_euros(cents).replace("−", "-")) == cents


@pytest.mark.parametrize("text", ["", "abc", "1,234", "12,5,3", "1e3"])
def test_what_is_not_an_amount_is_refused(text):
    with pytest.raises(ValueError):
        parse_euros(text)
