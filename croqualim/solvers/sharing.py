"""Sharing out what came among those who asked, in whole steps.

Largest remainder (Hamilton's method): everybody first gets the whole steps of her proportional
part; the steps that remain go one by one to the largest remainders, ties to whoever asked first.
"""

from collections.abc import Sequence


def share_out(asked: Sequence[int], available: int, step: int) -> list[int]:
    """What each gets of `available`, in multiples of `step`, in the order they asked.

    Nobody gets more than she asked; all of `available` that makes whole steps is given, unless
    everybody has what she asked. `asked` are multiples of `step` ≥ 0; step > 0. Raises
    ValueError otherwise.
    """
    if step <= 0 or available < 0 or any(a < 0 or a % step for a in asked):
        raise ValueError("steps must be positive and quantities whole steps")
    steps_asked = [a // step for a in asked]
    total = sum(steps_asked)
    steps = min(available // step, total)
    if total == 0:
        return [0 for _ in asked]
    given = [a * steps // total for a in steps_asked]
    by_remainder = sorted(range(len(asked)), key=lambda i: (-(steps_asked[i] * steps % total), i))
    for i in by_remainder[: steps - sum(given)]:
        given[i] += 1
    return [g * step for g in given]
