"""The dates of a cycle: what to suggest, and what cannot be.

Moments here are aware and in local time, so that adding weeks keeps the hour people know.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from croqualim.kernel.period import month_in_words

A_MONTH = timedelta(weeks=4)  # the same weekday, the same hour
A_DAY = timedelta(days=1)
OPEN_DAYS = 13  # from a Monday morning to the second Sunday evening
FROM_CLOSING_TO_SHOP = timedelta(days=11)  # time to buy, receive and prepare
SHOP_STARTS, SHOP_LASTS = time(16), timedelta(hours=3)


@dataclass(frozen=True)
class Shop:
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Plan:
    opens_at: datetime
    closes_at: datetime
    shops: Mapping[int, Shop] = field(default_factory=dict)  # group id -> its shop


class Reason(StrEnum):
    CLOSES_BEFORE_OPENING = "closes before opening"
    CLOSED_ALREADY = "closed already"
    OPENED_ALREADY = "opened already"
    SHOP_BEFORE_CLOSING = "shop before closing"
    SHOP_ENDS_BEFORE_STARTING = "shop ends before starting"
    NO_SHOP = "no shop"


@dataclass(frozen=True)
class Problem:
    reason: Reason
    group_id: int | None = None


def suggested_plan(groups: Iterable[int], *, now: datetime, last: Plan | None = None) -> Plan:
    """Dates for the next cycle: those of the last one some months on, or a plain fortnight."""
    opens_at, closes_at, shift = _next_window(now, last)
    known = last.shops if last else {}
    return Plan(
        opens_at,
        closes_at,
        {
            group: Shop(known[group].starts_at + shift, known[group].ends_at + shift)
            if group in known
            else _usual_shop(closes_at)
            for group in groups
        },
    )


def suggested_name(plan: Plan) -> str:
    """'Décembre 2026': the month in which people collect."""
    days = [shop.starts_at.date() for shop in plan.shops.values()] or [plan.closes_at.date()]
    return month_in_words(min(days)).capitalize()


def problems_with(plan: Plan, *, now: datetime, is_open: bool = False) -> list[Problem]:
    """Every reason why these dates cannot be; `is_open`: people are ordering at this moment."""
    found = []
    if plan.closes_at <= plan.opens_at:
        found.append(Problem(Reason.CLOSES_BEFORE_OPENING))
    elif plan.closes_at <= now:
        found.append(Problem(Reason.CLOSED_ALREADY))
    if is_open and plan.opens_at > now:
        found.append(Problem(Reason.OPENED_ALREADY))
    if not plan.shops:
        found.append(Problem(Reason.NO_SHOP))
    return found + shop_problems(plan)


def shop_problems(plan: Plan) -> list[Problem]:
    found = []
    for group, shop in plan.shops.items():
        if shop.starts_at <= plan.closes_at:
            found.append(Problem(Reason.SHOP_BEFORE_CLOSING, group))
        if shop.ends_at <= shop.starts_at:
            found.append(Problem(Reason.SHOP_ENDS_BEFORE_STARTING, group))
    return found


def _next_window(now: datetime, last: Plan | None) -> tuple[datetime, datetime, timedelta]:
    if last is None:
        monday = now + A_DAY * (7 - now.weekday())
        opens_at = monday.replace(hour=8, minute=0, second=0, microsecond=0)
        return opens_at, opens_at.replace(hour=20) + A_DAY * OPEN_DAYS, timedelta()
    months = max(1, -((last.opens_at - now) // A_MONTH))
    shift = A_MONTH * months
    return last.opens_at + shift, last.closes_at + shift, shift


def _usual_shop(closes_at: datetime) -> Shop:
    starts_at = (closes_at + FROM_CLOSING_TO_SHOP).replace(
        hour=SHOP_STARTS.hour, minute=0, second=0, microsecond=0
    )
    return Shop(starts_at, starts_at + SHOP_LASTS)
