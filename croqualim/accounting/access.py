"""Who keeps the books: the collective's coordinator, and its accountant, who sees nothing else."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from croqualim.accounts.models import Person
from croqualim.groupbuy.models import Collective
from croqualim.network.access import has_role, structures_where
from croqualim.network.models import RoleKind

KEEPING_ROLES = (RoleKind.COORDINATOR, RoleKind.ACCOUNTANT)


def kept_collectives(person: Person) -> QuerySet[Collective]:
    structures = structures_where(person, *KEEPING_ROLES)
    return Collective.objects.filter(structure__in=structures).select_related("structure")


def get_books(person: Person, collective_id: int) -> Collective:
    return get_object_or_404(kept_collectives(person), pk=collective_id)


def may_open_origins(person: Person, collective: Collective) -> bool:
    """Whether what an entry comes from is hers to read."""
    return has_role(person, RoleKind.COORDINATOR, collective.structure)
