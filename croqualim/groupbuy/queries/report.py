"""A cycle's report: figures beside words, no household in it.

Whoever reads it (members, funders, the collective) reads the same page.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from croqualim.catalogue.models import Family, Unit
from croqualim.groupbuy.models import (
    Cycle,
    DeliveryLine,
    FreeSaleLine,
    Order,
    OrderLine,
    Popup,
)
from croqualim.groupbuy.queries.balance import Balance, balance_of
from croqualim.groupbuy.queries.envelopes import EnvelopeRow, envelopes_of
from croqualim.groupbuy.queries.purchasing import owed_for
from croqualim.groupbuy.queries.settlement import live_deliveries
from croqualim.groupbuy.rules.settlement import QualityShares, may_count, quality_shares, said_count
from croqualim.kernel.money import in_euros
from croqualim.kernel.quantity import in_words
from croqualim.network.models import Structure
from croqualim.ui.charts import Bar


@dataclass(frozen=True)
class GroupRow:
    name: str
    households: int


@dataclass(frozen=True)
class FarmRow:
    farm: Structure
    delivered: str  # "5 kg, 25 l, 16 pièces"
    cents: int


@dataclass(frozen=True)
class Report:
    """Amounts in cents, weights in grams."""

    cycle: Cycle
    groups: list[GroupRow]
    absent: int
    balance: Balance
    farms: list[FarmRow]
    envelopes: list[EnvelopeRow]
    weights: list[Bar]  # by family
    taken: str  # "93 kg, 12 l, 40 pièces"
    served: int
    quality: QualityShares

    @property
    def owed_to_farms_cents(self) -> int:
        return sum(row.cents for row in self.farms)

    @property
    def served_in_words(self) -> str:
        return said_count(self.served)

    @property
    def groups_in_words(self) -> str:
        groups = ngettext("%(n)s groupe", "%(n)s groupes", len(self.groups)) % {
            "n": len(self.groups)
        }
        if self.served and not may_count([self.served]):
            return _("%(groups)s, moins de 5 foyers servis.") % {"groups": groups}
        served = ngettext("%(n)s foyer servi", "%(n)s foyers servis", self.served)
        return f"{groups}, {served % {'n': self.served}}."

    @property
    def absent_in_words(self) -> str:
        return ngettext(
            "%(n)s commande n’a pas été retirée.",
            "%(n)s commandes n’ont pas été retirées.",
            self.absent,
        ) % {"n": self.absent}

    @property
    def named_groups(self) -> list[GroupRow]:
        """None when one of them is so small that its count, or the rest of the total, tells."""
        return self.groups if may_count(row.households for row in self.groups) else []

    @property
    def money(self) -> list[Bar]:
        """Who paid for what was taken."""
        rows = [
            ("Les adhérent·es", max(self.balance.members_cents, 0)),
            ("Les enveloppes solidaires", max(self.balance.envelopes_cents, 0)),
            ("La vente libre", max(self.balance.free_sales_cents, 0)),
        ]
        return [Bar(label, cents, in_euros(cents)) for label, cents in rows]

    @property
    def qualities(self) -> list[Bar]:
        rows = [
            ("Agriculture biologique", self.quality.organic_cents),
            ("Autres signes de qualité", self.quality.other_signs_cents),
            ("Sans signe", self.quality.rest_cents),
        ]
        return [Bar(label, cents, in_euros(cents)) for label, cents in rows]


def report_of(cycle: Cycle) -> Report:
    """Read it all in a fixed number of queries."""
    deliveries = list(live_deliveries(cycle))
    taken = _taken(cycle)
    weights = Counter({family: n for (unit, family), n in taken.items() if unit == Unit.GRAM})
    orders = Order.objects.filter(cycle=cycle).aggregate(
        served=Count("collected_at"), absent=Count("absent_at")
    )
    return Report(
        cycle=cycle,
        groups=_groups(cycle),
        absent=orders["absent"],
        balance=balance_of(cycle),
        farms=_farms(deliveries),
        envelopes=envelopes_of(cycle),
        weights=[
            Bar(str(Family(family).label), grams, in_words(grams, Unit.GRAM))
            for family, grams in weights.most_common()
        ],
        taken=_all_in_words((unit, n) for (unit, _family), n in taken.items()),
        served=orders["served"],
        quality=quality_shares(
            (owed_for(d), d.purchase_line.offer.product.labels) for d in deliveries
        ),
    )


def _taken(cycle: Cycle) -> Counter[tuple[str, str]]:
    """(unit, family) -> what went home: orders collected and what was sold freely."""
    ordered = OrderLine.objects.filter(order__cycle=cycle, order__collected_at__isnull=False)
    sold = FreeSaleLine.objects.filter(sale__popup__cycle=cycle, sale__undone_at=None)
    taken: Counter[tuple[str, str]] = Counter()
    for lines in (ordered, sold):
        _add(taken, lines)
    return taken


def _add(taken: Counter[tuple[str, str]], lines: QuerySet[Any]) -> None:
    kinds = lines.values_list("offer__product__unit", "offer__product__family")
    for unit, family, quantity in kinds.annotate(n=Sum("quantity")).order_by():
        taken[unit, family] += quantity


def _all_in_words(quantities: Iterable[tuple[str, int]]) -> str:
    """Weighed, then poured, then counted: '5 kg, 25 l, 16 pièces'. Nothing: '–'."""
    totals: Counter[str] = Counter()
    for unit, quantity in quantities:
        totals[unit] += quantity
    return ", ".join(in_words(totals[unit], unit) for unit in Unit if totals[unit]) or "–"


def _groups(cycle: Cycle) -> list[GroupRow]:
    popups = Popup.objects.filter(cycle=cycle).select_related("group")
    counted = popups.annotate(served=Count("orders__collected_at"))
    return [GroupRow(popup.group.name, popup.served) for popup in counted]


def _farms(deliveries: list[DeliveryLine]) -> list[FarmRow]:
    delivered: dict[Structure, list[tuple[str, int]]] = {}
    cents: Counter[Structure] = Counter()
    for delivery in deliveries:
        line = delivery.purchase_line
        farm = line.purchase_order.producer
        cents[farm] += owed_for(delivery)
        delivered.setdefault(farm, []).append((line.offer.product.unit, delivery.quantity))
    return [
        FarmRow(farm, _all_in_words(delivered[farm]), owed) for farm, owed in cents.most_common()
    ]
