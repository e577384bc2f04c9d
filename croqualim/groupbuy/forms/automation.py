"""What a collective lets the clock do."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.models import Automation

NOTHING = ""
REMINDERS = [
    (NOTHING, gettext_lazy("Pas de rappel")),
    ("1", gettext_lazy("La veille de la clôture")),
    ("2", gettext_lazy("2 jours avant la clôture")),
    ("3", gettext_lazy("3 jours avant la clôture")),
    ("5", gettext_lazy("5 jours avant la clôture")),
]
CLOSINGS = [
    (NOTHING, gettext_lazy("Nous clôturons nous-mêmes")),
    ("0", gettext_lazy("Dès l’heure de clôture")),
    ("2", gettext_lazy("2 heures après")),
    ("12", gettext_lazy("12 heures après")),
    ("24", gettext_lazy("24 heures après")),
]


def _number(text: str) -> int | None:
    return int(text) if text else None


class AutomationForm(forms.Form):
    reminder_days = forms.TypedChoiceField(
        label=gettext_lazy("Rappeler la clôture aux foyers qui n’ont pas commandé"),
        help_text=gettext_lazy(
            "Une seule fois par mois, jamais la nuit. Un panier non confirmé est rappelé aussi."
        ),
        choices=REMINDERS,
        widget=forms.RadioSelect,
        coerce=_number,
        empty_value=None,
        required=False,
    )
    closes_after_hours = forms.TypedChoiceField(
        label=gettext_lazy("Clore et établir les bons de commande"),
        help_text=gettext_lazy(
            "Chaque produit suit sa règle d’arrondi. Une clôture ne s’annule pas. Vous recevez "
            "un message qui dit ce qui a été fait, ou pourquoi rien ne l’a été."
        ),
        choices=CLOSINGS,
        widget=forms.RadioSelect,
        coerce=_number,
        empty_value=None,
        required=False,
    )


def initial_of_automation(automation: Automation) -> dict[str, Any]:
    """A choice that this form does not offer any more stands as none."""
    return {
        name: NOTHING if value is None else str(value)
        for name in ("reminder_days", "closes_after_hours")
        for value in [getattr(automation, name)]
    }
