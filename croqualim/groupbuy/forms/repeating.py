"""A month's products as the next one starts from them: what changed first, a box for each."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.catalogue.models import Product
from croqualim.groupbuy.forms.offers import OffersForm, Row
from croqualim.groupbuy.models import Offer
from croqualim.groupbuy.rules.repeating import Remark, Terms, percent_change, remarks
from croqualim.kernel.quantity import in_words, price_in_words

TONES = {Remark.DEARER: "tomato", Remark.CHEAPER: "leaf"}
HEADINGS = {
    Remark.DEARER: gettext_lazy("prix en hausse"),
    Remark.CHEAPER: gettext_lazy("prix en baisse"),
    Remark.PACKAGING: gettext_lazy("autre conditionnement"),
    Remark.STEP: gettext_lazy("autre quantité par commande"),
    Remark.OUT_OF_SEASON: gettext_lazy("hors saison"),
    Remark.WITHDRAWN: gettext_lazy("retiré le mois dernier"),
}


@dataclass(frozen=True)
class Said:
    """One thing that changed, as the page says it."""

    heading: str
    tone: str
    words: str


@dataclass(frozen=True)
class RepeatedRow:
    row: Row
    said: list[Said]


class RepeatForm(OffersForm):
    """What the last month offered is checked, with its limits; what came since is not."""

    def __init__(
        self,
        *args: Any,
        source: Sequence[Offer],
        active: Sequence[Product],
        new_ids: Collection[int],
        **kwargs: Any,
    ) -> None:
        self.source = {offer.product_id: offer for offer in source}
        self.new_ids = new_ids
        active_ids = {product.pk for product in active}
        self.gone = [offer.product for offer in source if offer.product_id not in active_ids]
        kept = {offer.product_id for offer in source if offer.withdrawn_at is None}
        super().__init__(*args, products=active, offers={}, checked=kept, **kwargs)
        for product in active:
            self._keep_limit(product)

    def _keep_limit(self, product: Product) -> None:
        offer = self.source.get(product.pk)
        if offer is not None and offer.limit_quantity is not None:
            limit = " ".join(in_words(offer.limit_quantity, product.unit).split())
            self.fields[f"limit-{product.pk}"].initial = limit.removesuffix(" pièces")

    @property
    def changed(self) -> list[RepeatedRow]:
        """Of the last month, and worth a look."""
        return [repeated for repeated in self._repeated() if repeated.said]

    @property
    def unchanged(self) -> list[RepeatedRow]:
        return [repeated for repeated in self._repeated() if not repeated.said]

    @property
    def new(self) -> list[RepeatedRow]:
        return [row for row in self._others() if row.row.product.pk in self.new_ids]

    @property
    def others(self) -> list[RepeatedRow]:
        """In the catalogue then as today, and not offered."""
        return [row for row in self._others() if row.row.product.pk not in self.new_ids]

    def _repeated(self) -> Iterator[RepeatedRow]:
        for product in self.products:
            if offer := self.source.get(product.pk):
                row = self._row(product)
                yield RepeatedRow(row, said_of(offer, row))

    def _others(self) -> Iterator[RepeatedRow]:
        for product in self.products:
            if product.pk not in self.source:
                row = self._row(product)
                yield RepeatedRow(row, season_said(row))


def said_of(offer: Offer, row: Row) -> list[Said]:
    """What changed since an offer, in words."""
    product = row.product
    then, today = _terms_then(offer), _terms_today(product)
    words = {
        Remark.DEARER: _price_words(then, today, product.unit),
        Remark.CHEAPER: _price_words(then, today, product.unit),
        Remark.PACKAGING: _both(then.packaging_quantity, today.packaging_quantity, product.unit),
        Remark.STEP: _both(then.step_quantity, today.step_quantity, product.unit),
        Remark.OUT_OF_SEASON: row.out_of_season,
        Remark.WITHDRAWN: "",
    }
    found = remarks(
        then,
        today,
        is_fresh=not row.out_of_season,
        was_withdrawn=offer.withdrawn_at is not None,
    )
    return [
        Said(str(HEADINGS[remark]), TONES.get(remark, "saffron"), words[remark]) for remark in found
    ]


def season_said(row: Row) -> list[Said]:
    if not row.out_of_season:
        return []
    return [Said(str(HEADINGS[Remark.OUT_OF_SEASON]), "saffron", row.out_of_season)]


def _terms_then(offer: Offer) -> Terms:
    return Terms(
        offer.farmer_price_cents,
        offer.priced_quantity,
        offer.step_quantity,
        offer.packaging_quantity,
    )


def _terms_today(product: Product) -> Terms:
    return Terms(
        product.price_cents,
        product.priced_quantity,
        product.step_quantity,
        product.packaging_quantity,
    )


def _price_words(then: Terms, today: Terms, unit: str) -> str:
    before = price_in_words(then.price_cents, then.priced_quantity, unit)
    after = price_in_words(today.price_cents, today.priced_quantity, unit)
    percent = percent_change(then, today)
    if percent is None:
        return f"{before} → {after}"
    return f"{before} → {after} ({_signed(percent)})"


def _signed(percent: int) -> str:
    if percent == 0:
        return _("moins de 1 %")
    return f"{'+' if percent > 0 else '−'}{abs(percent)}\u00a0%"


def _both(before: int, after: int, unit: str) -> str:
    return f"{in_words(before, unit)} → {in_words(after, unit)}"
