"""A product taken back, an account paid back: what, why, how."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.forms.fields import EurosField
from croqualim.groupbuy.forms.till.parts import NonceForm
from croqualim.groupbuy.models import Fate, PayoutMethod
from croqualim.groupbuy.queries.closing import packaging_of
from croqualim.groupbuy.queries.payouts import Returnable
from croqualim.groupbuy.rules.packaging import parse_received
from croqualim.groupbuy.rules.refunds import refund_of
from croqualim.groupbuy.rules.till import Problem, Reason
from croqualim.kernel.money import in_euros
from croqualim.kernel.quantity import in_words

METHOD_WORDS = {
    PayoutMethod.CASH: gettext_lazy("En espèces"),
    PayoutMethod.PREPAID: gettext_lazy("Sur son compte prépayé, pour une autre fois"),
    PayoutMethod.TRANSFER: gettext_lazy("Par virement"),
}
AT_TILL = (PayoutMethod.CASH, PayoutMethod.PREPAID)
ELSEWHERE = (PayoutMethod.PREPAID, PayoutMethod.TRANSFER)


class RefundForm(NonceForm):
    """First what comes back; once the amount is known and was seen, it is done."""

    total = forms.IntegerField(required=False, widget=forms.HiddenInput)
    line = forms.TypedChoiceField(
        label=gettext_lazy("Quel produit ?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez le produit.")},
    )
    quantity = forms.CharField(
        label=gettext_lazy("Combien ?"),
        help_text=gettext_lazy("Par exemple 500 g. Vide : tout ce qu’elle en a eu."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )
    fate = forms.ChoiceField(
        label=gettext_lazy("Et le produit ?"),
        widget=forms.RadioSelect,
        choices=[(fate.value, str(fate.label).capitalize()) for fate in Fate],
        error_messages={"required": gettext_lazy("Dites ce que devient le produit.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Que s’est-il passé ?"),
        help_text=gettext_lazy("La raison reste dans l’histoire, pour qui posera la question."),
        max_length=500,
        error_messages={"required": gettext_lazy("Dites pourquoi, en quelques mots.")},
    )
    method = forms.ChoiceField(
        label=gettext_lazy("Rendre l’argent"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez comment l’argent est rendu.")},
    )

    def __init__(
        self,
        *args: Any,
        rows: Sequence[Returnable],
        methods: Sequence[PayoutMethod],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {row.line.pk: row for row in rows}
        _choose(self.fields["line"], [(pk, _said(row)) for pk, row in self.rows.items()])
        _choose(self.fields["method"], [(m.value, METHOD_WORDS[m]) for m in methods])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        row = self.rows.get(cleaned.get("line") or 0)
        if row and "quantity" in cleaned:
            cleaned["taken_back"] = self._quantity(row, cleaned["quantity"].strip())
        return cleaned

    def _quantity(self, row: Returnable, text: str) -> int:
        product, had = row.line.offer.product, row.bought.quantity
        try:
            quantity = parse_received(text, packaging_of(row.line.offer)) if text else had
        except ValueError:
            example = in_words(product.step_quantity, product.unit)
            words = _("Écrivez une quantité, par exemple %(example)s.")
            self.add_error("quantity", words % {"example": example})
            return 0
        if not 0 < quantity <= had:
            words = _("Elle en a eu %(had)s : pas plus, et pas rien.")
            self.add_error("quantity", words % {"had": in_words(had, product.unit)})
        return quantity

    @property
    def row(self) -> Returnable:
        return self.rows[self.cleaned_data["line"]]

    @property
    def amount_cents(self) -> int:
        return refund_of(self.row.bought, self.cleaned_data["taken_back"]).due_cents

    @property
    def is_seen(self) -> bool:
        """Whether the amount was shown before it is given."""
        return bool(self.cleaned_data["total"] == self.amount_cents)

    @property
    def back_in_words(self) -> str:
        product = self.row.line.offer.product
        return f"{in_words(self.cleaned_data['taken_back'], product.unit)} · {product.name}"

    @property
    def method_in_words(self) -> str:
        return str(METHOD_WORDS[PayoutMethod(self.cleaned_data["method"])])

    def field_of(self, problem: Problem) -> str | None:
        if problem.reason in (Reason.NOT_IN_BOX, Reason.NO_SHOP):
            return "method"
        return "quantity" if problem.reason is Reason.TOO_MUCH_BACK else None


class PayBackForm(NonceForm):
    """What is left on an account, all or part."""

    amount = EurosField(
        label=gettext_lazy("Combien rendre, en euros ?"),
        least_cents=1,
        error_messages={"required": gettext_lazy("Écrivez un montant, par exemple 20.")},
    )

    def __init__(self, *args: Any, balance_cents: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.balance_cents = balance_cents
        euros, cents = divmod(balance_cents, 100)
        self.fields["amount"].initial = f"{euros},{cents:02}"

    def clean_amount(self) -> int:
        cents: int = self.cleaned_data["amount"]
        if cents > self.balance_cents:
            words = _("Il n’y a que %(balance)s sur ce compte.")
            raise forms.ValidationError(words % {"balance": in_euros(self.balance_cents)})
        return cents

    def field_of(self, problem: Problem) -> str | None:
        return "amount"


def _choose(field: forms.Field, choices: Sequence[tuple[Any, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101
    field.choices = choices


def _said(row: Returnable) -> str:
    product = row.line.offer.product
    return f"{product.name}, {in_words(row.bought.quantity, product.unit)}"
