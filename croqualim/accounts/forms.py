"""What people type to sign in and about themselves, and how a refusal is worded."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.accounts.models import Person
from croqualim.accounts.rules import NAME_LENGTH, Address, Problem, Reason
from croqualim.kernel.identifiers import normal_phone
from croqualim.kernel.period import hour_in_words, moment_in_words
from croqualim.messages.rules import ADDRESSES

SENTENCES = {
    Reason.WRONG: gettext_lazy("Ce code n’est pas le bon. Vérifiez les six chiffres."),
    Reason.TOO_LATE: gettext_lazy("Ce code n’est plus bon. Demandez-en un autre."),
    Reason.TOO_MANY_TRIES: gettext_lazy(
        "Cinq essais sont passés : ce code n’est plus bon. Demandez-en un autre."
    ),
}


def worded(problem: Problem) -> str:
    if problem.until is None:
        return str(SENTENCES[problem.reason])
    at = localtime(problem.until)
    is_today = at.date() == localtime().date()
    return _("Plusieurs codes ont déjà été demandés. Le prochain pourra partir : %(at)s.") % {
        "at": hour_in_words(at) if is_today else moment_in_words(at)
    }


class RefusableForm(forms.Form):
    """A form whose action may still refuse what was typed; it says so beside one field."""

    refused_field: ClassVar[str]

    def show(self, problem: Problem) -> None:
        self.add_error(self.refused_field, worded(problem))


class PhoneField(forms.CharField):
    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})
    default_error_messages: ClassVar = {
        "phone": gettext_lazy("Écrivez un numéro complet, par exemple 06 12 34 56 78.")
    }

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in self.empty_values:
            return None
        try:
            return Address("sms", normal_phone(text))
        except ValueError as error:
            raise ValidationError(self.error_messages["phone"], code="phone") from error


class EmailAddressField(forms.EmailField):
    widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
    default_error_messages: ClassVar = {
        "invalid": gettext_lazy("Écrivez une adresse complète, par exemple prenom@exemple.fr."),
    }

    def clean(self, value: Any) -> Any:
        text = super().clean(value).lower()
        if text in self.empty_values:
            return None
        if not ADDRESSES["email"].fullmatch(text):  # what messages could never send to
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Address("email", text)


class ReachField(forms.CharField):
    """A telephone or an e-mail address: whatever has an @ is the latter."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        field = EmailAddressField() if "@" in text else PhoneField()
        try:
            return field.clean(text)
        except ValidationError as error:
            sentence = _(
                "Écrivez un numéro complet (06 12 34 56 78) "
                "ou une adresse e-mail complète (prenom@exemple.fr)."
            )
            raise ValidationError(sentence, code="invalid") from error


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


def code_field(label: Any, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20,
        error_messages={"required": gettext_lazy("Recopiez le code.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "class": "code", "spellcheck": "false", **attrs}
        ),
    )


class CodeForm(RefusableForm):
    refused_field = "code"
    code = code_field(gettext_lazy("Le code à six chiffres"), inputmode="numeric")


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


class NamesForm(forms.Form):
    given_name = forms.CharField(
        label=gettext_lazy("Prénom"),
        max_length=NAME_LENGTH,
        error_messages={"required": gettext_lazy("Écrivez un prénom.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    family_name = forms.CharField(
        label=gettext_lazy("Nom"),
        max_length=NAME_LENGTH,
        error_messages={"required": gettext_lazy("Écrivez un nom.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class HouseholdForm(NamesForm):
    shares_address = forms.BooleanField(
        label=gettext_lazy("Entre avec le même téléphone ou la même adresse que moi"),
        required=False,
    )
