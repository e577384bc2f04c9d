"""What a share means on a basket, and when a year of membership may be renewed."""

from dataclasses import dataclass
from datetime import date, timedelta

from croqualim.kernel.money import percent_of

EXAMPLE_BASKET_CENTS = 2000
RENEWAL_OPENS = timedelta(days=60)  # before the year ends


@dataclass(frozen=True)
class WorkedExample:
    """A basket, in cents, paid at a share: said instead of a percentage, which few people feel."""

    share_percent: int
    cost_cents: int
    due_cents: int

    @property
    def rest_cents(self) -> int:
        """What an envelope pays; 0 from the full price on."""
        return max(self.cost_cents - self.due_cents, 0)

    @property
    def gift_cents(self) -> int:
        """What she gives beyond the cost; 0 up to the full price."""
        return max(self.due_cents - self.cost_cents, 0)


def worked_example(share_percent: int, cost_cents: int = EXAMPLE_BASKET_CENTS) -> WorkedExample:
    return WorkedExample(share_percent, cost_cents, percent_of(cost_cents, share_percent))


def renewal_starts_on(last_ends_on: date | None, *, today: date) -> date | None:
    """When the next year would start; None while the present one still has months to run.

    So pressing twice renews once. Years follow one another without a gap when renewed in time.
    """
    if last_ends_on is None:
        return today
    if last_ends_on > today + RENEWAL_OPENS:
        return None
    return max(last_ends_on, today)
