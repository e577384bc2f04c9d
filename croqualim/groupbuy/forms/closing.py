"""Choosing, product by product, what becomes of a packaging that the orders do not fill."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.catalogue.models import Rounding as Choices
from croqualim.groupbuy.models import OrderLine
from croqualim.groupbuy.queries.closing import Planned, ProducerPlan
from croqualim.groupbuy.queries.sacks import Volunteers
from croqualim.groupbuy.rules.closing import Choice
from croqualim.groupbuy.rules.packaging import plural
from croqualim.solvers.rounding import Rounding

SENTENCES = {
    "changed": gettext_lazy(
        "Rien n’est encore acheté : une commande, le dépôt ou l’un de vos choix a changé. "
        "Voici ce que cela donne maintenant : relisez, puis confirmez."
    ),
    "envelope short": gettext_lazy(
        "Le fonds solidaire n’a plus de quoi payer ce que des foyers prendraient en plus. "
        "Rien n’est encore acheté : complétez-le, ou choisissez une autre règle pour les produits "
        "que des foyers complètent."
    ),
    "not over": gettext_lazy("Les commandes ne sont pas encore finies : rien n’est acheté."),
}


@dataclass(frozen=True)
class Row:
    """One product: what would be done about it, the orders it changes, the fields that choose."""

    planned: Planned
    changes: Sequence[tuple[OrderLine, int]]
    rounding: forms.BoundField
    packages: forms.BoundField
    volunteers: Volunteers

    @property
    def could_be_completed(self) -> bool:
        """Whether somebody said she would take more, and another rule is to be applied."""
        waits = self.planned.choice != Choice(Rounding.VOLUNTEERS)
        return waits and bool(self.volunteers.households and self.planned.may_be_rounded)

    @property
    def is_open(self) -> bool:
        """Whether its choice is shown at once."""
        return self.planned.is_chosen or bool(self.packages.errors or self.rounding.errors)


class ClosingForm(forms.Form):
    """Two fields a product: its rule, and a number of packagings that replaces it."""

    def __init__(self, data: QueryDict | None, *, plans: Iterable[ProducerPlan]) -> None:
        """`plans` as the products' own rules make them."""
        super().__init__(data)
        self.planned = [planned for plan in plans for planned in plan.planned]
        for planned in self.planned:
            self.fields[_name("rule", planned)] = forms.TypedChoiceField(
                label=_("Quand le dernier n’est pas plein"),
                choices=Choices.choices,
                initial=planned.offer.rounding,
                required=False,
                empty_value=planned.offer.rounding,
            )
            self.fields[_name("packages", planned)] = PackagesField(planned)

    def choices(self) -> dict[int, Choice]:
        """offer id -> what was chosen of it, where it can be read."""
        read = self.cleaned_data if self.is_bound and self.errors is not None else {}
        return {
            planned.offer.pk: Choice(
                Rounding(read.get(_name("rule", planned)) or planned.offer.rounding),
                read.get(_name("packages", planned)),
            )
            for planned in self.planned
        }

    def producers(
        self,
        plans: Iterable[ProducerPlan],
        changed: Mapping[OrderLine, int],
        volunteers: Mapping[int, Volunteers],
    ) -> list[tuple[ProducerPlan, list[Row]]]:
        """What the page shows: `plans` as chosen, with the order lines they change, and (by offer
        id) who would take more."""
        by_offer: dict[int, list[tuple[OrderLine, int]]] = defaultdict(list)
        for line, quantity in changed.items():
            by_offer[line.offer_id].append((line, quantity))
        return [
            (
                plan,
                [
                    Row(
                        planned,
                        by_offer[planned.offer.pk],
                        rounding=self[_name("rule", planned)],
                        packages=self[_name("packages", planned)],
                        volunteers=volunteers.get(planned.offer.pk, Volunteers()),
                    )
                    for planned in plan.planned
                ],
            )
            for plan in plans
        ]

    def show(self, why: str) -> None:
        self.add_error(None, str(SENTENCES[why]))


class PackagesField(forms.IntegerField):
    """From none to as many as the orders begin; empty: as the rule says."""

    def __init__(self, planned: Planned) -> None:
        most, name = planned.most_packages, planned.offer.product.packaging_name
        too_many = _("%(most)s suffisent : écrivez un nombre de 0 à %(most)s.") % {"most": most}
        super().__init__(
            label=_("Ou ce nombre de %(packagings)s")
            % {"packagings": plural(name or _("conditionnement"))},
            required=False,
            min_value=0,
            max_value=most,
            widget=forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": str(most)}),
            error_messages={
                "invalid": _("Écrivez un nombre, de 0 à %(most)s.") % {"most": most},
                "min_value": too_many,
                "max_value": too_many,
            },
        )


def _name(part: str, planned: Planned) -> str:
    return f"{part}-{planned.offer.pk}"
