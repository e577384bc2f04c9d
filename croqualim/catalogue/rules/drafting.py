"""A spreadsheet between two looks: what is shown first, who is new, whether the catalogue moved."""

import hashlib
from collections.abc import Iterable, Sequence
from enum import IntEnum

from croqualim.catalogue.rules.deciding import Decision, Known, Outcome, Producers
from croqualim.kernel.text import fold


class Urgency(IntEnum):
    """What is to be looked at, what is refused, then the rest as it comes."""

    DOUBTFUL = 0
    REFUSED = 1
    REST = 2


def urgency(decision: Decision) -> Urgency:
    if decision.is_doubtful:
        return Urgency.DOUBTFUL
    return Urgency.REFUSED if decision.outcome is Outcome.REFUSED else Urgency.REST


def new_producers(decisions: Sequence[Decision]) -> list[str]:
    """Those that nobody knows yet, each as it is first written."""
    names = dict.fromkeys(d.producer for d in decisions if d.adds_producer)
    return sorted({fold(name): name for name in reversed(names)}.values())


def seen(catalogue: Iterable[Known], producers: Producers) -> str:
    """A print of all that the decisions rest on besides the spreadsheet: the same one, the same
    decisions."""
    digest = hashlib.sha256(repr(sorted(producers.items())).encode())
    for known in catalogue:
        digest.update(repr((known.product_id, known.producer_id, known.values)).encode())
    return digest.hexdigest()
