"""A shop that goes round: which stop an order is for, and what a round cannot be."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from croqualim.groupbuy.rules import ordering


@dataclass(frozen=True)
class StopPlan:
    """A stop as it is wanted; moments in local time."""

    place: str
    starts_at: datetime
    ends_at: datetime

    def moved(self, days: int) -> "StopPlan":
        """At the same hours so many days later, whatever the clocks do in between."""
        by = timedelta(days=days)
        return StopPlan(self.place, self.starts_at + by, self.ends_at + by)


class Reason(StrEnum):
    ENDS_BEFORE_STARTING = "ends before starting"
    BEFORE_CLOSING = "before closing"  # of the orders
    CHOSEN = "chosen"  # removed, and live orders are for it


@dataclass(frozen=True)
class Problem:
    reason: Reason
    key: str  # of the stop


def problem_with_choice(chosen: int | None, stops: Collection[int]) -> ordering.Problem | None:
    """Why an order cannot be for this stop, of a shop with these; None when it can."""
    if chosen is not None and chosen not in stops:
        return ordering.Problem(ordering.Reason.STOP_GONE)
    if chosen is None and stops:
        return ordering.Problem(ordering.Reason.NO_STOP)
    return None


def problems_with(stops: Mapping[str, StopPlan], *, closes_at: datetime) -> list[Problem]:
    found = []
    for key, stop in stops.items():
        if stop.ends_at <= stop.starts_at:
            found.append(Problem(Reason.ENDS_BEFORE_STARTING, key))
        elif stop.starts_at <= closes_at:
            found.append(Problem(Reason.BEFORE_CLOSING, key))
    return found


def days_between(before: date, after: date) -> int:
    return (after - before).days


def not_there(wanted: Sequence[StopPlan], present: Collection[StopPlan]) -> list[StopPlan]:
    """Each once, without those that are there already: a form sent twice adds nothing twice."""
    return [stop for stop in dict.fromkeys(wanted) if stop not in present]
