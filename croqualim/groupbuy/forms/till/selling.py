"""Money put on an account, and what is left sold to whoever is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.forms.fields import EurosField
from croqualim.groupbuy.forms.till.parts import WITHOUT_ACCOUNT, NonceForm, QuantityOf, only_left
from croqualim.groupbuy.queries.shelf import Left, as_left
from croqualim.groupbuy.rules.till import Problem, Reason, free_sale_problems
from croqualim.kernel.quantity import in_words


class TopUpForm(NonceForm):
    amount = EurosField(
        label=gettext_lazy("Combien, en euros ?"),
        least_cents=1,
        error_messages={"required": gettext_lazy("Écrivez un montant, par exemple 20.")},
    )
    method = forms.ChoiceField(
        label=gettext_lazy("Payé comment ?"),
        widget=forms.RadioSelect,
        choices=WITHOUT_ACCOUNT,
        error_messages={"required": gettext_lazy("Choisissez un moyen de paiement.")},
    )

    def clean_amount(self) -> int:
        cents: int = self.cleaned_data["amount"]
        if cents > 100_000:
            raise forms.ValidationError(_("C’est plus de mille euros : vérifiez le montant."))
        return cents


@dataclass(frozen=True)
class Row:
    """A product on the shelf, and where its quantity is written."""

    field: forms.BoundField
    left: Left

    @property
    def step(self) -> int:
        """By how much it is sold; the last of a lot may be less than a step."""
        return min(self.left.offer.step_quantity, self.left.quantity)


class FreeSaleForm(NonceForm):
    """One field per product that is left; once the total is known, how it is paid."""

    total = forms.IntegerField(required=False, widget=forms.HiddenInput)
    method = forms.ChoiceField(
        label=gettext_lazy("Payé comment ?"),
        widget=forms.RadioSelect,
        choices=WITHOUT_ACCOUNT,
        required=False,
    )

    def __init__(self, *args: Any, left: Sequence[Left], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = {row.offer.pk: row for row in left}
        for row in left:
            self.fields[_offer(row.offer.pk)] = QuantityOf(row)

    def quantities(self) -> dict[int, int]:
        """offer id -> quantity; only what was chosen."""
        return {
            offer_id: quantity
            for offer_id in self.left
            if (quantity := self.cleaned_data.get(_offer(offer_id), 0))
        }

    def total_cents(self) -> int:
        return sum(self.left[pk].price_cents(n) for pk, n in self.quantities().items())

    def clean(self) -> dict[str, Any]:
        if not any(_offer(offer_id) in self.errors for offer_id in self.left):
            for problem in free_sale_problems(self.quantities(), as_left(self.left.values())):
                self.show(problem)
        return self.cleaned_data

    def ask_how_it_is_paid(self) -> None:
        self.fields["method"].required = True

    def is_paid(self) -> bool:
        """Whether the total was seen, and how it is paid was said."""
        seen = self.cleaned_data["total"] == self.total_cents()
        if not seen or "recalculate" in self.data:
            return False
        if not self.cleaned_data["method"]:
            self.add_error("method", _("Choisissez un moyen de paiement."))
        return bool(self.cleaned_data["method"])

    def rows(self) -> list[Row]:
        return [Row(self[_offer(offer_id)], left) for offer_id, left in self.left.items()]

    def chosen(self) -> list[Row]:
        """Once the total is known: what it is the total of."""
        return [row for row in self.rows() if row.left.offer.pk in self.quantities()]

    def not_chosen(self) -> list[Row]:
        return [row for row in self.rows() if row.left.offer.pk not in self.quantities()]

    def field_of(self, problem: Problem) -> str | None:
        name = _offer(problem.about or 0)
        return name if name in self.fields else None

    def show(self, problem: Problem) -> None:
        row = self.left.get(problem.about or 0)
        if row and problem.reason in (Reason.NOT_ENOUGH_LEFT, Reason.NOT_A_STEP):
            self.add_error(self.field_of(problem), _of_left(problem, row))
        else:
            super().show(problem)


def _of_left(problem: Problem, row: Left) -> str:
    unit = row.offer.product.unit
    if problem.reason is Reason.NOT_A_STEP:
        return _("Se vend par %(step)s.") % {"step": in_words(row.offer.step_quantity, unit)}
    return only_left(problem.left, row)


def _offer(offer_id: int) -> str:
    return f"offer-{offer_id}"
