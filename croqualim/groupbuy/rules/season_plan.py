"""Several months planned at once: « chaque mois, le deuxième samedi », until one of them."""

from collections.abc import Collection
from datetime import date, datetime
from itertools import takewhile

from croqualim.groupbuy.rules.planning import Plan, anchor_of, moved
from croqualim.groupbuy.rules.recurrence import MonthlyDay, month_after

MOST_MONTHS = 12


def plans_until(
    last: Plan, monthly: MonthlyDay, *, until: date, taken: Collection[date], now: datetime
) -> list[Plan]:
    """The month of `last` again, with its shop on that day, in each month to come up to `until`.

    Months are said by their first day. Those in `taken` have a cycle already; those whose opening
    has passed are left out. Moments are local: hours stay those of the clock.
    """
    anchor = anchor_of(last)
    first = max(anchor, now.date()).replace(day=1)
    before = month_after(first, -1) if anchor < first else first
    days = takewhile(lambda day: month_after(day, 0) <= until, monthly.after(before))
    plans = [moved(last, day - anchor) for day in days if month_after(day, 0) not in taken]
    return [plan for plan in plans if plan.opens_at >= now]
