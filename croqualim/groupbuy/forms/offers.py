"""A cycle's products as a checklist: a box and perhaps a limit for each."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from croqualim.catalogue.models import Family, Product, Unit
from croqualim.catalogue.rules.season import out_of_season_in_words
from croqualim.groupbuy.models import Offer
from croqualim.groupbuy.rules.pricing import cost_price_cents
from croqualim.kernel.quantity import in_words, parse_quantity, price_in_words

MOST = 1_000_000_000  # a thousand tonnes: more is a slip of the finger
EXAMPLES = {Unit.GRAM: "40 kg", Unit.MILLILITRE: "20 l", Unit.PIECE: "60"}


@dataclass(frozen=True)
class Row:
    product: Product
    offer: Offer | None
    farmer_price_cents: int
    cost_price_cents: int
    priced_quantity: int
    is_offered: forms.BoundField
    limit: forms.BoundField
    follows_catalogue: bool
    collected_in: int | None  # the month, 1 to 12

    @property
    def out_of_season(self) -> str:
        """When people will collect it, and its season, when that is another; '' otherwise."""
        if self.collected_in is None:
            return ""
        return out_of_season_in_words(self.product.season_months, self.collected_in)

    @property
    def price_now(self) -> str:
        """The catalogue's price in words, when it is not the offer's any more; '' otherwise."""
        if self.offer is None or self.offer.ordered_quantity or not self.follows_catalogue:
            return ""
        today = (self.product.price_cents, self.product.priced_quantity)
        if today == (self.farmer_price_cents, self.priced_quantity):
            return ""
        return price_in_words(*today, self.product.unit)

    @property
    def price_then(self) -> str:
        return price_in_words(self.farmer_price_cents, self.priced_quantity, self.product.unit)

    @property
    def is_retired(self) -> bool:
        return self.offer is not None and not self.product.is_active

    @property
    def ordered(self) -> str:
        if self.offer is None or not self.offer.ordered_quantity:
            return ""
        return in_words(self.offer.ordered_quantity, self.product.unit)


class OffersForm(forms.Form):
    """A product that somebody ordered stays; `checked`, when given, are the others to check first.

    `follows_catalogue`: keeping these products takes today's prices, so that they are said.
    `collected_in`: the month of the shops, to say what is out of season then.
    """

    def __init__(
        self,
        *args: Any,
        products: Sequence[Product],
        offers: Mapping[int, Offer],
        handling_percent: int,
        checked: Collection[int] | None = None,
        follows_catalogue: bool = False,
        collected_in: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.products, self.offers = products, offers
        self.handling_percent = handling_percent
        self.checked, self.follows_catalogue = checked, follows_catalogue
        self.collected_in = collected_in
        for product in products:
            self._add(product, offers.get(product.pk))

    def _add(self, product: Product, offer: Offer | None) -> None:
        is_ordered = offer is not None and offer.ordered_quantity > 0
        is_withdrawn = offer is not None and offer.withdrawn_at is not None
        self.fields[f"offer-{product.pk}"] = forms.BooleanField(
            label=product.name,
            required=False,
            initial=is_ordered or self._is_checked_first(product),
            disabled=is_ordered or is_withdrawn,
        )
        limit = offer.limit_quantity if offer else None
        self.fields[f"limit-{product.pk}"] = forms.CharField(
            label=product.name,
            required=False,
            max_length=20,
            initial="" if limit is None else _typed(limit, product),
            disabled=is_withdrawn,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "off",
                    "aria-label": _("Limite pour %(product)s") % {"product": product.name},
                    "placeholder": _("sans limite"),
                    "size": "9",
                }
            ),
        )

    def _is_checked_first(self, product: Product) -> bool:
        if self.checked is not None:
            return product.pk in self.checked
        # a cycle without any offer is new: everything is proposed
        return product.pk in self.offers or not self.offers

    def number_checked(self) -> int:
        return sum(bool(self[f"offer-{product.pk}"].value()) for product in self.products)

    def families(self) -> Iterator[tuple[str, str, list[Row]]]:
        """Name of the family's drawing, its word, its rows."""
        for family in Family:
            rows = [self._row(product) for product in self.products if product.family == family]
            if rows:
                yield family.value, str(family.label), rows

    def _row(self, product: Product) -> Row:
        offer = self.offers.get(product.pk)
        priced = offer or product
        farmer = offer.farmer_price_cents if offer else product.price_cents
        cost = offer.cost_price_cents if offer else cost_price_cents(farmer, self.handling_percent)
        return Row(
            product=product,
            offer=offer,
            farmer_price_cents=farmer,
            cost_price_cents=cost,
            priced_quantity=priced.priced_quantity,
            is_offered=self[f"offer-{product.pk}"],
            limit=self[f"limit-{product.pk}"],
            follows_catalogue=self.follows_catalogue,
            collected_in=self.collected_in,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for product in self.products:
            if cleaned.get(f"offer-{product.pk}"):
                self._clean_limit(product)
        if not self.errors and not self.limits():
            self.add_error(None, _("Cochez au moins un produit."))
        return cleaned

    def _clean_limit(self, product: Product) -> None:
        name = f"limit-{product.pk}"
        try:
            self.cleaned_data[name] = _parsed(self.cleaned_data.get(name, ""), product)
        except ValueError:
            example = EXAMPLES[Unit(product.unit)]
            self.add_error(
                name, _("Écrivez une limite comme « %(example)s ».") % {"example": example}
            )
            return
        self._check_limit(product, self.cleaned_data[name])

    def _check_limit(self, product: Product, limit: int | None) -> None:
        offer = self.offers.get(product.pk)
        name = f"limit-{product.pk}"
        if limit is None:
            return
        if offer and limit < offer.ordered_quantity:
            ordered = in_words(offer.ordered_quantity, product.unit)
            self.add_error(name, _("%(ordered)s sont déjà commandés.") % {"ordered": ordered})
        elif limit < product.step_quantity:
            self.add_error(name, _("C’est trop peu. Pour ne pas le proposer, décochez-le."))
        elif limit > MOST:
            self.add_error(name, _("C’est beaucoup : vérifiez cette limite."))

    def limits(self) -> dict[Product, int | None]:
        """Product -> limit, for the products to offer. Of a valid form."""
        return {
            product: self.cleaned_data[f"limit-{product.pk}"]
            for product in self.products
            if self.cleaned_data.get(f"offer-{product.pk}")
        }


def _typed(limit: int, product: Product) -> str:
    """As people type it: pieces without their word."""
    return str(limit) if product.unit == Unit.PIECE else in_words(limit, product.unit)


def _parsed(text: str, product: Product) -> int | None:
    """'40 kg' -> 40000; '' -> None. '40' of flour says neither grams nor kilos: ValueError."""
    text = "".join(text.split())
    if not text:
        return None
    if text.isdecimal() and product.unit != Unit.PIECE:
        raise ValueError(text)
    return parse_quantity(text, product.unit)
