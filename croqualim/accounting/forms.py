"""A period to export, a day to close, the accounts' numbers."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.accounting.actions import Reason
from croqualim.accounting.models import HEADINGS
from croqualim.accounting.rules.headings import Heading
from croqualim.groupbuy.forms.fields import DayField

NUMBER = re.compile(r"[1-7]\d{2,11}")  # classes 1 to 7 of the general chart of accounts
SENTENCES = {
    Reason.DAY_NOT_OVER: gettext_lazy(
        "Choisissez un jour passé : aujourd’hui, une écriture peut encore venir."
    ),
}


class PeriodForm(forms.Form):
    """Of a financial year, most often."""

    du = DayField(label=gettext_lazy("Du"))
    au = DayField(label=gettext_lazy("Au"))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("du") and said.get("au") and said["du"] > said["au"]:
            self.add_error("au", _("Le dernier jour vient après le premier."))
        return said


class ValidationForm(forms.Form):
    until = DayField(
        label=gettext_lazy("Jusqu’au"),
        help_text=gettext_lazy(
            "Ce jour compris. Après, plus rien ne s’écrit à ces dates : une correction porte la "
            "date du premier jour ouvert."
        ),
    )

    def show(self, reason: Reason) -> None:
        self.add_error("until", str(SENTENCES[reason]))


class MonthForm(forms.Form):
    """`?mois=2026-11`; anything else is this month."""

    mois = forms.RegexField(r"^(20\d\d)-(0[1-9]|1[0-2])$", required=False)

    def first_day(self, today: date) -> date:
        if self.is_valid() and (said := self.cleaned_data["mois"]):
            return date(int(said[:4]), int(said[5:]), 1)
        return today.replace(day=1)


class ChartForm(forms.Form):
    """A number and its words for each heading."""

    def __init__(self, *args: Any, chart: Mapping[Heading, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for heading, said in HEADINGS:
            number, label = chart[heading]
            self.fields[_name(heading, "number")] = forms.CharField(
                label=_("%(heading)s : numéro") % {"heading": said},
                initial=number,
                max_length=12,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                error_messages={"required": _("Écrivez le numéro du compte.")},
            )
            self.fields[_name(heading, "label")] = forms.CharField(
                label=_("%(heading)s : libellé") % {"heading": said},
                initial=label,
                max_length=100,
                error_messages={"required": _("Écrivez le libellé du compte.")},
            )

    def clean(self) -> dict[str, Any]:
        for heading, _said in HEADINGS:
            name = _name(heading, "number")
            number = self.cleaned_data.get(name)
            if number and not (number.isascii() and NUMBER.fullmatch(number)):
                self.add_error(
                    name, _("Un numéro du plan comptable : 3 à 12 chiffres, de 1 à 7 d’abord.")
                )
        return self.cleaned_data

    def accounts(self) -> dict[Heading, tuple[str, str]]:
        said = self.cleaned_data
        return {
            heading: (said[_name(heading, "number")], said[_name(heading, "label")])
            for heading, _said in HEADINGS
        }

    def rows(self) -> Iterator[tuple[str, BoundField, BoundField]]:
        for heading, said in HEADINGS:
            yield str(said), self[_name(heading, "number")], self[_name(heading, "label")]


def _name(heading: Heading, what: str) -> str:
    return f"{heading.name.lower()}_{what}"
