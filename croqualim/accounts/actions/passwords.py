"""Staff passwords: trying one, choosing one, being sent a link to choose one."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse

from croqualim.accounts import letters, queries, rules
from croqualim.accounts.actions import tallies
from croqualim.accounts.actions.refusal import AccountRefused
from croqualim.accounts.models import Person
from croqualim.accounts.rules import Reason
from croqualim.messages.actions import write
from croqualim.messages.models import Channel


def authenticate_staff(*, username: str, password: str, now: datetime) -> Person:
    """The person this name and password belong to; her second factor is still to come.

    Raises AccountRefused (WRONG), the same for a wrong password, an unknown name and a locked
    one. Not one transaction: a try is counted before it is judged, and only success clears it.
    """
    name = username.strip().lower()
    if tallies.count(name=_tries(name), limits=rules.PASSWORDS_PER_NAME, now=now):
        raise AccountRefused.because(Reason.WRONG)
    person = authenticate(username=name, password=password)
    if not isinstance(person, Person):
        raise AccountRefused.because(Reason.WRONG)
    tallies.clear(name=_tries(name))
    return person


@transaction.atomic
def change_password(*, person: Person, password: str, now: datetime) -> None:
    """Every session of hers is closed but the one that `update_session_auth_hash` keeps."""
    person.set_password(password)
    person.save(update_fields=["password"])
    tallies.clear(name=_tries(person.get_username()))


def invite_staff(*, person: Person, actor: Person | None, now: datetime) -> None:
    """Send a staff person the link by which she chooses her password. No actor: the command."""
    link = _link(person)
    _send(person, letters.invitation(person, actor=actor, link=link), now=now)


@transaction.atomic
def send_password_link(*, username: str, now: datetime) -> None:
    """Whoever asks is told the same; only a staff person receives something."""
    name = username.strip().lower()
    if tallies.count(name=f"links to {name}", limits=rules.LINKS_PER_NAME, now=now):
        return
    if person := queries.staff_named(name):
        _send(person, letters.password_link(person, link=_link(person)), now=now)


def _send(person: Person, letter: letters.Letter, *, now: datetime) -> None:
    write(
        key=f"password-link:{person.pk}:{now.isoformat()}",
        channel=Channel.EMAIL,
        address=person.get_username(),
        subject=letter.subject,
        body=letter.body,
        now=now,
    )


def _link(person: Person) -> str:
    token = default_token_generator.make_token(person)
    return settings.SITE_URL + reverse("accounts:choose_password", args=[person.pk, token])


def _tries(name: str) -> str:
    return f"passwords of {name}"
