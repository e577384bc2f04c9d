"""Dates to suggest and to refuse; the one thing to do now."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from croqualim.groupbuy.rules.planning import (
    Plan,
    Problem,
    Reason,
    Shop,
    problems_with,
    suggested_name,
    suggested_plan,
)
from croqualim.groupbuy.rules.stages import Stage
from croqualim.groupbuy.rules.steps import (
    Milestone,
    Progress,
    State,
    Step,
    milestones,
    next_step,
)

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 3, 2, 12, tzinfo=PARIS)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENTS = st.integers(0, 6 * 366 * 24 * 60).map(
    lambda minutes: (datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(
        PARIS
    )
)


def plan(**changes):
    shop = Shop(NOON + 14 * DAY, NOON + 14 * DAY + 3 * HOUR)
    return replace(Plan(NOON + DAY, NOON + 8 * DAY, {1: shop}), **changes)


@settings(deadline=None)
@given(now=MOMENTS, groups=st.sets(st.integers(1, 9), min_size=1))
def test_a_first_suggestion_is_always_acceptable(now, groups):
    suggested = suggested_plan(groups, now=now)

    assert problems_with(suggested, now=now) == []
    assert suggested.shops.keys() == groups
    assert suggested.opens_at > now


@settings(deadline=None)
@given(
    now=MOMENTS,
    opens=MOMENTS,
    lasts=st.integers(1, 20),
    later=st.integers(1, 20),
    newcomer=st.booleans(),
)
def test_the_next_month_keeps_weekdays_and_hours_and_is_acceptable(
    now, opens, lasts, later, newcomer
):
    shop = opens + (lasts + later) * DAY
    last = Plan(opens, opens + lasts * DAY, {1: Shop(shop, shop + HOUR)})

    suggested = suggested_plan([1, 2] if newcomer else [1], now=now, last=last)

    assert problems_with(suggested, now=now) == []
    assert suggested.opens_at >= now
    assert suggested.opens_at > last.opens_at
    assert suggested.shops[1].starts_at.weekday() == shop.weekday()
    assert suggested.shops[1].starts_at.time() == shop.time()


def test_a_cycle_is_named_after_the_month_in_which_people_collect():
    assert suggested_name(plan()) == "Mars 2026"
    assert suggested_name(plan(shops={})) == "Mars 2026"


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"closes_at": NOON + DAY}, Problem(Reason.CLOSES_BEFORE_OPENING)),
        (
            {"opens_at": NOON - 2 * DAY, "closes_at": NOON},
            Problem(Reason.CLOSED_ALREADY),
        ),
        ({"shops": {}}, Problem(Reason.NO_SHOP)),
        (
            {"shops": {1: Shop(NOON + 8 * DAY, NOON + 9 * DAY)}},
            Problem(Reason.SHOP_BEFORE_CLOSING, 1),
        ),
        (
            {"shops": {1: Shop(NOON + 9 * DAY, NOON + 9 * DAY)}},
            Problem(Reason.SHOP_ENDS_BEFORE_STARTING, 1),
        ),
    ],
)
def test_dates_that_cannot_be_are_named(wrong, problem):
    assert problems_with(plan(**wrong), now=NOON) == [problem]


def test_orders_that_are_open_are_not_put_off():
    assert problems_with(plan(), now=NOON, is_open=True) == [Problem(Reason.OPENED_ALREADY)]
    assert problems_with(plan(opens_at=NOON - DAY), now=NOON, is_open=True) == []


BOUGHT = Progress(Stage.BOUGHT, offers=9, purchase_orders=3, shops=2)


@pytest.mark.parametrize(
    ("progress", "step"),
    [
        (Progress(Stage.DRAFT), Step.OFFERS),
        (Progress(Stage.DRAFT, offers=1), Step.PUBLISH),
        (Progress(Stage.ANNOUNCED, offers=1), Step.WAIT_FOR_OPENING),
        (Progress(Stage.OPEN, offers=1), Step.WAIT_FOR_CLOSING),
        (Progress(Stage.OVER, offers=1), Step.CLOSE),
        (BOUGHT, Step.SEND),
        (replace(BOUGHT, sent=3, received=2), Step.RECEIVE),
        (replace(BOUGHT, sent=3, received=3, prepared=1), Step.PREPARE),
        (replace(BOUGHT, sent=3, received=3, prepared=2, closed=1), Step.SHOP),
        (replace(BOUGHT, sent=3, received=3, prepared=2, closed=2), Step.SETTLE),
        (replace(BOUGHT, purchase_orders=0), Step.PREPARE),
        (Progress(Stage.SETTLED), Step.NOTHING),
    ],
)
def test_there_is_one_thing_to_do(progress, step):
    assert next_step(progress) is step


counts = st.integers(0, 5)


@settings(deadline=None)
@given(
    st.builds(
        Progress,
        stage=st.sampled_from(Stage),
        offers=counts,
        purchase_orders=counts,
        sent=counts,
        received=counts,
        shops=counts,
        prepared=counts,
        closed=counts,
    )
)
def test_the_month_is_drawn_done_then_now_then_later(progress):
    drawn = milestones(progress)

    assert [milestone for milestone, _ in drawn] == list(Milestone)
    states = [state for _, state in drawn]
    assert states == sorted(states, key=list(State).index)
    assert states.count(State.NOW) == (progress.stage is not Stage.SETTLED)
