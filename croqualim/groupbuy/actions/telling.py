"""Writing to a household: by e-mail where there is one, by SMS otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from croqualim.accounts.models import Person
from croqualim.groupbuy.letters import Letter
from croqualim.groupbuy.models import Membership
from croqualim.messages import actions as outbox
from croqualim.messages.models import Channel
from croqualim.network.models import RoleKind, Structure
from croqualim.network.queries import people_who
from croqualim.storage.prepared import Prepared


@dataclass(frozen=True)
class Telling:
    """What one household is told, once under its key."""

    membership: Membership
    key: str
    letter: Letter
    due_at: datetime | None = None  # None: now
    useful_until: datetime | None = None  # None: for ever


class Reached(NamedTuple):
    """A person, and where."""

    pk: int
    email: str
    phone: str


TO_REACH = Prepared(
    lambda *households: (
        Person.objects.filter(household__in=households, is_active=True)
        .order_by()
        .values_list("household", *Reached._fields)
    )
)


def tell_many(*, tellings: Sequence[Telling], now: datetime) -> int:
    """Write to each person who can be reached, in a fixed number of queries; say how many that is.

    What could never be sent is logged and passed over: it keeps nobody from ordering.
    """
    if not tellings:
        return 0
    households = {telling.membership.household_id for telling in tellings}
    people: dict[int, list[Reached]] = {}
    for household_id, *person in TO_REACH(*sorted(households)):
        people.setdefault(household_id, []).append(Reached._make(person))
    letters = [
        _letter(telling, person)
        for telling in tellings
        for person in people.get(telling.membership.household_id, [])
        if person.email or person.phone
    ]
    return outbox.write_many(letters=letters, now=now)


def tell_coordinators(*, structure: Structure, key: str, letter: Letter, now: datetime) -> None:
    """Write once to each who coordinates it, at the address she signs in with at least."""
    outbox.write_many(
        letters=[
            outbox.Letter(
                key=f"{key}:{person.pk}",
                channel=Channel.EMAIL,
                address=person.email or person.username or "",
                subject=letter.subject,
                body=letter.body,
            )
            for person in people_who(RoleKind.COORDINATOR, structure)
            if person.email or person.username
        ],
        now=now,
    )


def _letter(telling: Telling, person: Reached) -> outbox.Letter:
    channel = Channel.EMAIL if person.email else Channel.SMS
    is_sms = channel == Channel.SMS
    return outbox.Letter(
        key=f"{telling.key}:{person.pk}",
        channel=channel,
        address=person.phone if is_sms else person.email,
        subject=telling.letter.subject,
        body=telling.letter.short if is_sms else telling.letter.body,
        due_at=telling.due_at,
        useful_until=telling.useful_until,
    )
