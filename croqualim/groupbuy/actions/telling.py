"""Writing to a household: by e-mail where there is one, by SMS otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from croqualim.accounts.models import Person
from croqualim.groupbuy.models import Membership
from croqualim.messages import actions as outbox
from croqualim.messages.models import Channel


def tell(*, membership: Membership, key: str, subject: str, body: str, now: datetime) -> int:
    """Write once to each person of the household who can be reached; say how many that is."""
    people = Person.objects.filter(household=membership.household_id, is_active=True)
    reachable = [(person, *_way_to(person)) for person in people if person.email or person.phone]
    for person, channel, address in reachable:
        outbox.write(
            key=f"{key}:{person.pk}",
            channel=channel,
            address=address,
            subject=subject,
            body=body,
            now=now,
        )
    return len(reachable)


def _way_to(person: Person) -> tuple[Channel, str]:
    if person.email:
        return Channel.EMAIL, person.email
    return Channel.SMS, person.phone


@dataclass(frozen=True)
class Telling:
    """What one household is told; `short` is what fits in an SMS."""

    membership: Membership
    key: str
    subject: str
    body: str
    short: str
    due_at: datetime | None = None  # None: now


def tell_many(*, tellings: Sequence[Telling], now: datetime) -> int:
    """`tell` many households in a fixed number of queries."""
    households = {telling.membership.household_id for telling in tellings}
    people: dict[int, list[Person]] = {}
    for person in Person.objects.filter(household__in=households, is_active=True):
        if person.email or person.phone:
            people.setdefault(person.household_id, []).append(person)
    letters = [
        _letter(telling, person)
        for telling in tellings
        for person in people.get(telling.membership.household_id, [])
    ]
    return outbox.write_many(letters=letters, now=now)


def _letter(telling: Telling, person: Person) -> outbox.Letter:
    channel, address = _way_to(person)
    return outbox.Letter(
        key=f"{telling.key}:{person.pk}",
        channel=channel,
        address=address,
        subject=telling.subject,
        body=telling.short if channel == Channel.SMS else telling.body,
        due_at=telling.due_at,
    )
