"""Which column of somebody's file holds what: guessed, and corrected here."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.catalogue.rules.cells import MAX_LENGTHS
from croqualim.catalogue.rules.columns import OWN_HEADERS, Plan, PriceBasis
from croqualim.kernel.text import clean_name

BASES = [
    (PriceBasis.AS_WRITTEN.value, gettext_lazy("Ce que le tableau écrit")),
    (PriceBasis.KILO.value, gettext_lazy("Le kilo")),
    (PriceBasis.LITRE.value, gettext_lazy("Le litre")),
    (PriceBasis.PIECE.value, gettext_lazy("La pièce")),
    (PriceBasis.PACKAGE.value, gettext_lazy("Le conditionnement entier : sac, bidon, carton")),
]
LABELS = {"price": gettext_lazy("Prix")}


class ColumnsForm(forms.Form):
    """One choice of a column for each thing we look for; then what no column says."""

    def __init__(
        self, *args: Any, headers: Sequence[Sequence[str]], plan: Plan, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Aucune")), *_choices(headers)]
        for column, words in OWN_HEADERS.items():
            self.fields[column] = forms.ChoiceField(
                label=LABELS.get(column, words[0]),
                choices=choices,
                initial=str(plan.places.get(column, "")),
                required=False,
            )
        self.fields["basis"] = forms.ChoiceField(
            label=_("Le prix est pour"), choices=BASES, initial=plan.basis.value, required=False
        )
        self.fields["maker"] = forms.CharField(
            label=_("Producteur des lignes qui n’en disent pas"),
            initial=plan.producer,
            required=False,
            max_length=MAX_LENGTHS["producer"],
        )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        chosen = [said[column] for column in OWN_HEADERS if said.get(column)]
        if len(chosen) > len(set(chosen)):
            self.add_error(
                None, _("Une colonne ne peut dire qu’une chose : vous en avez mis deux.")
            )
        if not said.get("name") and not said.get("sku"):
            self.add_error("name", _("Choisissez la colonne qui dit le nom du produit."))
        return said

    def chosen_plan(self) -> Plan:
        said = self.cleaned_data
        return Plan(
            {column: int(said[column]) for column in OWN_HEADERS if said[column]},
            PriceBasis(said["basis"] or PriceBasis.AS_WRITTEN),
            clean_name(said["maker"]),
        )


def _choices(headers: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """'B · Désignation (Lentilles vertes 25KG)'; a column without a word is left out."""
    return [
        (str(place), f"{_letter(place)} · {header}{f' ({example})' if example else ''}")
        for place, (header, example) in enumerate(headers)
        if header or example
    ]


def _letter(place: int) -> str:
    """As spreadsheets call it: 0 -> A, 26 -> AA."""
    letters = ""
    while place >= 0:
        letters = chr(ord("A") + place % 26) + letters
        place = place // 26 - 1
    return letters
