"""Where to send the code, and the code."""

from django import forms
from django.utils.translation import gettext_lazy

from croqualim.accounts.forms.fields import ReachField, RefusableForm, code_field


class ReachForm(RefusableForm):
    refused_field = "reach"
    reach = ReachField(
        label=gettext_lazy("Votre téléphone ou votre adresse e-mail"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Écrivez votre téléphone ou votre adresse e-mail.")
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class CodeForm(RefusableForm):
    refused_field = "code"
    code = code_field(gettext_lazy("Le code à six chiffres"), inputmode="numeric")
