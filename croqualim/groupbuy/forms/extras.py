"""As much more of a product as somebody takes if that completes a sack or case."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from croqualim.groupbuy.forms.ordering import QuantityForm
from croqualim.groupbuy.models import Offer
from croqualim.groupbuy.queries.choosing import Choosing, Goods, Shelf
from croqualim.groupbuy.rules.packaging import with_article
from croqualim.kernel.money import in_euros
from croqualim.kernel.quantity import in_words

FIELD = re.compile(r"plus-(\d{1,18})")
MULTIPLES = (1, 2, 4)  # steps that are proposed, besides what lacks


class ShelfForm(QuantityForm):
    """One product: how much of it, and as much more where it is shared out of a packaging."""

    extra = forms.CharField(required=False, max_length=20)

    def __init__(self, data: QueryDict | None, *, offer: Offer, shelf: Shelf) -> None:
        super().__init__(
            data,
            offer=offer,
            initial={
                "quantity": _shown(shelf.quantity, shelf),
                "extra": _shown(shelf.extra, shelf),
            },
        )
        if offer.packaging_quantity <= offer.step_quantity:
            del self.fields["extra"]
            return
        packaging = with_article(offer.product.packaging_name)
        self.fields["extra"].label = _(
            "Et jusqu’à combien de plus, si cela complète %(packaging)s ?"
        ) % {"packaging": packaging}
        self.fields["extra"].help_text = _(
            "Vous ne les aurez, et ne les paierez, que si %(packaging)s est complet ainsi."
        ) % {"packaging": packaging}

    def clean_extra(self) -> int:
        return self.read(self.cleaned_data["extra"]) if self.cleaned_data["extra"] else 0

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("extra") and said.get("quantity") == 0:
            self.add_error("quantity", _("Écrivez d’abord ce que vous voulez dans tous les cas."))
        return said


@dataclass(frozen=True)
class More:
    """A line to check: what is chosen of it, and how much more may be said."""

    shelf: Shelf
    choices: Sequence[tuple[int, str, bool]]  # quantity, in words, whether it is chosen

    @property
    def name(self) -> str:
        return f"plus-{self.shelf.offer_id}"


def more_of_each(choice: Choosing, said: Mapping[int, int]) -> list[More]:
    """Each line of the basket; choices where little lacks, or where more was said already."""
    rows = {goods.pk: goods for goods in choice.goods}
    return [
        More(shelf, _choices(choice, shelf, rows[shelf.offer_id], said)) for shelf in choice.chosen
    ]


def said_extras(data: QueryDict) -> dict[int, int]:
    """offer id -> as much more, as the page sent it. What cannot be is refused with the order."""
    found = ((FIELD.fullmatch(name), value) for name, value in data.items())
    return {
        int(match[1]): int(str(value))
        for match, value in found
        if match and str(value).isdecimal() and len(str(value)) < 10
    }


def _choices(
    choice: Choosing, shelf: Shelf, goods: Goods, said: Mapping[int, int]
) -> list[tuple[int, str, bool]]:
    step, chosen = goods.step_quantity, said.get(goods.pk, shelf.extra)
    lacks = (shelf.lacks or 0) // step * step
    proposed = {step * n for n in MULTIPLES if step * n < lacks} | {lacks, chosen, shelf.extra}
    if proposed == {0}:
        return []
    return [
        (0, _("Rien de plus"), not chosen),
        *((n, _of_more(choice, shelf, goods, n), n == chosen) for n in sorted(proposed - {0})),
    ]


def _of_more(choice: Choosing, shelf: Shelf, goods: Goods, more: int) -> str:
    """With its price: nobody says yes to what she cannot count."""
    cents = choice.due_of(goods, shelf.quantity + more) - shelf.due_cents
    said = {"quantity": in_words(more, shelf.unit), "price": in_euros(cents)}
    return _("%(quantity)s (%(price)s)") % said


def _shown(quantity: int, shelf: Shelf) -> str:
    return in_words(quantity, shelf.unit) if quantity else ""
