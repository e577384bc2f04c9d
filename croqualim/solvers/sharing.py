"""Sharing out what came among those who asked, in whole steps. Four rules, one signature.

    pro_rata        everybody the same part of what she asked
    first_come      whoever asked first is served whole
    equal_ceiling   everybody up to the same quantity
    smallest_first  whoever asked least is served whole

Each takes what was asked in the order in which it was asked, and gives in the same order. Nobody
gets more than she asked; all of what is available that makes whole steps is given, unless
everybody has what she asked; ties go to whoever asked first. When more is available nobody gets
less, so a second lorry never takes anything back. `asked` are multiples of `step` ≥ 0, step > 0,
available ≥ 0: each rule raises ValueError otherwise.
"""

from collections.abc import Callable, Sequence
from heapq import heapify, heapreplace
from itertools import accumulate

Share = Callable[[Sequence[int], int, int], list[int]]


def pro_rata(asked: Sequence[int], available: int, step: int) -> list[int]:
    """Sainte-Laguë's method (Webster's): rounds each proportional part to its nearest step.

    The largest remainder (Hamilton's) is better known, but gives somebody less when a step more is
    there to share (the Alabama paradox: Balinski and Young, Fair Representation, 1982).
    """
    wanted, steps = _in_steps(asked, available, step)
    given = _just_below(wanted, steps)
    # how dear the next step of each is; of two as dear, the first who asked
    turn = [((2 * g + 1) / w, i) for i, (g, w) in enumerate(zip(given, wanted, strict=True)) if w]
    heapify(turn)
    for _step in range(steps - sum(given)):
        _dear, i = turn[0]
        given[i] += 1
        heapreplace(turn, ((2 * given[i] + 1) / wanted[i], i))
    return [g * step for g in given]


def first_come(asked: Sequence[int], available: int, step: int) -> list[int]:
    wanted, steps = _in_steps(asked, available, step)
    return [g * step for g in _served(wanted, steps)]


def smallest_first(asked: Sequence[int], available: int, step: int) -> list[int]:
    wanted, steps = _in_steps(asked, available, step)
    turns = sorted(range(len(wanted)), key=lambda i: wanted[i])
    served = _served([wanted[i] for i in turns], steps)
    given = dict(zip(turns, served, strict=True))
    return [given[i] * step for i in range(len(wanted))]


def equal_ceiling(asked: Sequence[int], available: int, step: int) -> list[int]:
    """Filling glasses of several sizes from one jug; the last steps go to the first who asked."""
    wanted, steps = _in_steps(asked, available, step)
    ceiling = _ceiling(wanted, steps)
    given = [min(w, ceiling) for w in wanted]
    left = steps - sum(given)
    for i, w in enumerate(wanted):
        if left and w > ceiling:
            given[i] += 1
            left -= 1
    return [g * step for g in given]


def _in_steps(asked: Sequence[int], available: int, step: int) -> tuple[list[int], int]:
    """What each asked, and how many there are to give, in steps."""
    if step <= 0 or available < 0 or any(a < 0 or a % step for a in asked):
        raise ValueError("steps must be positive and quantities whole steps")
    wanted = [a // step for a in asked]
    return wanted, min(available // step, sum(wanted))


def _just_below(wanted: Sequence[int], steps: int) -> list[int]:
    """Parts that the method gives on its way to `steps`, at most one step each before the end."""
    total = sum(wanted)
    part = 2 * steps - len(wanted)  # of 2 × total: rounding adds half a step each at most
    if part <= 0:
        return [0 for _ in wanted]
    return [(w * part + total) // (2 * total) for w in wanted]


def _served(wanted: Sequence[int], steps: int) -> list[int]:
    """One after the other, each whole as long as there is enough."""
    before = accumulate(wanted, initial=0)
    return [max(0, min(w, steps - b)) for w, b in zip(wanted, before, strict=False)]


def _ceiling(wanted: Sequence[int], steps: int) -> int:
    """The highest that everybody can have who asked for so much."""
    left, glasses = steps, len(wanted)
    for size in sorted(wanted):
        if size * glasses > left:
            return left // glasses
        left -= size
        glasses -= 1
    return max(wanted, default=0)
