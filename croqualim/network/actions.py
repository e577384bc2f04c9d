"""Structures come and change; roles in them are given and end, and are never erased."""

from datetime import datetime

from django.db import IntegrityError, transaction

from croqualim.accounts import actions as accounts
from croqualim.accounts import queries as people
from croqualim.accounts.models import Person
from croqualim.accounts.rules import Address
from croqualim.kernel.identifiers import normal_phone
from croqualim.network import access, queries, rules
from croqualim.network.models import STAFF_KINDS, Category, Role, RoleKind, Structure
from croqualim.network.rules import Problem, Reason
from croqualim.territory.models import Commune


class NetworkRefused(Exception):
    """Nothing was done, and this is why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


def add_structure(
    *,
    name: str,
    category: Category | str,
    now: datetime,
    actor: Person | None = None,
    commune: Commune | None = None,
    description: str = "",
    siret: str = "",
    email: str = "",
    phone: str = "",
) -> Structure:
    """`actor` None: the installation itself. Raises NetworkRefused (name, SIRET)."""
    return _note(
        Structure(created_at=now),
        name=name,
        category=category,
        commune=commune,
        description=description,
        siret=siret,
        email=email,
        phone=phone,
    )


def change_structure(
    *,
    structure: Structure,
    name: str,
    category: Category | str,
    commune: Commune | None,
    description: str,
    siret: str,
    email: str,
    phone: str,
    actor: Person,
    now: datetime,
) -> Structure:
    """All its facts anew. Raises NetworkRefused (name, SIRET)."""
    return _note(
        structure,
        name=name,
        category=category,
        commune=commune,
        description=description,
        siret=siret,
        email=email,
        phone=phone,
    )


def _note(
    structure: Structure,
    *,
    name: str,
    category: str,
    commune: Commune | None,
    description: str,
    siret: str,
    email: str,
    phone: str,
) -> Structure:
    structure.name = rules.spaced(name)
    if problem := rules.problem_with_name(structure.name):
        raise NetworkRefused(problem)
    structure.search_name = rules.search_name(structure.name)
    structure.category = Category(category)
    structure.commune = commune
    structure.description = description.strip()
    structure.siret = _siret(siret)
    structure.email = email.strip()
    structure.phone = normal_phone(phone) if phone.strip() else ""
    try:
        with transaction.atomic():
            structure.save()
    except IntegrityError as error:  # the one constraint: one structure for each SIRET
        raise NetworkRefused(Problem(Reason.SIRET_TAKEN, "siret")) from error
    return structure


def _siret(text: str) -> str:
    try:
        return rules.normal_siret(text)
    except ValueError as error:
        raise NetworkRefused(Problem(Reason.SIRET_WRONG, "siret")) from error


@transaction.atomic
def give_role(
    *,
    person: Person,
    structure: Structure,
    kind: RoleKind | str,
    now: datetime,
    actor: Person | None = None,
) -> Role:
    """From now on. Given already: the live role, unchanged. `actor` None: the installation."""
    role, _is_new = Role.objects.get_or_create(
        person=person,
        structure=structure,
        kind=RoleKind(kind),
        ended_at=None,
        defaults={"given_by": actor, "since": now},
    )
    access.forget_roles(person)
    return role


@transaction.atomic
def end_role(*, role: Role, actor: Person, now: datetime) -> None:
    """From now on; what was done under it stays. Raises NetworkRefused (LAST_COORDINATOR)."""
    Structure.objects.select_for_update().get(pk=role.structure_id)  # two leave one after the other
    if role.kind == RoleKind.COORDINATOR and not rules.has_enough_coordinators(
        queries.other_coordinators(role), leaves_by_herself=actor.pk == role.person_id
    ):
        raise NetworkRefused(Problem(Reason.LAST_COORDINATOR))
    Role.objects.filter(pk=role.pk, ended_at=None).update(ended_at=now)
    access.forget_roles(role.person)
    access.forget_roles(actor)


@transaction.atomic
def invite(
    *,
    structure: Structure,
    kind: RoleKind | str,
    given_name: str,
    family_name: str,
    address: Address,
    actor: Person,
    now: datetime,
) -> Role:
    """Give a role to whoever is reached there, who may not be known yet.

    Roles that open other people's data need a password: those who hold them are sent a link to
    choose one. Raises NetworkRefused (EMAIL_NEEDED, ADDRESS_IS_SOMEBODY_ELSE).
    """
    # one press, even twice, is one person
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
    named = {"given_name": given_name, "family_name": family_name}
    if RoleKind(kind) in STAFF_KINDS:
        person = _staff_at(address, actor=actor, now=now, **named)
    else:
        person = _anybody_at(address, now=now, **named)
    return give_role(person=person, structure=structure, kind=kind, actor=actor, now=now)


def _staff_at(
    address: Address, *, given_name: str, family_name: str, actor: Person, now: datetime
) -> Person:
    if address.is_phone:
        raise NetworkRefused(Problem(Reason.EMAIL_NEEDED, "address"))
    if known := people.staff_named(address.value):
        return known
    try:
        person = accounts.register_staff(
            given_name=given_name, family_name=family_name, username=address.value, now=now
        )
    except accounts.AccountRefused as error:  # somebody who left had it
        raise NetworkRefused(Problem(Reason.ADDRESS_IS_SOMEBODY_ELSE, "address")) from error
    accounts.invite_staff(person=person, actor=actor, now=now)
    return person


def _anybody_at(address: Address, *, given_name: str, family_name: str, now: datetime) -> Person:
    """A family shares a telephone: the one of this name, else somebody new to us."""
    wanted = rules.search_name(f"{given_name} {family_name}")
    for known in people.people_reached_at(address.value):
        if known.search_name == wanted:
            return known
    return accounts.register_person(
        given_name=given_name,
        family_name=family_name,
        phone=address.value if address.is_phone else "",
        email="" if address.is_phone else address.value,
        now=now,
    )
