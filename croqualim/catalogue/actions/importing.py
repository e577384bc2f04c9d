"""A spreadsheet of products: read and shown first, then applied, once and as it was shown.

Reading and deciding take seconds when it is long: they are done before the transaction begins, so
that nobody else waits to write.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.catalogue import queries
from croqualim.catalogue.actions.products import hold
from croqualim.catalogue.actions.storing import change_products, create_products, write_prices
from croqualim.catalogue.models import CatalogueImport, ImportLine
from croqualim.catalogue.queries import importing as reads
from croqualim.catalogue.rules import drafting, stored
from croqualim.catalogue.rules.cells import clean_line
from croqualim.catalogue.rules.columns import Layout, Plan, Sheet, read_sheet
from croqualim.catalogue.rules.deciding import Decision, counts, decide, entries_of
from croqualim.catalogue.rules.entries import Entry
from croqualim.kernel.text import fold
from croqualim.network.actions import add_structure
from croqualim.network.models import Category, Structure
from croqualim.storage.bulk import insert_rows, update_rows

KEPT = ("ignored_columns", "counts", "plan", "headers", "seen", "producer_names", "new_producers")


class CatalogueMoved(Exception):
    """The catalogue changed since the preview: what would happen is not what was shown."""


@dataclass(frozen=True)
class Read:
    """A file, and what would become of each line in front of the catalogue of that moment."""

    sheet: Sheet
    decisions: list[Decision]
    seen: str


LINES_AT_ONCE = 2_000
Tell = Callable[[int], None]  # how many lines are read


def tell_nobody(lines: int) -> None:
    """Who waits for the answer needs no news on the way."""


def read(
    buyer: Structure, content: bytes, plan: Plan | None = None, tell: Tell = tell_nobody
) -> Read:
    """Raises FileRefused."""
    sheet = read_sheet(content, plan)
    catalogue = queries.known_products(buyer)
    names = {known.folded_name for known in catalogue}
    entries: list[Entry] = []
    for start in range(0, len(sheet.rows), LINES_AT_ONCE):
        some = sheet.rows[start : start + LINES_AT_ONCE]
        entries += entries_of(replace(sheet, rows=some), names)
        tell(len(entries))
    producers = queries.producers_named(buyer, {entry.producer for entry in entries})
    decisions = decide(entries, catalogue, producers)
    return Read(sheet, decisions, drafting.seen(catalogue, producers))


def draft_import(
    *, buyer: Structure, file_name: str, content: bytes, actor: Person, now: datetime
) -> CatalogueImport:
    """Read a CSV or XLSX file and keep what would become of each line. Raises FileRefused."""
    done = read(buyer, content)
    draft = new_draft(buyer, file_name, content, actor, now)
    with transaction.atomic():
        draft.save()
        keep(draft, done)
    return draft


def new_draft(
    buyer: Structure, file_name: str, content: bytes, actor: Person, now: datetime
) -> CatalogueImport:
    return CatalogueImport(
        buyer=buyer,
        file_name=clean_line(file_name)[:200],
        content=content,
        uploaded_by=actor,
        uploaded_at=now,
    )


def read_otherwise(*, draft: CatalogueImport, plan: Plan) -> CatalogueImport:
    """Read the file again with the columns that somebody chose. Once applied, nothing. Raises
    FileRefused."""
    if draft.plan and not draft.applied_at:
        keep_if_open(draft, read(draft.buyer, bytes(draft.content), plan))
    return draft


def look_again(*, draft: CatalogueImport) -> CatalogueImport:
    """Decide anew on a spreadsheet that was not applied, after the catalogue has moved. Raises
    FileRefused."""
    keep_if_open(draft, read_again(draft))
    return draft


def read_again(draft: CatalogueImport, tell: Tell = tell_nobody) -> Read:
    """The same file, its columns as somebody corrected them."""
    plan = stored.plan_from(draft.plan) if draft.plan else None
    return read(draft.buyer, bytes(draft.content), plan, tell)


@transaction.atomic
def keep_if_open(draft: CatalogueImport, done: Read) -> None:
    hold(draft.buyer_id)
    draft.refresh_from_db()
    if not draft.applied_at:
        keep(draft, done)


def keep(draft: CatalogueImport, done: Read) -> None:
    """What the file says, and what would become of it."""
    sheet, is_ours = done.sheet, done.sheet.layout is Layout.OWN
    draft.ignored_columns = list(sheet.ignored)
    draft.counts = counts(done.decisions)
    draft.plan = stored.plan_to_json(sheet.plan) if is_ours else {}
    draft.headers = [list(header) for header in sheet.headers] if is_ours else []
    draft.seen = done.seen
    draft.producer_names = sorted({decision.producer for decision in done.decisions})
    draft.new_producers = drafting.new_producers(done.decisions)
    draft.save(update_fields=KEPT)
    ImportLine.objects.filter(draft=draft).delete()
    insert_rows(
        ImportLine,
        ("draft_id", "number", "urgency", "outcome", "decision"),
        (
            (draft.pk, d.line, int(drafting.urgency(d)), d.outcome.value, stored.to_json(d))
            for d in done.decisions
        ),
    )


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
    refuse_moved(draft)
    taken = reads.lines_that_write(draft, take_doubtful=take_doubtful)
    producers = add_unknown_producers(taken.values(), actor, now)
    created = create_products(taken, buyer, producers)
    repriced = change_products(taken.values())
    write_prices([*created.values(), *repriced], actor, now)
    update_rows(ImportLine, ["product_id"], ((p.product_id, line) for line, p in created.items()))
    draft.applied_at, draft.took_doubtful, draft.has_moved = now, take_doubtful, False
    draft.save(update_fields=["applied_at", "took_doubtful", "has_moved"])
    return draft


def refuse_moved(draft: CatalogueImport) -> None:
    """A catalogue that is as it was needs no second look at each line. Raises CatalogueMoved."""
    if draft.seen == reads.seen_now(draft):
        return
    again = [stored.to_json(decision) for decision in read_again(draft).decisions]
    if again != list(reads.decisions_of(draft)):
        raise CatalogueMoved


def add_unknown_producers(
    decisions: Iterable[Decision], actor: Person, now: datetime
) -> dict[str, int]:
    """Folded name -> the structure that was added for it."""
    added: dict[str, int] = {}
    for decision in decisions:
        name = fold(decision.producer)
        if decision.adds_producer and name not in added:
            structure = add_structure(
                name=decision.producer, category=Category.PRODUCTION, actor=actor, now=now
            )
            added[name] = structure.pk
    return added
