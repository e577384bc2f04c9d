"""Structures and roles, as people write them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.accounts.forms.fields import EmailAddressField, NameField, PhoneField, ReachField
from croqualim.accounts.rules import NAME_LENGTH as PERSON_NAME_LENGTH
from croqualim.kernel.identifiers import phone_in_words
from croqualim.network.models import Category, RoleKind, Structure
from croqualim.network.rules import NAME_LENGTH, Problem, Reason, normal_siret
from croqualim.territory.forms import CommuneField

SENTENCES = {
    Reason.NAME_MISSING: gettext_lazy("Écrivez le nom de la structure."),
    Reason.NAME_TOO_LONG: gettext_lazy("Ce nom est trop long : 150 caractères au plus."),
    Reason.SIRET_WRONG: gettext_lazy(
        "Ce SIRET n’existe pas. Vérifiez ses quatorze chiffres, ou laissez la case vide."
    ),
    Reason.SIRET_TAKEN: gettext_lazy("Une structure de l’annuaire porte déjà ce SIRET."),
    Reason.LAST_COORDINATOR: gettext_lazy(
        "Vous êtes la seule personne à coordonner ici. Donnez d’abord ce rôle à quelqu’un."
    ),
    Reason.EMAIL_NEEDED: gettext_lazy(
        "Ce rôle demande une adresse e-mail : un lien y part pour choisir un mot de passe."
    ),
    Reason.ADDRESS_IS_SOMEBODY_ELSE: gettext_lazy(
        "Cette adresse ne peut plus servir. Demandez-en une autre à cette personne."
    ),
}

# What a role opens, said to whoever is about to give it.
OPENS = {
    RoleKind.ANIMATOR: gettext_lazy("fait vivre l’annuaire, pour toutes les structures"),
    RoleKind.COORDINATOR: gettext_lazy("prépare les commandes, connaît les foyers, règle tout"),
    RoleKind.TILL: gettext_lazy("tient la caisse à l’épicerie"),
    RoleKind.VOLUNTEER: gettext_lazy("prépare les sacs, voit ce qu’il y a dedans"),
    RoleKind.FARMER: gettext_lazy("fixe ses prix, reçoit les bons de commande"),
    RoleKind.OUTLET: gettext_lazy("vend, au magasin ou au marché"),
    RoleKind.SOCIAL_WORKER: gettext_lazy("oriente les foyers"),
    RoleKind.FUNDER: gettext_lazy("suit une enveloppe, en chiffres, sans voir aucun foyer"),
    RoleKind.ACCOUNTANT: gettext_lazy("tient les comptes, sans voir aucun foyer"),
}


def worded(problem: Problem) -> str:
    return str(SENTENCES[problem.reason])


class SearchForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Nom ou commune"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    category = forms.ChoiceField(label=gettext_lazy("Catégorie"), required=False)
    department = forms.ChoiceField(label=gettext_lazy("Département"), required=False)

    def __init__(self, *args: Any, departments: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("category", [("", _("Toutes")), *Category.choices])
        named = [(code, f"{name} ({code})") for code, name in departments]
        self._offer("department", [("", _("Tous")), *named])

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
        field.choices = list(choices)

    def asked(self) -> dict[str, str]:
        """What narrows the list; what could not be understood narrows nothing."""
        return {name: text for name, text in self.cleaned_data.items() if text}


class RefusableForm(forms.Form):
    def show(self, problem: Problem) -> None:
        self.add_error(problem.field, worded(problem))


class StructureForm(RefusableForm):
    name = forms.CharField(
        label=gettext_lazy("Son nom"),
        help_text=gettext_lazy("Celui que tout le monde emploie."),
        max_length=NAME_LENGTH,
        error_messages={"required": SENTENCES[Reason.NAME_MISSING]},
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Sa catégorie"),
        choices=[("", gettext_lazy("Choisissez")), *Category.choices],
        error_messages={"required": gettext_lazy("Choisissez une catégorie.")},
    )
    commune = CommuneField(
        label=gettext_lazy("Sa commune"),
        help_text=gettext_lazy("Le nom ou le code postal."),
        required=False,
    )
    description = forms.CharField(
        label=gettext_lazy("Ce qu’elle fait"),
        help_text=gettext_lazy("Deux ou trois phrases : pour qui, où, quand."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    email = EmailAddressField(label=gettext_lazy("Son adresse e-mail"), required=False)
    phone = PhoneField(label=gettext_lazy("Son téléphone"), required=False)
    siret = forms.CharField(
        label=gettext_lazy("Son SIRET"),
        help_text=gettext_lazy("Quatorze chiffres."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_siret(self) -> str:
        """Told together with the other mistakes; the action checks again."""
        try:
            return normal_siret(self.cleaned_data["siret"])
        except ValueError as error:
            raise ValidationError(SENTENCES[Reason.SIRET_WRONG], code="siret") from error

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        facts = dict(self.cleaned_data)
        for name in ("email", "phone"):
            facts[name] = facts[name].value if facts[name] else ""
        return facts


def as_initial(structure: Structure) -> dict[str, Any]:
    kept = ("name", "category", "commune", "description", "siret", "email")
    phone = phone_in_words(structure.phone) if structure.phone else ""
    return {**{name: getattr(structure, name) for name in kept}, "phone": phone}


class InviteForm(RefusableForm):
    given_name = NameField(
        label=gettext_lazy("Son prénom"),
        max_length=PERSON_NAME_LENGTH,
        error_messages={"required": gettext_lazy("Écrivez son prénom.")},
    )
    family_name = NameField(
        label=gettext_lazy("Son nom"),
        max_length=PERSON_NAME_LENGTH,
        error_messages={"required": gettext_lazy("Écrivez son nom.")},
    )
    address = ReachField(
        label=gettext_lazy("Son adresse e-mail ou son téléphone"),
        max_length=254,
        error_messages={"required": gettext_lazy("Écrivez son adresse e-mail ou son téléphone.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Son rôle"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez un rôle.")},
    )

    def __init__(self, *args: Any, kinds: Sequence[RoleKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
        field.choices = [
            (kind.value, f"{str(kind.label).capitalize()} : {OPENS[kind]}") for kind in kinds
        ]
