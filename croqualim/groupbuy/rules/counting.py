"""What the box should hold, and whether the counts agree. Amounts in cents."""

from collections.abc import Sequence
from dataclasses import dataclass

from croqualim.groupbuy.rules.till import Problem, Reason, is_far


@dataclass(frozen=True)
class Box:
    """A shop's cash, by what it comes from."""

    float_cents: int  # left in it by the shop before
    brought_cents: int  # change fetched from the bank
    paid_cents: int
    given_cents: int  # handed back to members

    @property
    def expected_cents(self) -> int:
        return self.float_cents + self.brought_cents + self.paid_cents - self.given_cents


@dataclass(frozen=True)
class Counted:
    """One count of the box, by somebody."""

    by: int
    cents: int
    expected_cents: int
    remark: str


def problem_with_remark(counted_cents: int, expected_cents: int, remark: str) -> Problem | None:
    """A great difference is not noted without a word about it."""
    if is_far(counted_cents, expected_cents) and not remark.strip():
        return Problem(Reason.DIFFERENCE_UNSAID)
    return None


def problem_with_counts(counts: Sequence[Counted], expected_cents: int) -> Problem | None:
    """Why a shop cannot be closed on these counts (oldest first): none since the money last
    moved, or two people who did not find the same and nobody says why."""
    if not counts or counts[-1].expected_cents != expected_cents:
        return Problem(Reason.NOT_COUNTED)
    last = counts[-1]
    others = [c for c in counts if c.by != last.by and c.expected_cents == expected_cents]
    if others and others[-1].cents != last.cents and not last.remark.strip():
        return Problem(Reason.COUNTS_DIFFER, amount_cents=others[-1].cents)
    return None


def to_deposit(*, counted_cents: int, kept_cents: int, deposited_cents: int) -> int:
    """What still lies in a closed box to be taken to the bank."""
    return max(0, counted_cents - kept_cents - deposited_cents)
