"""Choosing what joining a group asks for, and joining through it."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from croqualim.accounts.actions import tallies
from croqualim.accounts.models import Person
from croqualim.accounts.rules import DAY, HOUR, Limit
from croqualim.groupbuy.actions.joining import join_group
from croqualim.groupbuy.models import Door, Group, Membership
from croqualim.groupbuy.queries.doors import asked_by
from croqualim.groupbuy.rules.doors import knows_address, knows_code

# a hall of students types it on the same evening; a robot would try millions
TRIES = (Limit(10, HOUR), Limit(30, DAY))
TRIES_OF_ALL = (Limit(300, HOUR),)


class Refusal(StrEnum):
    NEEDS_ADDRESS = "needs an address"
    NEEDS_ONE = "needs one"
    WRONG_CODE = "wrong code"
    TOO_MANY = "too many"


class DoorRefused(Exception):
    """She has neither the address nor the code; `why` says what to say."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


@transaction.atomic
def set_door(*, group: Group, email_domain: str, invitation_code: str) -> None:
    """Members stay members whatever it becomes."""
    Door.objects.update_or_create(
        group=group,
        defaults={"email_domain": email_domain, "invitation_code": invitation_code},
    )


def join_through_door(*, group: Group, person: Person, code: str, now: datetime) -> Membership:
    """Make her household a member. Raises DoorRefused.

    A wrong code counts, whatever becomes of the request: so this is not one transaction.
    """
    asked = asked_by(group)
    if not (asked.is_open or knows_address(asked, person.email)):
        _check_code(group, person, code, now)
    return join_group(group=group, household=person.household, now=now)


def _check_code(group: Group, person: Person, code: str, now: datetime) -> None:
    if not asked_by(group).invitation_code:
        raise DoorRefused(Refusal.NEEDS_ADDRESS)
    if not code.strip():
        raise DoorRefused(Refusal.NEEDS_ONE)
    with transaction.atomic():
        is_too_much = tallies.count(
            name=f"invitation of {group.pk} by {person.pk}", limits=TRIES, now=now
        ) or tallies.count(name=f"invitations of {group.pk}", limits=TRIES_OF_ALL, now=now)
    if is_too_much:
        raise DoorRefused(Refusal.TOO_MANY)
    if not knows_code(asked_by(group), code):
        raise DoorRefused(Refusal.WRONG_CODE)
