"""Founding and keeping a collective: settings, groups, shares, envelopes."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.accounts.forms.fields import NameField, PhoneField
from croqualim.groupbuy.forms.fields import DayField, EurosField
from croqualim.groupbuy.models import Collective, Group
from croqualim.groupbuy.queries.collectives import envelopes_to_choose, funders
from croqualim.ledger.models import Envelope
from croqualim.network.models import Structure
from croqualim.territory.forms import CommuneField


def _text(label: Any, error: Any, *, max_length: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=max_length,
        help_text=help_text,
        error_messages={"required": error},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PlaceForm(forms.Form):
    """Where a group meets."""

    name = NameField(
        label=gettext_lazy("Nom du groupement"),
        max_length=120,
        help_text=gettext_lazy("Celui du quartier, le plus souvent."),
        error_messages={"required": gettext_lazy("Donnez un nom au groupement.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    commune = CommuneField(label=gettext_lazy("Commune"))
    place = _text(
        gettext_lazy("Lieu des épiceries"),
        gettext_lazy("Écrivez le lieu où l’on retire les commandes."),
        max_length=200,
    )


class GroupForm(PlaceForm):
    contact_name = forms.CharField(
        label=gettext_lazy("Qui appeler"), max_length=120, required=False
    )
    contact_phone = PhoneField(
        label=gettext_lazy("Son téléphone"),
        help_text=gettext_lazy("Il se lit sur la page publique du groupement."),
        max_length=30,
        required=False,
    )
    is_joinable = forms.BooleanField(
        label=gettext_lazy("On peut rejoindre ce groupement sur internet"), required=False
    )

    def values(self) -> dict[str, Any]:
        phone = self.cleaned_data["contact_phone"]
        return {**self.cleaned_data, "contact_phone": phone.value if phone else ""}


def initial_of_group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "commune": group.commune,
        "place": group.place,
        "contact_name": group.contact_name,
        "contact_phone": group.contact_phone,
        "is_joinable": group.is_joinable,
    }


class FoundForm(PlaceForm):
    structure = forms.ModelChoiceField(
        Structure.objects.none(),
        label=gettext_lazy("Structure"),
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choisissez une structure."),
            "invalid_choice": gettext_lazy("Choisissez une structure de la liste."),
        },
    )
    warehouse_name = _text(
        gettext_lazy("Où gardez-vous les produits ?"),
        gettext_lazy("Nommez le lieu où vous gardez les produits."),
        max_length=100,
        help_text=gettext_lazy("Un garage, une cave, un hangar : le nom que vous lui donnez."),
    )
    field_order = ("structure", "warehouse_name", "name", "commune", "place")

    def __init__(self, *args: Any, structures: QuerySet[Structure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["structure"].queryset = structures  # type: ignore[attr-defined]


class SettingsForm(forms.Form):
    handling_percent = forms.IntegerField(
        label=gettext_lazy("Frais du collectif, en pour cent"),
        help_text=gettext_lazy(
            "Ajoutés au prix du producteur, ils font le prix coûtant. Rien n’oblige à en prendre."
        ),
        min_value=0,
        max_value=50,
        error_messages={
            "required": gettext_lazy("Écrivez un nombre, 0 s’il n’y en a pas."),
            "invalid": gettext_lazy("Écrivez un nombre entier, par exemple 5."),
        },
    )
    membership_fee = EurosField(
        label=gettext_lazy("Adhésion d’un foyer, par an"),
        error_messages={"required": gettext_lazy("Écrivez un montant, 0 si c’est gratuit.")},
    )


class OpenShareForm(forms.Form):
    share_percent = forms.IntegerField(
        label=gettext_lazy("Part du prix, en pour cent"),
        help_text=gettext_lazy(
            "50 : on paie la moitié. 110 : on paie un peu plus, pour un voisin."
        ),
        min_value=10,
        max_value=200,
        error_messages={
            "required": gettext_lazy("Écrivez une part, par exemple 50."),
            "invalid": gettext_lazy("Écrivez un nombre entier, par exemple 50."),
            "min_value": gettext_lazy("La plus petite part est 10 %%."),
            "max_value": gettext_lazy("La plus grande part est 200 %%."),
        },
    )
    envelope = forms.ModelChoiceField(
        Envelope.objects.none(),
        label=gettext_lazy("Enveloppe"),
        help_text=gettext_lazy("Elle paie la différence, ou la reçoit au-dessus de 100 %."),
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choisissez qui paie la différence."),
            "invalid_choice": gettext_lazy("Choisissez une enveloppe de la liste."),
        },
    )

    def __init__(self, *args: Any, collective: Collective, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["envelope"].queryset = envelopes_to_choose(collective)  # type: ignore[attr-defined]

    def clean_share_percent(self) -> int:
        percent = int(self.cleaned_data["share_percent"])
        if percent == 100:
            raise forms.ValidationError(_("Le prix entier est toujours ouvert à tout le monde."))
        return percent


class TopUpForm(forms.Form):
    """Money that came. The key, given with the page, makes two presses one."""

    amount = EurosField(
        label=gettext_lazy("Montant reçu"),
        least_cents=1,
        help_text=gettext_lazy("Ce qui est arrivé en banque, pas ce qui est promis."),
        error_messages={"required": gettext_lazy("Écrivez le montant reçu.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def show_page_used(self) -> None:
        self.add_error(None, _("Cette page a déjà servi : rouvrez-la."))


class EnvelopeForm(TopUpForm):
    funder = forms.ModelChoiceField(
        Structure.objects.none(),
        label=gettext_lazy("Financeur"),
        empty_label=gettext_lazy("Choisissez"),
        error_messages={
            "required": gettext_lazy("Choisissez le financeur."),
            "invalid_choice": gettext_lazy("Choisissez un financeur de la liste."),
        },
    )
    name = _text(
        gettext_lazy("Nom de l’enveloppe"),
        gettext_lazy("Donnez un nom à l’enveloppe."),
        max_length=150,
        help_text=gettext_lazy("Les adhérent·es le lisent quand ils choisissent leur part."),
    )
    purpose = forms.CharField(
        label=gettext_lazy("À quoi elle sert"),
        required=False,
        max_length=1000,
        widget=forms.Textarea,
    )
    starts_on = DayField(label=gettext_lazy("Du"))
    ends_on = DayField(label=gettext_lazy("Au"))
    field_order = ("funder", "name", "purpose", "starts_on", "ends_on", "amount", "key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["funder"].queryset = funders()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("La fin vient après le début."))
        return cleaned
