"""Groups one may join, and what a household sees of its membership."""

from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from croqualim.accounts.models import Person
from croqualim.groupbuy.models import (
    Collective,
    Group,
    Membership,
    MembershipYear,
    Order,
    Popup,
    ShareOption,
)
from croqualim.kernel.text import fold


def with_next_shop(groups: QuerySet[Group], now: datetime) -> QuerySet[Group]:
    """Each group with `next_shop_at`: its next shop of an announced cycle, or None."""
    shops = Popup.objects.filter(
        group=OuterRef("pk"), cycle__published_at__isnull=False, ends_at__gt=now
    ).order_by("starts_at")
    return groups.annotate(next_shop_at=Subquery(shops.values("starts_at")[:1]))


def groups_near(groups: QuerySet[Group], text: str) -> QuerySet[Group]:
    """Those whose commune begins like this, or has this postal code, or that are named so."""
    text = text.strip()
    if not text:
        return groups.order_by("commune__search_name", "name")
    if text.isdecimal():
        # JSON text holds each code in quotes: "13200" is found, 320 is not
        found = Q(commune__postal_codes__icontains=f'"{text}')
    else:
        found = Q(commune__search_name__contains=fold(text)) | Q(name__icontains=text)
    return groups.filter(found).order_by("commune__search_name", "name")


def next_shop(group: Group, now: datetime) -> Popup | None:
    return (
        Popup.objects.filter(group=group, cycle__published_at__isnull=False, ends_at__gt=now)
        .select_related("cycle")
        .order_by("starts_at")
        .first()
    )


def shop_to_order_from(group: Group, now: datetime) -> Popup | None:
    """Where a newcomer can order first: the next shop, past those whose orders are closed."""
    open_ones = Popup.objects.filter(
        group=group,
        cycle__published_at__isnull=False,
        cycle__bought_at=None,
        cycle__closes_at__gt=now,
    )
    first = open_ones.select_related("cycle").order_by("starts_at").first()
    return first or next_shop(group, now)


def membership_in(group: Group, person: Person) -> Membership | None:
    return Membership.objects.filter(
        group=group, household=person.household_id, left_at=None
    ).first()


def last_year_of(membership: Membership) -> MembershipYear | None:
    return membership.years.order_by("ends_on").last()


def shares_to_choose(membership: Membership) -> list[ShareOption]:
    """Those that are open, and the one she has, from the lowest to the highest."""
    options = ShareOption.objects.filter(
        Q(is_open=True) | Q(share_percent=membership.share_percent),
        collective=membership.collective_id,
    )
    return list(options.select_related("envelope").order_by("share_percent"))


def open_shares(collective: Collective) -> list[int]:
    options = ShareOption.objects.filter(collective=collective, is_open=True)
    return list(options.order_by("share_percent").values_list("share_percent", flat=True))


def orders_to_collect(membership: Membership) -> QuerySet[Order]:
    """What she ordered and has not taken yet."""
    return (
        membership.orders.filter(cancelled_at=None, collected_at=None, absent_at=None)
        .select_related("popup", "stop", "cycle")
        .order_by("popup__starts_at")
    )
