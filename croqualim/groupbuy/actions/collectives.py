"""Founding a collective, its groups, the shares it opens."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from croqualim.accounts.models import Person
from croqualim.groupbuy.models import Collective, Group, Order, ShareOption
from croqualim.groupbuy.rules.slugs import slugs
from croqualim.kernel.identifiers import normal_phone
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Envelope
from croqualim.network.models import Structure
from croqualim.stock import actions as stock
from croqualim.stock.models import LocationKind
from croqualim.territory.models import Commune

FULL_PRICE = 100  # percent


class PageUsed(Exception):
    """The page that this key was given with has noted something else."""


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
    ShareOption.objects.create(collective=collective, share_percent=FULL_PRICE)
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
    """A group, or the one already there under this name. Raises ValueError on a telephone
    that cannot be one."""
    Collective.objects.select_for_update(no_key=True).get(pk=collective.pk)
    present = Group.objects.filter(collective=collective, name=name, commune=commune).first()
    if present is not None:
        return present
    return _create_group(
        collective=collective,
        name=name,
        commune=commune,
        place=place,
        contact_name=contact_name,
        contact_phone=normal_phone(contact_phone) if contact_phone else "",
        is_joinable=is_joinable,
    )


def _create_group(*, name: str, **facts: Any) -> Group:
    """At the first free address. Another collective may take it in the same instant."""
    for slug in slugs(slugify(name)):
        if Group.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                return Group.objects.create(name=name, slug=slug, **facts)
        except IntegrityError:
            if not Group.objects.filter(slug=slug).exists():
                raise
    raise AssertionError("There is always one more number.")


@transaction.atomic
def change_group(
    *,
    group: Group,
    name: str,
    commune: Commune,
    place: str,
    contact_name: str,
    contact_phone: str,
    is_joinable: bool,
) -> None:
    """Its address on the site stays. Raises ValueError on a telephone that cannot be one."""
    group.name, group.commune, group.place = name, commune, place
    group.contact_name, group.is_joinable = contact_name, is_joinable
    group.contact_phone = normal_phone(contact_phone) if contact_phone else ""
    group.save(
        update_fields=["name", "commune", "place", "contact_name", "contact_phone", "is_joinable"]
    )


@transaction.atomic
def change_settings(
    *, collective: Collective, handling_percent: int, membership_fee_cents: int
) -> None:
    """For what comes: offers already made keep their price, years begun keep their fee."""
    collective.handling_percent = handling_percent
    collective.membership_fee_cents = membership_fee_cents
    collective.save(update_fields=["handling_percent", "membership_fee_cents"])


class EnvelopeInUse(Exception):
    """Orders of a month not settled yet count on the envelope behind this share."""


def _counts_on(option: ShareOption) -> bool:
    return Order.objects.filter(
        cycle__collective=option.collective_id,
        cycle__settled_at=None,
        cancelled_at=None,
        share_percent=option.share_percent,
    ).exists()


@transaction.atomic
def open_share(
    *, collective: Collective, share_percent: int, envelope: Envelope, now: datetime
) -> ShareOption:
    """Let members choose a share; the envelope pays below 100 % and receives above.

    Raises EnvelopeInUse while orders that are not settled count on another envelope.
    """
    Collective.objects.select_for_update(no_key=True).get(pk=collective.pk)
    present = ShareOption.objects.filter(collective=collective, share_percent=share_percent).first()
    if present and present.envelope_id not in (None, envelope.pk) and _counts_on(present):
        raise EnvelopeInUse(present)
    option, _ = ShareOption.objects.update_or_create(
        collective=collective,
        share_percent=share_percent,
        defaults={"envelope": envelope, "is_open": True},
    )
    return option


@transaction.atomic
def close_share(*, option: ShareOption) -> None:
    """Nobody else may choose it; households that chose it keep it while the envelope can pay.

    The full price stays open for ever: raises ValueError.
    """
    if option.share_percent == FULL_PRICE:
        raise ValueError("The full price stays open.")
    ShareOption.objects.filter(pk=option.pk).update(is_open=False)


@transaction.atomic
def receive_envelope(
    *,
    collective: Collective,
    funder: Structure,
    name: str,
    purpose: str,
    starts_on: date,
    ends_on: date,
    amount_cents: int,
    key: str,
    actor: Person,
    now: datetime,
) -> Envelope:
    """A funder's money has come: open its envelope and note the amount, once under this key.

    Raises PageUsed.
    """
    envelope = ledger.open_envelope(
        name=name,
        funder=funder,
        holder=collective.structure,
        purpose=purpose,
        starts_on=starts_on,
        ends_on=ends_on,
        now=now,
    )
    top_up(envelope=envelope, amount_cents=amount_cents, key=key, actor=actor, now=now)
    return envelope


def top_up(
    *, envelope: Envelope, amount_cents: int, key: str, actor: Person, now: datetime
) -> None:
    """More of the funder's money has come, once under this key. Raises PageUsed."""
    try:
        ledger.top_up_envelope(
            key=f"envelope:{key}",
            envelope=envelope,
            amount_cents=amount_cents,
            now=now,
            actor=actor,
        )
    except ledger.KeyReused as error:
        raise PageUsed from error
