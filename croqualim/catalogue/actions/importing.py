"""A spreadsheet of products: read and shown first, then applied, once and as it was shown."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.catalogue import access, queries
from croqualim.catalogue.actions.products import hold
from croqualim.catalogue.models import CatalogueImport, PriceChange, Product
from croqualim.catalogue.rules import stored
from croqualim.catalogue.rules.cells import clean_line
from croqualim.catalogue.rules.columns import Layout, Plan, Sheet, read_sheet
from croqualim.catalogue.rules.deciding import Decision, Outcome, counts, decide, entries_of
from croqualim.catalogue.rules.entries import Entry
from croqualim.kernel.text import fold
from croqualim.network.actions import add_structure
from croqualim.network.models import Category, Structure


class CatalogueMoved(Exception):
    """The catalogue changed since the preview: what would happen is not what was shown."""


@transaction.atomic
def draft_import(
    *, buyer: Structure, file_name: str, content: bytes, actor: Person, now: datetime
) -> CatalogueImport:
    """Read a CSV or XLSX file and keep what would become of each line. Raises FileRefused."""
    draft = CatalogueImport(
        buyer=buyer,
        file_name=clean_line(file_name)[:200],
        content=content,
        uploaded_by=actor,
        uploaded_at=now,
    )
    keep_as_read(draft, read_sheet(content))
    draft.save()
    return draft


@transaction.atomic
def read_otherwise(*, draft: CatalogueImport, plan: Plan) -> CatalogueImport:
    """Read the file again with the columns that somebody chose. Once applied, nothing. Raises
    FileRefused."""
    hold(draft.buyer_id)
    draft.refresh_from_db()
    if not draft.applied_at and draft.plan:
        keep_as_read(draft, read_sheet(bytes(draft.content), plan))
        draft.save(
            update_fields=["rows", "decisions", "ignored_columns", "counts", "plan", "headers"]
        )
    return draft


def keep_as_read(draft: CatalogueImport, sheet: Sheet) -> None:
    """What the file says, and what would become of it."""
    entries = entries_of(sheet, queries.known_names(draft.buyer))
    decisions = decide_for(draft.buyer, entries)
    draft.rows = [stored.to_json(entry) for entry in entries]
    draft.decisions = [stored.to_json(decision) for decision in decisions]
    draft.ignored_columns = list(sheet.ignored)
    draft.counts = counts(decisions)
    is_ours = sheet.layout is Layout.OWN
    draft.plan = stored.plan_to_json(sheet.plan) if is_ours else {}
    draft.headers = [list(header) for header in sheet.headers] if is_ours else []


@transaction.atomic
def apply_import(
    *, draft: CatalogueImport, take_doubtful: bool = False, actor: Person, now: datetime
) -> CatalogueImport:
    """Do what the preview showed, with or without what was only guessed. The second time, nothing.

    Raises CatalogueMoved.
    """
    buyer = hold(draft.buyer_id)
    draft.refresh_from_db()
    if draft.applied_at:
        return draft
    decisions = decide_again(draft)
    if [stored.to_json(decision) for decision in decisions] != draft.decisions:
        raise CatalogueMoved
    taken = [d for d in decisions if take_doubtful or not d.is_doubtful]
    producers = add_unknown_producers(taken, actor, now)
    created = create_products(taken, buyer, producers)
    repriced = change_products(taken)
    write_prices([*created.values(), *repriced], actor, now)
    draft.decisions = [
        {**decision, "product_id": created[decision["line"]].pk}
        if decision["line"] in created
        else decision
        for decision in draft.decisions
    ]
    draft.applied_at, draft.took_doubtful = now, take_doubtful
    draft.save(update_fields=["applied_at", "took_doubtful", "decisions"])
    return draft


@transaction.atomic
def look_again(*, draft: CatalogueImport) -> CatalogueImport:
    """Decide anew on a spreadsheet that was not applied, after the catalogue has moved."""
    hold(draft.buyer_id)
    draft.refresh_from_db()
    if not draft.applied_at:
        decisions = decide_again(draft)
        draft.decisions = [stored.to_json(decision) for decision in decisions]
        draft.counts = counts(decisions)
        draft.save(update_fields=["decisions", "counts"])
    return draft


def decide_again(draft: CatalogueImport) -> list[Decision]:
    return decide_for(draft.buyer, [stored.entry_from(row) for row in draft.rows])


def decide_for(buyer: Structure, entries: Sequence[Entry]) -> list[Decision]:
    return decide(
        entries,
        queries.known_products(buyer),
        queries.producers_named(buyer, {entry.producer for entry in entries}),
    )


def add_unknown_producers(
    decisions: Iterable[Decision], actor: Person, now: datetime
) -> dict[str, int]:
    """Folded name -> the structure that was added for it."""
    added: dict[str, int] = {}
    for decision in decisions:
        name = fold(decision.producer)
        unknown = decision.outcome is Outcome.CREATE and decision.producer_id is None
        if unknown and name not in added:
            structure = add_structure(
                name=decision.producer, category=Category.PRODUCTION, actor=actor, now=now
            )
            added[name] = structure.pk
    return added


def create_products(
    decisions: Iterable[Decision], buyer: Structure, producers: dict[str, int]
) -> dict[int, Product]:
    """Line of the spreadsheet -> its new product."""
    lines = {
        decision.line: Product(
            buyer=buyer,
            producer_id=decision.producer_id or producers[fold(decision.producer)],
            search_name=fold(str(decision.values["name"])),
            **decision.values,
        )
        for decision in decisions
        if decision.outcome is Outcome.CREATE
    }
    Product.objects.bulk_create(lines.values(), batch_size=1000)
    return lines


def change_products(decisions: Iterable[Decision]) -> list[Product]:
    """Returns the products whose price changed."""
    changes = {
        d.product_id: d.values
        for d in decisions
        if d.outcome is Outcome.CHANGE and d.product_id is not None
    }
    products = list(Product.objects.filter(pk__in=changes))
    for product in products:
        for name, value in changes[product.pk].items():
            setattr(product, name, value)
        product.search_name = fold(product.name)
    names = {name for values in changes.values() for name in values}
    if names:
        Product.objects.bulk_update(products, sorted(names | {"search_name"}), batch_size=500)
    return [p for p in products if {"price_cents", "priced_quantity"} & changes[p.pk].keys()]


def write_prices(products: Iterable[Product], actor: Person, now: datetime) -> None:
    farms = set(access.farms_of(actor).values_list("pk", flat=True))
    PriceChange.objects.bulk_create(
        PriceChange(
            product=product,
            price_cents=product.price_cents,
            priced_quantity=product.priced_quantity,
            actor=actor,
            by_producer=product.producer_id in farms,
            at=now,
        )
        for product in products
    )
