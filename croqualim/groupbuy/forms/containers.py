"""Containers: their kinds, which product goes home in which, how many come back."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.catalogue.models import Product
from croqualim.groupbuy.forms.fields import EurosField
from croqualim.groupbuy.forms.till.parts import NonceForm
from croqualim.groupbuy.models import Container
from croqualim.groupbuy.queries.containers import Out
from croqualim.groupbuy.rules.containers import problem_with_return
from croqualim.groupbuy.rules.till import Problem
from croqualim.kernel.money import in_euros
from croqualim.kernel.quantity import in_words, parse_quantity

MOST = 1_000_000_000  # of a base unit in one container: a thousand tonnes is a slip


class ContainerForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Quel contenant ?"),
        help_text=gettext_lazy("Un bocal d’un litre, un bidon de 5 litres, un seau."),
        max_length=40,
        error_messages={"required": gettext_lazy("Écrivez le nom du contenant.")},
    )
    deposit = EurosField(
        label=gettext_lazy("Sa consigne, en euros"),
        least_cents=1,
        error_messages={"required": gettext_lazy("Écrivez un montant, par exemple 0,50.")},
    )


class ContainerChoice(forms.ModelChoiceField[Container]):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {in_euros(obj.deposit_cents)}"


class ProductContainerForm(forms.Form):
    product = forms.ModelChoiceField(
        Product.objects.none(),
        label=gettext_lazy("Quel produit ?"),
        empty_label=gettext_lazy("Choisissez"),
        error_messages={"required": gettext_lazy("Choisissez le produit.")},
    )
    container = ContainerChoice(
        Container.objects.none(),
        label=gettext_lazy("Dans quel contenant ?"),
        empty_label=gettext_lazy("Choisissez"),
        error_messages={"required": gettext_lazy("Choisissez le contenant.")},
    )
    holds = forms.CharField(
        label=gettext_lazy("Combien chacun en contient-il ?"),
        help_text=gettext_lazy("Par exemple 1 l, 500 g, 6 pièces."),
        max_length=20,
        error_messages={"required": gettext_lazy("Écrivez une quantité, par exemple 1 l.")},
    )

    def __init__(
        self,
        *args: Any,
        products: QuerySet[Product],
        containers: QuerySet[Container],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("product", products), ("container", containers)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        product: Product | None = self.cleaned_data.get("product")
        if product and self.cleaned_data.get("holds"):
            self._read(product)
        return self.cleaned_data

    def _read(self, product: Product) -> None:
        try:
            holds = parse_quantity(self.cleaned_data["holds"], product.unit)
        except ValueError:
            holds = 0
        if not 0 < holds <= MOST:
            example = in_words(product.step_quantity, product.unit)
            words = _("Écrivez une quantité de ce produit, par exemple %(example)s.")
            self.add_error("holds", words % {"example": example})
        self.cleaned_data["holds_quantity"] = holds


class ContainersBackForm(NonceForm):
    """How many of each kind; `one` is a press of the button of a single one."""

    one = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, out: Sequence[Out], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.out = {row.container.pk: row for row in out if row.number > 0}
        for pk, row in self.out.items():
            self.fields[_field(pk)] = forms.IntegerField(
                label=row.container.name,
                min_value=0,
                max_value=9999,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "size": 4}),
            )

    def back(self) -> dict[int, int]:
        """container id -> number."""
        one = self.cleaned_data.get("one")
        if one is not None:
            return {one: 1}
        typed = {pk: self.cleaned_data.get(_field(pk)) for pk in self.out}
        return {pk: number for pk, number in typed.items() if number}

    def clean(self) -> dict[str, Any]:
        out = {pk: row.number for pk, row in self.out.items()}
        if not self.errors and (problem := problem_with_return(self.back(), out)):
            self.show(problem)
        return self.cleaned_data

    def rows(self) -> list[tuple[forms.BoundField, Out]]:
        return [(self[_field(pk)], row) for pk, row in self.out.items()]

    def field_of(self, problem: Problem) -> str | None:
        name = _field(problem.about or 0)
        return name if name in self.fields else None


def _field(container_id: int) -> str:
    return f"n{container_id}"
