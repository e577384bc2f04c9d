"""The months of a product: read as people write them, said as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.catalogue.rules.cells import Reason, Unreadable
from croqualim.catalogue.rules.season import (
    is_fresh,
    out_of_season_in_words,
    read_season,
    season_in_words,
    sorted_months,
)

MONTHS = st.sets(st.integers(1, 12)).map(sorted_months)


@given(months=MONTHS)
def test_what_is_said_is_read_back(months):
    assert read_season(season_in_words(months)) == months


@given(months=MONTHS, month=st.integers(1, 12))
def test_a_product_without_a_season_is_always_fresh(months, month):
    assert is_fresh(months, month) == (month in months or not months)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("juin à octobre", [6, 7, 8, 9, 10]),
        ("de juin jusqu’en octobre", [6, 7, 8, 9, 10]),
        ("Juin-Oct.", [6, 7, 8, 9, 10]),
        ("6-10", [6, 7, 8, 9, 10]),
        ("nov. à févr., mai", [1, 2, 5, 11, 12]),
        ("juin et septembre", [6, 9]),
        ("AOÛT", [8]),
        ("toute l'année", []),
        ("1 à 12", []),
    ],
)
def test_months_as_people_write_them(text, months):
    assert read_season(text) == months


@pytest.mark.parametrize(
    "text", ["été", "13", "jui", "juin à", "0-3", "1 2 3", "=6+1", " 6 octobre"]
)
def test_what_names_no_month_is_said(text):
    with pytest.raises(Unreadable) as refused:
        read_season(text)
    assert refused.value.reason is Reason.NOT_MONTHS


def test_seasons_are_said_in_runs():
    assert season_in_words([6, 7, 8]) == "de juin à août"
    assert season_in_words([1, 4, 11, 12]) == "avril, de novembre à janvier"
    assert season_in_words([1, 12]) == "décembre et janvier"
    assert season_in_words([8, 9, 10]) == "d’août à octobre"
    assert season_in_words([]) == "toute l’année"


def test_out_of_season_says_which_month_and_when_its_season_is() -> None:
    winter = [11, 12, 1, 2, 3]
    assert out_of_season_in_words(winter, 4) == "en avril (saison : de novembre à mars)"
    assert out_of_season_in_words(winter, 1) == out_of_season_in_words([], 4) == ""
