"""What a coordinator does for members: enrolling them, writing down who eats with them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from croqualim.accounts import actions as accounts
from croqualim.accounts.access import people_signing_in_at
from croqualim.accounts.models import Person
from croqualim.accounts.rules import Address
from croqualim.groupbuy.actions.joining import join_group
from croqualim.groupbuy.models import Group, Membership
from croqualim.kernel.text import fold

ONE_PRESS = timedelta(minutes=10)  # the same name again so soon is the same person


class AddressKnownElsewhere(Exception):
    """Somebody outside the collective signs in there: only she can bring her household."""


@transaction.atomic
def add_member(
    *,
    group: Group,
    given_name: str,
    family_name: str,
    address: Address | None,
    now: datetime,
    other_than: Collection[int] = (),
) -> Membership:
    """Enrol somebody, with or without telephone or e-mail. Pressing twice enrols once.

    `other_than`: memberships of the same name that are somebody else's.
    Raises AddressKnownElsewhere.
    """
    Group.objects.select_for_update(no_key=True).get(pk=group.pk)
    name = fold(f"{given_name} {family_name}")
    person = _known(group, name, address, now, other_than)
    if person is None:
        person = accounts.register_person(
            given_name=given_name,
            family_name=family_name,
            phone=address.value if address and address.is_phone else "",
            email=address.value if address and not address.is_phone else "",
            now=now,
        )
    return join_group(group=group, household=person.household, now=now)


def _known(
    group: Group, name: str, address: Address | None, now: datetime, other_than: Collection[int]
) -> Person | None:
    """The same name at the same address; without address, the same name a moment ago here."""
    if address is not None:
        return _member_reached(group, name, address, other_than)
    just_now = Membership.objects.filter(
        group=group, left_at=None, joined_at__gt=now - ONE_PRESS
    ).exclude(pk__in=other_than)
    found = Person.objects.filter(
        search_name=name, phone="", email="", household__in=just_now.values("household")
    )
    return found.select_related("household").first()


def _member_reached(
    group: Group, name: str, address: Address, other_than: Collection[int]
) -> Person | None:
    """Who of the collective has this name and this address. Raises AddressKnownElsewhere."""
    reached = people_signing_in_at(address.value)
    members = Membership.objects.filter(collective=group.collective_id, left_at=None)
    here = reached.filter(household__in=members.values("household"))
    meant = members.exclude(pk__in=other_than).values("household")
    same = here.filter(search_name=name, household__in=meant)
    if found := same.select_related("household").first():
        return found
    if reached.exclude(pk__in=here.values("pk")).exists():
        raise AddressKnownElsewhere
    return None


@transaction.atomic
def add_person(
    *, membership: Membership, given_name: str, family_name: str, now: datetime
) -> Person:
    """Somebody who eats with them. The same name twice in a household is one person."""
    Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    present = Person.objects.filter(
        household=membership.household_id,
        search_name=fold(f"{given_name} {family_name}"),
        is_active=True,
    ).first()
    return present or accounts.register_person(
        given_name=given_name, family_name=family_name, household=membership.household, now=now
    )
