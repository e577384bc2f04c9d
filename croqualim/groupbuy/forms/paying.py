"""Choosing what to pay producers, and where."""

from collections.abc import Iterable
from datetime import date, timedelta

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.forms.fields import DayField
from croqualim.groupbuy.rules.credit_transfer import FileVersion
from croqualim.groupbuy.rules.paying import Problem, Reason, read_iban
from croqualim.kernel.text import clean_name

SENTENCES = {
    Reason.NOTHING_CHOSEN: gettext_lazy("Cochez au moins une livraison à payer."),
    Reason.NOT_OWED: gettext_lazy(
        "Une livraison cochée est déjà dans un autre paiement, ou n’est plus due. "
        "Voici ce qui reste à payer : choisissez à nouveau."
    ),
    Reason.NOTHING_LEFT: gettext_lazy(
        "%(producer)s : ce qui est coché ne laisse rien à payer. Cochez aussi une livraison."
    ),
    Reason.NO_IBAN: gettext_lazy(
        "%(producer)s : son IBAN manque. Notez-le, ou décochez ses livraisons."
    ),
    Reason.NO_OWN_IBAN: gettext_lazy(
        "L’IBAN du collectif manque : la banque doit savoir quel compte paie. Notez-le d’abord."
    ),
    Reason.ALREADY_PAID: gettext_lazy(
        "Ces virements sont notés exécutés. Si l’un d’eux est revenu, notez-le sur sa ligne."
    ),
    Reason.CANCELLED: gettext_lazy("Ces virements sont annulés : préparez-en d’autres."),
    Reason.NOT_PAID: gettext_lazy("Ce virement n’est pas encore parti : annulez-le plutôt."),
    Reason.NOT_THAT_DAY: gettext_lazy(
        "Choisissez un jour entre celui où ces virements ont été préparés et aujourd’hui."
    ),
    Reason.NO_REASON: gettext_lazy("Dites en quelques mots pourquoi."),
}
FARTHEST = timedelta(days=60)  # banks keep a transfer waiting no longer


def sentence(problem: Problem) -> str:
    return str(SENTENCES[problem.reason]) % {"producer": problem.producer}


class _RefusableForm(forms.Form):
    def show(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.add_error(None, sentence(problem))


class PayForm(_RefusableForm):
    """The movements to pay are boxes in the page's table; `how` is the button."""

    due = forms.TypedMultipleChoiceField(coerce=int, required=False)
    pay_on = DayField(label=gettext_lazy("Jour des virements"))
    version = forms.ChoiceField(
        label=gettext_lazy("Le fichier que prend votre banque"),
        choices=[
            (FileVersion.OF_2019.value, gettext_lazy("L’actuel (pain.001.001.09)")),
            (FileVersion.OF_2009.value, gettext_lazy("L’ancien (pain.001.001.03)")),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("En cas de doute, l’actuel : depuis 2024 les banques le prennent."),
    )

    def __init__(self, sent: QueryDict | None, *, dues: Iterable[int], today: date) -> None:
        initial = {"pay_on": today + timedelta(days=1), "version": FileVersion.OF_2019.value}
        super().__init__(sent, initial=initial)
        self.today = today
        # any number: what is owed no more is refused by the action, in words
        self.fields["due"].valid_value = _is_number  # type: ignore[attr-defined]
        self.ticked = set(
            dues if sent is None else map(int, filter(_is_number, sent.getlist("due")))
        )

    def clean_pay_on(self) -> date:
        day: date = self.cleaned_data["pay_on"]
        if not self.today <= day <= self.today + FARTHEST:
            raise forms.ValidationError(_("Choisissez un jour entre aujourd’hui et dans 60 jours."))
        return day


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19


class ByHandForm(PayForm):
    """What was paid without our file needs no day and no version."""

    words = forms.CharField(
        label=gettext_lazy("Payé comment ?"),
        help_text=gettext_lazy("Chèque n° 1234, virement saisi à la banque…"),
        max_length=200,
        error_messages={"required": gettext_lazy("Dites comment c’est payé.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, sent: QueryDict | None, *, dues: Iterable[int], today: date) -> None:
        super().__init__(sent, dues=dues, today=today)
        del self.fields["pay_on"], self.fields["version"]


class ExecutedForm(_RefusableForm):
    paid_on = DayField(
        label=gettext_lazy("Jour du paiement"),
        help_text=gettext_lazy("Comme il est écrit sur le relevé de la banque."),
    )

    def show(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.add_error("paid_on", sentence(problem))


class ReasonForm(_RefusableForm):
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi ?"),
        help_text=gettext_lazy("La raison reste dans l’histoire du collectif."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": SENTENCES[Reason.NO_REASON]},
    )


class BankDetailsForm(forms.Form):
    holder = forms.CharField(
        label=gettext_lazy("Titulaire du compte"),
        help_text=gettext_lazy("Comme il est écrit sur le relevé d’identité bancaire."),
        max_length=70,
        error_messages={"required": gettext_lazy("Écrivez le nom du titulaire.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    iban = forms.CharField(
        label=gettext_lazy("IBAN"),
        help_text=gettext_lazy("FR76, puis 23 chiffres ou lettres. Les espaces ne comptent pas."),
        max_length=60,
        error_messages={"required": gettext_lazy("Écrivez l’IBAN.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_holder(self) -> str:
        holder = clean_name(self.cleaned_data["holder"])
        if not holder:
            raise forms.ValidationError(_("Écrivez le nom du titulaire."))
        return holder

    def clean_iban(self) -> str:
        try:
            return read_iban(self.cleaned_data["iban"])
        except ValueError as error:
            raise forms.ValidationError(
                _(
                    "Cet IBAN ne va pas : un chiffre manque ou a été échangé, ou son pays ne "
                    "reçoit pas de virement SEPA. Recopiez-le depuis le relevé d’identité bancaire."
                )
            ) from error
