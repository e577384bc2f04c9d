"""Taking a whole import back."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.catalogue import queries
from croqualim.catalogue.actions.importing import write_prices
from croqualim.catalogue.actions.products import hold
from croqualim.catalogue.models import CatalogueImport, Product
from croqualim.catalogue.rules import stored
from croqualim.catalogue.rules.deciding import Decision
from croqualim.catalogue.rules.entries import Value
from croqualim.catalogue.rules.undoing import Kept, undo
from croqualim.kernel.text import fold


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
    applied = _applied(draft)
    ids = [d.product_id for d in applied if d.product_id is not None]
    products = Product.objects.filter(buyer=draft.buyer_id).in_bulk(ids)
    today = {pk: queries.values_of(product) for pk, product in products.items()}
    plan = undo(applied, today, queries.referred_to(ids))
    Product.objects.filter(pk__in=plan.withdrawn).update(is_active=False)
    taken = _restore(draft, products, plan.restored, actor, now)
    kept = [*plan.kept, *((name, Kept.TAKEN) for name in taken)]
    draft.undone = {
        "withdrawn": len(plan.withdrawn),
        "restored": len(plan.restored),
        "kept": [[name, why.value] for name, why in kept],
    }
    draft.undone_at, draft.undone_by = now, actor
    draft.save(update_fields=["undone", "undone_at", "undone_by"])
    return draft


def _applied(draft: CatalogueImport) -> list[Decision]:
    decisions = map(stored.decision_from, draft.decisions)
    return [d for d in decisions if d.writes and (draft.took_doubtful or not d.is_doubtful)]


def _restore(
    draft: CatalogueImport,
    products: Mapping[int, Product],
    restored: Mapping[int, Mapping[str, Value]],
    actor: Person,
    now: datetime,
) -> list[str]:
    """Returns the names of products whose own name or code was taken meanwhile: those keep it."""
    others = {
        (p.producer_id, p.sku, "" if p.sku else p.search_name): p.pk
        for p in Product.objects.filter(buyer=draft.buyer_id).only(
            "producer_id", "sku", "search_name"
        )
    }
    taken, repriced, names = [], [], {"search_name"}
    for pk, values in restored.items():
        product, kept = products[pk], dict(values)
        sku, name = str(kept.get("sku", product.sku)), str(kept.get("name", product.name))
        if others.get((product.producer_id, sku, "" if sku else fold(name)), pk) != pk:
            taken.append(product.name)
            kept = {field: v for field, v in kept.items() if field not in ("sku", "name")}
        for field, value in kept.items():
            setattr(product, field, value)
        product.search_name = fold(product.name)
        names |= kept.keys()
        if {"price_cents", "priced_quantity"} & kept.keys():
            repriced.append(product)
    changed = [products[pk] for pk in restored]
    Product.objects.bulk_update(changed, sorted(names), batch_size=500)
    write_prices(repriced, actor, now)
    return taken
