"""A cycle's report: figures beside words, no household in it.

Whoever reads it (members, funders, the collective) reads the same page.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum

from croqualim.catalogue.models import Family, Unit
from croqualim.groupbuy.models import (
    Cycle,
    FreeSale,
    FreeSaleLine,
    Order,
    OrderLine,
    Popup,
)
from croqualim.groupbuy.queries.settlement import (
    live_deliveries,
    owed_for,
    settlement_of,
)
from croqualim.groupbuy.rules.settlement import QualityShares, quality_shares
from croqualim.kernel.money import in_euros
from croqualim.kernel.quantity import in_words
from croqualim.ledger.models import Envelope
from croqualim.network.models import Structure
from croqualim.ui.charts import Bar

# below this many households a count could point at somebody
FEW = 5


@dataclass(frozen=True)
class GroupRow:
    name: str
    households: str
    absent: int


@dataclass(frozen=True)
class FarmRow:
    farm: Structure
    grams: int
    cents: int


@dataclass(frozen=True)
class EnvelopeRow:
    name: str
    funder: str
    drawn_cents: int
    given_cents: int


@dataclass(frozen=True)
class Report:
    """Amounts in cents, weights in grams."""

    cycle: Cycle
    groups: list[GroupRow]
    farms: list[FarmRow]
    envelopes: list[EnvelopeRow]
    weights: list[Bar]  # by family
    grams: int
    served: int
    cost_cents: int
    due_cents: int
    free_sales_cents: int
    quality: QualityShares

    @property
    def paid_to_farms_cents(self) -> int:
        return sum(row.cents for row in self.farms)

    @property
    def subsidy_cents(self) -> int:
        return sum(row.drawn_cents - row.given_cents for row in self.envelopes)

    @property
    def money(self) -> list[Bar]:
        """Who paid for the food."""
        rows = [
            ("Les adhérent·es", self.due_cents),
            ("Les enveloppes solidaires", max(self.subsidy_cents, 0)),
            ("La vente libre", self.free_sales_cents),
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
    weights = _weights(cycle)
    served = Order.objects.filter(cycle=cycle, collected_at__isnull=False)
    amounts = served.aggregate(n=Count("pk"), cost=Sum("cost_cents"), due=Sum("due_cents"))
    sales = FreeSale.objects.filter(popup__cycle=cycle, undone_at=None)
    return Report(
        cycle=cycle,
        groups=_groups(cycle),
        farms=_farms(deliveries),
        envelopes=_envelopes(cycle),
        weights=[
            Bar(str(Family(family).label), grams, in_words(grams, Unit.GRAM))
            for family, grams in weights.most_common()
        ],
        grams=weights.total(),
        served=amounts["n"],
        cost_cents=amounts["cost"] or 0,
        due_cents=amounts["due"] or 0,
        free_sales_cents=sales.aggregate(n=Sum("amount_cents"))["n"] or 0,
        quality=quality_shares(
            (owed_for(d), d.purchase_line.offer.product.labels) for d in deliveries
        ),
    )


def said_count(households: int) -> str:
    """A number of households, unless it is small enough to point at somebody."""
    return "moins de 5" if 0 < households < FEW else str(households)


def _weights(cycle: Cycle) -> Counter[str]:
    """Grams taken home, by family: orders collected and what was sold freely."""
    weights: Counter[str] = Counter()
    ordered = OrderLine.objects.filter(
        order__cycle=cycle,
        order__collected_at__isnull=False,
        offer__product__unit=Unit.GRAM,
    )
    sold = FreeSaleLine.objects.filter(
        sale__popup__cycle=cycle, sale__undone_at=None, offer__product__unit=Unit.GRAM
    )
    for lines in (ordered, sold):
        _add(weights, lines)
    return weights


def _add(weights: Counter[str], lines: QuerySet[Any]) -> None:
    grams = lines.values_list("offer__product__family").annotate(n=Sum("quantity")).order_by()
    for family, quantity in grams:
        weights[family] += quantity


def _groups(cycle: Cycle) -> list[GroupRow]:
    popups = Popup.objects.filter(cycle=cycle).select_related("group")
    counted = popups.annotate(
        served=Count("orders__collected_at"), absent=Count("orders__absent_at")
    )
    return [GroupRow(popup.group.name, said_count(popup.served), popup.absent) for popup in counted]


def _farms(deliveries: list[Any]) -> list[FarmRow]:
    grams: Counter[Structure] = Counter()
    cents: Counter[Structure] = Counter()
    for delivery in deliveries:
        farm = delivery.purchase_line.purchase_order.producer
        cents[farm] += owed_for(delivery)
        if delivery.purchase_line.offer.product.unit == Unit.GRAM:
            grams[farm] += delivery.quantity
    return [FarmRow(farm, grams[farm], owed) for farm, owed in cents.most_common()]


def _envelopes(cycle: Cycle) -> list[EnvelopeRow]:
    plan = settlement_of(cycle)
    used = Envelope.objects.filter(pk__in={*plan.drawn, *plan.given}).select_related("funder")
    return [
        EnvelopeRow(
            envelope.name,
            envelope.funder.name,
            plan.drawn.get(envelope.pk, 0),
            plan.given.get(envelope.pk, 0),
        )
        for envelope in used.order_by("name")
    ]


@dataclass(frozen=True)
class EnvelopeMonth:
    """What one cycle drew from an envelope, and gave it."""

    cycle: Cycle
    drawn_cents: int
    given_cents: int
    served: str  # households whose order it helped pay, never fewer than five by name


def months_of(envelope: Envelope) -> list[EnvelopeMonth]:
    """Settled cycles of the holder, newest first; in a fixed number of queries."""
    cycles = Cycle.objects.filter(
        collective__structure=envelope.holder_id, settled_at__isnull=False
    ).order_by("-opens_at")
    flows = _flows(envelope)
    helped = dict(
        Order.objects.filter(cycle__in=cycles, collected_at__isnull=False, share_percent__lt=100)
        .values_list("cycle")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return [
        EnvelopeMonth(
            cycle,
            drawn_cents=flows.get((cycle.pk, "subsidy"), 0),
            given_cents=flows.get((cycle.pk, "solidarity"), 0),
            served=said_count(helped.get(cycle.pk, 0)),
        )
        for cycle in cycles
        if (cycle.pk, "subsidy") in flows or (cycle.pk, "solidarity") in flows
    ]


def _flows(envelope: Envelope) -> dict[tuple[int, str], int]:
    """(cycle, kind) -> cents, reversals taken off. References read 'cycle:12:settlement'."""
    flows: Counter[tuple[int, str]] = Counter()
    account = envelope.account
    rows = [
        *account.outgoing.values_list("reference", "kind", "amount_cents", "reverses"),
        *account.incoming.values_list("reference", "kind", "amount_cents", "reverses"),
    ]
    for reference, kind, cents, reverses in rows:
        if reference.startswith("cycle:"):
            cycle = int(reference.split(":")[1])
            flows[cycle, kind] += -cents if reverses else cents
    return {key: cents for key, cents in flows.items() if cents}
