"""Reads of a spreadsheet between its look and its application. A line's key stands for it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from croqualim.catalogue import queries
from croqualim.catalogue.models import CatalogueImport, ImportLine, Work
from croqualim.catalogue.rules import drafting
from croqualim.catalogue.rules.deciding import DOUBTFUL, Decision, Outcome
from croqualim.catalogue.rules.stored import decision_from

WRITING = (Outcome.CREATE.value, Outcome.CHANGE.value)


def lines_of(draft: CatalogueImport, chosen: str = "") -> QuerySet[ImportLine]:
    """Those of a tab; all of them with what must be looked at first."""
    lines = ImportLine.objects.filter(draft=draft)
    if chosen == DOUBTFUL:
        return lines.filter(urgency=drafting.Urgency.DOUBTFUL).order_by("number")
    if chosen in set(Outcome):
        return lines.filter(outcome=chosen).order_by("number")
    return lines.order_by("urgency", "number")


def lines_that_write(draft: CatalogueImport, *, take_doubtful: bool) -> dict[int, Decision]:
    """Line -> what it does, and to which product once it was done."""
    lines = ImportLine.objects.filter(draft=draft, outcome__in=WRITING).order_by("number")
    if not take_doubtful:
        lines = lines.exclude(urgency=drafting.Urgency.DOUBTFUL)
    found: dict[int, Decision] = {}
    for pk, kept, product_id in lines.values_list("pk", "decision", "product_id"):
        decision = decision_from(kept)
        found[pk] = replace(decision, product_id=product_id) if product_id else decision
    return found


def decisions_of(draft: CatalogueImport) -> Iterator[dict[str, Any]]:
    """As they are kept, in the order of the lines."""
    lines = ImportLine.objects.filter(draft=draft).order_by("number")
    return lines.values_list("decision", flat=True).iterator()


def seen_now(draft: CatalogueImport) -> str:
    """What the decisions would rest on now; `draft.seen` is what they rest on."""
    producers = queries.producers_named(draft.buyer, draft.producer_names)
    return drafting.seen(queries.known_products(draft.buyer), producers)


def asked() -> QuerySet[CatalogueImport]:
    """What waits for the worker, the oldest first."""
    imports = CatalogueImport.objects.filter(asked__in=Work.values).select_related("asked_by")
    return imports.order_by("asked_at", "pk")
