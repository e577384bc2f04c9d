"""The fields of one line of a purchase order: what came, lot by lot, and what was wrong with it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.forms.fields import EurosField
from croqualim.groupbuy.models import PurchaseOrderLine
from croqualim.groupbuy.queries.closing import packaging_of
from croqualim.groupbuy.rules.packaging import Packaging, parse_received
from croqualim.groupbuy.rules.reception import Received
from croqualim.kernel.money import NO_BREAK_SPACE
from croqualim.kernel.quantity import in_words, price_in_words

QUOTED = f"«{NO_BREAK_SPACE}{{}}{NO_BREAK_SPACE}»"
MOST = 1_000_000_000  # base units: a thousand tonnes, more than any lorry and any column holds
MOST_LOTS = 9
REFUSED, LOST = "refused", "lost"
FATES = (
    (REFUSED, gettext_lazy("Repart avec le camion : rien à payer")),
    (LOST, gettext_lazy("Reste ici et sera jeté : payé au producteur")),
)


class QuantityReceivedField(forms.CharField):
    """'80', '80 kg', '3 sacs' -> base units."""

    def __init__(self, line: PurchaseOrderLine, expected: int, nth: int) -> None:
        self.packaging = packaging_of(line.offer)
        super().__init__(
            label=line.offer.product.name
            if nth == 1
            else _("%(product)s, lot n° %(n)s") % {"product": line.offer.product.name, "n": nth},
            max_length=60,
            initial="" if expected else "0",
            help_text=self._hint(line, expected) if nth == 1 else "",
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

    def _hint(self, line: PurchaseOrderLine, expected: int) -> str:
        quantity = in_words(line.quantity, self.packaging.unit)
        packages = self.packaging.in_words(line.packages)
        asked = quantity if packages == quantity else f"{packages} = {quantity}"
        said = _("Commandé : %(asked)s.") % {"asked": asked}
        if expected == line.quantity:
            return said
        if not expected:
            return _("%(said)s Tout est déjà venu.") % {"said": said}
        left = in_words(expected, self.packaging.unit)
        return _("%(said)s Encore attendu : %(left)s.") % {"said": said, "left": left}

    def _examples(self) -> str:
        return _examples(self.packaging)


class DamagedField(forms.CharField):
    """How much of it is damaged, said like what came; empty: nothing."""

    def __init__(self, line: PurchaseOrderLine, **kwargs: Any) -> None:
        self.packaging = packaging_of(line.offer)
        super().__init__(required=False, max_length=60, **kwargs)

    def clean(self, value: Any) -> int:
        text = super().clean(value)
        try:
            return parse_received(text, self.packaging) if text else 0
        except ValueError as error:
            words = {"examples": _examples(self.packaging)}
            raise forms.ValidationError(
                _("Écrivez combien est abîmé : %(examples)s.") % words
            ) from error


@dataclass(frozen=True)
class LotFields:
    """One lot of a line, as its page lays it out."""

    came: list[forms.BoundField]
    damage: list[forms.BoundField]


class LineFields:
    """Adds its fields to the reception's form, and reads what was typed in them."""

    def __init__(
        self, form: forms.Form, line: PurchaseOrderLine, expected: int, default_code: str
    ) -> None:
        self.form, self.line, self.expected = form, line, expected
        self.names = [f"-{line.pk}", *(f"-{line.pk}-{n}" for n in range(2, self._lots() + 1))]
        for nth, name in enumerate(self.names, start=1):
            self._add(name, nth, default_code)
        form.fields[self.price] = EurosField(
            label=_of(_("Prix demandé ce jour, en euros"), line),
            help_text=_("Sur le bon : %(price)s. Laissez vide si c’est le même.")
            % {"price": self._announced()},
            least_cents=0,
            required=False,
        )

    @property
    def price(self) -> str:
        return f"price-{self.line.pk}"

    @property
    def price_field(self) -> forms.BoundField:
        return self.form[self.price]

    @property
    def lots(self) -> list[LotFields]:
        return [
            LotFields(
                [self.form[f"{part}{name}"] for part in ("quantity", "lot", "until")],
                [self.form[f"{part}{name}"] for part in ("damaged", "fate", "why")],
            )
            for name in self.names
        ]

    @property
    def is_odd(self) -> bool:
        """Whether to unfold what is not as on other days."""
        fields = [self.price_field, *(field for lot in self.lots for field in lot.damage)]
        return any(field.errors or field.data for field in fields)

    @property
    def is_wrong(self) -> bool:
        fields = [self.price_field, *(f for lot in self.lots for f in [*lot.came, *lot.damage])]
        return any(field.errors for field in fields)

    @property
    def may_have_another(self) -> bool:
        return len(self.names) < MOST_LOTS

    def check(self) -> None:
        """What is damaged came, has a fate, and a reason."""
        said = self.form.cleaned_data
        for name in self.names:
            damaged, came = said.get(f"damaged{name}"), said.get(f"quantity{name}")
            if not damaged:
                continue
            if came is not None and damaged > came:
                self.form.add_error(f"damaged{name}", _("C’est plus que ce qui est venu."))
            if not said.get(f"fate{name}"):
                self.form.add_error(f"fate{name}", _("Choisissez ce qu’il devient."))
            if not said.get(f"why{name}"):
                self.form.add_error(f"why{name}", _("Dites ce qui est abîmé, en quelques mots."))

    def received(self) -> list[Received]:
        return [self._lot(name) for name in self.names]

    def _lot(self, name: str) -> Received:
        said = self.form.cleaned_data
        damaged = said[f"damaged{name}"]
        refused = damaged if said[f"fate{name}"] == REFUSED else 0
        asked = said[self.price]
        return Received(
            quantity=said[f"quantity{name}"] - refused,
            lot_code=said[f"lot{name}"],
            best_before_on=said[f"until{name}"],
            lost_quantity=damaged - refused,
            refused_quantity=refused,
            damage=said[f"why{name}"] if damaged else "",
            price_cents=asked if asked != self.line.offer.farmer_price_cents else None,
        )

    def _lots(self) -> int:
        """How many were typed, and one more when it is asked for."""
        data = self.form.data
        typed = [n for n in range(2, MOST_LOTS + 1) if f"quantity-{self.line.pk}-{n}" in data]
        wanted = data.get("another") == str(self.line.pk)
        return min(max(typed, default=1) + wanted, MOST_LOTS)

    def _add(self, name: str, nth: int, default_code: str) -> None:
        line, fields = self.line, self.form.fields
        fields[f"quantity{name}"] = QuantityReceivedField(line, self.expected, nth)
        fields[f"lot{name}"] = forms.CharField(
            label=_of(_("Lot"), line),
            max_length=60,
            required=False,
            initial=default_code if nth == 1 else "",
        )
        fields[f"until{name}"] = forms.DateField(
            label=_of(_("À consommer avant le"), line),
            required=False,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": _("Écrivez une date, par exemple 31/12/2026.")},
        )
        damaged = _("Combien est abîmé")
        if nth > 1:
            damaged = _("Combien est abîmé du lot n° %(n)s") % {"n": nth}
        fields[f"damaged{name}"] = DamagedField(line, label=_of(damaged, line))
        fields[f"fate{name}"] = forms.ChoiceField(
            label=_of(_("Ce qu’il devient"), line),
            choices=FATES,
            widget=forms.RadioSelect,
            required=False,
        )
        fields[f"why{name}"] = forms.CharField(
            label=_of(_("Ce qui est abîmé"), line),
            help_text=_("Par exemple : deux sacs mouillés."),
            max_length=200,
            required=False,
        )

    def _announced(self) -> str:
        offer = self.line.offer
        return price_in_words(offer.farmer_price_cents, offer.priced_quantity, offer.product.unit)


def quantity_name(line: PurchaseOrderLine) -> str:
    """Of the field that says what came of a line, or of its first lot."""
    return f"quantity-{line.pk}"


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
