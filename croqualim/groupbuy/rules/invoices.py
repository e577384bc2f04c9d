"""Invoices of producers: which purchase orders they are for, and whether both agree. In cents."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from croqualim.kernel.text import fold


class State(StrEnum):
    DRAFT = "draft"  # its file is here, what it says is not complete
    TO_CHECK = "to_check"
    APPROVED = "approved"
    QUERIED = "queried"
    WITHDRAWN = "withdrawn"


class Reason(StrEnum):
    NO_ORDER = "no order"
    ALREADY_INVOICED = "already invoiced"
    NUMBER_TAKEN = "number taken"
    NO_WORDS = "no words"
    CHANGED = "changed"
    NOT_WAITING = "not waiting"
    APPROVED = "approved"


@dataclass(frozen=True)
class Problem:
    reason: Reason
    about: str = ""


class InvoiceRefused(Exception):
    """Nothing was written."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True)
class Candidate:
    """A purchase order that no live invoice holds."""

    purchase_order_id: int
    number: str
    owed_cents: int


def suggest(
    references: Collection[str], amount_cents: int | None, candidates: Sequence[Candidate]
) -> list[int]:
    """The purchase orders that an invoice is for: those it names, else the only one of its amount,
    else all of them when together they make it. Nothing where that is a guess."""
    named = {fold(reference) for reference in references}
    if found := [c.purchase_order_id for c in candidates if fold(c.number) in named]:
        return found
    same = [
        c.purchase_order_id for c in candidates if amount_cents and c.owed_cents == amount_cents
    ]
    if same:
        return same if len(same) == 1 else []
    owed = [candidate for candidate in candidates if candidate.owed_cents]
    if amount_cents and sum(candidate.owed_cents for candidate in owed) == amount_cents:
        return [candidate.purchase_order_id for candidate in owed]
    return []


def is_of_another(siret: str, seller_ids: Iterable[str]) -> bool:
    """Whether the invoice says that somebody else sells. A SIREN is the head of its SIRETs."""
    said = list(seller_ids)
    return bool(siret and said) and not any(siret.startswith(number) for number in said)


class Agreement(StrEnum):
    """What a purchase order's invoice says to who pays it."""

    NONE = "none"
    TO_CHECK = "to_check"
    AGREED = "agreed"
    DISPUTED = "disputed"


def agreement(state: str, agreed_cents: int | None, owed_cents: int) -> Agreement:
    """`agreed_cents`: what was owed when it was approved. Owed otherwise since, it is to be seen
    again."""
    if state == State.APPROVED:
        return Agreement.AGREED if agreed_cents == owed_cents else Agreement.DISPUTED
    return Agreement.DISPUTED if state == State.QUERIED else Agreement.TO_CHECK
