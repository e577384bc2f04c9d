"""Which movements of money may stand alone, and how the others are gathered."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from croqualim.groupbuy.rules.settlement import FEW

T = TypeVar("T")
Who = Mapping[Hashable, frozenset[Hashable]]  # what kind of thing -> the households behind it

# movements whose reference names a paper or a month, and whose amount no household made up
IMPERSONAL = frozenset(
    {
        "change",
        "delivery",
        "delivery_damaged",
        "deposit",
        "margin",
        "payment",
        "till_difference",
        "top_up",
        "weighing",
        "working_fund",
        "write_off",
    }
)
# what an envelope pays and receives: told together, or one would be the rest of the other
OF_ENVELOPES = frozenset({"subsidy", "solidarity", "subsidy_back", "solidarity_back"})


def gather(steps: Iterable[tuple[T, Who]]) -> tuple[list[list[T]], list[T]]:
    """Steps in their order -> runs of them that may be told, and what still waits for the next.

    In a run each kind of thing was done by at least FEW households, so no amount is somebody's.
    """
    runs: list[list[T]] = []
    waiting: list[T] = []
    seen: dict[Hashable, set[Hashable]] = {}
    for step, who in steps:
        waiting.append(step)
        for kind, households in who.items():
            seen.setdefault(kind, set()).update(households)
        if all(len(households) >= FEW for households in seen.values()):
            runs.append(waiting)
            waiting, seen = [], {}
    return runs, waiting
