"""Founding a collective, its groups, the shares it opens."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from croqualim.groupbuy.models import Collective, Group, ShareOption
from croqualim.kernel.identifiers import normal_phone
from croqualim.ledger.models import Envelope
from croqualim.network.models import Structure
from croqualim.stock import actions as stock
from croqualim.stock.models import LocationKind
from croqualim.territory.models import Commune


@transaction.atomic
def found_collective(
    *,
    structure: Structure,
    warehouse_name: str,
    handling_percent: int = 0,
    membership_fee_cents: int = 100,
) -> Collective:
    """Make a structure a collective, with its warehouse and the full price open to all."""
    collective = Collective.objects.create(
        structure=structure,
        warehouse=stock.open_location(
            keeper=structure, kind=LocationKind.WAREHOUSE, name=warehouse_name
        ),
        handling_percent=handling_percent,
        membership_fee_cents=membership_fee_cents,
    )
    ShareOption.objects.create(collective=collective, share_percent=100)
    return collective


@transaction.atomic
def add_group(
    *,
    collective: Collective,
    name: str,
    commune: Commune,
    place: str,
    contact_name: str = "",
    contact_phone: str = "",
    is_joinable: bool = True,
) -> Group:
    """Raises ValueError on a telephone that cannot be one."""
    slug = slugify(name) or "groupe"
    if Group.objects.filter(slug=slug).exists():
        slug = f"{slug}-{Group.objects.count() + 1}"
    return Group.objects.create(
        collective=collective,
        name=name,
        slug=slug,
        commune=commune,
        place=place,
        contact_name=contact_name,
        contact_phone=normal_phone(contact_phone) if contact_phone else "",
        is_joinable=is_joinable,
    )


@transaction.atomic
def open_share(
    *, collective: Collective, share_percent: int, envelope: Envelope, now: datetime
) -> ShareOption:
    """Let members choose a share; the envelope pays below 100 % and receives above."""
    option, _ = ShareOption.objects.update_or_create(
        collective=collective,
        share_percent=share_percent,
        defaults={"envelope": envelope, "is_open": True},
    )
    return option
