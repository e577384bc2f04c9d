"""What a month comes to once everybody has come and been paid. Amounts in cents."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from croqualim.kernel.text import fold

# below this many households a number could point at somebody
FEW = 5


def settlement_reference(cycle_id: int) -> str:
    """What every transfer of a cycle's settlement refers to."""
    return f"cycle:{cycle_id}:settlement"


def settled_cycle(reference: str) -> int | None:
    """The cycle whose settlement a transfer refers to; None for a transfer of anything else."""
    found = re.fullmatch(r"cycle:(\d+):settlement", reference)
    return int(found[1]) if found else None


def said_count(households: int) -> str:
    """A number of households, unless it is small enough to point at somebody."""
    return "moins de 5" if 0 < households < FEW else str(households)


def of_month(name: str) -> str:
    """'Octobre 2026' -> 'd’octobre 2026', 'Mars 2026' -> 'de mars 2026'."""
    said = name[:1].lower() + name[1:]
    return f"d’{said}" if fold(said).startswith(tuple("aeiou")) else f"de {said}"


def may_say(cents: Mapping[int, int], households: Mapping[int, int]) -> bool:
    """Whether amounts may be read month by month (cycle -> cents, cycle -> who made them up).

    One amount of too few households hides them all: it would be the total less the others.
    """
    return all(not amount or households.get(month, 0) >= FEW for month, amount in cents.items())


def may_count(households: Iterable[int]) -> bool:
    """Whether counts may be read group by group, none of them small enough to be somebody."""
    return all(count >= FEW for count in households)


@dataclass(frozen=True)
class Served:
    """An order that was collected."""

    envelope: int | None  # behind its share; None at the full price
    cost_cents: int
    due_cents: int


def drawn_from_envelopes(served: Iterable[Served]) -> dict[int, int]:
    """envelope -> what it pays: the cost of reduced orders less what members paid.

    Raises ValueError for a reduced order without one: who pays is always known.
    """
    drawn: dict[int, int] = {}
    for order in served:
        if order.due_cents < order.cost_cents:
            if order.envelope is None:
                raise ValueError("Somebody pays what a reduced share leaves.")
            short_cents = order.cost_cents - order.due_cents
            drawn[order.envelope] = drawn.get(order.envelope, 0) + short_cents
    return drawn


def given_to_envelopes(served: Iterable[Served]) -> dict[int, int]:
    """envelope -> what it receives from members who pay more than the cost."""
    return drawn_from_envelopes(
        Served(o.envelope, cost_cents=o.due_cents, due_cents=o.cost_cents) for o in served
    )


@dataclass(frozen=True)
class QualityShares:
    """Of what was bought, in cents, each counted once: organic, else other signs, else rest."""

    organic_cents: int
    other_signs_cents: int
    rest_cents: int


def quality_shares(bought: Iterable[tuple[int, Iterable[str]]]) -> QualityShares:
    """From (amount, label codes) of each purchase. Follows the order of the EGalim law's counts."""
    organic = others = rest = 0
    for cents, labels in bought:
        codes = set(labels)
        if "ab" in codes:
            organic += cents
        elif codes:
            others += cents
        else:
            rest += cents
    return QualityShares(organic, others, rest)
