"""The personal card: for those who have no telephone, or would rather not use it."""

from datetime import datetime

from django.db import transaction

from croqualim.accounts import queries
from croqualim.accounts.actions.people import close_sessions
from croqualim.accounts.actions.refusal import AccountRefused
from croqualim.accounts.models import Card, Person
from croqualim.accounts.rules import Reason
from croqualim.kernel.identifiers import digest, new_secret

REPLACED = "replaced"


@transaction.atomic
def issue_card(*, person: Person, actor: Person, now: datetime) -> str:
    """The secret to print, given this once: only its digest is kept. The last card stops working.

    Who may issue is for the caller to say. Raises AccountRefused (SIGNS_IN_OTHERWISE) for staff.
    """
    if person.is_staff_person:
        raise AccountRefused.because(Reason.SIGNS_IN_OTHERWISE)
    revoke_card(person=person, actor=actor, reason=REPLACED, now=now)
    secret = new_secret()
    Card.objects.create(person=person, secret_digest=digest(secret), issued_at=now, issued_by=actor)
    return secret


@transaction.atomic
def revoke_card(*, person: Person, actor: Person, reason: str, now: datetime) -> bool:
    """Her card opens nothing more, and what it had opened is closed. False: she had none."""
    Person.objects.select_for_update().get(pk=person.pk)  # one card at a time
    card = queries.live_card_of(person)
    if card is None:
        return False
    card.revoked_at, card.revoked_by, card.revoked_reason = now, actor, reason[:200]
    card.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    close_sessions(person=person)
    return True
