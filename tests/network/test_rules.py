import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.network.rules import Problem, Reason, normal_siret, problem_with_name, search_name


@pytest.mark.parametrize(
    "text", ["73282932000074", "732 829 320 00074", "732.829.320-00074", " 732 829 320 00074 "]
)
def test_a_siret_is_read_however_it_is_spaced(text):
    assert normal_siret(text) == "73282932000074"


def test_the_post_office_has_a_key_of_its_own():
    assert normal_siret("356 000 000 00048") == "35600000000048"


@pytest.mark.parametrize("text", ["73282932000075", "732829320", "abc", "7328293200007é", "0" * 15])
def test_a_wrong_siret_is_refused(text):
    with pytest.raises(ValueError):
        normal_siret(text)


def test_none_is_none():
    assert normal_siret("  ") == ""


@given(st.text(max_size=400))
def test_any_text_is_a_siret_or_refused(text):
    try:
        siret = normal_siret(text)
    except ValueError:
        return
    assert siret == "" or (len(siret) == 14 and siret.isascii() and siret.isdigit())


@given(st.text(max_size=200))
def test_an_accepted_name_can_be_found_and_fits_its_column(name):
    if problem_with_name(name) is None:
        assert 0 < len(search_name(name)) <= 170


def test_a_name_says_something():
    assert problem_with_name(" ·· ") == Problem(Reason.NAME_MISSING, "name")
    assert problem_with_name("a" * 151) == Problem(Reason.NAME_TOO_LONG, "name")
    assert problem_with_name("La Cagette d’Arles") is None
