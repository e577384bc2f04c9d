"""Who is here, and how she pays."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.forms.fields import EurosField
from croqualim.groupbuy.forms.till.parts import WITHOUT_ACCOUNT, ShopForm
from croqualim.groupbuy.models import PaymentMethod
from croqualim.groupbuy.rules.till import Problem, Reason
from croqualim.kernel.money import in_euros

WITH_CASH = "prepaid+cash"
MOST_DIGITS = 18  # of an identifier


class PresenceForm(ShopForm):
    """What a press of a button says about somebody."""

    says = forms.ChoiceField(
        choices=[(what, what) for what in ("here", "not_here", "absent", "not_absent")]
    )


def ticks_in_address(said: Sequence[str]) -> str:
    """What the volunteer has ticked off, carried to the next page; it is written nowhere."""
    ticked = [one for one in said if one.isdecimal() and len(one) <= MOST_DIGITS]
    return f"?{urlencode({'pris': ticked}, doseq=True)}" if ticked else ""


class HandOverForm(ShopForm):
    """How she pays; `due` is the amount that the volunteer saw."""

    due = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    method = forms.ChoiceField(
        label=gettext_lazy("Moyen de paiement"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez un moyen de paiement.")},
    )
    second_method = forms.ChoiceField(
        label=gettext_lazy("Le reste, autrement"),
        required=False,
        choices=[("", gettext_lazy("non")), *WITHOUT_ACCOUNT],
    )
    second_amount = EurosField(label=gettext_lazy("Combien de cette autre façon"), required=False)

    def __init__(self, *args: Any, due_cents: int, prepaid_cents: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due"].initial = due_cents
        method = self.fields["method"]
        assert isinstance(method, forms.ChoiceField)  # noqa: S101
        method.choices = [*WITHOUT_ACCOUNT, *_prepaid_choices(due_cents, prepaid_cents)]
        self.prepaid_cents = prepaid_cents
        if due_cents == 0:
            for name in ("method", "second_method", "second_amount"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        self._complete_account()
        due, second = cleaned.get("due") or 0, cleaned.get("second_amount")
        if second is not None and not cleaned.get("second_method"):
            self.add_error("second_method", _("Choisissez cette autre façon de payer."))
        elif cleaned.get("second_method") and not second:
            self.add_error("second_amount", _("Écrivez combien est payé de cette façon."))
        elif second is not None and second >= due:
            self.add_error(
                "second_amount",
                _("Moins que le total : %(due)s.") % {"due": in_euros(due)},
            )
        return cleaned

    def _complete_account(self) -> None:
        """What is on the account first, and the rest otherwise, without a sum to do."""
        cleaned = self.cleaned_data
        rest = (cleaned.get("due") or 0) - self.prepaid_cents
        if cleaned.get("method") == WITH_CASH:
            cleaned.update(method=PaymentMethod.PREPAID.value, second_amount=rest)
            cleaned["second_method"] = PaymentMethod.CASH.value
        elif (
            cleaned.get("method") == PaymentMethod.PREPAID
            and cleaned.get("second_method")
            and cleaned.get("second_amount") is None
            and rest > 0
        ):
            cleaned["second_amount"] = rest

    def payments(self) -> dict[str, int]:
        """method -> cents, summing to the amount that the volunteer saw."""
        cleaned = self.cleaned_data
        due = cleaned["due"]
        if not cleaned.get("method"):
            return {}
        second = cleaned.get("second_amount") or 0
        paid = {cleaned["method"]: due - second}
        if second:
            paid[cleaned["second_method"]] = paid.get(cleaned["second_method"], 0) + second
        return paid

    def field_of(self, problem: Problem) -> str | None:
        return "method" if problem.reason is Reason.PREPAID_SHORT else None


def _prepaid_choices(due_cents: int, prepaid_cents: int) -> list[tuple[str, str]]:
    """Only of use when there is something on the account; too little of it is completed."""
    if prepaid_cents <= 0:
        return []
    said = {"balance": in_euros(prepaid_cents), "rest": in_euros(due_cents - prepaid_cents)}
    if prepaid_cents >= due_cents:
        return [(PaymentMethod.PREPAID.value, _("Compte prépayé, où il y a %(balance)s") % said)]
    return [
        (WITH_CASH, _("Compte prépayé %(balance)s, et %(rest)s en espèces") % said),
        (
            PaymentMethod.PREPAID.value,
            _("Compte prépayé %(balance)s, le reste autrement (ci-dessous)") % said,
        ),
    ]
