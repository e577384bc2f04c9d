"""A telephone order: a quantity beside each product, as people say it."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from croqualim.catalogue.models import Family
from croqualim.groupbuy.forms.ordering import QuantityForm, sentence
from croqualim.groupbuy.models import Offer
from croqualim.groupbuy.queries.orders import as_offered
from croqualim.groupbuy.queries.taking import Taking
from croqualim.groupbuy.rules.ordering import Problem, Reason, problems_with
from croqualim.groupbuy.rules.stages import Stage
from croqualim.kernel.quantity import in_words


class TakingForm(forms.Form):
    """Empty: none of it. The same rules as when she orders herself."""

    def __init__(self, *args: Any, taking: Taking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taking = taking
        for offer in taking.offers:
            held = taking.held.get(offer.pk)
            self.fields[_name(offer.pk)] = forms.CharField(
                label=offer.product.name,
                required=False,
                max_length=20,
                initial=in_words(held, offer.product.unit) if held else "",
                widget=forms.TextInput(attrs={"autocomplete": "off", "size": "9"}),
            )

    def families(self) -> Iterator[tuple[Family, list[tuple[Offer, forms.BoundField]]]]:
        for family in Family:
            rows = [
                (offer, self[_name(offer.pk)])
                for offer in self.taking.offers
                if offer.product.family == family
            ]
            if rows:
                yield family, rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for offer in self.taking.offers:
            self._clean_quantity(offer)
        if not self.errors:
            offered = as_offered(self.taking.offers, self.taking.held)
            self.show(problems_with(self.basket(), offered, stage=Stage.OPEN))
        return cleaned

    def _clean_quantity(self, offer: Offer) -> None:
        text = self.cleaned_data.get(_name(offer.pk), "")
        if not text:
            return
        one = QuantityForm({"quantity": text}, offer=offer)
        if one.is_valid():
            self.cleaned_data[_name(offer.pk)] = one.cleaned_data["quantity"]
        else:
            self.add_error(_name(offer.pk), one.errors["quantity"])

    def basket(self) -> dict[int, int]:
        """offer id -> quantity, for what is asked. Of a form without errors."""
        asked = {o.pk: self.cleaned_data.get(_name(o.pk)) for o in self.taking.offers}
        return {offer_id: quantity for offer_id, quantity in asked.items() if quantity}

    def lines(self) -> list[tuple[Offer, int]]:
        """What to read back to her."""
        basket = self.basket()
        return [(o, basket[o.pk]) for o in self.taking.offers if o.pk in basket]

    def show(self, problems: Sequence[Problem]) -> None:
        offers = {offer.pk: offer for offer in self.taking.offers}
        for problem in problems:
            offer = offers.get(problem.offer_id or 0)
            self.add_error(_name(offer.pk) if offer else None, _words(problem, offer))


def _name(offer_id: int) -> str:
    return f"quantity-{offer_id}"


def _words(problem: Problem, offer: Offer | None) -> str:
    if problem.reason is Reason.ENVELOPE_SHORT:  # her own sentence would tell what she pays
        return _("Cette commande ne passe pas en l’état. Essayez avec moins.")
    return sentence(problem, offer)
