"""Who is on the telephone: members of a collective by name, number or telephone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from croqualim.accounts.models import Person
from croqualim.accounts.queries import people_named
from croqualim.groupbuy.models import Cycle, Order, Popup

MOST = 8
MOST_PEOPLE = 40  # rows read: a household has several people
LONGEST_NUMBER = 5  # more figures than that begin a telephone
SHORTEST_PHONE = 4  # its last figures will do


@dataclass(frozen=True)
class Caller:
    """A household that may be calling, by those of its people who were found."""

    membership_id: int
    number: int
    names: tuple[str, ...]
    phone: str
    group: str
    shop_id: int | None  # where it collects in this cycle; None: its group has no shop
    left_at: datetime | None
    has_order: bool

    @property
    def may_order(self) -> bool:
        return self.left_at is None and self.shop_id is not None


def callers(cycle: Cycle, text: str) -> list[Caller]:
    """Those who may order first, by name; one query, whatever the number of members."""
    asked = _asked(text)
    if asked is None:
        return []
    rows: dict[int, list[Person]] = {}
    for person in _people_in(cycle).filter(asked)[:MOST_PEOPLE]:
        rows.setdefault(vars(person)["membership_id"], []).append(person)
    return sorted(map(_caller, rows.values()), key=lambda one: not one.may_order)[:MOST]


def _asked(text: str) -> Q | None:
    """None: too little to look for."""
    figures = "".join(text.split()).replace(".", "")
    if not figures.lstrip("+").isdecimal():
        return Q(pk__in=people_named(text).values("pk")) if len(text.strip()) > 1 else None
    asked = Q()
    if figures.isdecimal() and len(figures) <= LONGEST_NUMBER:
        asked |= Q(her__number=int(figures))
    if len(figures) >= SHORTEST_PHONE:
        asked |= Q(phone__contains=figures.lstrip("+").removeprefix("0"))
    return asked


def _people_in(cycle: Cycle) -> QuerySet[Person]:
    """One row a person and membership, each with what a Caller says."""
    shops = Popup.objects.filter(cycle=cycle, group=OuterRef("her__group")).values("pk")[:1]
    orders = Order.objects.filter(cycle=cycle, membership=OuterRef("her__pk"), cancelled_at=None)
    here = Q(household__memberships__collective=cycle.collective_id)
    return (
        Person.objects.filter(is_active=True)
        .annotate(her=FilteredRelation("household__memberships", condition=here))
        .filter(her__isnull=False)
        .annotate(
            membership_id=F("her__pk"),
            number=F("her__number"),
            group_name=F("her__group__name"),
            left_at=F("her__left_at"),
            shop_id=Subquery(shops),
            has_order=Exists(orders),
        )
        .order_by("family_name", "given_name", "pk")
    )


def _caller(people: Sequence[Person]) -> Caller:
    said = vars(people[0])
    return Caller(
        membership_id=said["membership_id"],
        number=said["number"],
        names=tuple(str(person) for person in people),
        phone=next((person.phone for person in people if person.phone), ""),
        group=said["group_name"],
        shop_id=said["shop_id"],
        left_at=said["left_at"],
        has_order=said["has_order"],
    )
