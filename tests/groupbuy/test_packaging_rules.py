"""Promises about packagings: they read as people say them, and what people type is understood."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from croqualim.groupbuy.rules.packaging import (
    Packaging,
    ordered_in_words,
    parse_received,
    plural,
)
from croqualim.kernel.quantity import Unit

SACK = Packaging("sac", 25_000, Unit.GRAM)
TRAY = Packaging("plateau de 30", 30, Unit.PIECE)
CAN = Packaging("bidon", 5_000, Unit.MILLILITRE)


@pytest.mark.parametrize(
    ("packaging", "packages", "said"),
    [
        (SACK, 4, "4 sacs de 25 kg"),
        (SACK, 1, "1 sac de 25 kg"),
        (CAN, 2, "2 bidons de 5 l"),
        (Packaging("", 25_000, Unit.GRAM), 4, "4 × 25 kg"),
        (Packaging("", 1, Unit.PIECE), 40, "40 pièces"),
    ],
)
def test_packagings_are_said_as_people_say_them(packaging, packages, said):
    assert packaging.in_words(packages).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("sac papier", "sacs papier"),
        ("seau", "seaux"),
        ("bocal", "bocaux"),
        ("colis", "colis"),
        ("caisse", "caisses"),
    ],
)
def test_plurals_are_french(one, many):
    assert plural(one) == many


@pytest.mark.parametrize(
    ("packaging", "typed", "understood"),
    [
        (SACK, "80", 80_000),
        (SACK, " 80 KG ", 80_000),
        (SACK, "80kg", 80_000),
        (SACK, "72,5", 72_500),
        (SACK, "500 g", 500),
        (SACK, "1 200 kg", 1_200_000),
        (SACK, "3 sacs", 75_000),
        (SACK, "1 sac", 25_000),
        (SACK, "2,5 sacs", 62_500),
        (SACK, "3 sacs de 24 kg", 72_000),
        (SACK, "3 sacs de 24", 72_000),
        (SACK, "3 x 24", 72_000),
        (SACK, "3×24 kg", 72_000),
        (SACK, "3 sacs + 12 kg", 87_000),
        (SACK, "3 colis", 75_000),
        (SACK, "0", 0),
        (CAN, "2 bidons", 10_000),
        (CAN, "7,5", 7_500),
        (CAN, "75 cl", 750),
        (TRAY, "90", 90),
        (TRAY, "3 plateaux", 90),
        (TRAY, "90 pièces", 90),
    ],
)
def test_what_people_type_is_understood(packaging, typed, understood):
    assert parse_received(typed, packaging) == understood


@pytest.mark.parametrize(
    ("packaging", "typed"),
    [
        (SACK, ""),
        (SACK, "beaucoup"),
        (SACK, "-3"),
        (SACK, "3 litres"),
        (SACK, "3 l"),
        (SACK, "3 sacs 24 kg"),  # three sacks and 24 kg, or three of 24 kg?
        (SACK, "3 bidons"),
        (SACK, "3 sacs +"),
        (SACK, "0,0001 kg"),
        (TRAY, "2,5"),
        (TRAY, "80 kg"),
    ],
)
def test_what_could_mean_something_else_is_refused(packaging, typed):
    with pytest.raises(ValueError):
        parse_received(typed, packaging)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_text_breaks_it(typed):
    for packaging in (SACK, TRAY, CAN):
        with contextlib.suppress(ValueError):
            assert parse_received(typed, packaging) >= 0


@settings(deadline=None)
@given(st.integers(1, 500), st.sampled_from([SACK, CAN, TRAY]))
def test_what_a_page_says_can_be_typed_back(packages, packaging):
    said = packaging.in_words(packages)

    if packaging is not TRAY:  # its name holds a number of its own
        assert parse_received(said, packaging) == packages * packaging.quantity


@pytest.mark.parametrize(
    ("quantity", "unit", "said"),
    [
        (93_000, Unit.GRAM, "93 kg commandés"),
        (1_500, Unit.GRAM, "1,5 kg commandé"),
        (500, Unit.GRAM, "500 g commandés"),
        (144, Unit.PIECE, "144 pièces commandées"),
        (1, Unit.PIECE, "1 pièce commandée"),
    ],
)
def test_what_is_ordered_agrees(quantity, unit, said):
    assert ordered_in_words(quantity, unit).replace("\u00a0", " ") == said
