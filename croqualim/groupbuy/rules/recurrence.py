"""The same day of each month, as people say it: the second Saturday, the last Friday."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

LAST = 5  # some months have four of a weekday, some five
A_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class MonthlyDay:
    weekday: int  # 0: Monday
    rank: int  # 1 to 4, or LAST

    def in_month(self, first: date) -> date:
        """Its day in the month that `first` begins."""
        earliest = first + timedelta(days=(self.weekday - first.weekday()) % 7)
        day = earliest + (self.rank - 1) * A_WEEK
        return day if day.month == first.month else day - A_WEEK

    def after(self, day: date) -> Iterator[date]:
        """Its days in the months that follow that of `day`, for ever."""
        for months in count(1):
            yield self.in_month(month_after(day, months))


def monthly_day_of(day: date) -> MonthlyDay:
    """2026-12-12 -> the second Saturday; a fifth one is the last."""
    return MonthlyDay(day.weekday(), (day.day - 1) // 7 + 1)


def month_after(day: date, months: int = 1) -> date:
    """The first day of the month so many months later."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
