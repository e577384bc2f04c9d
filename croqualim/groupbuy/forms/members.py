from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.accounts.forms.account import NamesForm
from croqualim.groupbuy.actions.members import ONE_PRESS
from croqualim.groupbuy.forms.fields import OptionalReachField
from croqualim.groupbuy.models import Collective, Group, Membership
from croqualim.groupbuy.queries.collectives import groups_to_choose
from croqualim.groupbuy.queries.members import namesakes
from croqualim.kernel.text import fold


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

    def __init__(self, *args: Any, collective: Collective, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collective, self.now = collective, now
        self.namesakes: list[Membership] = []
        self.fields["group"].queryset = groups_to_choose(collective)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            name = fold(f"{cleaned['given_name']} {cleaned['family_name']}")
            found = namesakes(self.collective, name)
            self.namesakes = [one for one in found if one.joined_at <= self.now - ONE_PRESS]
        if self.namesakes and not {one.pk for one in self.namesakes} <= self.others():
            self.fields["is_somebody_else"] = forms.BooleanField(
                label=_("Non, c’est quelqu’un d’autre"), required=False
            )
            self.add_error("is_somebody_else", self._question())
        return cleaned

    def others(self) -> set[int]:
        """The memberships about which she was asked, when she answered that it is another's."""
        if "is_somebody_else" not in self.data:
            return set()
        asked = str(self.data.get("asked_about", ""))[:500].split(",")
        return {int(one) for one in asked if one.isdecimal() and len(one) < 10}

    @property
    def asked_about(self) -> str:
        return ",".join(str(one.pk) for one in self.namesakes)

    def _question(self) -> str:
        one = self.namesakes[0]
        return _("%(name)s existe déjà (n° %(number)s, %(group)s). C’est la même personne ?") % {
            "name": f"{self.cleaned_data['given_name']} {self.cleaned_data['family_name']}",
            "number": one.number,
            "group": one.group.name,
        }

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
