"""What the components promise to whoever composes a page."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from croqualim.catalogue.models import Family
from croqualim.network.models import Category
from croqualim.ui import charts
from croqualim.ui.drawings import CATEGORIES, DRAWINGS
from croqualim.ui.parts import Event
from croqualim.ui.templatetags.ui import register

SPRITE = Path(__file__).parents[2] / "croqualim/ui/static/ui/sprite.svg"
HOSTILE = "<script>alert('non')</script>"


def render(source: str, **values: Any) -> str:
    return Template(source).render(Context(values))


class TestComponentsPage:
    def test_anybody_may_read_it_and_it_reads_no_table(self, client: Client) -> None:
        assert client.get("/composants/").status_code == 200

    def test_it_cannot_be_written_to(self, client: Client) -> None:
        assert client.post("/composants/").status_code == 405

    def test_every_component_is_on_it(self, client: Client) -> None:
        page = client.get("/composants/").content.decode()
        assert set(re.findall(r'data-component="(\w+)"', page)) == set(register.tags)

    def test_nothing_on_it_breaks_the_content_policy(self, client: Client) -> None:
        response = client.get("/composants/")
        assert "default-src 'self'" in response["Content-Security-Policy"]
        page = response.content.decode()
        assert " style=" not in page
        assert not re.findall(r"<style|<script(?! src)| on\w+=", page)


class TestDrawings:
    def test_each_name_has_its_drawing(self) -> None:
        symbols = {element.get("id") for element in ET.parse(SPRITE).getroot()}
        assert symbols == {*DRAWINGS, *(f"category-{name}" for name in CATEGORIES)}

    def test_each_family_of_products_has_one(self) -> None:
        assert set(Family.values) <= DRAWINGS.keys()

    def test_each_category_of_structures_has_its_shape(self) -> None:
        assert set(Category.values) == set(CATEGORIES)

    def test_no_two_categories_share_a_shape(self) -> None:
        paths = [
            element[0].get("d")
            for element in ET.parse(SPRITE).getroot()
            if element.get("id", "").startswith("category-")
        ]
        assert len(set(paths)) == 9

    def test_a_drawing_alone_is_spoken_and_a_decoration_is_not(self) -> None:
        assert 'aria-label="Légumes secs"' in render('{% drawing "pulses" label="Légumes secs" %}')
        assert 'aria-hidden="true"' in render('{% drawing "pulses" %}')

    @pytest.mark.parametrize(
        ("source", "error"),
        [
            ('{% drawing "unicorn" %}', KeyError),
            ('{% category "unicorn" "Licornes" %}', ValueError),
        ],
    )
    def test_an_unknown_name_is_said_loudly(self, source: str, error: type[Exception]) -> None:
        with pytest.raises(error):
            render(source)


class TestHostileText:
    @pytest.mark.parametrize(
        "source",
        [
            "{% card heading=text %}{{ text }}{% endcard %}",
            "{% notice heading=text %}{{ text }}{% endnotice %}",
            "{% row label=text change=text change_label=text %}{{ text }}{% endrow %}",
            "{% summary %}{{ text }}{% endsummary %}",
            "{% table caption=text %}{% endtable %}",
            '{% nothing drawing="basket" heading=text %}{{ text }}{% endnothing %}',
            "{% button text text tone=text %}",
            "{% tag text tone=text %}",
            '{% drawing "basket" label=text %}',
            '{% category "people" text %}',
            "{% meter 1 2 text %}",
            "{% bars bars label=text %}",
            "{% timeline events %}",
            "{% qr text label=text %}",
        ],
    )
    def test_it_stays_text(self, source: str) -> None:
        rendered = render(
            source,
            text=HOSTILE,
            bars=[charts.Bar(HOSTILE, 1, HOSTILE)],
            events=[Event(HOSTILE, datetime(2026, 12, 5, tzinfo=UTC), HOSTILE, HOSTILE)],
        )
        assert "<script" not in rendered


class TestMoments:
    def test_a_moment_is_said_in_paris_time(self) -> None:
        moment = datetime(2026, 12, 4, 23, 30, tzinfo=UTC)
        said = render("{{ at|moment }} / {{ at|hour }}", at=moment).replace("\u00a0", " ")
        assert said == "samedi 5 décembre 2026, 0 h 30 / 0 h 30"

    def test_summer_is_two_hours_ahead(self) -> None:
        moment = datetime(2026, 7, 4, 8, tzinfo=UTC)
        assert render("{{ at|hour }}", at=moment) == "10\u00a0h"

    def test_an_hour_never_breaks_over_two_lines(self) -> None:
        said = render("{{ at|moment }}", at=datetime(2026, 12, 4, 16, 30, tzinfo=UTC))
        assert said.endswith(", 17\u00a0h\u00a030")

    def test_days_and_months(self) -> None:
        said = render("{{ on|day }} / {{ on|month }}", on=date(2026, 8, 1))
        assert said == "samedi 1er août 2026 / août 2026"


class TestNumbers:
    def test_a_price_carries_its_unit(self) -> None:
        price = render('{% price 123450 250 "g" %}').replace("\u202f", " ").replace("\u00a0", " ")
        assert price == '<span class="price"><b>1 234,50 €</b> les 250 g</span>'

    def test_a_quantity_is_said_as_people_say_it(self) -> None:
        assert render('{% quantity 3500 "g" %}') == "3,5\u00a0kg"

    def test_a_meter_of_nothing_at_all_can_be_drawn(self) -> None:
        assert 'aria-valuemax="1"' in render('{% meter 0 0 "Rien" %}')


class TestBars:
    @given(st.lists(st.integers(0, 10**12), min_size=1, max_size=20))
    def test_longer_means_more_and_nothing_hides(self, values: list[int]) -> None:
        drawn = charts.lay_out([charts.Bar("", value, "") for value in values])
        assert [bar.width == 0 for bar in drawn] == [value == 0 for value in values]
        assert all(0 <= bar.width <= charts.FULL_WIDTH for bar in drawn)
        if max(values):
            assert drawn[values.index(max(values))].width == charts.FULL_WIDTH
        for one, bar in zip(values, drawn, strict=True):
            for other, other_bar in zip(values, drawn, strict=True):
                assert one > other or bar.width <= other_bar.width

    def test_less_than_nothing_is_refused(self) -> None:
        with pytest.raises(ValueError, match="zero"):
            charts.lay_out([charts.Bar("Pertes", -1, "−1 kg")])


class TestPagination:
    def test_one_page_needs_none(self) -> None:
        assert "<nav" not in render("{% pagination page %}", page=Paginator(range(3), 20).page(1))

    def test_a_search_is_kept_from_page_to_page(self) -> None:
        rendered = render(
            "{% pagination page query=query %}",
            page=Paginator(range(60), 20).page(2),
            query={"q": "riz & blé"},
        )
        assert 'href="?q=riz+%26+bl%C3%A9&amp;page=1"' in rendered
        assert 'href="?q=riz+%26+bl%C3%A9&amp;page=3"' in rendered


class TwoFields(forms.Form):
    name = forms.CharField(label="Nom", help_text="Comme sur la boîte aux lettres.")
    share = forms.ChoiceField(label="Part", choices=[("1", "Une")], widget=forms.RadioSelect)
    note = forms.CharField(label="Mot", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


class Search(forms.Form):
    q = forms.CharField(label="Chercher", required=False)


PAGE = """{% extends "ui/page.html" %}
{% block title %}Essai{% endblock %}
{% block main %}{{ form }}{% endblock %}"""


class TestForms:
    def test_an_error_is_in_the_title_in_the_summary_and_beside_its_field(self) -> None:
        page = render(PAGE, form=TwoFields({"note": "gardé"}))
        assert "<title>Erreur : Essai · Croqualim</title>" in page
        assert '<a href="#id_name">' in page
        assert '<a href="#id_share_0">' in page
        assert 'id="id_share_0"' in page
        assert 'aria-describedby="id_name_helptext id_name_error"' in page
        assert 'id="id_name_error"' in page
        assert 'id="id_name_helptext"' in page

    def test_the_summary_takes_the_focus(self) -> None:
        assert re.search(r'role="alert" tabindex="-1" autofocus', render(PAGE, form=TwoFields({})))

    def test_what_was_typed_stays(self) -> None:
        assert 'value="gardé"' in render(PAGE, form=TwoFields({"note": "gardé"}))

    def test_a_form_without_error_says_nothing_of_errors(self) -> None:
        page = render(PAGE, form=TwoFields())
        assert "Erreur" not in page
        assert "autofocus" not in page

    def test_a_refusal_of_the_whole_form_is_said(self) -> None:
        form = TwoFields({"name": "Amina", "share": "1"})
        form.add_error(None, "Les commandes sont closes.")
        assert render(PAGE, form=form).count("Les commandes sont closes.") == 1

    def test_what_may_stay_empty_says_so(self) -> None:
        assert render("{{ form }}", form=TwoFields()).count("(facultatif)") == 1

    def test_a_search_does_not_say_it(self) -> None:
        assert "(facultatif)" not in render("{{ form }}", form=Search())

    def test_a_hidden_field_is_there_and_unseen(self) -> None:
        page = render("{{ form }}", form=TwoFields())
        assert '<input type="hidden" name="token"' in page
        assert "Token" not in page

    def test_a_page_without_a_form_or_a_request_stands(self) -> None:
        page = render('{% extends "ui/page.html" %}{% block heading %}Bonjour{% endblock %}')
        assert page.count("<h1>Bonjour</h1>") == 1
