"""Announcing a cycle: what stands in the way."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.actions.cycles import CycleRefused
from croqualim.groupbuy.models import Cycle

SENTENCES = {
    "bought": gettext_lazy("Les achats sont faits : les commandes ne changent plus."),
    "opened": gettext_lazy(
        "Les commandes ont déjà commencé : ce cycle reste annoncé. Vous pouvez retirer un produit."
    ),
    "settled": gettext_lazy("Ce cycle est réglé : il ne change plus."),
    "shop closed": gettext_lazy("Une de ces épiceries est déjà fermée : elle ne se déplace plus."),
    "ordered": gettext_lazy(
        "Entre-temps, quelqu’un a commandé un produit que vous décochez. Retirez-le plutôt."
    ),
    "limit below orders": gettext_lazy(
        "Entre-temps, quelqu’un a commandé plus que votre limite. Relisez et gardez à nouveau."
    ),
    "no offer": gettext_lazy("Choisissez d’abord des produits."),
    "opening passed": gettext_lazy(
        "L’heure d’ouverture est passée : annoncez ce cycle maintenant, ou changez ses dates."
    ),
    "no shop": gettext_lazy("Choisissez d’abord une épicerie, dans les dates."),
}


def sentence(refused: CycleRefused) -> str:
    return str(SENTENCES[refused.why])


class UnpublishForm(forms.Form):
    """Nothing to fill in: it carries what stands in the way."""


class PublishForm(forms.Form):
    """Nothing to fill in: it carries what stands in the way."""

    def __init__(self, *args: Any, cycle: Cycle, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycle, self.now = cycle, now

    def clean(self) -> dict[str, Any]:
        if self.cycle.closes_at <= self.now:
            raise forms.ValidationError(
                _("La clôture est déjà passée : changez d’abord les dates de ce cycle.")
            )
        return super().clean() or {}
