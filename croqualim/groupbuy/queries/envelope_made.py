"""What an envelope made possible: kilos by family, how many households, what is promised now."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from croqualim.catalogue.models import Family, Unit
from croqualim.groupbuy.models import Order, OrderLine
from croqualim.groupbuy.rules.envelopes import said_held
from croqualim.groupbuy.rules.settlement import FEW, said_count
from croqualim.kernel.quantity import in_words
from croqualim.ledger.models import Envelope
from croqualim.ui.charts import Bar


@dataclass(frozen=True)
class MadePossible:
    """Over all settled months together, so that no month isolates anybody."""

    households: str  # never under five by name
    weights: Sequence[Bar]  # by family; empty while too few households were helped
    poured_and_counted: str  # "12 l, 40 pièces", or ""
    held_cents: int | None  # about; None while too few orders hold it


def made_possible_by(envelope: Envelope) -> MadePossible:
    """In a fixed number of queries."""
    helped = Order.objects.filter(
        envelope=envelope,
        share_percent__lt=100,
        cycle__settled_at__isnull=False,
        collected_at__isnull=False,
    )
    households = helped.order_by().values("membership__household").distinct().count()
    taken = _taken(helped) if households >= FEW else Counter()
    return MadePossible(
        households=said_count(households),
        weights=_weights(taken),
        poured_and_counted=_others(taken),
        held_cents=said_held(
            envelope.account.reserved_cents, envelope.account.reservations.count()
        ),
    )


def _taken(orders: object) -> Counter[tuple[str, str]]:
    """(unit, family) -> what these orders took home."""
    lines = OrderLine.objects.filter(order__in=orders).order_by()  # type: ignore[misc]
    kinds = lines.values_list("offer__product__unit", "offer__product__family")
    return Counter(
        {(unit, family): n for unit, family, n in kinds.annotate(n=Sum("quantity")) if n}
    )


def _weights(taken: Counter[tuple[str, str]]) -> list[Bar]:
    grams = Counter({family: n for (unit, family), n in taken.items() if unit == Unit.GRAM})
    return [
        Bar(str(Family(family).label), n, in_words(n, Unit.GRAM))
        for family, n in grams.most_common()
    ]


def _others(taken: Counter[tuple[str, str]]) -> str:
    totals: Counter[str] = Counter()
    for (unit, _family), n in taken.items():
        totals[unit] += n
    return ", ".join(
        in_words(totals[unit], unit) for unit in Unit if unit != Unit.GRAM and totals[unit]
    )
