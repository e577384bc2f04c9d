"""« Chaque mois, le deuxième samedi, jusqu’en juin. »"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.rules.recurrence import LAST, MonthlyDay
from croqualim.kernel.period import DAYS, month_in_words

RANKS = [
    (1, gettext_lazy("le premier")),
    (2, gettext_lazy("le deuxième")),
    (3, gettext_lazy("le troisième")),
    (4, gettext_lazy("le quatrième")),
    (LAST, gettext_lazy("le dernier")),
]


class SeasonPlanForm(forms.Form):
    rank = forms.TypedChoiceField(label=gettext_lazy("Chaque mois"), choices=RANKS, coerce=int)
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Jour de l’épicerie"), choices=list(enumerate(DAYS)), coerce=int
    )
    until = forms.ChoiceField(label=gettext_lazy("Jusqu’en"))
    opens_alone = forms.BooleanField(
        label=gettext_lazy("Chaque mois s’annonce tout seul à son ouverture"),
        help_text=gettext_lazy("Aux prix du catalogue ce jour-là. Vous recevez un message."),
        required=False,
    )

    def __init__(self, *args: Any, months: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].choices = [  # type: ignore[attr-defined]
            (first.isoformat(), month_in_words(first)) for first in months
        ]
        for field in self.fields.values():
            field.error_messages.setdefault("required", _("Choisissez."))

    @property
    def monthly(self) -> MonthlyDay:
        """Of a valid form."""
        return MonthlyDay(self.cleaned_data["weekday"], self.cleaned_data["rank"])

    @property
    def last_month(self) -> date:
        return date.fromisoformat(self.cleaned_data["until"])
