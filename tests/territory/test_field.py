import re

import pytest
from django import forms
from django.urls import reverse

from croqualim.territory.forms import CommuneField
from croqualim.territory.models import Commune

pytestmark = pytest.mark.usefixtures("paca")


class PlaceForm(forms.Form):
    commune = CommuneField(label="Votre commune")


def posted(**data):
    return PlaceForm(data)


def test_a_clear_answer_is_the_commune_and_is_shown_whole_again():
    form = posted(commune="13200")

    assert form.is_valid()
    assert form.cleaned_data["commune"] == Commune.objects.get(pk="13004")
    assert 'value="Arles (13)"' in str(form["commune"])


def test_doubt_lists_the_communes_and_keeps_what_was_typed():
    form = posted(commune="83670")

    assert form.errors["commune"] == ["Il y a 7 communes avec ce code postal. Choisissez la vôtre."]
    page = str(form["commune"])
    assert page.count('type="radio"') == 7
    assert 'name="commune" value="83670"' in page
    assert "Barjols, Var (83670)" in page


def test_the_choice_made_in_the_list_is_taken():
    form = posted(commune="83670", **{"commune-asked": "83670", "commune-choice": "83135"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["commune"].pk == "83135"
    assert "radio" not in str(form["commune"])


@pytest.mark.parametrize(
    "asked_and_chosen", [("83670", "13004"), ("83670", "x"), ("83000", "83135")]
)
def test_a_choice_that_was_not_offered_for_this_text_counts_for_nothing(asked_and_chosen):
    asked, chosen = asked_and_chosen

    form = posted(commune="83670", **{"commune-asked": asked, "commune-choice": chosen})

    assert not form.is_valid()


def test_more_than_eight_are_said_to_be_more():
    form = posted(commune="saint")

    [sentence] = form.errors["commune"]
    assert re.match(r"Il y a 1\d\d communes possibles\. Voici les 8 plus peuplées", sentence)
    assert str(form["commune"]).count('type="radio"') == 8


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Indiquez une commune : son nom ou son code postal."),
        ("Lyon", "Nous ne trouvons pas cette commune. Vérifiez son nom ou son code postal."),
    ],
)
def test_nothing_found_is_said(typed, sentence):
    assert posted(commune=typed).errors["commune"] == [sentence]


def test_markup_in_what_is_typed_stays_text():
    page = str(posted(commune='"><script>')["commune"])

    assert "<script>" not in page


def test_an_optional_field_may_stay_empty_and_starts_with_its_commune():
    field = CommuneField(required=False)
    arles = Commune.objects.get(pk="13004")

    class Optional(forms.Form):
        commune = field

    assert Optional({}).is_valid()
    form = Optional({"commune": "Arles (13)"}, initial={"commune": arles})
    assert not form.has_changed()
    assert 'value="Arles (13)"' in str(Optional(initial={"commune": arles})["commune"])


def test_two_forms_share_nothing():
    first, second = posted(commune="83670"), posted(commune="Arles")
    assert not first.is_valid()

    assert "radio" not in str(second["commune"])


def test_suggestions_are_for_everybody_and_cost_one_query(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = client.get(reverse("territory:suggestions"), {"form-2-commune": "ar"}).text

    assert '<option value="Arles (13)">13104, 13123, 13129, 13200, 13280</option>' in page


@pytest.mark.parametrize("query", [{}, {"commune": "a"}, {"commune": ""}, {"x": "\x00" * 300}])
def test_suggestions_to_nothing_are_none(client, query):
    response = client.get(reverse("territory:suggestions"), query)

    assert response.status_code == 200
    assert "<option" not in response.text
