from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.accounts.forms.account import NamesForm
from croqualim.groupbuy.forms.fields import OptionalReachField
from croqualim.groupbuy.models import Collective, Group
from croqualim.groupbuy.queries.collectives import groups_to_choose


class MemberForm(NamesForm):
    """Somebody to enrol. Neither telephone nor e-mail: a card is printed for her."""

    reach = OptionalReachField(
        label=gettext_lazy("Téléphone ou adresse e-mail"),
        help_text=gettext_lazy("Sans téléphone ni e-mail, on imprime une carte."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    group = forms.ModelChoiceField(
        Group.objects.none(),
        label=gettext_lazy("Groupement"),
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choisissez un groupement."),
            "invalid_choice": gettext_lazy("Choisissez un groupement de la liste."),
        },
    )

    def __init__(self, *args: Any, collective: Collective, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups_to_choose(collective)  # type: ignore[attr-defined]

    def show_known_elsewhere(self) -> None:
        self.add_error(
            "reach",
            _(
                "Cette adresse est déjà connue : cette personne peut rejoindre le groupement "
                "elle-même par la page publique."
            ),
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi ?"),
        max_length=200,
        error_messages={"required": gettext_lazy("Écrivez pourquoi, en quelques mots.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
