"""Members as their coordinator sees them: names, telephones, years, orders. Never a share."""

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)

from croqualim.accounts.models import Card, Person
from croqualim.accounts.queries import people_named
from croqualim.groupbuy.access import people_to_card
from croqualim.groupbuy.models import Collective, Group, Membership, MembershipYear, Order


def members_of(
    collective: Collective, *, text: str = "", group_id: int = 0
) -> QuerySet[Membership]:
    """Live memberships by name ('ami'), number ('12') and group; three queries for any number.

    Each has `people`, its household's, and `until`, the last day of its last year.
    """
    found = Membership.objects.filter(collective=collective, left_at=None)
    if group_id:
        found = found.filter(group=group_id)
    if text.strip().isdecimal():
        found = found.filter(number=min(int(text), 2**31 - 1))
    elif text.strip():
        found = found.filter(household__in=people_named(text).values("household"))
    last_year = MembershipYear.objects.filter(membership=OuterRef("pk")).order_by("-ends_on")
    return (
        found.defer("share_percent")
        .select_related("group", "household")
        .prefetch_related(Prefetch("household__people", _people(), to_attr="present"))
        .annotate(until=Subquery(last_year.values("ends_on")[:1]))
        .order_by("number")
    )


def people_of(membership: Membership) -> QuerySet[Person]:
    """The household's people, each with `has_card`, and `gets_card` when one may be printed."""
    cards = Card.objects.filter(person=OuterRef("pk"), revoked_at=None)
    printable = people_to_card(membership).filter(pk=OuterRef("pk"))
    return (
        _people()
        .filter(household=membership.household_id)
        .annotate(has_card=Exists(cards), gets_card=Exists(printable))
    )


def numbers_of(household_id: int) -> list[str]:
    """What a household says at the shop, in each of its groups: 'n° 12, La Viste'."""
    live = Membership.objects.filter(household=household_id, left_at=None).order_by("joined_at")
    return [f"n° {number}, {group}" for number, group in live.values_list("number", "group__name")]


def namesakes(collective: Collective, name: str) -> QuerySet[Membership]:
    """Members of the collective, one of whose household has exactly this (folded) name."""
    people = Person.objects.filter(search_name=name, is_active=True)
    return (
        Membership.objects.filter(
            collective=collective, left_at=None, household__in=people.values("household")
        )
        .defer("share_percent")
        .select_related("group")
        .order_by("number")
    )


def years_of(membership: Membership) -> QuerySet[MembershipYear]:
    return membership.years.order_by("-starts_on")


def orders_of(membership: Membership) -> QuerySet[Order]:
    """References, dates and state: what she pays stays between her and the till."""
    return (
        membership.orders.select_related("cycle", "popup", "stop")
        .defer("share_percent", "cost_cents", "due_cents")
        .order_by("-placed_at")
    )


def memberships_elsewhere(membership: Membership) -> QuerySet[Membership]:
    """The household's other memberships in the same collective, past ones too."""
    return (
        Membership.objects.filter(
            household=membership.household_id, collective=membership.collective_id
        )
        .exclude(pk=membership.pk)
        .select_related("group")
        .order_by("-joined_at")
    )


def groups_of(collective: Collective) -> QuerySet[Group]:
    """The collective's groups, each with how many `members` it has."""
    live = Q(memberships__left_at=None)
    return (
        Group.objects.filter(collective=collective)
        .select_related("commune")
        .annotate(members=Count("memberships", filter=live))
        .order_by("name")
    )


def _people() -> QuerySet[Person]:
    return Person.objects.filter(is_active=True).order_by(F("created_at"), "pk")
