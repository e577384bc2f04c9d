"""People and households: coming, being renamed, moving to another telephone."""

from datetime import datetime

from django.db import IntegrityError, transaction

from croqualim.accounts.actions.refusal import AccountRefused
from croqualim.accounts.models import Household, Person
from croqualim.accounts.rules import SEARCH_NAME_LENGTH, Address, Reason
from croqualim.kernel.identifiers import normal_phone
from croqualim.kernel.text import clean_name, fold


@transaction.atomic
def register_person(
    *,
    given_name: str,
    family_name: str,
    now: datetime,
    email: str = "",
    phone: str = "",
    household: Household | None = None,
) -> Person:
    """Somebody comes, with or without a telephone, alone or into a household.

    Raises ValueError when `phone` cannot be one.
    """
    person = _named(given_name, family_name, now=now)
    person.household = household or Household.objects.create(created_at=now)
    person.email = email.strip().lower()
    person.phone = normal_phone(phone) if phone.strip() else ""
    person.set_unusable_password()
    person.save()
    return person


@transaction.atomic
def register_staff(*, given_name: str, family_name: str, username: str, now: datetime) -> Person:
    """Somebody who will sign in by password and second factor; see invite_staff.

    `username` is the e-mail address she signs in with. Raises AccountRefused (USERNAME_TAKEN).
    """
    person = _named(given_name, family_name, now=now)
    person.household = Household.objects.create(created_at=now)
    person.username = person.email = username.strip().lower()
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise AccountRefused.because(Reason.USERNAME_TAKEN) from error
    return person


def change_names(*, person: Person, given_name: str, family_name: str, now: datetime) -> None:
    named = _named(given_name, family_name, now=now)
    for name in ("given_name", "family_name", "search_name"):
        setattr(person, name, getattr(named, name))
    person.save(update_fields=["given_name", "family_name", "search_name"])


@transaction.atomic
def add_to_household(
    *, person: Person, given_name: str, family_name: str, shares_address: bool, now: datetime
) -> Person:
    """`person` adds somebody who eats with her, and who may sign in with her telephone or not."""
    return register_person(
        given_name=given_name,
        family_name=family_name,
        household=person.household,
        phone=person.phone if shares_address else "",
        email=person.email if shares_address else "",
        now=now,
    )


def change_address(*, person: Person, address: Address, now: datetime) -> None:
    """`address` was proved by a code. The rest of the family keeps what it had."""
    name = "phone" if address.is_phone else "email"
    setattr(person, name, address.value)
    person.save(update_fields=[name])


def close_sessions(*, person: Person) -> None:
    """Sign out of every telephone: a lost one, a lost card. Not for staff, who change passwords.

    Sessions are tied to the password's hash; a new unusable one closes them all.
    """
    person.set_unusable_password()
    person.save(update_fields=["password"])


def _named(given_name: str, family_name: str, *, now: datetime) -> Person:
    given_name, family_name = clean_name(given_name), clean_name(family_name)
    # Folding lengthens some characters: one Arabic ligature becomes eighteen letters.
    search_name = fold(f"{given_name} {family_name}")[:SEARCH_NAME_LENGTH].rstrip()
    return Person(
        given_name=given_name, family_name=family_name, search_name=search_name, created_at=now
    )
