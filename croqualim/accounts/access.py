"""Whose account one may open. Oneself's, and nobody else's."""

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django_otp.plugins.otp_totp.models import TOTPDevice

from croqualim.accounts.models import Person


def people_signing_in_at(address: str) -> QuerySet[Person]:
    """Whom a code sent there lets in: a family shares a telephone, and staff never use one."""
    reached = Q(phone=address) | Q(email=address)
    return Person.objects.filter(reached, is_active=True, username=None).order_by(
        "given_name", "family_name", "pk"
    )


def get_one_of_those_at(address: str, person_id: str) -> Person:
    """One of the family that shares this telephone; 404 for anybody else."""
    if not person_id.isdecimal() or len(person_id) > 18:  # more figures than an id ever has
        raise Http404
    return get_object_or_404(people_signing_in_at(address), pk=person_id)


def get_staff_person(person: Person) -> Person:
    """She signs in by password; 404 for those who do not, as for a page that is not there."""
    if not person.is_staff_person:
        raise Http404
    return person


def second_factor_of(person: Person) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=person, confirmed=True).first()


def may_install_second_factor(person: Person, *, is_verified: bool) -> bool:
    """The first one, after the password alone; another one, only with the one before."""
    return is_verified or second_factor_of(person) is None
