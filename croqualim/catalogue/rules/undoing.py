"""Taking an import back: what it made is withdrawn, what it changed becomes what it was.

What somebody has changed or used since stays as it is, and is said.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from croqualim.catalogue.rules.deciding import Decision, Outcome, differs
from croqualim.catalogue.rules.entries import Value

# what only makes sense together
TOGETHER = (
    {"price_cents", "priced_quantity"},
    {"packaging_quantity", "packaging_name"},
)


class Kept(StrEnum):
    USED = "used"
    CHANGED = "changed"
    TAKEN = "taken"  # its former name or code is another product's now


@dataclass(frozen=True)
class Undoing:
    """`withdrawn`: products no longer offered; `restored`: product -> values as they were;
    `kept`: (name, why), one for each product that stays as it is, wholly or in part."""

    withdrawn: Sequence[int] = ()
    restored: Mapping[int, Mapping[str, Value]] = field(default_factory=dict)
    kept: Sequence[tuple[str, Kept]] = ()


def undo(
    decisions: Iterable[Decision],
    now: Mapping[int, Mapping[str, Value]],
    used: Collection[int],
) -> Undoing:
    """`decisions`: those that were applied; `now`: product -> what it is today."""
    withdrawn: list[int] = []
    restored: dict[int, dict[str, Value]] = {}
    kept: list[tuple[str, Kept]] = []
    for decision in decisions:
        product = decision.product_id
        if product is None or product not in now:
            continue
        if decision.outcome is Outcome.CREATE:
            if product in used:
                kept.append((decision.name, Kept.USED))
            else:
                withdrawn.append(product)
        elif decision.outcome is Outcome.CHANGE:
            values, changed = _as_before(decision, now[product])
            if values:
                restored[product] = values
            if changed:
                kept.append((decision.name, Kept.CHANGED))
    return Undoing(withdrawn, restored, kept)


def _as_before(decision: Decision, today: Mapping[str, Value]) -> tuple[dict[str, Value], bool]:
    """What becomes again what it was, and whether something was changed since."""
    moved = {name for name, value in decision.values.items() if differs(name, today[name], value)}
    for names in TOGETHER:
        if moved & names:
            moved |= names
    back = {name: decision.before[name] for name in decision.values if name not in moved}
    return back, bool(moved & decision.values.keys())
