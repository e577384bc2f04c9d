"""What a month comes to once everybody has come and been paid. Amounts in cents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Served:
    """An order that was collected."""

    share_percent: int
    cost_cents: int
    due_cents: int


def drawn_from_envelopes(
    served: Iterable[Served], envelope_of: Mapping[int, int]
) -> dict[int, int]:
    """envelope -> what it pays: the cost of reduced orders less what members paid.

    `envelope_of` says which envelope stands behind each share. Raises KeyError for a reduced
    share without one: who pays is always known.
    """
    drawn: dict[int, int] = {}
    for order in served:
        if order.due_cents < order.cost_cents:
            envelope = envelope_of[order.share_percent]
            drawn[envelope] = drawn.get(envelope, 0) + order.cost_cents - order.due_cents
    return drawn


def given_to_envelopes(served: Iterable[Served], envelope_of: Mapping[int, int]) -> dict[int, int]:
    """envelope -> what it receives from members who pay more than the cost."""
    return drawn_from_envelopes(
        (Served(o.share_percent, cost_cents=o.due_cents, due_cents=o.cost_cents) for o in served),
        envelope_of,
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
