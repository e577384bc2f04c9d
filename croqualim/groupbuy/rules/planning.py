"""The dates of a cycle: what to suggest, and what cannot be.

Moments here are aware and in local time, so that adding weeks keeps the hour people know.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from croqualim.groupbuy.rules.recurrence import monthly_day_of
from croqualim.kernel.period import month_in_words

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


def suggested_plan(
    groups: Iterable[int],
    *,
    now: datetime,
    last: Plan | None = None,
    taken: Collection[date] = (),
) -> Plan:
    """Dates for the next cycle: those of the last one some months on, or a plain fortnight.

    Months in `taken`, by their first day, have a cycle already.
    """
    plan = _months_on(last, now, taken) if last else _first_plan(now)
    return replace(
        plan,
        shops={group: plan.shops.get(group) or _usual_shop(plan.closes_at) for group in groups},
    )


def moved(plan: Plan, shift: timedelta) -> Plan:
    """All of it so much later; whole weeks keep weekdays, and hours stay those of the clock."""
    return Plan(
        plan.opens_at + shift,
        plan.closes_at + shift,
        {
            group: Shop(shop.starts_at + shift, shop.ends_at + shift)
            for group, shop in plan.shops.items()
        },
    )


def anchor_of(plan: Plan) -> date:
    """The day by which people know a month: that of its first shop."""
    shops = [shop.starts_at for shop in plan.shops.values()]
    return min(shops, default=plan.closes_at).date()


def suggested_name(plan: Plan) -> str:
    """'Décembre 2026': the month in which people collect."""
    return month_in_words(anchor_of(plan)).capitalize()


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


def _months_on(last: Plan, now: datetime, taken: Collection[date]) -> Plan:
    """The same weekday of a month to come (the second Saturday), the same hours around it."""
    anchor = anchor_of(last)
    days = monthly_day_of(anchor).after(anchor)
    later = (moved(last, day - anchor) for day in days if day.replace(day=1) not in taken)
    return next(plan for plan in later if plan.opens_at >= now)


def _first_plan(now: datetime) -> Plan:
    monday = now + A_DAY * (7 - now.weekday())
    opens_at = monday.replace(hour=8, minute=0, second=0, microsecond=0)
    return Plan(opens_at, opens_at.replace(hour=20) + A_DAY * OPEN_DAYS)


def _usual_shop(closes_at: datetime) -> Shop:
    starts_at = (closes_at + FROM_CLOSING_TO_SHOP).replace(
        hour=SHOP_STARTS.hour, minute=0, second=0, microsecond=0
    )
    return Shop(starts_at, starts_at + SHOP_LASTS)
