"""Change brought, cash taken to the bank."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.forms.fields import EurosField
from croqualim.groupbuy.forms.till.parts import NonceForm
from croqualim.groupbuy.rules.till import Problem
from croqualim.kernel.money import in_euros


class ChangeForm(NonceForm):
    amount = EurosField(
        label=gettext_lazy("Combien de monnaie apportez-vous, en euros ?"),
        help_text=gettext_lazy("Retirée de la banque du collectif et mise dans la boîte."),
        least_cents=1,
        error_messages={"required": gettext_lazy("Écrivez un montant, par exemple 50.")},
    )

    def field_of(self, problem: Problem) -> str | None:
        return "amount"


class DepositForm(NonceForm):
    amount = EurosField(
        label=gettext_lazy("Combien portez-vous à la banque, en euros ?"),
        least_cents=1,
        error_messages={"required": gettext_lazy("Écrivez un montant, par exemple 150.")},
    )
    slip = forms.CharField(
        label=gettext_lazy("Numéro du bordereau"),
        help_text=gettext_lazy("Celui du reçu de la banque, pour le retrouver sur le relevé."),
        max_length=60,
        required=False,
    )

    def __init__(self, *args: Any, left_cents: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left_cents = left_cents
        euros, cents = divmod(left_cents, 100)
        self.fields["amount"].initial = f"{euros},{cents:02}"

    def clean_amount(self) -> int:
        cents: int = self.cleaned_data["amount"]
        if cents > self.left_cents:
            words = _("Il reste %(left)s à porter à la banque, pas plus.")
            raise forms.ValidationError(words % {"left": in_euros(self.left_cents)})
        return cents

    def field_of(self, problem: Problem) -> str | None:
        return "amount"
