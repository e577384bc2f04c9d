"""Passwords and second factors."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.accounts.forms.fields import RefusableForm, code_field
from croqualim.accounts.models import Person
from croqualim.accounts.rules import Problem


class SecondFactorForm(RefusableForm):
    """Six figures, or a recovery code, which has letters: hence no numeric keyboard."""

    refused_field = "code"
    code = code_field(gettext_lazy("Le code du moment"), autocapitalize="none")

    def show(self, problem: Problem) -> None:
        sentence = _("Ce code ne va pas, ou il a déjà servi. Attendez le suivant et recopiez-le.")
        self.add_error(self.refused_field, sentence)


class InstallForm(SecondFactorForm):
    code = code_field(gettext_lazy("Les six chiffres de l’application"), inputmode="numeric")


def username_field() -> forms.EmailField:
    return forms.EmailField(
        label=gettext_lazy("Votre adresse e-mail"),
        error_messages={
            "required": gettext_lazy("Écrivez votre adresse e-mail."),
            "invalid": gettext_lazy("Écrivez une adresse complète, par exemple prenom@exemple.fr."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )


class StaffForm(RefusableForm):
    username = username_field()
    password = forms.CharField(
        label=gettext_lazy("Votre mot de passe"),
        max_length=200,
        strip=False,
        error_messages={"required": gettext_lazy("Écrivez votre mot de passe.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def show(self, problem: Problem) -> None:
        """One sentence for all: it tells neither who is known here nor whose door is locked."""
        sentence = _(
            "L’adresse et le mot de passe ne vont pas ensemble. "
            "Après dix essais, il faut attendre un quart d’heure."
        )
        self.add_error(None, sentence)


class ForgottenForm(forms.Form):
    username = username_field()


def new_password_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Votre nouveau mot de passe"),
        help_text=gettext_lazy("Douze caractères au moins : trois ou quatre mots font l’affaire."),
        max_length=200,
        strip=False,
        error_messages={"required": gettext_lazy("Choisissez un mot de passe.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class NewPasswordForm(forms.Form):
    """The password once, not twice: who mistypes it asks for another link."""

    new_password = new_password_field()

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        validate_password(password, self.person)
        return password


class ChangePasswordForm(NewPasswordForm):
    password = forms.CharField(
        label=gettext_lazy("Votre mot de passe d’aujourd’hui"),
        max_length=200,
        strip=False,
        error_messages={"required": gettext_lazy("Écrivez votre mot de passe d’aujourd’hui.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["password", "new_password"]

    def show(self, problem: Problem) -> None:
        self.add_error("password", _("Ce n’est pas votre mot de passe d’aujourd’hui."))
