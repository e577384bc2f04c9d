"""A product as people describe it, and the price its producer asks."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from croqualim.catalogue.actions.products import Description, NewProduct
from croqualim.catalogue.forms.wording import packaging_in_words, sentence
from croqualim.catalogue.models import Allergen, Family, Label, Product, Rounding
from croqualim.catalogue.queries import values_of
from croqualim.catalogue.rules.cells import (
    MAX_LENGTHS,
    Amount,
    Packaging,
    Problem,
    Reason,
    Unreadable,
    clean_line,
    clean_text,
    read_amount,
    read_packaging,
    read_price,
    read_text,
)
from croqualim.catalogue.rules.season import read_season, season_in_words
from croqualim.kernel.money import in_euros
from croqualim.kernel.quantity import Unit, in_words
from croqualim.network.models import Structure

FIELD_OF = {"sku": "sku", "name": "name", "unit": "priced"}


class ReadField(forms.CharField):
    """A text that one of the spreadsheet's readers understands, and words the same way."""

    def __init__(self, read: Callable[[str], Any], *, ask: Any = "", **kwargs: Any) -> None:
        """`ask`: what to say when nothing was typed; without it, the field may stay empty."""
        self.read = read
        super().__init__(required=bool(ask), error_messages={"required": ask}, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return text
        try:
            return self.read(text)
        except Unreadable as error:
            problem = Problem(error.reason, given=error.given)
            raise forms.ValidationError(sentence(problem)) from error


def line_of(field: str) -> Callable[[str], str]:
    return lambda text: read_text(field, clean_line(text))


class DescriptionForm(forms.Form):
    """What a coordinator may change: all but the price, the producer and the unit."""

    name = ReadField(
        line_of("name"),
        ask=_("Écrivez le nom du produit."),
        label=_("Nom du produit"),
        max_length=MAX_LENGTHS["name"],
    )
    family = forms.ChoiceField(label=_("Famille"), choices=Family.choices)
    step = ReadField(
        read_amount,
        ask=_("Écrivez la plus petite quantité que l’on commande : 500 g, 1 pièce."),
        label=_("Se commande par"),
        help_text=_("La plus petite quantité que l’on ajoute : 500 g, 75 cl, 1 pièce."),
    )
    packaging = ReadField(
        read_packaging,
        ask=_("Écrivez comment le producteur le livre : sac de 25 kg, carton de 12 pièces."),
        label=_("Conditionnement"),
        help_text=_("Comme le producteur le livre : sac de 25 kg, carton de 12 pièces."),
    )
    rounding = forms.TypedChoiceField(
        label=_("Quand les commandes ne remplissent pas le dernier"),
        help_text=_("Vous pourrez choisir autrement à la clôture, mois par mois."),
        choices=Rounding.choices,
        required=False,
        empty_value=Rounding.UP,
    )
    is_weighed = forms.BooleanField(
        label=_("Vendu au poids réel"),
        help_text=_("Un fromage, un potiron : on en commande environ tant, on paie ce qu’il pèse."),
        required=False,
    )
    origin = ReadField(line_of("origin"), label=_("Origine"))
    labels = forms.MultipleChoiceField(
        label=_("Labels"),
        choices=Label.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    allergens = forms.MultipleChoiceField(
        label=_("Allergènes"),
        help_text=_("Cochez tout ce que le produit contient ou peut contenir."),
        choices=Allergen.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    season = ReadField(
        read_season,
        label=_("Saison"),
        help_text=_("Les mois où il est frais : juin à octobre. Vide : toute l’année."),
        empty_value=[],
    )
    description = ReadField(
        lambda text: read_text("description", clean_text(text)),
        label=_("Description"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    sku = ReadField(
        line_of("sku"),
        label=_("Code"),
        help_text=_("Le code du producteur ou le vôtre, s’il y en a un."),
    )

    def __init__(self, *args: Any, unit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        packaging: Packaging | None = said.get("packaging")
        amounts = {"step": said.get("step"), "packaging": packaging and packaging.amount}
        for name, amount in amounts.items():
            if self.unit and amount and not counts_in(self.unit, amount):
                self.add_error(name, sentence(self.unit_problem(name)))
        if said.get("is_weighed") and self.unit and self.unit != Unit.GRAM:
            self.add_error("is_weighed", _("Seul ce qui se vend en grammes ou en kilos se pèse."))
        return said

    def unit_problem(self, name: str) -> Problem:
        return Problem(Reason.UNIT_FIXED, name, self.unit)

    def description_given(self) -> Description:
        said = self.cleaned_data
        return {
            "sku": said["sku"],
            "name": said["name"],
            "family": said["family"],
            "description": said["description"],
            "step_quantity": said["step"].quantity,
            "packaging_quantity": said["packaging"].amount.quantity,
            "packaging_name": said["packaging"].name,
            "rounding": said["rounding"],
            "is_weighed": said["is_weighed"],
            "origin": said["origin"],
            "labels": said["labels"],
            "allergens": said["allergens"],
            "season_months": said["season"],
        }

    def show(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            self.add_error(FIELD_OF.get(problem.field), sentence(problem))


def counts_in(unit: str, amount: Amount) -> bool:
    """A bare number counts pieces."""
    return (amount.unit or Unit.PIECE) == unit


class ProductForm(DescriptionForm):
    """A new product, with the price that its producer asks."""

    producer = forms.ModelChoiceField(
        Structure.objects.none(),
        label=_("Producteur"),
        empty_label=_("Choisissez"),
        help_text=_(
            "Il manque dans la liste ? Importez un tableau où il figure : il rejoindra l’annuaire "
            "avec ses produits."
        ),
        error_messages={"required": _("Choisissez le producteur.")},
    )
    price = ReadField(
        read_price,
        ask=_("Écrivez le prix en euros : 3,20."),
        label=_("Prix que demande le producteur, en euros"),
        help_text=_("Celui qu’il fixe : 3,20"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    priced = ReadField(
        read_amount,
        ask=_("Écrivez ce que l’on a pour ce prix : 1 kg, 1 pièce."),
        label=_("Pour"),
        help_text=_("1 kg, 1 litre, 1 pièce"),
    )

    field_order = ["producer", "name", "family", "price", "priced", "step", "packaging"]

    def __init__(self, *args: Any, producers: QuerySet[Structure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["producer"].queryset = producers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        priced: Amount | None = self.cleaned_data.get("priced")
        self.unit = (priced.unit or Unit.PIECE).value if priced else ""
        return super().clean()

    def unit_problem(self, name: str) -> Problem:
        given = [self.data.get(self.add_prefix(field), "") for field in ("priced", name)]
        return Problem(Reason.UNITS_DIFFER, name, ", ".join(given))

    def product_given(self) -> NewProduct:
        return {
            **self.description_given(),
            "unit": self.unit,
            "price_cents": self.cleaned_data["price"],
            "priced_quantity": self.cleaned_data["priced"].quantity,
        }


class PriceForm(forms.Form):
    """What the producer asks from now on."""

    price = ReadField(
        read_price,
        ask=_("Écrivez le prix en euros : 3,20."),
        label=_("Nouveau prix, en euros"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    priced = ReadField(
        read_amount, ask=_("Écrivez ce que l’on a pour ce prix : 1 kg, 1 pièce."), label=_("Pour")
    )

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit

    def clean_priced(self) -> Amount:
        priced: Amount = self.cleaned_data["priced"]
        if not counts_in(self.unit, priced):
            raise forms.ValidationError(sentence(Problem(Reason.UNIT_FIXED, given=self.unit)))
        return priced


def description_shown(product: Product) -> dict[str, Any]:
    """A product as its form shows it, with spaces that a keyboard types."""
    values = values_of(product)
    return values | {
        "step": typed(in_words(product.step_quantity, product.unit)),
        "packaging": typed(packaging_in_words(values)),
        "is_weighed": product.is_weighed,
        "season": season_in_words(product.season_months) if product.season_months else "",
    }


def price_shown(product: Product) -> dict[str, str]:
    return {
        "price": typed(in_euros(product.price_cents)).removesuffix(" €"),
        "priced": typed(in_words(product.priced_quantity, product.unit)),
    }


def typed(text: str) -> str:
    return " ".join(text.split())
