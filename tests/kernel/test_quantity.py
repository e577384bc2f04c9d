import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.kernel.quantity import Unit, in_words, parse_quantity, price_in_words, price_of


@pytest.mark.parametrize(
    ("quantity", "unit", "words"),
    [
        (3500, Unit.GRAM, "3,5 kg"),
        (250, Unit.GRAM, "250 g"),
        (1_000_000, Unit.GRAM, "1 000 kg"),
        (750, Unit.MILLILITRE, "750 ml"),
        (1, Unit.PIECE, "1 pièce"),
        (12, Unit.PIECE, "12 pièces"),
        (-1500, Unit.GRAM, "−1,5 kg"),
    ],
)
def test_quantities_are_said_as_people_say_them(quantity, unit, words):
    assert in_words(quantity, unit).replace("\u202f", " ").replace("\u00a0", " ") == words


@given(st.integers(0, 10**8), st.sampled_from(Unit))
def test_what_is_said_is_read_back(quantity, unit):
    said = in_words(quantity, unit).replace("\u202f", "")

    assert parse_quantity(said.replace("\u00a0", " "), unit) == quantity


def test_prices_carry_their_unit():
    assert price_in_words(320, 1000, Unit.GRAM).endswith("€ le kilo")
    assert price_in_words(35, 1, Unit.PIECE).endswith("€ la pièce")
    assert "les 250" in price_in_words(450, 250, Unit.GRAM)


def test_a_price_is_rounded_once():
    assert price_of(500, 333, 1000) == 167


@pytest.mark.parametrize("text", ["2 l", "-1", "1,0005 kg", "beaucoup", "1 kg de riz"])
def test_what_is_not_a_weight_is_refused(text):
    with pytest.raises(ValueError):
        parse_quantity(text, Unit.GRAM)
