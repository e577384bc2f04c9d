"""Joining a group, choosing a share, leaving."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from croqualim.accounts import actions as accounts
from croqualim.accounts.access import people_signing_in_at
from croqualim.accounts.actions import tallies
from croqualim.accounts.models import Household, Person
from croqualim.accounts.rules import DAY, HOUR, Address, Limit, Reason
from croqualim.groupbuy.models import (
    Collective,
    Group,
    Membership,
    MembershipYear,
    ShareChoice,
    ShareOption,
)
from croqualim.groupbuy.queries.due import year_on
from croqualim.groupbuy.rules.joining import renewal_starts_on

# Each newcomer costs an SMS: a hall fills a group in an hour, a robot would fill it in a second.
NEWCOMERS = (Limit(60, HOUR), Limit(200, DAY))


class ShareNotOpen(Exception):
    """The collective does not offer this share."""


@transaction.atomic
def introduce(
    *, group: Group, given_name: str, family_name: str, address: Address, now: datetime
) -> None:
    """Somebody asks to join: make her a person if nobody signs in at this address yet.

    She is no member before she has proved the address and pressed the button: nobody enrols
    somebody else's telephone. Raises AccountRefused when too many newcomers came to the group.
    """
    Group.objects.select_for_update(no_key=True).get(
        pk=group.pk
    )  # one press, even twice, is one person
    if people_signing_in_at(address.value).exists():
        return
    if until := tallies.count(name=f"newcomers of {group.pk}", limits=NEWCOMERS, now=now):
        raise accounts.AccountRefused.because(Reason.TOO_MANY_CODES, until=until)
    accounts.register_person(
        given_name=given_name,
        family_name=family_name,
        phone=address.value if address.is_phone else "",
        email="" if address.is_phone else address.value,
        now=now,
    )


@transaction.atomic
def join_group(*, group: Group, household: Household, now: datetime) -> Membership:
    """Make a household a member, with a year to pay. Joining twice is joining once.

    Who comes back finds her number, and pays no second year while one still runs.
    """
    # one lock per collective: numbers follow one another, and two phones join once
    collective = Collective.objects.select_for_update(no_key=True).get(pk=group.collective_id)
    known = Membership.objects.filter(group=group, household=household)
    if present := known.filter(left_at=None).first():
        return present
    membership = known.order_by("left_at").last()
    if membership is None:
        membership = _new_membership(group, collective, household, now)
    else:
        membership.left_at = None
        membership.save(update_fields=["left_at"])
    be_member_on(membership=membership, day=localdate(now))
    return membership


def _new_membership(
    group: Group, collective: Collective, household: Household, now: datetime
) -> Membership:
    last = Membership.objects.filter(collective=collective).aggregate(last=Max("number"))["last"]
    return Membership.objects.create(
        group=group,
        collective=collective,
        household=household,
        number=(last or 0) + 1,
        joined_at=now,
    )


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


def be_member_on(*, membership: Membership, day: date) -> MembershipYear:
    """Whoever orders is a member the day she collects: a year that is over begins again.

    Returns the one that is not over that day.
    """
    return year_on(membership.pk, day) or begin_year(membership=membership, starts_on=day)


@transaction.atomic
def renew_year(*, membership: Membership, now: datetime) -> MembershipYear | None:
    """The year that follows the last one; None while that one still has months to run."""
    membership = (
        Membership.objects.select_for_update(of=("self",), no_key=True)
        .select_related("collective")
        .get(pk=membership.pk)
    )
    last = membership.years.order_by("ends_on").last()
    starts_on = renewal_starts_on(last.ends_on if last else None, today=localdate(now))
    return begin_year(membership=membership, starts_on=starts_on) if starts_on else None


@transaction.atomic
def choose_share(
    *, membership: Membership, share_percent: int, actor: Person, now: datetime
) -> None:
    """Choose what part to pay from the next order on. Asks for nothing. Raises ShareNotOpen."""
    membership.share_percent = (  # two presses, one after the other
        Membership.objects.select_for_update(no_key=True).get(pk=membership.pk).share_percent
    )
    if membership.share_percent == share_percent:
        return  # even one that was closed since: what she chose stays hers
    is_open = ShareOption.objects.filter(
        collective=membership.collective_id, share_percent=share_percent, is_open=True
    ).exists()
    if not is_open:
        raise ShareNotOpen(share_percent)
    ShareChoice.objects.create(
        membership=membership, share_percent=share_percent, actor=actor, at=now
    )
    membership.share_percent = share_percent
    membership.save(update_fields=["share_percent"])


@transaction.atomic
def leave_group(*, membership: Membership, now: datetime) -> None:
    """Leave; what was ordered and paid stays in the books."""
    Membership.objects.filter(pk=membership.pk, left_at=None).update(left_at=now)
