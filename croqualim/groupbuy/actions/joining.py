"""Joining a group, choosing a share, leaving."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from croqualim.accounts.models import Household, Person
from croqualim.groupbuy.models import (
    Collective,
    Group,
    Membership,
    MembershipYear,
    ShareChoice,
    ShareOption,
)


class ShareNotOpen(Exception):
    """The collective does not offer this share."""


@transaction.atomic
def join_group(*, group: Group, household: Household, now: datetime) -> Membership:
    """Make a household a member, with a first year to pay. Joining twice is joining once."""
    # one lock per collective: numbers follow one another, and two phones join once
    collective = Collective.objects.select_for_update().get(pk=group.collective_id)
    present = Membership.objects.filter(group=group, household=household, left_at=None).first()
    if present is not None:
        return present
    last = Membership.objects.filter(collective=collective).aggregate(last=Max("number"))["last"]
    membership = Membership.objects.create(
        group=group,
        collective=collective,
        household=household,
        number=(last or 0) + 1,
        joined_at=now,
    )
    begin_year(membership=membership, starts_on=localdate(now))
    return membership


@transaction.atomic
def begin_year(*, membership: Membership, starts_on: date) -> MembershipYear:
    """A year of membership to pay at the next shop. The same day twice is one year."""
    year, _ = MembershipYear.objects.get_or_create(
        membership=membership,
        starts_on=starts_on,
        defaults={
            "ends_on": starts_on + timedelta(days=365),
            "fee_cents": membership.collective.membership_fee_cents,
        },
    )
    return year


@transaction.atomic
def choose_share(
    *, membership: Membership, share_percent: int, actor: Person, now: datetime
) -> None:
    """Choose what part to pay from the next order on. Asks for nothing. Raises ShareNotOpen."""
    is_open = ShareOption.objects.filter(
        collective=membership.collective_id, share_percent=share_percent, is_open=True
    ).exists()
    if not is_open:
        raise ShareNotOpen(share_percent)
    if membership.share_percent == share_percent:
        return
    ShareChoice.objects.create(
        membership=membership, share_percent=share_percent, actor=actor, at=now
    )
    membership.share_percent = share_percent
    membership.save(update_fields=["share_percent"])


@transaction.atomic
def leave_group(*, membership: Membership, now: datetime) -> None:
    """Leave; what was ordered and paid stays in the books."""
    Membership.objects.filter(pk=membership.pk, left_at=None).update(left_at=now)
