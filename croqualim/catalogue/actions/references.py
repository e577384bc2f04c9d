"""The network's list: written by its animator, drawn from by collectives, followed if they wish."""

from collections.abc import Collection
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.catalogue import queries
from croqualim.catalogue.actions.products import NewProduct, add_product, change_product, hold
from croqualim.catalogue.models import Product, Reference, ReferenceChange
from croqualim.catalogue.rules.references import changes_between
from croqualim.kernel.text import fold
from croqualim.network.models import Structure


class ReferenceText(TypedDict, total=False):
    """What the network says of a food; its unit is said once, when it is added."""

    name: str
    family: str
    description: str
    step_quantity: int
    packaging_quantity: int
    packaging_name: str
    labels: list[str]
    allergens: list[str]
    season_months: list[int]


class NewReference(ReferenceText, total=False):
    unit: str


class NameTaken(Exception):
    """The list has another food of this name."""


@transaction.atomic
def add_reference(**fields: Unpack[NewReference]) -> Reference:
    """One more food in the network's list. Raises NameTaken."""
    reference = Reference(**fields)
    reference.search_name = fold(reference.name)
    if Reference.objects.filter(search_name=reference.search_name).exists():
        raise NameTaken
    reference.save()
    return reference


@transaction.atomic
def change_reference(
    *, reference: Reference, actor: Person, now: datetime, **fields: Unpack[ReferenceText]
) -> Reference:
    """Say it otherwise; each field that changes stays in the history. Raises NameTaken."""
    reference = Reference.objects.select_for_update(no_key=True).get(pk=reference.pk)
    before = queries.shared_values(reference)
    for name, value in fields.items():
        setattr(reference, name, value)
    reference.search_name = fold(reference.name)
    others = Reference.objects.filter(search_name=reference.search_name).exclude(pk=reference.pk)
    if others.exists():
        raise NameTaken
    reference.save()
    ReferenceChange.objects.bulk_create(
        ReferenceChange(
            reference=reference,
            field=change.field,
            before=change.before,
            after=change.after,
            actor=actor,
            at=now,
        )
        for change in changes_between(before, queries.shared_values(reference))
    )
    return reference


@transaction.atomic
def archive_reference(*, reference: Reference, now: datetime) -> None:
    """Nobody draws it any more; products drawn from it stay as they are."""
    Reference.objects.filter(pk=reference.pk, archived_at=None).update(archived_at=now)


@transaction.atomic
def restore_reference(*, reference: Reference) -> None:
    Reference.objects.filter(pk=reference.pk).update(archived_at=None)


@transaction.atomic
def draw_product(
    *,
    reference: Reference,
    buyer: Structure,
    producer: Structure,
    actor: Person,
    now: datetime,
    **fields: Unpack[NewProduct],
) -> Product:
    """A collective's own product, from the network's list. Raises ProductRefused."""
    product = add_product(buyer=buyer, producer=producer, actor=actor, now=now, **fields)
    product.reference, product.reference_read_at = reference, now
    product.save(update_fields=["reference", "reference_read_at"])
    return product


@transaction.atomic
def follow_reference(*, product: Product, fields: Collection[str], now: datetime) -> Product:
    """Take up these fields of what the network's list changed; the others are known and left.

    Raises ProductRefused when the buyer has another product of the new name.
    """
    hold(product.buyer_id)
    product = Product.objects.get(pk=product.pk)
    pending = queries.changed_since_read([product]).get(product, {})
    taken = {name: value for name, value in pending.items() if name in fields}
    if taken:
        product = change_product(product=product, **taken)  # type: ignore[arg-type]
    product.reference_read_at = now
    product.save(update_fields=["reference_read_at"])
    return product
