"""How full each sack or case is while orders are open, and who could be asked to complete it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from croqualim.accounts.models import Person
from croqualim.groupbuy.models import Cycle, Membership, Offer, OrderLine
from croqualim.groupbuy.queries.closing import ordered_offers, packaging_of, rounded_up
from croqualim.groupbuy.rules.closing import Purchase
from croqualim.kernel.quantity import in_words
from croqualim.stock import queries as stock

TO_CALL = 4  # people of each kind, for a product
MONTHS_BACK = 3


@dataclass(frozen=True)
class Neighbour:
    """A household as its coordinator calls it, and how much of the product it takes."""

    membership: Membership
    person: Person | None
    quantity: int


@dataclass(frozen=True)
class Volunteers:
    """Who takes more if that completes it: how many households, and how much in all."""

    households: int = 0
    quantity: int = 0


@dataclass(frozen=True)
class Sack:
    """The last packaging of a product, as orders fill it. It is not full."""

    offer: Offer
    up: Purchase
    volunteers: Volunteers
    taking: Sequence[Neighbour]  # who orders it now, the least first
    before: Sequence[Neighbour]  # who took it in the last months and not yet in this one

    @property
    def missing(self) -> int:
        return self.up.extra

    @property
    def filled(self) -> int:
        """Of the last packaging, in base units."""
        return self.offer.packaging_quantity - self.missing

    @property
    def packages_in_words(self) -> str:
        return packaging_of(self.offer).in_words(self.up.packages)

    @property
    def missing_in_words(self) -> str:
        return in_words(self.missing, self.offer.product.unit)

    @property
    def is_completed(self) -> bool:
        """Whether the volunteers are enough, to what steps allow."""
        step = self.offer.step_quantity
        return self.volunteers.quantity >= self.missing // step * step

    @property
    def neighbours(self) -> int:
        return len(self.taking) + len(self.before)


def sacks_of(cycle: Cycle) -> list[Sack]:
    """Those that orders have begun and not filled, the fullest first; in a fixed number of queries.

    What lacks less than a step, nobody can complete: it is left out.
    """
    available = stock.available_of(cycle.collective.warehouse)
    begun = {
        offer: up
        for offer in ordered_offers(cycle)
        if (up := rounded_up(offer, available)).extra >= offer.step_quantity
    }
    volunteers = volunteers_of(begun)
    taking = _neighbours(_taking(begun), "offer_id")
    before = _neighbours(_before(cycle, begun), "product_id")
    sacks = [
        Sack(
            offer,
            up,
            volunteers.get(offer.pk, Volunteers()),
            taking.get(offer.pk, ()),
            before.get(offer.product_id, ()),
        )
        for offer, up in begun.items()
    ]
    return sorted(sacks, key=lambda sack: sack.missing / sack.offer.packaging_quantity)


def volunteers_of(offers: Iterable[Offer]) -> dict[int, Volunteers]:
    """offer id -> who would take more of it."""
    rows = (
        OrderLine.objects.filter(
            offer__in=list(offers), order__cancelled_at=None, extra_quantity__gt=0
        )
        .values_list("offer")
        .annotate(Count("pk"), Sum("extra_quantity"))
        .order_by()
    )
    return {offer_id: Volunteers(*of) for offer_id, *of in rows}


def _taking(offers: Iterable[Offer]) -> QuerySet[OrderLine]:
    """The smallest lines of each, of those who say nothing of taking more."""
    lines = OrderLine.objects.filter(
        offer__in=list(offers), order__cancelled_at=None, extra_quantity=0
    )
    return _first(lines, TO_CALL, by="offer", order_by=["asked_quantity", "order__placed_at"])


def _before(cycle: Cycle, offers: Iterable[Offer]) -> QuerySet[OrderLine]:
    """The latest lines of each product in the months before, of members who have none now.

    A household has one a month at most: so many rows hold TO_CALL different ones.
    """
    months = Cycle.objects.filter(
        collective=cycle.collective_id, bought_at__isnull=False, opens_at__lt=cycle.opens_at
    ).order_by("-opens_at")
    has_it = OrderLine.objects.filter(
        order__cycle=cycle,
        order__cancelled_at=None,
        order__membership=OuterRef("order__membership"),
        offer__product=OuterRef("offer__product"),
    )
    lines = OrderLine.objects.filter(
        ~Exists(has_it),
        offer__product__in=[offer.product_id for offer in offers],
        order__cycle__in=list(months.values_list("pk", flat=True)[:MONTHS_BACK]),
        order__cancelled_at=None,
        order__membership__left_at=None,
    )
    return _first(lines, TO_CALL * MONTHS_BACK, by="offer__product", order_by=["-order__placed_at"])


def _first(
    lines: QuerySet[OrderLine], number: int, *, by: str, order_by: list[str]
) -> QuerySet[OrderLine]:
    """So many of each product, in this order."""
    rank = Window(RowNumber(), partition_by=F(by), order_by=[*order_by, "pk"])
    return lines.annotate(rank=rank).filter(rank__lte=number).order_by("rank")


def _neighbours(lines: QuerySet[OrderLine], by: str) -> dict[int, list[Neighbour]]:
    """offer or product id -> TO_CALL different households at most, in the order of the lines."""
    rows = list(
        lines.annotate(product_id=F("offer__product")).values_list(
            by, "order__membership", "asked_quantity"
        )
    )
    members = _members({membership_id for _by, membership_id, _quantity in rows})
    found: dict[int, dict[int, Neighbour]] = defaultdict(dict)
    for key, membership_id, quantity in rows:
        of = found[key]
        if len(of) < TO_CALL and membership_id not in of:
            of[membership_id] = Neighbour(*members[membership_id], quantity)
    return {key: list(of.values()) for key, of in found.items()}


def _members(ids: Iterable[int]) -> Mapping[int, tuple[Membership, Person | None]]:
    """With the first of the household who can be called, or the first of it."""
    memberships = list(
        Membership.objects.filter(pk__in=ids).defer("share_percent").select_related("group")
    )
    people: dict[int, Person] = {}
    households = [membership.household_id for membership in memberships]
    for person in Person.objects.filter(household__in=households, is_active=True).order_by("pk"):
        known = people.get(person.household_id)
        if known is None or (person.phone and not known.phone):
            people[person.household_id] = person
    return {m.pk: (m, people.get(m.household_id)) for m in memberships}
