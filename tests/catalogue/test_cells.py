"""What people type in a cell means what they meant, or they are told what to write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.catalogue.models import Allergen, Family, Label
from croqualim.catalogue.rules import words
from croqualim.catalogue.rules.cells import (
    FORMULA_STARTS,
    Amount,
    Packaging,
    Reason,
    Unreadable,
    disarm,
    read_amount,
    read_codes,
    read_packaging,
    read_price,
    read_text,
    read_yes_or_no,
    rearm,
)
from croqualim.kernel.quantity import Unit


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("500 g", 500, Unit.GRAM),
        ("2,5kg", 2500, Unit.GRAM),
        ("le kilo", 1000, Unit.GRAM),
        ("1 250 g", 1250, Unit.GRAM),
        ("1.50 KG", 1500, Unit.GRAM),
        ("0,1 t", 100_000, Unit.GRAM),
        ("75 cl", 750, Unit.MILLILITRE),
        ("1 litre", 1000, Unit.MILLILITRE),
        ("12 pièces", 12, Unit.PIECE),
        ("la pièce", 1, Unit.PIECE),
        ("unité", 1, Unit.PIECE),
        ("12", 12, None),
        ("12.0", 12, None),
    ],
)
def test_quantities_are_read_as_people_write_them(text, quantity, unit):
    assert read_amount(text) == Amount(quantity, unit)


@pytest.mark.parametrize(
    "text", ["0", "0 g", "-1 kg", "0,5 g", "1 sac", "environ 3 kg", "1 kg 500"]
)
def test_what_is_not_a_quantity_is_refused(text):
    with pytest.raises(Unreadable) as refused:
        read_amount(text)

    assert refused.value.reason is Reason.NOT_A_QUANTITY


def test_an_ounce_is_not_rounded_to_grams():
    with pytest.raises(Unreadable) as refused:
        read_amount("16 oz")

    assert refused.value.reason is Reason.NOT_METRIC


@pytest.mark.parametrize(
    ("text", "name", "quantity"),
    [
        ("sac de 25 kg", "sac", 25_000),
        ("Sac 25 kg", "Sac", 25_000),
        ("25 kg", "", 25_000),
        ("carton de 6 x 500 g", "carton", 3000),
        ("pack of 6 de 1 pièce", "pack of 6", 1),
        ("bidon : 5 L", "bidon", 5000),
    ],
)
def test_packagings_are_read_as_people_write_them(text, name, quantity):
    packaging = read_packaging(text)

    assert (packaging.name, packaging.amount.quantity) == (name, quantity)


@pytest.mark.parametrize("text", ["sac", "vrac", "sac de beaucoup"])
def test_what_is_not_a_packaging_is_refused(text):
    with pytest.raises(Unreadable):
        read_packaging(text)


@pytest.mark.parametrize(
    ("text", "cents"),
    [("3,20", 320), ("3.2", 320), ("3,20 €", 320), ("3.2000", 320), ("12 euros", 1200), ("0", 0)],
)
def test_prices_are_read_as_people_write_them(text, cents):
    assert read_price(text) == cents


@pytest.mark.parametrize("text", ["3,205", "-1", "gratuit", "3,20 le kilo", "99999999"])
def test_a_price_is_never_guessed(text):
    with pytest.raises(Unreadable):
        read_price(text)


@pytest.mark.parametrize(
    ("known", "written", "enum"),
    [
        (words.FAMILIES, words.FAMILY_WORDS, Family),
        (words.LABELS, words.LABEL_WORDS, Label),
        (words.ALLERGENS, words.ALLERGEN_WORDS, Allergen),
    ],
)
def test_every_code_of_the_tables_has_its_word_and_its_label_is_read(known, written, enum):
    assert set(written) == set(enum.values)
    for choice in enum:
        assert known[words.fold(str(choice.label))] == choice.value


def test_codes_come_in_one_order_and_an_unknown_one_is_named():
    assert read_codes(words.ALLERGENS, "Lait ; GLUTEN", Reason.UNKNOWN_ALLERGEN) == [
        "gluten",
        "milk",
    ]
    assert read_codes(words.ALLERGENS, "aucun", Reason.UNKNOWN_ALLERGEN) == []
    with pytest.raises(Unreadable) as refused:
        read_codes(words.ALLERGENS, "lait, kiwi", Reason.UNKNOWN_ALLERGEN)
    assert refused.value.given == "kiwi"


def test_yes_and_no():
    assert [read_yes_or_no(text) for text in ("oui", "X", "Non")] == [True, True, False]
    with pytest.raises(Unreadable):
        read_yes_or_no("peut-être")


@pytest.mark.parametrize("text", ["a" * 151, "œ" * 100, "···"])
def test_a_name_that_the_database_cannot_hold_or_find_is_refused(text):
    with pytest.raises(Unreadable):
        read_text("name", text)


@given(st.text(max_size=20) | st.sampled_from(FORMULA_STARTS).map("{}cmd".format))
def test_nothing_written_starts_a_formula_and_it_reads_back(text):
    assert not disarm(text).startswith(FORMULA_STARTS)
    assert rearm(disarm(text)) == text


def test_a_packaging_is_a_value():
    assert read_packaging("12") == Packaging("", Amount(12, None))
