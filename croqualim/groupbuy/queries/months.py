"""Months beside one another: what a report's picture compares. Totals alone, no household."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum

from croqualim.catalogue.models import Unit
from croqualim.groupbuy.models import Cycle, FreeSaleLine, OrderLine

SHOWN = 6


@dataclass(frozen=True)
class Month:
    """What went home in one settled cycle, in grams: what is weighed, not what is counted."""

    cycle: Cycle
    grams: int


def months_up_to(cycle: Cycle) -> list[Month]:
    """The cycle and the settled ones before it, oldest first, in three queries."""
    settled = Cycle.objects.filter(
        collective=cycle.collective_id, settled_at__isnull=False, opens_at__lte=cycle.opens_at
    )
    cycles = list(settled.order_by("-opens_at")[:SHOWN])[::-1]
    weighed = {"offer__product__unit": Unit.GRAM}
    ordered = OrderLine.objects.filter(
        order__cycle__in=cycles, order__collected_at__isnull=False, **weighed
    )
    sold = FreeSaleLine.objects.filter(
        sale__popup__cycle__in=cycles, sale__undone_at=None, **weighed
    )
    grams = _by_cycle(ordered, "order__cycle") + _by_cycle(sold, "sale__popup__cycle")
    return [Month(one, grams[one.pk]) for one in cycles]


def _by_cycle(lines: QuerySet[Any], cycle: str) -> Counter[int]:
    summed = lines.values_list(cycle).annotate(n=Sum("quantity")).order_by()
    return Counter({pk: grams or 0 for pk, grams in summed})
