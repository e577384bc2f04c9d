"""What joining a group asks for, and what somebody at the door answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.actions.doors import Refusal
from croqualim.groupbuy.rules.doors import LEAST_CODE, bare_code, clean_domain

SENTENCES = {
    Refusal.NEEDS_ADDRESS: gettext_lazy(
        "Votre adresse e-mail ne finit pas ainsi. Ajoutez la bonne dans « Mon compte », ou appelez "
        "le groupement : on vous inscrit."
    ),
    Refusal.NEEDS_ONE: gettext_lazy("Écrivez le code d’invitation que l’on vous a donné."),
    Refusal.WRONG_CODE: gettext_lazy("Ce n’est pas ce code. Relisez-le, ou demandez-le à nouveau."),
    Refusal.TOO_MANY: gettext_lazy(
        "Trop d’essais. Attendez une heure, ou appelez le groupement : on vous inscrit."
    ),
}


class DoorForm(forms.Form):
    email_domain = forms.CharField(
        label=gettext_lazy("Les adresses e-mail qui finissent par"),
        help_text=gettext_lazy("univ-amu.fr, par exemple. Vide : aucune."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    invitation_code = forms.CharField(
        label=gettext_lazy("Un code d’invitation"),
        help_text=gettext_lazy("Six lettres ou chiffres au moins, à dire ou à afficher."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_email_domain(self) -> str:
        text: str = self.cleaned_data["email_domain"]
        if not text.strip():
            return ""
        try:
            return clean_domain(text)
        except ValueError as error:
            raise forms.ValidationError(
                _("Écrivez la fin des adresses, par exemple univ-amu.fr.")
            ) from error

    def clean_invitation_code(self) -> str:
        code: str = self.cleaned_data["invitation_code"].strip()
        if code and len(bare_code(code)) < LEAST_CODE:
            raise forms.ValidationError(
                _("Un code plus long se devine moins : six lettres ou chiffres au moins.")
            )
        return code


class InvitationForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code d’invitation"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def show(self, why: Refusal) -> None:
        field = None if why is Refusal.NEEDS_ADDRESS else "code"
        self.add_error(field, str(SENTENCES[why]))


def initial_of_door(email_domain: str, invitation_code: str) -> dict[str, Any]:
    return {"email_domain": email_domain, "invitation_code": invitation_code}
