"""Typing what a lorry brought, and why a reception is undone."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.models import PurchaseOrder, PurchaseOrderLine
from croqualim.groupbuy.queries.closing import packaging_of
from croqualim.groupbuy.rules.packaging import Packaging, parse_received
from croqualim.groupbuy.rules.reception import Reason, Received
from croqualim.kernel.money import NO_BREAK_SPACE
from croqualim.kernel.quantity import in_words

QUOTED = f"«{NO_BREAK_SPACE}{{}}{NO_BREAK_SPACE}»"
MOST = 1_000_000_000  # base units: a thousand tonnes, more than any lorry and any column holds

SENTENCES = {
    Reason.NOT_ALL_LINES: gettext_lazy(
        "Le bon de commande a changé : relisez chaque ligne, puis notez la livraison."
    ),
    Reason.RECEIVED_OTHERWISE: gettext_lazy(
        "Cette livraison est déjà notée, avec d’autres quantités. Regardez le bon de commande ; "
        "si elles sont fausses, annulez d’abord la réception."
    ),
    Reason.SETTLED: gettext_lazy("Le mois est réglé : ses livraisons ne changent plus."),
    Reason.NO_REASON: gettext_lazy("Dites en quelques mots pourquoi."),
    Reason.GOODS_GONE: gettext_lazy(
        "Une partie des marchandises a déjà quitté le dépôt. Faites-les d’abord revenir : "
        "annulez la préparation de l’épicerie qui les a prises."
    ),
    Reason.PRODUCER_PAID: gettext_lazy(
        "Cette livraison est déjà payée, ou son virement est prêt. Annulez d’abord ce paiement, "
        "dans « Payer les producteurs »."
    ),
    Reason.ENVELOPE_SHORT: gettext_lazy(
        "Le fonds solidaire n’a plus de quoi compléter les commandes d’origine. "
        "Complétez-le, puis recommencez."
    ),
}


class ReceptionForm(forms.Form):
    """Three fields per line of the purchase order: what came, of which lot, until when."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        purchase_order: PurchaseOrder,
        lines: Sequence[PurchaseOrderLine],
        is_as_ordered: bool = False,
    ) -> None:
        """`is_as_ordered`: everything came as ordered, whatever was typed; lots and dates stay."""
        self.lines = lines
        if data is not None and is_as_ordered:
            data = data.copy()
            for line in lines:
                data[_name("quantity", line)] = in_words(line.quantity, line.offer.product.unit)
        super().__init__(data)
        for number, line in enumerate(lines, start=1):
            self.fields[_name("quantity", line)] = QuantityReceivedField(line)
            self.fields[_name("lot", line)] = forms.CharField(
                label=_of(_("Lot"), line),
                max_length=60,
                required=False,
                initial=f"{purchase_order.number}-{number}",
            )
            self.fields[_name("until", line)] = forms.DateField(
                label=_of(_("À consommer avant le"), line),
                required=False,
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                error_messages={"invalid": _("Écrivez une date, par exemple 31/12/2026.")},
            )

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each line."""
        return [
            [self[_name(part, line)] for part in ("quantity", "lot", "until")]
            for line in self.lines
        ]

    def received(self) -> dict[int, Received]:
        return {
            line.pk: Received(
                quantity=self.cleaned_data[_name("quantity", line)],
                lot_code=self.cleaned_data[_name("lot", line)],
                best_before_on=self.cleaned_data[_name("until", line)],
            )
            for line in self.lines
        }

    def passed(self, today: date) -> list[PurchaseOrderLine]:
        """Lines whose best-before date lies behind us."""
        received = self.received()
        return [line for line in self.lines if (received[line.pk].best_before_on or today) < today]

    def show(self, reason: Reason) -> None:
        self.add_error(None, str(SENTENCES[reason]))


class QuantityReceivedField(forms.CharField):
    """'80', '80 kg', '3 sacs' -> base units."""

    def __init__(self, line: PurchaseOrderLine) -> None:
        self.packaging = packaging_of(line.offer)
        super().__init__(
            label=line.offer.product.name,
            max_length=60,
            help_text=self._hint(line),
            error_messages={"required": _("Écrivez ce qui est venu, ou 0 si rien n’est venu.")},
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            quantity = parse_received(text, self.packaging)
        except ValueError as error:
            raise forms.ValidationError(
                _("Écrivez ce qui est venu : %(examples)s.") % {"examples": self._examples()}
            ) from error
        if quantity > MOST:
            raise forms.ValidationError(_("C’est plus qu’un camion n’en porte : vérifiez."))
        return quantity

    def _hint(self, line: PurchaseOrderLine) -> str:
        quantity = in_words(line.quantity, self.packaging.unit)
        packages = self.packaging.in_words(line.packages)
        asked = quantity if packages == quantity else f"{packages} = {quantity}"
        return _("Commandé : %(asked)s.") % {"asked": asked}

    def _examples(self) -> str:
        return _examples(self.packaging)


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi ?"),
        help_text=gettext_lazy("Les foyers concernés liront cette raison dans leur commande."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": SENTENCES[Reason.NO_REASON]},
    )

    def show(self, reason: Reason) -> None:
        self.add_error(None, str(SENTENCES[reason]))


class SendForm(forms.Form):
    """How often it had been handed over when the page was shown: a double press sends once."""

    time = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


def _examples(packaging: Packaging) -> str:
    measure = in_words(3 * packaging.quantity, packaging.unit)
    if not packaging.name:
        return QUOTED.format(measure)
    packages = packaging.in_words(3).partition(" de ")[0]
    return f"{QUOTED.format(measure)}, {QUOTED.format(packages)}"


def _of(label: str, line: PurchaseOrderLine) -> SafeString:
    """A label that says of which product to those who hear the page."""
    hidden = '{}<span class="visually-hidden">, {}</span>'
    return format_html(hidden, label, line.offer.product.name)


def _name(part: str, line: PurchaseOrderLine) -> str:
    return f"{part}-{line.pk}"
