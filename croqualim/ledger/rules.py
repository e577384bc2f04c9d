from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True)
class Discrepancy:
    """A figure that the books keep and that its movements do not add up to."""

    what: str
    kept: int
    recomputed: int


def missing(*, wanted: int, at_hand: int) -> int:
    """What `wanted` lacks, 0 when there is enough. Any one unit."""
    return max(0, wanted - at_hand)


def running(opening: int, changes: Sequence[int]) -> Iterator[int]:
    """The balance after each change: running(10, [5, -3]) -> 15, 12."""
    balances = accumulate(changes, initial=opening)
    next(balances)
    return balances
