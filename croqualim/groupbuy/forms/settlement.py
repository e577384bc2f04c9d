from django import forms
from django.utils.translation import gettext_lazy as _


class SettlementForm(forms.Form):
    words = forms.CharField(
        label=_("Ce mois, en mots"),
        help_text=_(
            "Ce que les gens ont dit, ce qui a marché, ce qui a manqué. "
            "Ces mots paraissent à côté des chiffres, sans aucun nom."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
        required=False,
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi ?"),
        help_text=_(
            "La raison reste dans l’histoire du collectif. N’y écrivez le nom de personne."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )
