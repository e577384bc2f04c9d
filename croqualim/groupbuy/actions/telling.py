"""Writing to a household: by e-mail where there is one, by SMS otherwise."""

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
