"""Every refusal has its sentence, and every part of a product its words."""

import pytest

from croqualim.catalogue.forms.wording import FILE_SENTENCES, SAID, sentence, sentences
from croqualim.catalogue.queries import VALUES
from croqualim.catalogue.rules.cells import Problem, Reason
from croqualim.catalogue.rules.reading import FileReason


@pytest.mark.parametrize("reason", Reason)
def test_every_problem_has_a_sentence_that_ends(reason):
    given = "g" if reason is Reason.UNIT_FIXED else "100 %"

    said = sentence(Problem(reason, "name", given, line=7))

    assert said.endswith(".")
    assert "%(" not in said


@pytest.mark.parametrize("reason", FileReason)
def test_every_refused_file_has_a_sentence(reason):
    assert str(FILE_SENTENCES[reason]).endswith(".")


def test_what_may_be_chosen_is_told():
    assert "fruits à coque" in sentence(Problem(Reason.UNKNOWN_ALLERGEN, "allergens", "kiwi"))


def test_what_is_missing_for_one_reason_is_told_once():
    missing = ["unit", "priced_quantity", "step_quantity", "packaging_quantity"]

    assert len(sentences([Problem(Reason.MISSING, field) for field in missing])) == 1


def test_every_value_of_a_product_can_be_said():
    assert set(SAID) == set(VALUES) - {"unit"}  # the unit never changes
