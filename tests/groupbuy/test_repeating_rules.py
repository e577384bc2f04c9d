"""The same day of the next month; what a catalogue says otherwise than last time."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.groupbuy.rules.planning import Plan, Shop, suggested_plan
from croqualim.groupbuy.rules.recurrence import LAST, MonthlyDay, month_after, monthly_day_of
from croqualim.groupbuy.rules.repeating import Remark, Terms, percent_change, remarks

PARIS = ZoneInfo("Europe/Paris")
DAYS = st.dates(date(2020, 1, 1), date(2099, 12, 31))
AMOUNTS = st.integers(1, 100_000)
TERMS = st.builds(Terms, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)


@given(day=DAYS)
def test_a_day_is_the_one_it_says_in_its_own_month(day):
    assert monthly_day_of(day).in_month(day.replace(day=1)) == day


@given(day=DAYS, weekday=st.integers(0, 6), rank=st.integers(1, LAST))
def test_each_month_has_one(day, weekday, rank):
    monthly = MonthlyDay(weekday, rank)
    days = list(islice(monthly.after(day), 12))

    assert [month_after(d, 0) for d in days] == [month_after(day, n) for n in range(1, 13)]
    assert {d.weekday() for d in days} == {weekday}
    if rank == LAST:
        assert all((d + timedelta(weeks=1)).month != d.month for d in days)


def test_the_second_saturday_stays_the_second_saturday():
    """Five weeks apart, over a change of hour: the clock on the wall says the same."""
    shop = datetime(2026, 10, 10, 16, tzinfo=PARIS)
    last = Plan(
        datetime(2026, 9, 21, 8, tzinfo=PARIS),
        datetime(2026, 10, 1, 20, tzinfo=PARIS),
        {1: Shop(shop, shop.replace(hour=19))},
    )

    plan = suggested_plan([1], now=datetime(2026, 10, 2, tzinfo=PARIS), last=last)

    assert plan.shops[1].starts_at == datetime(2026, 11, 14, 16, tzinfo=PARIS)
    assert plan.opens_at == datetime(2026, 10, 26, 8, tzinfo=PARIS)
    assert plan.closes_at == datetime(2026, 11, 5, 20, tzinfo=PARIS)


def test_a_month_that_has_a_cycle_is_passed_over():
    shop = datetime(2026, 10, 10, 16, tzinfo=PARIS)
    last = Plan(shop - timedelta(days=20), shop - timedelta(days=9), {1: Shop(shop, shop)})

    plan = suggested_plan(
        [1], now=shop - timedelta(days=15), last=last, taken={date(2026, 10, 1), date(2026, 11, 1)}
    )

    assert plan.shops[1].starts_at.date() == date(2026, 12, 12)


@given(terms=TERMS)
def test_what_is_as_it_was_needs_no_look(terms):
    assert remarks(terms, terms) == []
    assert percent_change(terms, terms) == 0


@given(then=TERMS, today=TERMS)
def test_a_price_moves_one_way_and_its_percentage_with_it(then, today):
    said, back = remarks(then, today), remarks(today, then)
    percent = percent_change(then, today)

    assert (Remark.DEARER in said) == (Remark.CHEAPER in back)
    assert not {Remark.DEARER, Remark.CHEAPER} <= set(said)
    assert percent >= 0 or Remark.CHEAPER in said
    assert percent <= 0 or Remark.DEARER in said


@given(terms=TERMS, times=st.integers(2, 50))
def test_the_same_price_said_by_the_sack_is_no_change(terms, times):
    by_the_sack = replace(
        terms,
        price_cents=terms.price_cents * times,
        priced_quantity=terms.priced_quantity * times,
    )
    assert remarks(terms, by_the_sack) == []


@pytest.mark.parametrize(
    ("changes", "percent", "remark"),
    [
        ({"price_cents": 340}, 6, Remark.DEARER),
        ({"price_cents": 304}, -5, Remark.CHEAPER),
        ({"price_cents": 321}, 0, Remark.DEARER),
        ({"packaging_quantity": 20_000}, 0, Remark.PACKAGING),
        ({"step_quantity": 1000}, 0, Remark.STEP),
    ],
)
def test_each_change_is_named(changes, percent, remark):
    then = Terms(320, 1000, 500, 25_000)
    today = replace(then, **changes)
    assert (remarks(then, today), percent_change(then, today)) == ([remark], percent)


def test_what_was_free_has_no_percentage():
    then = Terms(0, 1000, 500, 25_000)
    assert percent_change(then, replace(then, price_cents=100)) is None
