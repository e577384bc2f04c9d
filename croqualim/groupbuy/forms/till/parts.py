"""What the till's forms share."""

from secrets import token_urlsafe
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.forms.till.sentences import sentence
from croqualim.groupbuy.models import PaymentMethod
from croqualim.groupbuy.queries.closing import packaging_of
from croqualim.groupbuy.queries.shelf import Left
from croqualim.groupbuy.rules.packaging import parse_received
from croqualim.groupbuy.rules.till import Problem
from croqualim.kernel.quantity import in_words

METHOD_WORDS = {
    PaymentMethod.CASH: gettext_lazy("Espèces"),
    PaymentMethod.CARD: gettext_lazy("Carte"),
    PaymentMethod.CHEQUE: gettext_lazy("Chèque"),
    PaymentMethod.PREPAID: gettext_lazy("Compte prépayé"),
}
WITHOUT_ACCOUNT = [(m.value, METHOD_WORDS[m]) for m in METHOD_WORDS if m != PaymentMethod.PREPAID]


def only_left(quantity: int, left: Left) -> str:
    """Beside a product of which more was asked than there is."""
    words = {"left": in_words(quantity, left.offer.product.unit)}
    return _("Il n’en reste que %(left)s.") % words


class ShopForm(forms.Form):
    """Nothing to fill in; it carries what stands in the way."""

    def show(self, problem: Problem) -> None:
        self.add_error(self.field_of(problem), sentence(problem))

    def field_of(self, problem: Problem) -> str | None:
        return None


class UndoForm(ShopForm):
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi ?"),
        help_text=gettext_lazy("La raison reste dans l’histoire, pour qui posera la question."),
        max_length=500,
        error_messages={"required": gettext_lazy("Dites pourquoi, en quelques mots.")},
    )


class NonceForm(ShopForm):
    """A form that, sent twice by an impatient thumb, is one thing done."""

    nonce = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nonce"].initial = token_urlsafe(12)


class QuantityOf(forms.CharField):
    """Of one product, as people say it: '1,5 kg', '500 g', '3'. Empty: nothing."""

    def __init__(self, left: Left, **kwargs: Any) -> None:
        self.product, self.packaging = left.offer.product, packaging_of(left.offer)
        super().__init__(
            label=self.product.name,
            required=False,
            max_length=20,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
            **kwargs,
        )

    def clean(self, value: Any) -> int:
        text = super().clean(value)
        try:
            return parse_received(text, self.packaging) if text else 0
        except ValueError as error:
            example = in_words(self.product.step_quantity, self.product.unit)
            raise forms.ValidationError(
                _("Écrivez une quantité, par exemple %(example)s.") % {"example": example}
            ) from error
