"""What a cycle's closing buys, and which orders it changes, before it is done."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.models import Cycle, Offer, OrderLine
from croqualim.groupbuy.rules.closing import (
    Choice,
    Decision,
    Purchase,
    Wish,
    decide,
    needs_lines,
    plan,
    seal,
)
from croqualim.groupbuy.rules.packaging import Packaging, ordered_in_words
from croqualim.kernel.quantity import in_words, price_of
from croqualim.network.models import Structure
from croqualim.solvers.rounding import Rounding
from croqualim.stock import queries as stock

# as the history says them: the product's own form explains each
IN_WORDS = {
    Rounding.UP: gettext_lazy("arrondi au-dessus"),
    Rounding.DOWN: gettext_lazy("arrondi au-dessous"),
    Rounding.NEAREST: gettext_lazy("arrondi au plus près"),
    Rounding.VOLUNTEERS: gettext_lazy("complété par des volontaires"),
}

Choices = Mapping[int, Choice]  # offer id -> how it is rounded this once


@dataclass(frozen=True)
class Planned:
    """One product: what the closing does about it."""

    offer: Offer
    decision: Decision
    choice: Choice
    most_packages: int  # that the orders begin

    @property
    def purchase(self) -> Purchase:
        return self.decision.purchase

    @property
    def cost_cents(self) -> int:
        """What the producer is paid for it, at her price."""
        return farmer_cost(self.offer, self.purchase.quantity)

    @property
    def ordered_in_words(self) -> str:
        """'93 kg commandés', '144 pièces commandées'."""
        return ordered_in_words(self.purchase.ordered, self.offer.product.unit)

    @property
    def packages_in_words(self) -> str:
        return packaging_of(self.offer).in_words(self.purchase.packages)

    @property
    def quantity_in_words(self) -> str:
        return in_words(self.purchase.quantity, self.offer.product.unit)

    @property
    def is_counted_in_packages(self) -> bool:
        """False for single pieces, where saying '40 pièces = 40 pièces' says nothing."""
        return self.packages_in_words != self.quantity_in_words

    @property
    def is_chosen(self) -> bool:
        """Whether somebody chose otherwise than the product's rule."""
        return self.choice != rule_of(self.offer)

    @property
    def lacks_volunteers(self) -> bool:
        """Whether they were to complete a packaging and could not."""
        asked_them = self.choice == Choice(Rounding.VOLUNTEERS) and not self.purchase.taken_more
        return asked_them and self.purchase.extra >= self.offer.step_quantity

    @property
    def may_be_rounded(self) -> bool:
        """Whether there is anything to choose: a packaging is not full, or somebody has chosen."""
        is_full = not self.purchase.extra and not self.decision.changes
        return self.most_packages > 0 and (not is_full or self.is_chosen)


@dataclass(frozen=True)
class ProducerPlan:
    """All that is bought from one producer, or given by the warehouse of what she makes."""

    producer: Structure
    planned: Sequence[Planned]

    @property
    def total_cents(self) -> int:
        return sum(planned.cost_cents for planned in self.planned)

    @property
    def bought(self) -> list[Planned]:
        return [planned for planned in self.planned if planned.purchase.quantity]


def ordered_offers(cycle: Cycle) -> Iterable[Offer]:
    """Those that somebody ordered, withdrawn or not, by producer and product."""
    return (
        Offer.objects.filter(cycle=cycle, ordered_quantity__gt=0)
        .select_related("product__producer")
        .order_by("product__producer__search_name", "product__producer", "product__search_name")
    )


def plan_of(cycle: Cycle, offers: Iterable[Offer], choices: Choices) -> list[ProducerPlan]:
    """What closing with these offers would do: by producer, in the order given.

    Choices of offers that nobody ordered are passed over. In a fixed number of queries; order
    lines are read only where some may change. Raises ValueError for a choice of more packagings
    than the orders begin.
    """
    offers = list(offers)
    available = stock.available_of(cycle.collective.warehouse)
    ups = {offer.pk: rounded_up(offer, available) for offer in offers}
    chosen = {offer.pk: choices.get(offer.pk, rule_of(offer)) for offer in offers}
    wishes = _wishes_of({pk: chosen[pk] for pk, up in ups.items() if needs_lines(up, chosen[pk])})
    planned = (
        Planned(
            offer,
            decide(
                ups[offer.pk],
                wishes.get(offer.pk, ()),
                packaging=offer.packaging_quantity,
                step=offer.step_quantity,
                choice=chosen[offer.pk],
            ),
            chosen[offer.pk],
            ups[offer.pk].packages,
        )
        for offer in offers
    )
    return [
        ProducerPlan(producer, list(of_producer))
        for producer, of_producer in groupby(planned, key=lambda p: p.offer.product.producer)
    ]


def seal_of(plans: Iterable[ProducerPlan]) -> str:
    """What somebody has read of these plans: it changes with anything that would be done."""
    return seal((p.offer.pk, p.decision) for plan in plans for p in plan.planned)


def changed_lines(plans: Iterable[ProducerPlan]) -> dict[OrderLine, int]:
    """Each line that gets more or less than it asks, with what it gets; as `reprice` wants them."""
    given = {
        line_id: quantity
        for plan in plans
        for p in plan.planned
        for line_id, quantity in p.decision.changes.items()
    }
    if not given:
        return {}
    offers = {p.offer.pk: p.offer for plan in plans for p in plan.planned if p.decision.changes}
    lines = OrderLine.objects.select_related("order__membership", "order__popup", "order__stop")
    found = lines.in_bulk(list(given))
    for line in found.values():
        line.offer = offers[line.offer_id]
    return {found[line_id]: quantity for line_id, quantity in given.items()}


def rule_of(offer: Offer) -> Choice:
    return Choice(Rounding(offer.rounding))


def choice_in_words(offer: Offer, choice: Choice) -> str:
    """'arrondi au-dessous', or '3 sacs de 25 kg' where somebody chose a number."""
    if choice.packages is not None:
        return packaging_of(offer).in_words(choice.packages)
    return str(IN_WORDS[choice.rounding])


def rounded_up(offer: Offer, available: Mapping[int, int]) -> Purchase:
    there = max(available.get(offer.product_id, 0), 0)
    return plan(offer.ordered_quantity, there, offer.packaging_quantity)


def _wishes_of(choices: Choices) -> dict[int, list[Wish]]:
    """offer id -> its lines, first come first; of those that volunteers complete, the volunteers'.

    In one query, of plain values: there may be a hundred thousand.
    """
    if not choices:
        return {}
    completed = [pk for pk, c in choices.items() if c == Choice(Rounding.VOLUNTEERS)]
    shared = [pk for pk in choices if pk not in completed]
    lines = (
        OrderLine.objects.filter(order__cancelled_at=None)
        .filter(Q(offer__in=shared) | Q(offer__in=completed, extra_quantity__gt=0))
        .order_by("order__placed_at", "order")
    )
    wishes: dict[int, list[Wish]] = defaultdict(list)
    for offer_id, *wish in lines.values_list("offer", "pk", "asked_quantity", "extra_quantity"):
        wishes[offer_id].append(Wish(*wish))
    return wishes


def farmer_cost(offer: Offer, quantity: int) -> int:
    """What a quantity is paid to its producer, in cents, rounded at the line."""
    return price_of(quantity, offer.farmer_price_cents, offer.priced_quantity)


def packaging_of(offer: Offer) -> Packaging:
    return Packaging(offer.product.packaging_name, offer.packaging_quantity, offer.product.unit)
