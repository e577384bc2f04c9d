"""Fields for telephones and addresses, and how a refusal is worded."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.accounts.rules import Address, Problem, Reason
from croqualim.kernel.identifiers import normal_phone
from croqualim.kernel.period import moment_in_words
from croqualim.kernel.text import clean_name
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
    at = localtime(problem.until + timedelta(minutes=1))  # said without its seconds
    return _("Plusieurs codes ont déjà été demandés. Le prochain pourra partir %(at)s.") % {
        "at": moment_in_words(at)
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


class NameField(forms.CharField):
    """A name that can be read: spaces, or marks that nobody sees, are none."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        name = clean_name(text)
        if text and not name:
            raise ValidationError(self.error_messages["required"], code="required")
        return name


def code_field(label: Any, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20,
        error_messages={"required": gettext_lazy("Recopiez le code.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "class": "code", "spellcheck": "false", **attrs}
        ),
    )
