"""Typing what a lorry brought, choosing how it is shared out, and saying why it is undone."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.forms.lots import LineFields, quantity_name
from croqualim.groupbuy.letters import SHARED
from croqualim.groupbuy.models import PurchaseOrder, PurchaseOrderLine
from croqualim.groupbuy.rules.reception import Reason, Received, Rule
from croqualim.kernel.quantity import in_words

SENTENCES = {
    Reason.NOT_ALL_LINES: gettext_lazy(
        "Le bon de commande a changé : relisez chaque ligne, puis notez la livraison."
    ),
    Reason.RECEIVED_OTHERWISE: gettext_lazy(
        "Quelqu’un a noté une livraison de ce bon entre-temps. Regardez-la : si elle est fausse, "
        "annulez-la ; si c’est une autre, notez la vôtre à nouveau."
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
    Reason.NOT_THE_LAST: gettext_lazy(
        "Une autre livraison a été notée depuis. Annulez d’abord la plus récente."
    ),
}

RULES = {
    Rule.PRO_RATA: gettext_lazy("Au prorata : chacun la même part de ce qu’il a demandé"),
    Rule.EQUAL_CEILING: gettext_lazy("Jusqu’à la même quantité pour chacun"),
    Rule.FIRST_COME: gettext_lazy("Les premières commandes d’abord, servies en entier"),
    Rule.SMALLEST_FIRST: gettext_lazy("Les petites commandes d’abord, servies en entier"),
}

MOST_DELIVERIES = 9999


class ReceptionForm(forms.Form):
    """For each line of the purchase order, the lots that came; then how they are shared out."""

    number = forms.IntegerField(min_value=1, max_value=MOST_DELIVERIES, widget=forms.HiddenInput)
    rule = forms.ChoiceField(
        label=gettext_lazy("Comment partager ce qui est venu"),
        choices=[(rule.value, words) for rule, words in RULES.items()],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        purchase_order: PurchaseOrder,
        awaited: Mapping[PurchaseOrderLine, int],
        number: int,
    ) -> None:
        """`awaited`: of each line, what is still to come. `number`: of the delivery to note."""
        if data is not None:
            data = _completed(data, awaited, number)
        super().__init__(data, initial={"number": number, "rule": Rule.PRO_RATA.value})
        self.rows = [
            LineFields(self, line, expected, default_code=f"{purchase_order.number}-{place}")
            for place, (line, expected) in enumerate(awaited.items(), start=1)
        ]

    def clean(self) -> dict[str, Any]:
        for row in self.rows:
            row.check()
        return self.cleaned_data

    @property
    def chosen_rule(self) -> Rule:
        return Rule(self.cleaned_data["rule"] or Rule.PRO_RATA)

    def received(self) -> dict[int, list[Received]]:
        """line id -> its lots."""
        return {row.line.pk: row.received() for row in self.rows}

    def passed(self, today: date) -> list[PurchaseOrderLine]:
        """Lines of which a best-before date lies behind us."""
        received = self.received()
        return [
            row.line
            for row in self.rows
            if any((lot.best_before_on or today) < today for lot in received[row.line.pk])
        ]

    def show(self, reason: Reason, number: int) -> None:
        """With what was typed, ready to be noted as the delivery of this number."""
        self.add_error(None, str(SENTENCES[reason]))
        data = self.data.copy()  # type: ignore[attr-defined]
        data["number"] = str(number)
        self.data = data


def _completed(data: QueryDict, awaited: Mapping[PurchaseOrderLine, int], number: int) -> QueryDict:
    """What one press says for every line: all of it came, or nothing more will. Lots and dates that
    were typed stay."""
    data = data.copy()
    data.setdefault("number", str(number))
    for line, expected in awaited.items():
        if "as_ordered" in data:
            data[quantity_name(line)] = in_words(expected, line.offer.product.unit)
        elif "nothing_more" in data:
            data[quantity_name(line)] = "0"
    return data


def how_shared(rule: Rule) -> str:
    """'au prorata', after a quantity."""
    return str(SHARED[rule])


class UndoForm(forms.Form):
    """Which delivery is undone, and why: a page that was left open undoes no other."""

    number = forms.IntegerField(min_value=1, max_value=MOST_DELIVERIES, widget=forms.HiddenInput)
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
