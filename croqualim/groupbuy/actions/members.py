"""What a coordinator does for members: enrolling them, writing down who eats with them."""

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
    *, group: Group, given_name: str, family_name: str, address: Address | None, now: datetime
) -> Membership:
    """Enrol somebody, with or without telephone or e-mail. Pressing twice enrols once.

    Raises AddressKnownElsewhere.
    """
    Group.objects.select_for_update(no_key=True).get(pk=group.pk)
    person = _known(group, fold(f"{given_name} {family_name}"), address, now)
    if person is None:
        person = accounts.register_person(
            given_name=given_name,
            family_name=family_name,
            phone=address.value if address and address.is_phone else "",
            email=address.value if address and not address.is_phone else "",
            now=now,
        )
    return join_group(group=group, household=person.household, now=now)


def _known(group: Group, name: str, address: Address | None, now: datetime) -> Person | None:
    """The same name at the same address; without address, the same name a moment ago here."""
    if address is not None:
        return _member_reached(group, name, address)
    return (
        Person.objects.filter(
            search_name=name,
            phone="",
            email="",
            household__memberships__group=group,
            household__memberships__left_at=None,
            household__memberships__joined_at__gt=now - ONE_PRESS,
        )
        .select_related("household")
        .first()
    )


def _member_reached(group: Group, name: str, address: Address) -> Person | None:
    """Who of the collective has this name and this address. Raises AddressKnownElsewhere."""
    reached = people_signing_in_at(address.value)
    members = Membership.objects.filter(collective=group.collective_id, left_at=None)
    here = reached.filter(household__in=members.values("household"))
    if found := here.filter(search_name=name).select_related("household").first():
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
