"""Who does what in which structure: the question every other access module starts from.

A structure never sees another's people. Nor do animators, but for the team of a structure, which
they set up. Members of buying groups are no team: groupbuy alone knows them.
"""

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from croqualim.accounts.models import Person
from croqualim.network.models import Role, RoleKind, Structure

CACHE = "_live_roles"


def live_roles(person: Person) -> QuerySet[Role]:
    return Role.objects.filter(person=person, ended_at=None)


def roles_of(person: Person) -> list[Role]:
    """What she does today, with the structures. One query for each person object, which lasts as
    long as the request; actions that give or end a role forget it."""
    known: list[Role] | None = vars(person).get(CACHE)
    if known is None:
        known = list(live_roles(person).select_related("structure").order_by("pk"))
        vars(person)[CACHE] = known
    return known


def forget_roles(person: Person) -> None:
    vars(person).pop(CACHE, None)


def holds_a_role(person: Person) -> bool:
    return bool(roles_of(person))


def has_role(person: Person, kind: RoleKind, structure: Structure | None = None) -> bool:
    """In this structure, or anywhere when none is named."""
    return any(
        role.kind == kind and (structure is None or role.structure_id == structure.pk)
        for role in roles_of(person)
    )


def structures_where(person: Person, *kinds: RoleKind) -> QuerySet[Structure]:
    """Structures in which she holds one of these roles today. No kind: any of them."""
    roles = live_roles(person)
    if kinds:
        roles = roles.filter(kind__in=kinds)
    return Structure.objects.filter(pk__in=roles.values("structure"))


def is_animator(person: Person) -> bool:
    return has_role(person, RoleKind.ANIMATOR)


def belongs_to(person: Person, structure: Structure) -> bool:
    """She holds some role there."""
    return any(role.structure_id == structure.pk for role in roles_of(person))


def own_structures(person: Person) -> list[Structure]:
    """Where she does something, each once."""
    return list({role.structure_id: role.structure for role in roles_of(person)}.values())


def visible_structures(person: Person) -> QuerySet[Structure]:
    """The directory is for those who do something in the network."""
    if not holds_a_role(person):
        return Structure.objects.none()
    return Structure.objects.select_related("commune__department")


def get_structure(person: Person, structure_id: int) -> Structure:
    return get_object_or_404(visible_structures(person), pk=structure_id)


def may_add_structure(person: Person) -> bool:
    return is_animator(person)


def may_edit_structure(person: Person, structure: Structure) -> bool:
    return is_animator(person) or has_role(person, RoleKind.COORDINATOR, structure)


def get_structure_to_edit(person: Person, structure_id: int) -> Structure:
    structure = get_structure(person, structure_id)
    if not may_edit_structure(person, structure):
        raise Http404
    return structure


def may_see_team(person: Person, structure: Structure) -> bool:
    return belongs_to(person, structure) or is_animator(person)


def visible_team(person: Person, structure: Structure) -> QuerySet[Role]:
    """Who does what there today, for her eyes: nobody, where she may not know."""
    if not may_see_team(person, structure):
        return Role.objects.none()
    roles = Role.objects.filter(structure=structure, ended_at=None)
    return roles.select_related("person").order_by("kind", "person__family_name", "pk")


def get_role_to_end(person: Person, role_id: int) -> Role:
    """A live role in a structure whose team she sets up."""
    roles = Role.objects.select_related("person", "structure").filter(ended_at=None)
    role = get_object_or_404(roles, pk=role_id)
    if role.kind not in kinds_to_give(person, role.structure):
        raise Http404
    return role


def kinds_to_give(person: Person, structure: Structure) -> list[RoleKind]:
    """Roles that she may give and end there. Animators alone make animators: that role opens every
    structure."""
    if is_animator(person):
        return list(RoleKind)
    if has_role(person, RoleKind.COORDINATOR, structure):
        return [kind for kind in RoleKind if kind is not RoleKind.ANIMATOR]
    return []


def visible_people(person: Person) -> QuerySet[Person]:
    """Herself, and those who hold a role beside hers in a structure of hers."""
    beside_her = Role.objects.filter(ended_at=None, structure__in=structures_where(person))
    return Person.objects.filter(Q(pk=person.pk) | Q(pk__in=beside_her.values("person")))
