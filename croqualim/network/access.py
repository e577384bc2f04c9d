"""Who does what in which structure: the question every other access module starts from.

A structure never sees another's people.
"""

from django.db.models import QuerySet

from croqualim.accounts.models import Person
from croqualim.network.models import Role, RoleKind, Structure


def live_roles(person: Person) -> QuerySet[Role]:
    return Role.objects.filter(person=person, ended_at=None)


def structures_where(person: Person, *kinds: RoleKind) -> QuerySet[Structure]:
    """Structures in which the person holds one of these roles today."""
    return Structure.objects.filter(
        pk__in=live_roles(person).filter(kind__in=kinds).values("structure")
    )


def has_role(person: Person, kind: RoleKind, structure: Structure | None = None) -> bool:
    """In this structure, or anywhere when none is named."""
    roles = live_roles(person).filter(kind=kind)
    return (roles.filter(structure=structure) if structure else roles).exists()


def is_animator(person: Person) -> bool:
    return has_role(person, RoleKind.ANIMATOR)
