import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.kernel.distance import metres_between

points = st.tuples(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000))
ARLES = (43_676_810, 4_630_480)
AVIGNON = (43_948_340, 4_808_920)


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        (ARLES, AVIGNON, 33_444),  # by the same formula on other software: 33.4 km
        ((0, 0), (0, 1_000_000), 111_195),  # a degree of the equator, on a sphere of 6,371 km
        ((90_000_000, 0), (-90_000_000, 0), 20_015_115),  # pole to pole: half the way round
    ],
)
def test_known_distances(a, b, metres):
    assert metres_between(a, b) == pytest.approx(metres, abs=50)


@given(points, points)
def test_as_far_there_as_back_and_never_further_than_half_the_earth(a, b):
    assert metres_between(a, b) == metres_between(b, a)
    assert 0 <= metres_between(a, b) <= 20_015_116


@given(points)
def test_a_place_is_where_it_is(a):
    assert metres_between(a, a) == 0
