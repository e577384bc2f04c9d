"""Commencer petit: a structure, a place to keep goods, one group."""

from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions.collectives import add_group, found_collective
from croqualim.groupbuy.models import Collective
from croqualim.network.actions import give_role
from croqualim.network.models import RoleKind, Structure
from croqualim.territory.models import Commune


@transaction.atomic
def begin_small(
    *,
    structure: Structure,
    warehouse_name: str,
    group_name: str,
    commune: Commune,
    place: str,
    actor: Person,
    now: datetime,
) -> Collective:
    """Found a collective with its first group; whoever founds it coordinates it.

    Founding twice finds the first one.
    """
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
    founded = Collective.objects.filter(structure=structure).first()
    collective = founded or found_collective(structure=structure, warehouse_name=warehouse_name)
    add_group(collective=collective, name=group_name, commune=commune, place=place)
    give_role(person=actor, structure=structure, kind=RoleKind.COORDINATOR, actor=actor, now=now)
    return collective
