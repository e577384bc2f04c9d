"""One field a line: what the scale says."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from croqualim.groupbuy.actions.weighing import Reading
from croqualim.groupbuy.forms.till.parts import ShopForm
from croqualim.groupbuy.queries.weighing import ToWeigh
from croqualim.groupbuy.rules.weighing import is_far, parse_weight
from croqualim.kernel.quantity import in_words

MOST = 1_000_000  # grams: a ton on a kitchen scale is a slip of the finger


class WeighingForm(ShopForm):
    """Empty: not weighed yet, or as it was."""

    def __init__(
        self, data: QueryDict | None, *, rows: Sequence[ToWeigh], by_product: bool = False
    ) -> None:
        super().__init__(data)
        self.rows = rows
        self.far: set[ToWeigh] = set()
        for row in rows:
            self.fields[_weight(row)] = forms.CharField(
                label=row.line.offer.product.name if by_product else row.line.order.reference,
                help_text=_hint(row),
                initial=row.weight_in_words,
                max_length=40,
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
            self.fields[_sure(row)] = forms.BooleanField(
                label=_("C’est bien ce poids"), required=False
            )
        first = next((row for row in rows if row.last is None), None)
        if first and data is None:
            self.fields[_weight(first)].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        for row in self.rows:
            if text := self.cleaned_data.get(_weight(row)):
                self._read(row, text)
        return self.cleaned_data

    def fields_shown(self) -> list[tuple[forms.BoundField, forms.BoundField | None]]:
        """Each weight, and the tick that confirms it where it is asked for."""
        return [
            (self[_weight(row)], self[_sure(row)] if row in self.far else None) for row in self.rows
        ]

    def readings(self) -> dict[int, Reading]:
        """line id -> what was typed; lines that were left as they are have none."""
        return {
            row.line.pk: self.cleaned_data[_weight(row)]
            for row in self.rows
            if self.cleaned_data[_weight(row)]
        }

    def _read(self, row: ToWeigh, text: str) -> None:
        name = _weight(row)
        if text == row.weight_in_words:
            self.cleaned_data[name] = ""
            return
        try:
            quantity = parse_weight(text, row.expected)
        except ValueError:
            self.add_error(name, _("Écrivez un poids : 812, 812 g ou 0,812 kg."))
            return
        if is_far(quantity, row.expected):
            self.far.add(row)
        if row in self.far and (quantity > MOST or not self.cleaned_data.get(_sure(row))):
            self.add_error(name, _far(row, quantity))
        self.cleaned_data[name] = Reading(text, quantity)


def _hint(row: ToWeigh) -> str:
    return _("Environ %(about)s") % {"about": row.about_in_words}


def _far(row: ToWeigh, quantity: int) -> str:
    unit = row.line.offer.product.unit
    words = {"weight": in_words(quantity, unit), "about": in_words(row.expected, unit)}
    return _("%(weight)s, c’est loin de %(about)s : pesez à nouveau, ou cochez ci-dessous.") % words


def _weight(row: ToWeigh) -> str:
    return f"poids-{row.line.pk}"


def _sure(row: ToWeigh) -> str:
    return f"sur-{row.line.pk}"
