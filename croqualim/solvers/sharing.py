"""Sharing out what there is among those who asked, in whole steps. Two ways:

pro rata        Largest remainder (Hamilton's method): everybody first gets the whole steps of her
                proportional part; the steps that remain go one by one to the largest remainders,
                ties to whoever asked first. Who asks for more gets more.
equal ceiling   Everybody gets a step in turn until she has what she asked (max-min fairness): only
                what is above the ceiling is cut. Asking for more than one gets changes nothing.
"""

from collections.abc import Sequence


def share_out(asked: Sequence[int], available: int, step: int) -> list[int]:
    """What each gets of `available`, in multiples of `step`, in the order they asked.

    Nobody gets more than she asked; all of `available` that makes whole steps is given, unless
    everybody has what she asked. `asked` are multiples of `step` ≥ 0; step > 0. Raises
    ValueError otherwise.
    """
    steps_asked = _in_steps(asked, available, step)
    total = sum(steps_asked)
    steps = min(available // step, total)
    if total == 0:
        return [0 for _ in asked]
    given = [a * steps // total for a in steps_asked]
    by_remainder = sorted(range(len(asked)), key=lambda i: (-(steps_asked[i] * steps % total), i))
    for i in by_remainder[: steps - sum(given)]:
        given[i] += 1
    return [g * step for g in given]


def share_equally(asked: Sequence[int], available: int, step: int) -> list[int]:
    """What each gets of `available`, in multiples of `step`: all she asked, up to one ceiling.

    The ceiling is the same for all, to one step: those steps go to whoever asked first. Conditions
    and refusals as `share_out`'s.
    """
    steps_asked = _in_steps(asked, available, step)
    left, ceiling = available // step, 0
    waiting = len(asked)
    for most in sorted(steps_asked):
        if (most - ceiling) * waiting > left:
            break
        left -= (most - ceiling) * waiting
        ceiling = most
        waiting -= 1
    else:
        return list(asked)
    more, left = divmod(left, waiting)
    ceiling += more
    given = [min(a, ceiling) for a in steps_asked]
    for i in [i for i, a in enumerate(steps_asked) if a > ceiling][:left]:
        given[i] += 1
    return [g * step for g in given]


def _in_steps(asked: Sequence[int], available: int, step: int) -> list[int]:
    if step <= 0 or available < 0 or any(a < 0 or a % step for a in asked):
        raise ValueError("steps must be positive and quantities whole steps")
    return [a // step for a in asked]
