"""Deposits on containers: everybody pays them in full, and gets them back in full.

A container comes back from whoever holds it, a neighbour as well as the household that paid. So
nothing is owed to a household by name: what counts is how many of a kind are out.
"""

from collections.abc import Mapping

from croqualim.groupbuy.rules.packaging import plural
from croqualim.groupbuy.rules.till import Problem, Reason
from croqualim.kernel.money import NO_BREAK_SPACE


def containers_for(quantity: int, holds_quantity: int) -> int:
    """How many containers so much of a product fills; the last one may be part full."""
    return -(-quantity // holds_quantity)


def containers_in_words(number: int, name: str) -> str:
    """(2, 'bocal d’un litre') -> '2 bocaux d’un litre'."""
    return f"{number}{NO_BREAK_SPACE}{plural(name) if number > 1 else name}"


def problem_with_return(back: Mapping[int, int], out: Mapping[int, int]) -> Problem | None:
    """Why these containers (id -> number) are not taken back: none, or more than are out."""
    if not any(back.values()):
        return Problem(Reason.NO_CONTAINER)
    for container_id, number in back.items():
        if not 0 <= number <= out.get(container_id, 0):
            left = out.get(container_id, 0)
            return Problem(Reason.TOO_MANY_CONTAINERS, about=container_id, left=left)
    return None
