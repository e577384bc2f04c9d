"""What a share does to a basket; when a year follows another."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from croqualim.groupbuy.rules.joining import renewal_starts_on, worked_example

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def test_a_basket_of_20_euros_at_half_price():
    example = worked_example(50)

    assert (example.cost_cents, example.due_cents, example.rest_cents) == (2000, 1000, 1000)
    assert example.gift_cents == 0


def test_a_solidarity_share_gives_what_it_adds():
    assert (worked_example(110).gift_cents, worked_example(110).rest_cents) == (200, 0)


@settings(deadline=None)
@given(share=st.integers(10, 200), cost=st.integers(0, 1_000_000))
def test_what_is_due_and_what_others_pay_add_up_to_the_cost(share, cost):
    example = worked_example(share, cost)

    assert example.due_cents + example.rest_cents - example.gift_cents == cost
    assert min(example.rest_cents, example.gift_cents) == 0


@settings(deadline=None)
@given(today=DAYS, left=st.integers(-1000, 60))
def test_a_year_renewed_in_time_follows_the_last_without_a_gap(today, left):
    last_ends_on = today + timedelta(days=left)

    assert renewal_starts_on(last_ends_on, today=today) == max(last_ends_on, today)


@settings(deadline=None)
@given(today=DAYS, left=st.integers(-1000, 60))
def test_renewing_twice_renews_once(today, left):
    starts_on = renewal_starts_on(today + timedelta(days=left), today=today)

    assert renewal_starts_on(starts_on + timedelta(days=365), today=today) is None


def test_who_never_had_a_year_begins_today():
    assert renewal_starts_on(None, today=date(2026, 3, 2)) == date(2026, 3, 2)
