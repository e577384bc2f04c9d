"""The network's list and a product drawn from it: what changed there since, and is not so here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from croqualim.catalogue.rules.entries import Value

# What a product takes from its reference. Its unit never changes, its price is the producer's.
SHARED = (
    "name",
    "family",
    "description",
    "step_quantity",
    "packaging_quantity",
    "packaging_name",
    "labels",
    "allergens",
    "season_months",
)


@dataclass(frozen=True)
class Change:
    """One field of a reference, in the order in which it was written."""

    field: str
    before: Value
    after: Value


def changes_between(before: Mapping[str, Value], after: Mapping[str, Value]) -> list[Change]:
    """What a description makes different, field by field."""
    return [
        Change(field, before[field], after[field])
        for field in SHARED
        if field in after and before[field] != after[field]
    ]


def pending(changes: Iterable[Change], here: Mapping[str, Value]) -> dict[str, Value]:
    """Field -> what the network says now, where a product says something else.

    What was changed and changed back is no change; what is so here already is nothing to do.
    """
    first: dict[str, Value] = {}
    last: dict[str, Value] = {}
    for change in changes:
        first.setdefault(change.field, change.before)
        last[change.field] = change.after
    return {
        field: value
        for field, value in last.items()
        if value != first[field] and value != here[field]
    }
