"""The network's list: a food as its animator describes it, and a product drawn from it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.catalogue.actions.references import NewReference, ReferenceText
from croqualim.catalogue.forms.products import (
    DescriptionForm,
    ProductForm,
    typed,
)
from croqualim.catalogue.forms.wording import SAID, packaging_in_words, sentence
from croqualim.catalogue.models import Reference
from croqualim.catalogue.queries import shared_values
from croqualim.catalogue.rules.cells import Amount, Problem, Reason
from croqualim.catalogue.rules.entries import Value
from croqualim.catalogue.rules.season import season_in_words
from croqualim.kernel.quantity import Unit, in_words

LOCAL = ("rounding", "origin", "sku")  # a collective's own business


class ReferenceForm(DescriptionForm):
    """`unit`: of a food that exists; a new one is counted as its step is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = not self.unit
        for name in LOCAL:
            del self.fields[name]
        self.fields["labels"].help_text = _(
            "Ceux que le réseau demande pour ce produit, au sens de la loi EGalim."
        )

    def clean(self) -> dict[str, Any]:
        step: Amount | None = self.cleaned_data.get("step")
        if self.is_new:
            self.unit = (step.unit or Unit.PIECE).value if step else ""
        return super().clean()

    def unit_problem(self, name: str) -> Problem:
        if not self.is_new:
            return super().unit_problem(name)
        given = [self.data.get(self.add_prefix(field), "") for field in ("step", name)]
        return Problem(Reason.UNITS_DIFFER, name, ", ".join(given))

    def text_given(self) -> ReferenceText:
        said = self.cleaned_data
        return {
            "name": said["name"],
            "family": said["family"],
            "description": said["description"],
            "step_quantity": said["step"].quantity,
            "packaging_quantity": said["packaging"].amount.quantity,
            "packaging_name": said["packaging"].name,
            "labels": said["labels"],
            "allergens": said["allergens"],
            "season_months": said["season"],
        }

    def reference_given(self) -> NewReference:
        return {**self.text_given(), "unit": self.unit}

    def show_taken(self) -> None:
        self.add_error("name", _("La liste a déjà un produit de ce nom."))


class DrawForm(ProductForm):
    """What the list says is filled in; the producer and her price are to say."""

    def __init__(self, *args: Any, reference: Reference, **kwargs: Any) -> None:
        super().__init__(*args, initial=reference_shown(reference), **kwargs)
        self.reference = reference

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.unit and self.unit != self.reference.unit:
            self.add_error(
                "priced", sentence(Problem(Reason.UNIT_FIXED, "unit", self.reference.unit))
            )
        return said


class FollowForm(forms.Form):
    """What the list changed, a box for each; unchecked is left as it is here."""

    take = forms.MultipleChoiceField(
        label=gettext_lazy("Ce que vous reprenez"),
        help_text=gettext_lazy("Rien de coché : vous gardez ce que vous avez."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, here: Mapping[str, Value], pending: Mapping[str, Value], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = fields_by_key(pending)
        self.fields["take"].choices = [  # type: ignore[attr-defined]
            (key, change_in_words(key, here, pending)) for key in self.by_key
        ]

    def fields_taken(self) -> set[str]:
        chosen = [self.by_key[key] for key in self.cleaned_data["take"]]
        return {field for fields in chosen for field in fields}


def fields_by_key(pending: Mapping[str, Value]) -> dict[str, list[str]]:
    """The first field of each thing that is said as one ('sac de 25 kg') -> all its fields."""
    by_label: dict[str, list[str]] = {}
    for field in pending:
        by_label.setdefault(str(SAID[field][0]), []).append(field)
    return {fields[0]: fields for fields in by_label.values()}


def change_in_words(field: str, here: Mapping[str, Value], pending: Mapping[str, Value]) -> str:
    """'Conditionnement : sac de 25 kg → sac de 20 kg'."""
    label, say = SAID[field]
    before, after = say(here), say({**here, **pending})
    return f"{label}\u00a0: {before or _('rien')} → {after or _('rien')}"


def reference_shown(reference: Reference) -> dict[str, Any]:
    """As a form shows it, with spaces that a keyboard types."""
    values = shared_values(reference)
    return values | {
        "step": typed(in_words(reference.step_quantity, reference.unit)),
        "packaging": typed(packaging_in_words(values)),
        "season": season_in_words(reference.season_months) if reference.season_months else "",
    }
