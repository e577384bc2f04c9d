"""What people change of their own account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from croqualim.accounts.forms.fields import EmailAddressField, NameField, PhoneField, RefusableForm
from croqualim.accounts.rules import NAME_LENGTH


class PhoneForm(RefusableForm):
    refused_field = "reach"
    reach = PhoneField(
        label=gettext_lazy("Votre numéro"),
        max_length=30,
        help_text=gettext_lazy("Un code va partir à ce numéro, par SMS."),
        error_messages={"required": gettext_lazy("Écrivez votre numéro.")},
    )


class EmailForm(RefusableForm):
    refused_field = "reach"
    reach = EmailAddressField(
        label=gettext_lazy("Votre adresse e-mail"),
        max_length=254,
        help_text=gettext_lazy("Un code va partir à cette adresse."),
        error_messages={"required": gettext_lazy("Écrivez votre adresse e-mail.")},
    )


def name_field(label: Any, missing: Any, *, autocomplete: str) -> NameField:
    return NameField(
        label=label,
        max_length=NAME_LENGTH,
        error_messages={"required": missing},
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
    )


class NamesForm(forms.Form):
    given_name = name_field(
        gettext_lazy("Prénom"), gettext_lazy("Écrivez un prénom."), autocomplete="given-name"
    )
    family_name = name_field(
        gettext_lazy("Nom"), gettext_lazy("Écrivez un nom."), autocomplete="family-name"
    )


class HouseholdForm(forms.Form):
    """Somebody else's names: the browser must not propose her own."""

    given_name = name_field(
        gettext_lazy("Prénom"), gettext_lazy("Écrivez un prénom."), autocomplete="off"
    )
    family_name = name_field(
        gettext_lazy("Nom"), gettext_lazy("Écrivez un nom."), autocomplete="off"
    )
    shares_address = forms.BooleanField(
        label=gettext_lazy("Entre avec le même téléphone ou la même adresse que moi"),
        required=False,
    )
