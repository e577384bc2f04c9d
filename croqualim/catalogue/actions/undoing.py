"""Taking a whole import back."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.catalogue import queries
from croqualim.catalogue.actions.products import hold
from croqualim.catalogue.actions.storing import (
    PRICE,
    key_of,
    keys_of_products,
    repriced,
    write_prices,
    write_values,
)
from croqualim.catalogue.models import CatalogueImport, Product
from croqualim.catalogue.queries.importing import lines_that_write
from croqualim.catalogue.rules.deciding import Known
from croqualim.catalogue.rules.entries import Value
from croqualim.catalogue.rules.undoing import Kept, undo
from croqualim.storage.bulk import update_rows


@transaction.atomic
def undo_import(*, draft: CatalogueImport, actor: Person, now: datetime) -> CatalogueImport:
    """Withdraw what it made, restore what it changed; prices by counter changes. Once.

    What was used or changed since stays, and `draft.undone` says which and why. A structure that it
    added to the directory stays there.
    """
    hold(draft.buyer_id)
    draft.refresh_from_db()
    if not draft.applied_at or draft.undone_at:
        return draft
    applied = lines_that_write(draft, take_doubtful=draft.took_doubtful).values()
    ids = {d.product_id for d in applied if d.product_id is not None}
    today = {k.product_id: k for k in queries.known_products(draft.buyer) if k.product_id in ids}
    plan = undo(
        applied,
        {pk: known.values for pk, known in today.items()},
        queries.referred_to(draft.buyer_id, ids),
    )
    update_rows(Product, ["is_active"], ((False, pk) for pk in plan.withdrawn))
    taken = _restore(draft, today, plan.restored, actor, now)
    kept = [*plan.kept, *((name, Kept.TAKEN) for name in taken)]
    draft.undone = {
        "withdrawn": len(plan.withdrawn),
        "restored": len(plan.restored),
        "kept": [[name, why.value] for name, why in kept],
    }
    draft.undone_at, draft.undone_by = now, actor
    draft.save(update_fields=["undone", "undone_at", "undone_by"])
    return draft


def _restore(
    draft: CatalogueImport,
    products: Mapping[int, Known],
    restored: Mapping[int, Mapping[str, Value]],
    actor: Person,
    now: datetime,
) -> list[str]:
    """Returns the names of products whose own name or code was taken meanwhile: those keep it."""
    others = keys_of_products(draft.buyer_id)
    taken: list[str] = []
    kept: dict[int, Mapping[str, Value]] = {}
    for pk, values in restored.items():
        known = products[pk]
        was = {**known.values, **values}
        key = key_of(known.producer_id, str(was["sku"]), str(was["name"]))
        if others.get(key, pk) != pk:
            taken.append(str(known.values["name"]))
            values = {field: v for field, v in values.items() if field not in ("sku", "name")}
        kept[pk] = values
    write_values(kept)
    write_prices(repriced([pk for pk, values in kept.items() if PRICE & values.keys()]), actor, now)
    return taken
